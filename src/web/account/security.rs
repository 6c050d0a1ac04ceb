//! `/account/security`, `/account/totp`: the ways in at a glance, and the authenticator app.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::login::account_view;
use super::super::shell::shell;
use super::super::{Site, answer, cookies, errors};
use super::{enter, enter_by_form, is_done, own_shell, recent, text, utc};
use crate::app::account::{self as app, AccountPage, Entered, SetUp, TotpAsk};
use crate::app::browser::CookieChanges;
use crate::pages::{
    RecoveryCodesPage, RemoveTotpPage, SecurityPage, SetUpError, TotpPage, TotpSetupPage, qr_code,
};

pub(super) async fn show(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Security).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let found = match app::security(&site.issuer, &entered).await {
        Ok(found) => found,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    let page = SecurityPage {
        shell: own_shell(&http, &site, &entered),
        email: found.email,
        has_password: found.has_password,
        password_set_at: found.password_set_at.map(utc),
        passkeys: found.passkeys,
        totp_since: found.totp_since.map(utc),
        recovery_codes: found.recovery_codes,
        is_totp_removed: is_done(&http, "totp"),
        is_email_confirmed: is_done(&http, "email"),
    };
    cookies::apply(errors::page(&http, StatusCode::OK, &page), entered.cookies, &site)
}

/// The authenticator app as it is, or a new one to be set up.
pub(super) async fn totp(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Totp).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let found = match app::security(&site.issuer, &entered).await {
        Ok(found) => found,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    if let Some(since) = found.totp_since {
        let page = TotpPage {
            shell: own_shell(&http, &site, &entered),
            csrf: entered.csrf,
            since: utc(since),
            recovery_codes: found.recovery_codes,
        };
        return cookies::apply(errors::page(&http, StatusCode::OK, &page), entered.cookies, &site);
    }
    let recent = match recent(&http, &site, &entered, AccountPage::Totp).await {
        Ok(recent) => recent,
        Err(response) => return response,
    };
    match app::ask_totp(&site.issuer, &entered, &recent) {
        Ok(ask) => set_up_page(&http, &site, entered, ask, false),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

pub(super) async fn set_up_totp(
    http: HttpRequest,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::Totp).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let recent = match recent(&http, &site, &entered, AccountPage::Totp).await {
        Ok(recent) => recent,
        Err(response) => return response,
    };
    let (ticket, code) = (text(&form, "ticket"), text(&form, "code"));
    match app::set_up_totp(&site.issuer, &entered, &recent, &ticket, &code).await {
        Ok(SetUp::Done(codes, changes)) => {
            let codes = codes.iter().map(|code| code.to_text().expose().clone()).collect();
            codes_page(&http, &site, codes, changes)
        }
        Ok(SetUp::WrongCode(ask)) => set_up_page(&http, &site, entered, ask, true),
        Ok(SetUp::Stale) => answer::see_other(AccountPage::Totp.path()),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

fn set_up_page(
    http: &HttpRequest,
    site: &Site,
    entered: Entered,
    ask: TotpAsk,
    is_wrong: bool,
) -> HttpResponse {
    let shell = own_shell(http, site, &entered);
    let Some(account) = entered.accounts.into_iter().next() else {
        return errors::fault_page(http, Some(site));
    };
    let page = TotpSetupPage {
        shell,
        app: None,
        account: account_view(account),
        qr_code: qr_code(ask.offer.uri.expose()),
        key: ask.offer.key.expose().clone(),
        action: AccountPage::Totp.path().to_owned(),
        csrf: entered.csrf,
        ticket: Some(ask.ticket),
        passkey: None,
        error: is_wrong.then_some(SetUpError::Code),
    };
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    cookies::apply(errors::page(http, status, &page), entered.cookies, site)
}

fn codes_page(
    http: &HttpRequest,
    site: &Site,
    codes: Vec<String>,
    changes: CookieChanges,
) -> HttpResponse {
    let onward = AccountPage::Totp.path().to_owned();
    let page = RecoveryCodesPage { shell: shell(http, Some(site), None), codes, onward };
    cookies::apply(errors::page(http, StatusCode::OK, &page), changes, site)
}

/// New recovery codes. A form that is not let through comes back to the page with its button.
pub(super) async fn make_codes(
    http: HttpRequest,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let (entered, _) = match enter_by_form(&http, payload, &site, AccountPage::Totp).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let recent = match recent(&http, &site, &entered, AccountPage::Totp).await {
        Ok(recent) => recent,
        Err(response) => return response,
    };
    match app::make_recovery_codes(&site.issuer, &entered, &recent).await {
        Ok(Some(codes)) => {
            let codes = codes.iter().map(|code| code.to_text().expose().clone()).collect();
            codes_page(&http, &site, codes, CookieChanges::default())
        }
        Ok(None) => answer::see_other(AccountPage::Totp.path()),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

pub(super) async fn ask_to_remove_totp(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::RemoveTotp).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    if let Err(response) = recent(&http, &site, &entered, AccountPage::RemoveTotp).await {
        return response;
    }
    let page = RemoveTotpPage { shell: own_shell(&http, &site, &entered), csrf: entered.csrf };
    cookies::apply(errors::page(&http, StatusCode::OK, &page), entered.cookies, &site)
}

pub(super) async fn remove_totp(
    http: HttpRequest,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let (entered, _) = match enter_by_form(&http, payload, &site, AccountPage::RemoveTotp).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let recent = match recent(&http, &site, &entered, AccountPage::RemoveTotp).await {
        Ok(recent) => recent,
        Err(response) => return response,
    };
    match app::remove_totp(&site.issuer, &entered, &recent).await {
        Ok(true) => answer::see_other("/account/security?done=totp"),
        Ok(false) => answer::see_other(AccountPage::Security.path()),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}
