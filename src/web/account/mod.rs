//! `/account`: a person's own pages. Each of them and each of their forms is let in by the active
//! session of the browser and by nothing else: no access token of an app opens any.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload, ServiceConfig, get, post, resource, route};
use actix_web::{HttpRequest, HttpResponse};

use super::login::account_view;
use super::shell::shell;
use super::{Site, answer, cookies, errors, reference, request};
use crate::app::account::{self as app, AccountPage, Entered, NewPassword, PasswordRefusal};
use crate::app::outcome::Stop;
use crate::base::{Secret, Timestamp};
use crate::pages::{self, NewPasswordError, PasswordPage, SessionView, SessionsPage};
use crate::protocol::Parameters;

/// The least length of a password that is the only factor (`security.md` R54).
const MIN_LENGTH: usize = 15;

pub(super) fn routes(config: &mut ServiceConfig) {
    let refused = || route().to(errors::method_not_allowed);
    config
        .service(resource("/account").route(get().to(home)).default_service(refused()))
        .service(resource("/account/switch").route(post().to(switch)).default_service(refused()))
        .service(
            resource("/account/password")
                .route(get().to(password))
                .route(post().to(change_password))
                .default_service(refused()),
        )
        .service(
            resource("/account/sessions")
                .route(get().to(sessions))
                .route(post().to(end_sessions))
                .default_service(refused()),
        )
        .service(
            resource("/.well-known/change-password")
                .route(get().to(well_known))
                .default_service(refused()),
        );
}

/// Where password managers look for the page (W3C, A Well-Known URL for Changing Passwords).
async fn well_known() -> HttpResponse {
    answer::see_other(AccountPage::Password.path())
}

async fn home(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Home).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let mut accounts = entered.accounts.iter().cloned().map(account_view);
    let Some(account) = accounts.next() else { return errors::fault_page(&http, Some(&site)) };
    let page = pages::AccountPage {
        shell: shell(&http, Some(&site), None),
        csrf: entered.csrf.clone(),
        account,
        others: accounts.collect(),
        is_password_changed: is_done(&http, "password"),
    };
    let response = errors::page(&http, StatusCode::OK, &page);
    cookies::apply(response, entered.cookies, &site)
}

async fn switch(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::Home).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let changes = entered.switch(&text(&form, "account"));
    cookies::apply(answer::see_other(AccountPage::Home.path()), changes, &site)
}

async fn password(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    match enter(&http, &site, AccountPage::Password).await {
        Ok(entered) => password_page(&http, &site, entered, None),
        Err(response) => response,
    }
}

async fn change_password(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::Password).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let typed = NewPassword {
        current: Secret::new(text(&form, "current")),
        new: Secret::new(text(&form, "password")),
    };
    match app::change_password(&site.issuer, &entered, typed).await {
        Ok(Ok(changes)) => {
            cookies::apply(answer::see_other("/account?done=password"), changes, &site)
        }
        Ok(Err(refusal)) => password_page(&http, &site, entered, Some(refusal)),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

fn password_page(
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
    let page = PasswordPage {
        shell: shell(http, Some(site), None),
        csrf: entered.csrf,
        username: entered.accounts.into_iter().next().map(|one| one.username).unwrap_or_default(),
        min_length: MIN_LENGTH,
        error: refusal.map(password_error),
    };
    let mut response = errors::page(http, status, &page);
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    cookies::apply(response, entered.cookies, site)
}

pub(super) fn password_error(refusal: PasswordRefusal) -> NewPasswordError {
    match refusal {
        PasswordRefusal::Incomplete => NewPasswordError::Incomplete,
        PasswordRefusal::Wrong => NewPasswordError::Wrong,
        PasswordRefusal::TooShort(min) => NewPasswordError::TooShort(min),
        PasswordRefusal::TooLong => NewPasswordError::TooLong,
        PasswordRefusal::Common => NewPasswordError::Common,
        PasswordRefusal::Context => NewPasswordError::Context,
        PasswordRefusal::TooMany(wait) => NewPasswordError::TooMany(wait),
        PasswordRefusal::Busy(wait) => NewPasswordError::Busy(wait),
    }
}

async fn sessions(http: HttpRequest, site: Data<Site>) -> HttpResponse {
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
    };
    let page = SessionsPage {
        shell: shell(&http, Some(&site), None),
        csrf: entered.csrf,
        sessions: lines.into_iter().map(view).collect(),
        is_done: is_done(&http, "sessions"),
    };
    let response = errors::page(&http, StatusCode::OK, &page);
    cookies::apply(response, entered.cookies, &site)
}

async fn end_sessions(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
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

async fn enter(
    http: &HttpRequest,
    site: &Site,
    page: AccountPage,
) -> Result<Entered, HttpResponse> {
    let sent = cookies::read(http, site);
    let caller = reference::caller(http, site);
    match app::enter(&site.issuer, &sent, page, caller).await {
        Ok(Ok(entered)) => Ok(entered),
        Ok(Err(reply)) => Err(answer::reply(http, site, Ok(reply))),
        Err(fault) => Err(errors::fault(http, site, &fault)),
    }
}

/// Lets a form in that comes from a page of ours and carries this browser's token.
async fn enter_by_form(
    http: &HttpRequest,
    payload: Payload,
    site: &Site,
    page: AccountPage,
) -> Result<(Entered, Parameters), HttpResponse> {
    if !request::is_from_own_page(http, site.issuer.url()) {
        return Err(errors::stop(http, site, Stop::Forged));
    }
    let form = request::form(http, payload)
        .await
        .map_err(|unreadable| errors::refused(http, unreadable.status()))?;
    let sent = cookies::read(http, site);
    let caller = reference::caller(http, site);
    let csrf = text(&form, "csrf");
    match app::enter_by_form(&site.issuer, &sent, page, caller, &csrf).await {
        Ok(Ok(entered)) => Ok((entered, form)),
        Ok(Err(reply)) => Err(answer::reply(http, site, Ok(reply))),
        Err(fault) => Err(errors::fault(http, site, &fault)),
    }
}

fn text(form: &Parameters, name: &'static str) -> String {
    form.one(name).ok().flatten().unwrap_or_default().to_owned()
}

/// Whether the address says that this was done just now: a notice, which proves nothing.
fn is_done(http: &HttpRequest, what: &str) -> bool {
    request::query(http).is_ok_and(|query| query.one("done").ok().flatten() == Some(what))
}

fn utc(at: Timestamp) -> String {
    let at = time::OffsetDateTime::from_unix_timestamp(at.as_seconds()).ok();
    let text = at.and_then(|at| at.format(&time::format_description::well_known::Rfc3339).ok());
    text.unwrap_or_default()
}
