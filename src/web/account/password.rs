//! `/account/password`: a new password.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, answer, cookies, errors};
use super::{enter, enter_by_form, own_shell, recent, text};
use crate::app::account::{self as app, AccountPage, Entered, NewPassword, PasswordRefusal};
use crate::app::passwords::PasswordProblem;
use crate::base::Secret;
use crate::pages::{NewPasswordError, PasswordPage};

pub(super) async fn show(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Password).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    match recent(&http, &site, &entered, AccountPage::Password).await {
        Ok(_) => password_page(&http, &site, entered, None).await,
        Err(response) => response,
    }
}

pub(super) async fn change(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::Password).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let recent = match recent(&http, &site, &entered, AccountPage::Password).await {
        Ok(recent) => recent,
        Err(response) => return response,
    };
    let typed = NewPassword {
        current: Secret::new(text(&form, "current")),
        new: Secret::new(text(&form, "password")),
    };
    match app::change_password(&site.issuer, &entered, &recent, typed).await {
        Ok(Ok(changes)) => {
            cookies::apply(answer::see_other("/account?done=password"), changes, &site)
        }
        Ok(Err(refusal)) => password_page(&http, &site, entered, Some(refusal)).await,
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

async fn password_page(
    http: &HttpRequest,
    site: &Site,
    entered: Entered,
    refusal: Option<PasswordRefusal>,
) -> HttpResponse {
    let (status, wait) = match refusal {
        None => (StatusCode::OK, None),
        Some(PasswordRefusal::TooMany(wait) | PasswordRefusal::Busy(wait)) => {
            (StatusCode::TOO_MANY_REQUESTS, Some(wait))
        }
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, None),
    };
    let min_length = match app::least_length(&site.issuer, &entered).await {
        Ok(min_length) => min_length,
        Err(fault) => return errors::fault(http, site, &fault),
    };
    let page = PasswordPage {
        shell: own_shell(http, site, &entered),
        is_due: entered.owes_new_password(),
        csrf: entered.csrf,
        username: entered.accounts.into_iter().next().map(|one| one.username).unwrap_or_default(),
        min_length,
        error: refusal.map(password_error),
    };
    let mut response = errors::page(http, status, &page);
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    cookies::apply(response, entered.cookies, site)
}

pub(in crate::web) fn password_error(refusal: PasswordRefusal) -> NewPasswordError {
    match refusal {
        PasswordRefusal::Incomplete => NewPasswordError::Incomplete,
        PasswordRefusal::Wrong => NewPasswordError::Wrong,
        PasswordRefusal::TooShort(min) => NewPasswordError::TooShort(min),
        PasswordRefusal::TooLong => NewPasswordError::TooLong,
        PasswordRefusal::Common => NewPasswordError::Common,
        PasswordRefusal::Context => NewPasswordError::Context,
        PasswordRefusal::Breached => NewPasswordError::Breached,
        PasswordRefusal::Same => NewPasswordError::Same,
        PasswordRefusal::TooMany(wait) => NewPasswordError::TooMany(wait),
        PasswordRefusal::Busy(wait) => NewPasswordError::Busy(wait),
    }
}

/// A problem with a new password, in the terms of the pages.
pub(crate) fn typed_problem(problem: PasswordProblem) -> NewPasswordError {
    password_error(problem.into())
}
