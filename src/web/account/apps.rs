//! `/account/apps`: what a person allowed apps.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, answer, cookies, errors};
use super::{date, enter, enter_by_form, is_done, own_shell, text};
use crate::app::account::{self as app, AccountPage, ConnectedApp};
use crate::pages::{ConnectedAppView, ConnectedAppsPage, ScopeView};

pub(super) async fn show(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Apps).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let apps = match app::connected_apps(&site.issuer, &entered).await {
        Ok(apps) => apps,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    let page = ConnectedAppsPage {
        shell: own_shell(&http, &site, &entered),
        csrf: entered.csrf,
        apps: apps.into_iter().map(view).collect(),
        is_done: is_done(&http, "apps"),
    };
    let response = errors::page(&http, StatusCode::OK, &page);
    cookies::apply(response, entered.cookies, &site)
}

fn view(app: ConnectedApp) -> ConnectedAppView {
    let scope = |scope| ScopeView { scope, is_new: false };
    ConnectedAppView {
        id: app.client_id,
        name: app.name,
        host: app.host,
        is_unverified: app.is_unverified,
        scopes: app.scopes.into_iter().map(scope).collect(),
        since: date(app.since),
        last_used: app.last_used.map(date),
    }
}

pub(super) async fn remove(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::Apps).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    match app::remove_app(&site.issuer, &entered, text(&form, "app")).await {
        Ok(true) => answer::see_other("/account/apps?done=apps"),
        Ok(false) => answer::see_other(AccountPage::Apps.path()),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}
