//! `/setup/{token}`: the first run.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{Data, Path, Payload, ServiceConfig, get, post, resource, route};
use actix_web::{HttpRequest, HttpResponse};

use super::account::typed_problem;
use super::shell::shell;
use super::{Site, answer, cookies, errors, reference, request};
use crate::app::browser::CookieChanges;
use crate::app::new_account::{FirstWays, RecoveryCode, WayForm, WayRefusal};
use crate::app::outcome::Stop;
use crate::app::passwords::MIN_OF_ONLY_FACTOR;
use crate::app::setup::{self, AdminForm, Made, SetupRefusal, Shown};
use crate::base::Secret;
use crate::pages::{
    FirstPasskeyView, RecoveryCodesPage, SetupChecks, SetupError, SetupOverPage, SetupPage,
};
use crate::protocol::Parameters;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(
        resource("/setup/{token}")
            .route(get().to(show))
            .route(post().to(create))
            .default_service(route().to(errors::method_not_allowed)),
    );
}

/// Looking changes nothing: mail scanners and previews look as well.
async fn show(http: HttpRequest, token: Path<String>, site: Data<Site>) -> HttpResponse {
    let sent = cookies::read(&http, &site);
    match setup::show(&site.issuer, &token, &sent).await {
        Ok(Shown::Form(form)) => page(&http, &site, *form, Typed::default(), None),
        Ok(Shown::Over(is_set_up)) => over(&http, &site, is_set_up),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

/// What was typed and may be shown again.
#[derive(Default)]
struct Typed {
    username: String,
    email: String,
    name: String,
}

async fn create(
    http: HttpRequest,
    token: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    if !request::is_from_own_page(&http, site.issuer.url()) {
        return errors::stop(&http, &site, Stop::Forged);
    }
    let form = match request::form(&http, payload).await {
        Ok(form) => form,
        Err(unreadable) => return errors::refused(&http, unreadable.status()),
    };
    let sent = cookies::read(&http, &site);
    let caller = reference::caller(&http, &site);
    match setup::create_admin(&site.issuer, &token, &sent, admin_form(&form), caller).await {
        Ok(Made::Admin(changes, codes)) => made(&http, &site, changes, &codes),
        Ok(Made::Refused(refusal, shown)) => page(&http, &site, shown, typed(&form), Some(refusal)),
        Ok(Made::Over(is_set_up)) => over(&http, &site, is_set_up),
        Ok(Made::Forged) => errors::stop(&http, &site, Stop::Forged),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

fn text(form: &Parameters, name: &'static str) -> String {
    form.one(name).ok().flatten().unwrap_or_default().to_owned()
}

fn admin_form(form: &Parameters) -> AdminForm {
    AdminForm {
        csrf: text(form, "csrf"),
        username: text(form, "username"),
        email: text(form, "email"),
        name: text(form, "name"),
        ways: first_ways(form),
    }
}

/// The first ways in that a form holds.
pub(super) fn first_ways(form: &Parameters) -> FirstWays {
    FirstWays {
        password: Secret::new(text(form, "password")),
        subject: text(form, "subject"),
        ticket: text(form, "ticket"),
        answer: Secret::new(text(form, "answer")),
        passkey_name: text(form, "passkey_name"),
    }
}

/// The way on of somebody whose account was made: to their account, by way of the recovery codes
/// when there are any.
pub(super) fn made(
    http: &HttpRequest,
    site: &Site,
    changes: CookieChanges,
    codes: &[RecoveryCode],
) -> HttpResponse {
    if codes.is_empty() {
        return cookies::apply(answer::see_other("/account"), changes, site);
    }
    let page = RecoveryCodesPage {
        shell: shell(http, Some(site), None),
        codes: codes.iter().map(|code| code.to_text().expose().clone()).collect(),
        onward: "/account".to_owned(),
    };
    cookies::apply(errors::page(http, StatusCode::OK, &page), changes, site)
}

fn typed(form: &Parameters) -> Typed {
    let short = |name| text(form, name).chars().take(254).collect();
    Typed { username: short("username"), email: short("email"), name: short("name") }
}

fn page(
    http: &HttpRequest,
    site: &Site,
    form: WayForm,
    typed: Typed,
    refusal: Option<SetupRefusal>,
) -> HttpResponse {
    let (status, wait) = match refusal {
        None => (StatusCode::OK, None),
        Some(SetupRefusal::Way(WayRefusal::Busy(wait))) => {
            (StatusCode::TOO_MANY_REQUESTS, Some(wait))
        }
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, None),
    };
    let subject = form.subject;
    let passkey =
        form.ask.map(|ask| FirstPasskeyView { options: ask.options, ticket: ask.ticket, subject });
    let page = SetupPage {
        shell: shell(http, Some(site), None),
        checks: checks(http, site),
        action: http.path().to_owned(),
        csrf: form.csrf,
        username: typed.username,
        email: typed.email,
        name: typed.name,
        passkey,
        min_length: MIN_OF_ONLY_FACTOR,
        error: refusal.map(error),
    };
    let mut response = errors::page(http, status, &page);
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    cookies::apply(response, form.cookies, site)
}

/// How the browser came. `Host` is compared and goes into no address (`security.md` R66). Browsers
/// send `Sec-Fetch-Site` to potentially trustworthy addresses alone, which are https and this
/// machine (W3C, Fetch Metadata Request Headers): they say so whatever proxies stand between.
fn checks(http: &HttpRequest, site: &Site) -> SetupChecks {
    let public_url = site.issuer.url().to_owned();
    let header = |name: header::HeaderName| http.headers().get(name)?.to_str().ok();
    let came_by = header(header::HOST).unwrap_or_default();
    let is_same =
        public_url.split_once("://").is_some_and(|(_, host)| host.eq_ignore_ascii_case(came_by));
    SetupChecks {
        right_address: (!is_same).then(|| format!("{public_url}{}", http.path())),
        is_protected: header(header::HeaderName::from_static("sec-fetch-site")).is_some(),
        public_url,
    }
}

fn error(refusal: SetupRefusal) -> SetupError {
    match refusal {
        SetupRefusal::Username => SetupError::Username,
        SetupRefusal::Email => SetupError::Email,
        SetupRefusal::Name => SetupError::Name,
        SetupRefusal::Taken => SetupError::Taken,
        SetupRefusal::Way(refusal) => way_error(refusal),
    }
}

/// Why there is no way in, as the page says it.
pub(super) fn way_error(refusal: WayRefusal) -> SetupError {
    match refusal {
        WayRefusal::NoWayIn => SetupError::NoWayIn,
        WayRefusal::Passkey => SetupError::Passkey,
        WayRefusal::Password(problem) => SetupError::Password(typed_problem(problem)),
        WayRefusal::Busy(wait) => SetupError::Busy(wait),
    }
}

fn over(http: &HttpRequest, site: &Site, is_set_up: bool) -> HttpResponse {
    let page = SetupOverPage { shell: shell(http, Some(site), None), is_set_up };
    errors::page(http, StatusCode::GONE, &page)
}
