//! `/i/{id}/sign-up`: an account of one's own, on the way to an app.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::super::account::typed_problem;
use super::super::shell::locale;
use super::super::{Site, answer, cookies, errors};
use super::factor_views::Around;
use super::forms::with_language;
use super::posted::Posted;
use crate::app::outcome::{SignUpCodeStep, SignUpStep};
use crate::app::passwords::MIN_OF_ONLY_FACTOR;
use crate::app::sign_up::{self, AskForm, AskRefusal, CodeForm, SignUpRefusal};
use crate::pages::{SignUpAddressError, SignUpError, SignUpPage, SignUpPersonPage};

pub(super) async fn show(http: HttpRequest, id: Path<String>, site: Data<Site>) -> HttpResponse {
    let result = sign_up::show(&site.issuer, &id, &cookies::read(&http, &site)).await;
    with_language(&http, &site, answer::reply(&http, &site, result))
}

pub(super) async fn show_code(
    http: HttpRequest,
    id: Path<String>,
    site: Data<Site>,
) -> HttpResponse {
    let result = sign_up::show_code(&site.issuer, &id, &cookies::read(&http, &site)).await;
    with_language(&http, &site, answer::reply(&http, &site, result))
}

pub(super) async fn ask(posted: Posted) -> HttpResponse {
    let Posted { http, id, sent, caller, .. } = &posted;
    let typed = AskForm { email: posted.text("email"), csrf: posted.text("csrf") };
    let language = |wanted: Option<&str>| locale(http, wanted);
    posted.answer(sign_up::ask(posted.issuer(), id, sent, typed, *caller, language).await)
}

pub(super) async fn by_code(posted: Posted) -> HttpResponse {
    let Posted { id, sent, caller, .. } = &posted;
    let typed = CodeForm {
        code: posted.text("code"),
        name: posted.text("name"),
        password: posted.secret("password"),
        csrf: posted.text("csrf"),
    };
    posted.answer(sign_up::by_code(posted.issuer(), id, sent, typed, *caller).await)
}

/// The page that asks for an address.
pub(super) fn address_page(http: &HttpRequest, around: Around, step: SignUpStep) -> HttpResponse {
    let (status, error, wait) = match step.refusal {
        None => (StatusCode::OK, None, None),
        Some(AskRefusal::Address) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Some(SignUpAddressError::Address), None)
        }
        Some(AskRefusal::Domain) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Some(SignUpAddressError::Domain), None)
        }
        Some(AskRefusal::TooMany(wait)) => {
            (StatusCode::TOO_MANY_REQUESTS, Some(SignUpAddressError::TooMany(wait)), Some(wait))
        }
    };
    let Around { shell, app, csrf, base } = around;
    let page = SignUpPage {
        shell,
        app,
        action: format!("{base}/sign-up"),
        csrf,
        email: step.email,
        sign_in_href: format!("{base}/sign-in"),
        back_to_accounts: step.may_choose.then(|| format!("{base}/account")),
        error,
    };
    with_wait(errors::page(http, status, &page), wait)
}

/// The page that asks for the code, a name and a password.
pub(super) fn code_page(http: &HttpRequest, around: Around, step: SignUpCodeStep) -> HttpResponse {
    let Around { shell, app, csrf, base } = around;
    let page = SignUpPersonPage {
        shell,
        app,
        action: format!("{base}/sign-up/code"),
        csrf,
        code_again: Some(format!("{base}/sign-up")),
        email: step.email,
        name: step.name,
        min_length: MIN_OF_ONLY_FACTOR,
        sign_in_href: format!("{base}/sign-in"),
        error: step.refusal.map(error),
    };
    person_page(http, &page)
}

/// The page with the status that fits what is wrong.
pub(in crate::web) fn person_page(http: &HttpRequest, page: &SignUpPersonPage) -> HttpResponse {
    let (status, wait) = match page.error {
        None => (StatusCode::OK, None),
        Some(SignUpError::TooMany(wait) | SignUpError::Busy(wait)) => {
            (StatusCode::TOO_MANY_REQUESTS, Some(wait))
        }
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, None),
    };
    with_wait(errors::page(http, status, page), wait)
}

fn with_wait(mut response: HttpResponse, wait: Option<Duration>) -> HttpResponse {
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    response
}

/// A refusal as its page says it.
pub(in crate::web) fn error(refusal: SignUpRefusal) -> SignUpError {
    match refusal {
        SignUpRefusal::Incomplete => SignUpError::Incomplete,
        SignUpRefusal::Name => SignUpError::Name,
        SignUpRefusal::WrongCode | SignUpRefusal::Gone => SignUpError::Code,
        SignUpRefusal::Taken => SignUpError::Taken,
        SignUpRefusal::Password(problem) => SignUpError::Password(typed_problem(problem)),
        SignUpRefusal::TooMany(wait) => SignUpError::TooMany(wait),
        SignUpRefusal::Busy(wait) => SignUpError::Busy(wait),
    }
}
