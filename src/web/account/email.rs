//! `/account/email`: the e-mail address of an account. A code that was sent to an address confirms
//! it here; the link beside it does so anywhere, at `/email/{link}`.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, answer, cookies, errors};
use super::{enter, enter_by_form, own_shell, recent, text};
use crate::app::account::{self as app, AccountPage, EmailRefusal, EmailState, Entered};
use crate::pages::{EmailError, EmailPage};

/// A page that waits for a code asks for no sign-in: who types the code asked for it after one.
pub(super) async fn show(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Email).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let state = match app::email_state(&site.issuer, &entered).await {
        Ok(state) => state,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    if state.pending.is_none()
        && site.issuer.can_mail()
        && let Err(response) = recent(&http, &site, &entered, AccountPage::Email).await
    {
        return response;
    }
    page(&http, &site, entered, state, String::new(), None)
}

/// Has a code sent: to a new address, to the present one, or once more.
pub(super) async fn ask(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::Email).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let recent = match recent(&http, &site, &entered, AccountPage::Email).await {
        Ok(recent) => recent,
        Err(response) => return response,
    };
    if !site.issuer.can_mail() {
        return answer::see_other(AccountPage::Email.path());
    }
    let typed: String = text(&form, "email").chars().take(254).collect();
    match app::ask_email(&site.issuer, &entered, &recent, &typed).await {
        Ok(Ok(())) => answer::see_other(AccountPage::Email.path()),
        Ok(Err(refusal)) => refused(&http, &site, entered, typed, refusal).await,
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

pub(super) async fn confirm(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::Email).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    match app::confirm_email_by_code(&site.issuer, &entered, &text(&form, "code")).await {
        Ok(Ok(())) => answer::see_other("/account/security?done=email"),
        Ok(Err(refusal)) => refused(&http, &site, entered, String::new(), refusal).await,
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

async fn refused(
    http: &HttpRequest,
    site: &Site,
    entered: Entered,
    typed: String,
    refusal: EmailRefusal,
) -> HttpResponse {
    match app::email_state(&site.issuer, &entered).await {
        Ok(state) => page(http, site, entered, state, typed, Some(refusal)),
        Err(fault) => errors::fault(http, site, &fault),
    }
}

fn page(
    http: &HttpRequest,
    site: &Site,
    entered: Entered,
    state: EmailState,
    typed: String,
    refusal: Option<EmailRefusal>,
) -> HttpResponse {
    let (status, wait) = match refusal {
        None => (StatusCode::OK, None),
        Some(EmailRefusal::TooMany(wait)) => (StatusCode::TOO_MANY_REQUESTS, Some(wait)),
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, None),
    };
    let page = EmailPage {
        shell: own_shell(http, site, &entered),
        csrf: entered.csrf,
        address: state.address,
        is_verified: state.is_verified,
        can_mail: site.issuer.can_mail(),
        pending: state.pending,
        typed,
        error: refusal.map(error),
    };
    let mut response = errors::page(http, status, &page);
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    cookies::apply(response, entered.cookies, site)
}

fn error(refusal: EmailRefusal) -> EmailError {
    match refusal {
        EmailRefusal::Address => EmailError::Address,
        EmailRefusal::Unchanged => EmailError::Unchanged,
        EmailRefusal::Incomplete => EmailError::Incomplete,
        EmailRefusal::WrongCode | EmailRefusal::Gone => EmailError::Code,
        EmailRefusal::Taken => EmailError::Taken,
        EmailRefusal::TooMany(wait) => EmailError::TooMany(wait),
    }
}
