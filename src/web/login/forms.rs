use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, address, answer, cookies, errors, reference, request, shell};
use crate::app::Fault;
use crate::app::interaction::{self, Choice};
use crate::app::outcome::{Outcome, Reply, Step, Stop};
use crate::app::sign_in::{self, SignInForm};
use crate::base::Secret;
use crate::protocol::Parameters;

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

pub(super) async fn sign_in(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let form = match read(&http, payload, &site).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let text = |name| form.one(name).ok().flatten().unwrap_or_default().to_owned();
    let typed = SignInForm {
        identifier: text("username"),
        password: Secret::new(text("password")),
        is_remembered: form.one("remember").ok().flatten().is_some(),
        can_keep_passkey: form.one("can_keep_passkey").ok().flatten() == Some("1"),
        csrf: text("csrf"),
    };
    let caller = reference::caller(&http, &site);
    let sent = cookies::read(&http, &site);
    let result = sign_in::sign_in(&site.issuer, &id, &sent, typed, caller).await;
    after_post(&http, &site, &id, result)
}

pub(super) async fn choose(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let form = match read(&http, payload, &site).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let choice = match form.one("account").ok().flatten() {
        Some("other") => Some(Choice::Other),
        Some(index) => index.parse().ok().map(Choice::Account),
        None => None,
    };
    let sent = cookies::read(&http, &site);
    let result = interaction::choose(&site.issuer, &id, &sent, csrf(&form), choice).await;
    after_post(&http, &site, &id, result)
}

pub(super) async fn consent(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let form = match read(&http, payload, &site).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let is_allowed = match form.one("decision").ok().flatten() {
        Some("allow") => Some(true),
        Some("deny") => Some(false),
        _ => None,
    };
    let sent = cookies::read(&http, &site);
    let caller = reference::caller(&http, &site);
    let result =
        interaction::consent(&site.issuer, &id, &sent, csrf(&form), is_allowed, caller).await;
    after_post(&http, &site, &id, result)
}

pub(super) async fn choose_password(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let form = match read(&http, payload, &site).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let text = |name| form.one(name).ok().flatten().unwrap_or_default().to_owned();
    let (csrf, new) = (text("csrf"), Secret::new(text("password")));
    let caller = reference::caller(&http, &site);
    let sent = cookies::read(&http, &site);
    let result = interaction::choose_password(&site.issuer, &id, &sent, &csrf, new, caller).await;
    after_post(&http, &site, &id, result)
}

pub(super) async fn keep(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let form = match read(&http, payload, &site).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let sent = cookies::read(&http, &site);
    let caller = reference::caller(&http, &site);
    let result = interaction::keep_account(&site.issuer, &id, &sent, csrf(&form), caller).await;
    after_post(&http, &site, &id, result)
}

pub(super) fn csrf(form: &Parameters) -> &str {
    form.one("csrf").ok().flatten().unwrap_or_default()
}

/// Reads a form that must come from a page of ours.
pub(super) async fn read(
    http: &HttpRequest,
    payload: Payload,
    site: &Site,
) -> Result<Parameters, HttpResponse> {
    if !request::is_from_own_page(http, site.issuer.url()) {
        return Err(errors::stop(http, site, Stop::Forged));
    }
    request::form(http, payload)
        .await
        .map_err(|unreadable| errors::refused(http, unreadable.status()))
}

/// A form that leads to another page of the interaction answers with a redirect to it, so that a
/// reload posts nothing twice. A refused form is shown again at once.
pub(super) fn after_post(
    http: &HttpRequest,
    site: &Site,
    id: &str,
    result: Result<Reply, Fault>,
) -> HttpResponse {
    let result = result.map(|reply| match reply.outcome {
        Outcome::Step(view) if !is_shown_at_once(&view.step) => {
            Reply { outcome: Outcome::Goto(format!("/i/{id}")), cookies: reply.cookies }
        }
        outcome => Reply { outcome, cookies: reply.cookies },
    });
    answer::reply(http, site, result)
}

fn is_shown_at_once(step: &Step) -> bool {
    match step {
        Step::SignIn(step) => step.refusal.is_some(),
        Step::SignUp(step) => step.refusal.is_some(),
        Step::SignUpCode(step) => step.refusal.is_some(),
        Step::OfferPasskey(step) => step.refusal.is_some(),
        Step::Factor(step) => step.refusal.is_some(),
        Step::Enrol(step) => step.refusal.is_some(),
        Step::NewPassword(step) => step.refusal.is_some(),
        // Nowhere to be seen again.
        Step::RecoveryCodes(_) => true,
        Step::Choose(_) | Step::Ways(_) | Step::Consent(_) | Step::Keep(_) => false,
    }
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
