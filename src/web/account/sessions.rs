//! `/account/sessions`: where a person is signed in.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, answer, cookies, errors};
use super::{enter, enter_by_form, is_done, own_shell, text, trusted_devices, utc};
use crate::app::account::{self as app, AccountPage};
use crate::pages::{SessionView, SessionsPage};

pub(super) async fn show(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Sessions).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let lines = match app::list_sessions(&site.issuer, &entered).await {
        Ok(lines) => lines,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    let view = |line: app::SessionLine| SessionView {
        id: line.id,
        is_this: line.is_this,
        is_remembered: line.is_remembered,
        since: utc(line.created_at),
        last_seen: utc(line.last_seen_at),
        device: line.device,
        network: line.network,
        apps: line.apps,
    };
    let devices = match trusted_devices::views(&site, &entered).await {
        Ok(devices) => devices,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    let page = SessionsPage {
        shell: own_shell(&http, &site, &entered),
        csrf: entered.csrf,
        sessions: lines.into_iter().map(view).collect(),
        devices,
        is_done: is_done(&http, "sessions"),
    };
    let response = errors::page(&http, StatusCode::OK, &page);
    cookies::apply(response, entered.cookies, &site)
}

pub(super) async fn end(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::Sessions).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let chosen = text(&form, "session");
    let chosen = (chosen != "others").then_some(chosen);
    match app::end_sessions(&site.issuer, &entered, chosen).await {
        Ok(0) => answer::see_other(AccountPage::Sessions.path()),
        Ok(_) => answer::see_other("/account/sessions?done=sessions"),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}
