//! `/recover`: the way back in for who forgot a password. Opening a link by GET changes nothing
//! (`security.md` R70).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload, ServiceConfig, get, post, resource, route};
use actix_web::{HttpRequest, HttpResponse};

use super::account::typed_problem;
use super::shell::shell;
use super::{Site, answer, cookies, errors, reference, request};
use crate::app::outcome::Stop;
use crate::app::passwords::MIN_OF_ONLY_FACTOR;
use crate::app::recovery::{self as app, AskRefusal, Entered, RecoveryRefusal, Shown};
use crate::base::Secret;
use crate::pages::{
    NewPasswordError, NewPasswordPage, RecoverError, RecoverPage, RecoveryGonePage,
};
use crate::protocol::Parameters;

pub(super) fn routes(config: &mut ServiceConfig) {
    let refused = || route().to(errors::method_not_allowed);
    config
        .service(
            resource("/recover")
                .route(get().to(show))
                .route(post().to(ask))
                .default_service(refused()),
        )
        .service(
            resource("/recover/code")
                .route(get().to(show))
                .route(post().to(by_code))
                .default_service(refused()),
        )
        .service(
            resource("/recover/link/{link}")
                .route(get().to(show_link))
                .route(post().to(by_link))
                .default_service(refused()),
        );
}

async fn show(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let query = request::query(&http).ok();
    let from = query.and_then(|query| query.one("from").ok().flatten().map(str::to_owned));
    match app::enter(&site.issuer, &cookies::read(&http, &site)).await {
        Ok(entered) => {
            ask_page(&http, &site, entered, (String::new(), from.unwrap_or_default()), None)
        }
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

async fn ask(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let (name, from) = (name(&form), text(&form, "from"));
    if !site.issuer.can_mail() {
        return ask_page(&http, &site, entered, (name, from), None);
    }
    let caller = reference::caller(&http, &site);
    match app::ask(&site.issuer, &name, caller).await {
        Ok(Ok(())) => code_page(&http, &site, entered, (name, from), None),
        Ok(Err(refusal)) => ask_page(&http, &site, entered, (name, from), Some(refusal)),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

fn ask_page(
    http: &HttpRequest,
    site: &Site,
    entered: Entered,
    (identifier, from): (String, String),
    refusal: Option<AskRefusal>,
) -> HttpResponse {
    let (status, error, wait) = match refusal {
        None => (StatusCode::OK, None, None),
        Some(AskRefusal::Incomplete) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Some(RecoverError::Incomplete), None)
        }
        Some(AskRefusal::TooMany(wait)) => {
            (StatusCode::TOO_MANY_REQUESTS, Some(RecoverError::TooMany(wait)), Some(wait))
        }
    };
    let page = RecoverPage {
        shell: shell(http, Some(site), None),
        csrf: entered.csrf,
        can_mail: site.issuer.can_mail(),
        identifier,
        from: interaction(from),
        error,
    };
    let mut response = errors::page(http, status, &page);
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    cookies::apply(response, entered.cookies, site)
}

async fn by_code(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let (name, from, code) = (name(&form), text(&form, "from"), text(&form, "code"));
    let shown = Shown::Code { name: &name, code: &code };
    match set(&http, &site, &entered, shown, &form).await {
        Ok(onward) => onward,
        Err(Ok(refusal)) => code_page(&http, &site, entered, (name, from), Some(refusal)),
        Err(Err(response)) => response,
    }
}

async fn show_link(http: HttpRequest, link: Path<String>, site: Data<Site>) -> HttpResponse {
    match app::enter(&site.issuer, &cookies::read(&http, &site)).await {
        Ok(entered) => link_page(&http, &site, entered, &link, None).await,
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

async fn by_link(
    http: HttpRequest,
    link: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    match set(&http, &site, &entered, Shown::Link(&link), &form).await {
        Ok(onward) => onward,
        Err(Ok(refusal)) => link_page(&http, &site, entered, &link, Some(refusal)).await,
        Err(Err(response)) => response,
    }
}

/// Sets the password and leads to a sign-in, or says why not.
async fn set(
    http: &HttpRequest,
    site: &Site,
    entered: &Entered,
    shown: Shown<'_>,
    form: &Parameters,
) -> Result<HttpResponse, Result<RecoveryRefusal, HttpResponse>> {
    let caller = reference::caller(http, site);
    let new = Secret::new(text(form, "password"));
    let user = match app::set_password(&site.issuer, shown, new, caller).await {
        Ok(Ok(user)) => user,
        Ok(Err(refusal)) => return Err(Ok(refusal)),
        Err(fault) => return Err(Err(errors::fault(http, site, &fault))),
    };
    let (sent, from) = (cookies::read(http, site), text(form, "from"));
    let onward = app::onward(&site.issuer, entered, &sent, (&from, &user.username), caller);
    Ok(answer::reply(http, site, onward.await))
}

fn code_page(
    http: &HttpRequest,
    site: &Site,
    entered: Entered,
    (identifier, from): (String, String),
    refusal: Option<RecoveryRefusal>,
) -> HttpResponse {
    let page = NewPasswordPage {
        shell: shell(http, Some(site), None),
        action: "/recover/code".to_owned(),
        csrf: entered.csrf.clone(),
        asks_code: true,
        identifier,
        from: interaction(from),
        min_length: MIN_OF_ONLY_FACTOR,
        error: refusal.map(error),
    };
    password_page(http, site, entered, &page)
}

async fn link_page(
    http: &HttpRequest,
    site: &Site,
    entered: Entered,
    link: &str,
    refusal: Option<RecoveryRefusal>,
) -> HttpResponse {
    let holder = match app::holder_of(&site.issuer, link).await {
        Ok(holder) => holder,
        Err(fault) => return errors::fault(http, site, &fault),
    };
    let Some(identifier) = holder else {
        let page = RecoveryGonePage { shell: shell(http, Some(site), None) };
        return errors::page(http, StatusCode::NOT_FOUND, &page);
    };
    let page = NewPasswordPage {
        shell: shell(http, Some(site), None),
        action: format!("/recover/link/{link}"),
        csrf: entered.csrf.clone(),
        asks_code: false,
        identifier,
        from: String::new(),
        min_length: MIN_OF_ONLY_FACTOR,
        error: refusal.map(error),
    };
    password_page(http, site, entered, &page)
}

fn password_page(
    http: &HttpRequest,
    site: &Site,
    entered: Entered,
    page: &NewPasswordPage,
) -> HttpResponse {
    let (status, wait) = match page.error {
        None => (StatusCode::OK, None),
        Some(NewPasswordError::TooMany(wait) | NewPasswordError::Busy(wait)) => {
            (StatusCode::TOO_MANY_REQUESTS, Some(wait))
        }
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, None),
    };
    let mut response = errors::page(http, status, page);
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    cookies::apply(response, entered.cookies, site)
}

fn error(refusal: RecoveryRefusal) -> NewPasswordError {
    match refusal {
        RecoveryRefusal::Incomplete => NewPasswordError::Incomplete,
        RecoveryRefusal::WrongCode | RecoveryRefusal::Gone => NewPasswordError::Wrong,
        RecoveryRefusal::Password(problem) => typed_problem(problem),
        RecoveryRefusal::TooMany(wait) => NewPasswordError::TooMany(wait),
        RecoveryRefusal::Busy(wait) => NewPasswordError::Busy(wait),
    }
}

/// Lets a form in that comes from a page of ours and carries this browser's token.
pub(super) async fn enter_by_form(
    http: &HttpRequest,
    payload: Payload,
    site: &Site,
) -> Result<(Entered, Parameters), HttpResponse> {
    if !request::is_from_own_page(http, site.issuer.url()) {
        return Err(errors::stop(http, site, Stop::Forged));
    }
    let form = request::form(http, payload)
        .await
        .map_err(|unreadable| errors::refused(http, unreadable.status()))?;
    let sent = cookies::read(http, site);
    match app::enter_by_form(&site.issuer, &sent, &text(&form, "csrf")).await {
        Ok(Ok(entered)) => Ok((entered, form)),
        Ok(Err(reply)) => Err(answer::reply(http, site, Ok(reply))),
        Err(fault) => Err(errors::fault(http, site, &fault)),
    }
}

/// Who the person says they are, as far as a name can be long.
fn name(form: &Parameters) -> String {
    text(form, "username").chars().take(254).collect()
}

/// The address of an interaction, or nothing: whatever else stands there goes into no link.
fn interaction(text: String) -> String {
    let is_one = crate::base::from_base64url(&text).is_ok_and(|bytes| bytes.len() == 32);
    if is_one { text } else { String::new() }
}

fn text(form: &Parameters, name: &'static str) -> String {
    form.one(name).ok().flatten().unwrap_or_default().to_owned()
}
