//! `/account/passkeys`: a person's own passkeys.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, answer, cookies, errors};
use super::{enter, enter_by_form, is_done, own_shell, recent, text, utc};
use crate::app::account::{self as app, AccountPage, Entered, RecentSignIn};
use crate::app::outcome::Stop;
use crate::app::passkeys::{EnrolRefusal, Removal};
use crate::base::PasskeyId;
use crate::pages::{
    NewPasskeyError, NewPasskeyPage, PasskeyLine, PasskeyPage, PasskeysPage, RemovePasskeyPage,
};

const DONE: &str = "/account/passkeys?done=passkeys";

/// Where browsers and password managers look for the pages about passkeys (W3C, A Well-Known URL
/// for Relying Party Passkey Endpoints).
pub(super) async fn endpoints(site: Data<Site>) -> HttpResponse {
    let base = site.issuer.url().trim_end_matches('/').to_owned();
    HttpResponse::Ok().json(serde_json::json!({
        "enroll": format!("{base}{}", AccountPage::NewPasskey.path()),
        "manage": format!("{base}{}", AccountPage::Passkeys.path()),
    }))
}

pub(super) async fn list(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Passkeys).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let own = match app::list_passkeys(&site.issuer, &entered).await {
        Ok(own) => own,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    let lines = own.passkeys.into_iter().map(|one| PasskeyLine {
        id: one.id.to_string(),
        name: one.name,
        created: utc(one.created_at),
        last_used: one.last_used_at.map(utc),
        is_synced: one.is_backed_up,
    });
    let page = PasskeysPage {
        shell: own_shell(&http, &site, &entered),
        passkeys: lines.collect(),
        can_be_added: own.can_be_added,
        accepted: own.accepted,
        details: own.details,
        is_done: is_done(&http, "passkeys"),
        is_to_be_reviewed: is_done(&http, "disowned"),
    };
    cookies::apply(errors::page(&http, StatusCode::OK, &page), entered.cookies, &site)
}

pub(super) async fn ask_new(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::NewPasskey).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    match recent(&http, &site, &entered, AccountPage::NewPasskey).await {
        Ok(recent) => new_page(&http, &site, entered, &recent, None).await,
        Err(response) => response,
    }
}

pub(super) async fn add(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::NewPasskey).await
    {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let recent = match recent(&http, &site, &entered, AccountPage::NewPasskey).await {
        Ok(recent) => recent,
        Err(response) => return response,
    };
    let (ticket, answered) = (text(&form, "ticket"), text(&form, "answer"));
    let (made, name) = ((ticket.as_str(), answered.as_str()), text(&form, "name"));
    let error = match app::add_passkey(&site.issuer, &entered, &recent, made, &name).await {
        Ok(Ok(_)) => return answer::see_other(DONE),
        Ok(Err(EnrolRefusal::Wrong)) => NewPasskeyError::Refused,
        Ok(Err(EnrolRefusal::TooMany)) => NewPasskeyError::TooMany,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    new_page(&http, &site, entered, &recent, Some(error)).await
}

async fn new_page(
    http: &HttpRequest,
    site: &Site,
    entered: Entered,
    recent: &RecentSignIn,
    error: Option<NewPasskeyError>,
) -> HttpResponse {
    let ask = match app::ask_passkey(&site.issuer, &entered, recent).await {
        Ok(Some(ask)) => ask,
        Ok(None) => return answer::see_other(AccountPage::Passkeys.path()),
        Err(fault) => return errors::fault(http, site, &fault),
    };
    let page = NewPasskeyPage {
        shell: own_shell(http, site, &entered),
        csrf: entered.csrf,
        options: ask.options,
        ticket: ask.ticket,
        error,
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    cookies::apply(errors::page(http, status, &page), entered.cookies, site)
}

/// The page with a passkey's name. A passkey of somebody else is not there (`security.md` R86).
pub(super) async fn show(http: HttpRequest, id: Path<String>, site: Data<Site>) -> HttpResponse {
    let Ok(id) = PasskeyId::from_text(&id) else { return missing(&http, &site) };
    let entered = match enter(&http, &site, AccountPage::Passkeys).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let page = match app::find_passkey(&site.issuer, &entered, id).await {
        Ok(Some((found, _))) => PasskeyPage {
            shell: own_shell(&http, &site, &entered),
            csrf: entered.csrf,
            id: id.to_string(),
            name: found.name,
        },
        Ok(None) => return missing(&http, &site),
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    cookies::apply(errors::page(&http, StatusCode::OK, &page), entered.cookies, &site)
}

pub(super) async fn rename(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let Ok(id) = PasskeyId::from_text(&id) else { return missing(&http, &site) };
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::Passkeys).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    // A form without its field names nothing; an empty field takes the name away.
    if !form.has("name") {
        return answer::see_other(AccountPage::Passkeys.path());
    }
    match app::rename_passkey(&site.issuer, &entered, id, &text(&form, "name")).await {
        Ok(true) => answer::see_other(DONE),
        Ok(false) => missing(&http, &site),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

pub(super) async fn ask_to_remove(
    http: HttpRequest,
    id: Path<String>,
    site: Data<Site>,
) -> HttpResponse {
    let Ok(id) = PasskeyId::from_text(&id) else { return missing(&http, &site) };
    let page = AccountPage::RemovePasskey(id);
    let entered = match enter(&http, &site, page).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    match recent(&http, &site, &entered, page).await {
        Ok(_) => removal_page(&http, &site, entered, id).await,
        Err(response) => response,
    }
}

pub(super) async fn remove(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let Ok(id) = PasskeyId::from_text(&id) else { return missing(&http, &site) };
    let page = AccountPage::RemovePasskey(id);
    let (entered, _) = match enter_by_form(&http, payload, &site, page).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let recent = match recent(&http, &site, &entered, page).await {
        Ok(recent) => recent,
        Err(response) => return response,
    };
    match app::remove_passkey(&site.issuer, &entered, &recent, id).await {
        Ok(Removal::Done) => answer::see_other(DONE),
        Ok(Removal::Unknown) => missing(&http, &site),
        Ok(Removal::LastWay) => removal_page(&http, &site, entered, id).await,
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

/// Asks whether the passkey shall go, or says why it stays.
async fn removal_page(
    http: &HttpRequest,
    site: &Site,
    entered: Entered,
    id: PasskeyId,
) -> HttpResponse {
    let (name, is_last) = match app::find_passkey(&site.issuer, &entered, id).await {
        Ok(Some((found, is_last))) => (found.name, is_last),
        Ok(None) => return missing(http, site),
        Err(fault) => return errors::fault(http, site, &fault),
    };
    let page = RemovePasskeyPage {
        shell: own_shell(http, site, &entered),
        csrf: entered.csrf,
        id: id.to_string(),
        name,
        is_last,
    };
    let status = if is_last { StatusCode::CONFLICT } else { StatusCode::OK };
    cookies::apply(errors::page(http, status, &page), entered.cookies, site)
}

fn missing(http: &HttpRequest, site: &Site) -> HttpResponse {
    errors::stop(http, site, Stop::NotFound)
}
