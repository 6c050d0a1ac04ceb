use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, address, answer, cookies, request, shell};
use super::posted::Posted;
use crate::app::interaction::{self, Choice};
use crate::app::sign_in::{self, SignInForm};

/// The page that is due, whichever step the address names: the back button never dead-ends.
pub(super) async fn show(http: HttpRequest, id: Path<String>, site: Data<Site>) -> HttpResponse {
    let sent = cookies::read(&http, &site);
    let result = interaction::show(&site.issuer, &id, &sent).await;
    with_language(&http, &site, answer::reply(&http, &site, result))
}

/// The sign-in page, where the app would rather see an account made.
pub(super) async fn show_sign_in(
    http: HttpRequest,
    id: Path<String>,
    site: Data<Site>,
) -> HttpResponse {
    let sent = cookies::read(&http, &site);
    let result = interaction::show_sign_in(&site.issuer, &id, &sent).await;
    with_language(&http, &site, answer::reply(&http, &site, result))
}

/// The accounts of this browser, to choose from.
pub(super) async fn show_accounts(
    http: HttpRequest,
    id: Path<String>,
    site: Data<Site>,
) -> HttpResponse {
    let sent = cookies::read(&http, &site);
    let result = interaction::show_accounts(&site.issuer, &id, &sent).await;
    with_language(&http, &site, answer::reply(&http, &site, result))
}

/// The same request anew, for a browser that lost its cookie.
pub(super) async fn restart(http: HttpRequest, id: Path<String>, site: Data<Site>) -> HttpResponse {
    let sent = cookies::read(&http, &site);
    let network = address::network_of(&http, &site.proxies);
    let result = interaction::restart(&site.issuer, &id, &sent, network).await;
    answer::reply(&http, &site, result)
}

pub(super) async fn sign_in(posted: Posted) -> HttpResponse {
    let typed = SignInForm {
        identifier: posted.text("username"),
        password: posted.secret("password"),
        is_remembered: posted.one("remember").is_some(),
        can_keep_passkey: posted.one("can_keep_passkey") == Some("1"),
        csrf: posted.text("csrf"),
    };
    let Posted { id, sent, caller, .. } = &posted;
    posted.answer(sign_in::sign_in(posted.issuer(), id, sent, typed, *caller).await)
}

pub(super) async fn choose(posted: Posted) -> HttpResponse {
    let choice = match posted.one("account") {
        Some("other") => Some(Choice::Other),
        Some(index) => index.parse().ok().map(Choice::Account),
        None => None,
    };
    let (id, sent, csrf) = (&posted.id, &posted.sent, posted.csrf());
    posted.answer(interaction::choose(posted.issuer(), id, sent, csrf, choice).await)
}

pub(super) async fn consent(posted: Posted) -> HttpResponse {
    let is_allowed = match posted.one("decision") {
        Some("allow") => Some(true),
        Some("deny") => Some(false),
        _ => None,
    };
    let Posted { id, sent, caller, .. } = &posted;
    let csrf = posted.csrf();
    let result = interaction::consent(posted.issuer(), id, sent, csrf, is_allowed, *caller).await;
    posted.answer(result)
}

pub(super) async fn choose_password(posted: Posted) -> HttpResponse {
    let Posted { id, sent, caller, .. } = &posted;
    let (csrf, new) = (posted.csrf(), posted.secret("password"));
    let result = interaction::choose_password(posted.issuer(), id, sent, csrf, new, *caller).await;
    posted.answer(result)
}

pub(super) async fn keep(posted: Posted) -> HttpResponse {
    let Posted { id, sent, caller, .. } = &posted;
    let result = interaction::keep_account(posted.issuer(), id, sent, posted.csrf(), *caller).await;
    posted.answer(result)
}

/// Remembers a language that was chosen by its link.
pub(super) fn with_language(
    http: &HttpRequest,
    site: &Site,
    mut response: HttpResponse,
) -> HttpResponse {
    let query = request::query(http).ok();
    if query.is_some_and(|query| matches!(query.one("ui_locales"), Ok(Some(_)))) {
        let cookie = cookies::language(shell::locale(http, None).tag(), site);
        // It fails only for a cookie that is no header value; a language tag is one.
        let _ = response.add_cookie(&cookie);
    }
    response
}
