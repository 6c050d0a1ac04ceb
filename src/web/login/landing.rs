use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::super::shell::shell;
use super::super::{Site, address, answer, cookies, errors};
use super::account_view;
use crate::app::{authorize, landing as app};
use crate::pages::{AppTile, LandingPage};

/// The person's apps.
pub(super) async fn landing(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let sent = cookies::read(&http, &site);
    let landing = match app::landing(&site.issuer, &sent).await {
        Ok(landing) => landing,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    let page = LandingPage {
        shell: shell(&http, Some(&site), landing.languages.as_deref()),
        account: landing.account.map(account_view),
        apps: landing.apps.into_iter().map(app_tile).collect(),
        sign_in_href: "/sign-in".to_owned(),
        sign_out_href: "/end_session".to_owned(),
    };
    errors::page(&http, StatusCode::OK, &page)
}

/// An app for the templates.
pub(in crate::web) fn app_tile(entry: app::AppEntry) -> AppTile {
    AppTile { name: entry.name, href: entry.href, host: entry.host }
}

/// Begins a sign-in for our own pages.
pub(super) async fn sign_in(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let sent = cookies::read(&http, &site);
    let network = address::network_of(&http, &site.proxies);
    let result = authorize::begin_own_pages(&site.issuer, &sent, network).await;
    answer::reply(&http, &site, result)
}
