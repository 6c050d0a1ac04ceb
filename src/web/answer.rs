use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use super::shell::shell;
use super::{HandOff, Site, cookies, errors, login, security_headers};
use crate::app::outcome::{AppReturn, Delivery, Outcome, ProblemView, Reply};
use crate::app::{Fault, RequestProblem};
use crate::pages::{Difference, FormPostPage, HandOffPage, RequestProblemPage, RequestRule};
use crate::protocol::redirect_uri::{RedirectDifference, display_host};

/// Turns what a use case led to into an answer, with its cookies.
pub(super) fn reply(
    request: &HttpRequest,
    site: &Site,
    result: Result<Reply, Fault>,
) -> HttpResponse {
    let reply = match result {
        Ok(reply) => reply,
        Err(fault) => return errors::fault(request, site, &fault),
    };
    let response = match reply.outcome {
        Outcome::Problem(view) => problem(request, site, view),
        Outcome::Return(answer) => return_to_app(request, site, &answer),
        Outcome::Goto(path) => see_other(&path),
        Outcome::Step(view) => login::step(request, site, *view),
        Outcome::Stop(stop) => errors::stop(request, site, stop),
    };
    cookies::apply(response, reply.cookies, site)
}

/// 303: the browser follows with GET, whatever it sent (`security.md` R9).
pub(super) fn see_other(location: &str) -> HttpResponse {
    HttpResponse::build(StatusCode::SEE_OTHER).insert_header((header::LOCATION, location)).finish()
}

fn return_to_app(request: &HttpRequest, site: &Site, answer: &AppReturn) -> HttpResponse {
    match &answer.delivery {
        Delivery::Location(url) if answer.needs_click => {
            hand_off(request, site, Some(answer.app_name.clone()), url, Moves::ByHand)
        }
        Delivery::Location(url) if answer.is_after_form && site.hand_off == HandOff::Page => {
            hand_off(request, site, Some(answer.app_name.clone()), url, Moves::AtOnce)
        }
        Delivery::Location(url) => see_other(url),
        Delivery::Form { action, fields } => form_post(request, site, answer, action, fields),
    }
}

/// The hand-off page: `Refresh: 0` moves on without a script and without a redirect, which the
/// `form-action` of the page before would stop.
pub(super) fn hand_off(
    request: &HttpRequest,
    site: &Site,
    app_name: Option<String>,
    url: &str,
    moves: Moves,
) -> HttpResponse {
    let view = HandOffPage {
        shell: shell(request, Some(site), None),
        app_name,
        href: url.to_owned(),
        host: (moves == Moves::ByHand).then(|| display_host(url)),
    };
    let mut response = errors::page(request, StatusCode::OK, &view);
    if moves == Moves::AtOnce {
        set_refresh(&mut response, url, Duration::ZERO);
    }
    response
}

/// How a browser leaves the hand-off page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moves {
    /// By itself.
    AtOnce,
    /// When the person says so: the app is one that nobody vouches for.
    ByHand,
}

/// Lets the browser move on after `wait`: at once, where nothing is to be read or done meanwhile
/// (W3C technique H76: an instant refresh).
pub(super) fn set_refresh(response: &mut HttpResponse, url: &str, wait: Duration) {
    if let Ok(value) = HeaderValue::from_str(&format!("{};url={url}", wait.as_secs())) {
        response.headers_mut().insert(header::REFRESH, value);
    }
}

/// Form Post Response Mode §2: the browser posts the answer.
fn form_post(
    request: &HttpRequest,
    site: &Site,
    answer: &AppReturn,
    action: &str,
    fields: &[(String, String)],
) -> HttpResponse {
    let view = FormPostPage {
        shell: shell(request, Some(site), None),
        app_name: Some(answer.app_name.clone()),
        action: action.to_owned(),
        fields: fields.to_vec(),
        host: answer.needs_click.then(|| display_host(action)),
    };
    let mut response = errors::page(request, StatusCode::OK, &view);
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(security_headers::FORM_POST_POLICY),
    );
    response
}

/// The page for the person and the developer when nothing may go to the app.
fn problem(request: &HttpRequest, site: &Site, view: ProblemView) -> HttpResponse {
    let (rule, received) = match view.problem {
        RequestProblem::Repeated(name) => {
            (RequestRule::RepeatedParameter { name: name.to_owned() }, None)
        }
        RequestProblem::PushedRequestGone => (RequestRule::PushedRequestGone, None),
        RequestProblem::MissingClient => (RequestRule::MissingClient, None),
        RequestProblem::UnknownClient => (RequestRule::UnknownClient, None),
        RequestProblem::DisabledClient => (RequestRule::DisabledClient, None),
        RequestProblem::MissingRedirect => (RequestRule::MissingRedirect, None),
        RequestProblem::UnregisteredRedirect { received, difference } => {
            (RequestRule::RedirectMismatch(difference_view(difference)), Some(received))
        }
    };
    let at = time::OffsetDateTime::from_unix_timestamp(site.issuer.now().as_seconds()).ok();
    let at = at.and_then(|at| at.format(&time::format_description::well_known::Rfc3339).ok());
    let page = RequestProblemPage {
        shell: shell(request, Some(site), None),
        app_name: view.app_name,
        code: "invalid_request".to_owned(),
        rule,
        received,
        at_utc: at.unwrap_or_default(),
    };
    errors::page(request, StatusCode::BAD_REQUEST, &page)
}

fn difference_view(difference: RedirectDifference) -> Difference {
    match difference {
        RedirectDifference::TrailingSlash => Difference::TrailingSlash,
        RedirectDifference::Scheme => Difference::Scheme,
        RedirectDifference::Port => Difference::Port,
        RedirectDifference::HostCase => Difference::HostCase,
        RedirectDifference::LocalhostVsLoopback => Difference::LocalhostVsLoopback,
        RedirectDifference::Query => Difference::Query,
        RedirectDifference::Path => Difference::Path,
        RedirectDifference::Host => Difference::Host,
        RedirectDifference::Fragment => Difference::Fragment,
        RedirectDifference::Other => Difference::Other,
    }
}
