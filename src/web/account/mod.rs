//! `/account`: a person's own pages. Each of them and each of their forms is let in by the active
//! session of the browser and by nothing else: no access token of an app opens any.

mod activity;
mod apps;
mod deletion;
mod email;
mod export;
mod passkeys;
mod password;
mod profile;
mod security;
mod sessions;
mod trusted_devices;

pub(super) use password::{password_error, typed_problem};

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload, ServiceConfig, get, post, resource, route};
use actix_web::{HttpRequest, HttpResponse};

use super::login::{account_view, app_tile};
use super::shell::shell;
use super::{Site, answer, cookies, errors, reference, request};
use crate::app::account::{self as app, AccountPage, Entered, RecentSignIn};
use crate::app::outcome::Stop;
use crate::base::Timestamp;
use crate::pages::{self, AccountNotice, Shell};
use crate::protocol::Parameters;

pub(super) fn routes(config: &mut ServiceConfig) {
    let refused = || route().to(errors::method_not_allowed);
    config
        .service(resource("/account").route(get().to(home)).default_service(refused()))
        .service(resource("/account/switch").route(post().to(switch)).default_service(refused()))
        .service(
            resource("/account/password")
                .route(get().to(password::show))
                .route(post().to(password::change))
                .default_service(refused()),
        )
        .service(
            resource("/account/sessions")
                .route(get().to(sessions::show))
                .route(post().to(sessions::end))
                .default_service(refused()),
        )
        .service(
            resource("/account/sessions/devices")
                .route(post().to(trusted_devices::end))
                .default_service(refused()),
        )
        .service(
            resource("/account/activity")
                .route(get().to(activity::show))
                .default_service(refused()),
        )
        .service(
            resource("/account/activity/not-me")
                .route(get().to(activity::ask_to_disown))
                .route(post().to(activity::disown))
                .default_service(refused()),
        )
        .service(
            resource("/account/apps")
                .route(get().to(apps::show))
                .route(post().to(apps::remove))
                .default_service(refused()),
        )
        .service(
            resource("/account/delete")
                .route(get().to(deletion::show))
                .route(post().to(deletion::ask))
                .default_service(refused()),
        )
        .service(
            resource("/account/keep").route(post().to(deletion::keep)).default_service(refused()),
        )
        .service(
            resource("/account/export")
                .route(get().to(export::show))
                .route(post().to(export::archive))
                .default_service(refused()),
        )
        .service(
            resource("/account/profile")
                .route(get().to(profile::show))
                .route(post().to(profile::change))
                .default_service(refused()),
        )
        .service(
            resource("/account/email")
                .route(get().to(email::show))
                .route(post().to(email::ask))
                .default_service(refused()),
        )
        .service(
            resource("/account/email/code")
                .route(get().to(email::show))
                .route(post().to(email::confirm))
                .default_service(refused()),
        )
        .configure(security_routes)
        .service(
            resource("/.well-known/change-password")
                .route(get().to(well_known))
                .default_service(refused()),
        );
}

fn security_routes(config: &mut ServiceConfig) {
    let refused = || route().to(errors::method_not_allowed);
    config
        .service(
            resource("/account/security")
                .route(get().to(security::show))
                .default_service(refused()),
        )
        .service(
            resource("/account/totp")
                .route(get().to(security::totp))
                .route(post().to(security::set_up_totp))
                .default_service(refused()),
        )
        .service(
            resource("/account/recovery-codes")
                .route(post().to(security::make_codes))
                .default_service(refused()),
        )
        .service(
            resource("/account/totp/remove")
                .route(get().to(security::ask_to_remove_totp))
                .route(post().to(security::remove_totp))
                .default_service(refused()),
        )
        .service(
            resource("/account/passkeys")
                .route(get().to(passkeys::list))
                .default_service(refused()),
        )
        .service(
            resource("/account/passkeys/new")
                .route(get().to(passkeys::ask_new))
                .route(post().to(passkeys::add))
                .default_service(refused()),
        )
        .service(
            resource("/account/passkeys/{id}")
                .route(get().to(passkeys::show))
                .route(post().to(passkeys::rename))
                .default_service(refused()),
        )
        .service(
            resource("/account/passkeys/{id}/remove")
                .route(get().to(passkeys::ask_to_remove))
                .route(post().to(passkeys::remove))
                .default_service(refused()),
        )
        .service(
            resource("/.well-known/passkey-endpoints")
                .route(get().to(passkeys::endpoints))
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
    let query = request::query(&http).ok();
    let search = query.as_ref().and_then(|query| query.one("q").ok().flatten()).unwrap_or_default();
    let apps = match app::own_apps(&site.issuer, &entered, search).await {
        Ok(apps) => apps,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    let mut accounts = entered.accounts.iter().cloned().map(account_view);
    let Some(account) = accounts.next() else { return errors::fault_page(&http, Some(&site)) };
    let page = pages::AccountPage {
        shell: own_shell(&http, &site, &entered),
        csrf: entered.csrf.clone(),
        account,
        apps: apps.into_iter().map(app_tile).collect(),
        search: search.chars().take(100).collect(),
        others: accounts.collect(),
        notice: notice(&http),
    };
    let response = errors::page(&http, StatusCode::OK, &page);
    cookies::apply(response, entered.cookies, &site)
}

fn notice(http: &HttpRequest) -> Option<AccountNotice> {
    let is_changed = is_done(http, "password").then_some(AccountNotice::PasswordChanged);
    is_changed.or(is_done(http, "kept").then_some(AccountNotice::Kept))
}

async fn switch(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::Home).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let changes = entered.switch(&text(&form, "account"));
    cookies::apply(answer::see_other(AccountPage::Home.path()), changes, &site)
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

/// Lets on who signed in a short while ago; others do so first and come back to `page`.
async fn recent(
    http: &HttpRequest,
    site: &Site,
    entered: &Entered,
    page: AccountPage,
) -> Result<RecentSignIn, HttpResponse> {
    match RecentSignIn::demand(&site.issuer, entered, page).await {
        Ok(Ok(recent)) => Ok(recent),
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

/// What every page shows around its own part, in the language of the active account.
fn own_shell(http: &HttpRequest, site: &Site, entered: &Entered) -> Shell {
    shell(http, Some(site), entered.languages().as_deref())
}

pub(super) fn date(at: Timestamp) -> String {
    utc(at).chars().take("YYYY-MM-DD".len()).collect()
}

fn utc(at: Timestamp) -> String {
    let at = time::OffsetDateTime::from_unix_timestamp(at.as_seconds()).ok();
    let text = at.and_then(|at| at.format(&time::format_description::well_known::Rfc3339).ok());
    text.unwrap_or_default()
}
