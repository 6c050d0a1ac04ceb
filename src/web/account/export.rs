//! `/account/export`: everything of a person as one archive.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, cookies, errors};
use super::{enter, enter_by_form, own_shell, recent};
use crate::app::account::{self as app, AccountPage};
use crate::pages::ExportPage;

pub(super) async fn show(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Export).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    if let Err(response) = recent(&http, &site, &entered, AccountPage::Export).await {
        return response;
    }
    let page = ExportPage { shell: own_shell(&http, &site, &entered), csrf: entered.csrf };
    cookies::apply(errors::page(&http, StatusCode::OK, &page), entered.cookies, &site)
}

/// The archive. It is asked for by a form of ours: a link elsewhere must not make a browser put it
/// onto a disk.
pub(super) async fn archive(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, _) = match enter_by_form(&http, payload, &site, AccountPage::Export).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    if let Err(response) = recent(&http, &site, &entered, AccountPage::Export).await {
        return response;
    }
    match app::export(&site.issuer, &entered).await {
        Ok(archive) => HttpResponse::Ok()
            .content_type("application/zip")
            .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"your-data.zip\""))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(archive),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}
