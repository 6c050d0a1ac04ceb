use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::shell::shell;
use super::{Site, reference, security_headers};
use crate::app::Fault;
use crate::app::outcome::Stop;
use crate::pages::{ErrorKind, ErrorPage, Locale, Page, Shell};

/// A page of ours. If even rendering fails, a plain sentence with the reference.
pub(super) fn page(request: &HttpRequest, status: StatusCode, page: &dyn Page) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html),
        Err(error) => {
            tracing::error!(%error, reference = reference::of(request), "a page could not be rendered");
            HttpResponse::InternalServerError()
                .content_type("text/plain; charset=utf-8")
                .body(format!("Something went wrong. Reference: {}\n", reference::of(request)))
        }
    }
}

fn error(
    request: &HttpRequest,
    site: Option<&Site>,
    status: StatusCode,
    kind: ErrorKind,
) -> HttpResponse {
    let retry_after = match &kind {
        ErrorKind::Busy { retry_after } | ErrorKind::TooMany { retry_after } => Some(*retry_after),
        _ => None,
    };
    let mut response =
        page(request, status, &ErrorPage { shell: shell(request, site, None), kind });
    if let Some(wait) = retry_after {
        set_retry_after(&mut response, wait);
    }
    response
}

/// Says when to try again, in whole seconds and at least one (RFC 9110 §10.2.3).
pub(super) fn set_retry_after(response: &mut HttpResponse, wait: Duration) {
    let seconds = wait.as_millis().div_ceil(1000).max(1).to_string();
    if let Ok(value) = HeaderValue::from_str(&seconds) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
}

/// There is nothing at this address.
pub(super) async fn not_found(request: HttpRequest, site: Data<Site>) -> HttpResponse {
    error(&request, Some(&site), StatusCode::NOT_FOUND, ErrorKind::NotFound)
}

/// The address serves other methods.
pub(super) async fn method_not_allowed(request: HttpRequest, site: Data<Site>) -> HttpResponse {
    error(&request, Some(&site), StatusCode::METHOD_NOT_ALLOWED, ErrorKind::MethodNotAllowed)
}

/// A request that is refused before it is read.
pub(super) fn refused(request: &HttpRequest, status: StatusCode) -> HttpResponse {
    let kind = match status {
        StatusCode::BAD_REQUEST
        | StatusCode::REQUEST_TIMEOUT
        | StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorKind::BadRequest,
        _ => ErrorKind::TooLarge,
    };
    let site = request.app_data::<Data<Site>>();
    error(request, site.map(|site| &***site), status, kind)
}

/// The page of a failure on our side. It needs no database.
pub(super) fn fault_page(request: &HttpRequest, site: Option<&Site>) -> HttpResponse {
    error(request, site, StatusCode::INTERNAL_SERVER_ERROR, ErrorKind::Fault)
}

/// The page after a panic, made without the request, which is lost.
pub(super) fn page_after_panic(site: &Site, reference: String) -> HttpResponse {
    page_without_request(site, reference, StatusCode::INTERNAL_SERVER_ERROR, ErrorKind::Fault)
}

/// The page after [`super::Limits::answer_within`] is over. The request is lost.
pub(super) fn page_after_time_out(site: &Site, reference: String) -> HttpResponse {
    let retry_after = Duration::from_secs(2);
    let kind = ErrorKind::Busy { retry_after };
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let mut response = page_without_request(site, reference, status, kind);
    set_retry_after(&mut response, retry_after);
    response
}

fn page_without_request(
    site: &Site,
    reference: String,
    status: StatusCode,
    kind: ErrorKind,
) -> HttpResponse {
    let shell = Shell {
        locale: Locale::En,
        brand: site.issuer.settings.brand.clone(),
        is_dev: site.issuer.settings.is_dev,
        is_insecure: !site.is_secure,
        reference,
        language_links: false,
    };
    let html = ErrorPage { shell, kind }.render().unwrap_or_default();
    let mut response =
        HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html);
    security_headers::apply(response.headers_mut(), site.is_secure);
    response
}

/// Logs a fault once, with its cause, and shows the page that fits.
pub(super) fn fault(request: &HttpRequest, site: &Site, fault: &Fault) -> HttpResponse {
    tracing::error!(%fault, reference = reference::of(request), "a request failed");
    match fault.retry_after() {
        Some(retry_after) => {
            let status = if fault.is_overload() {
                StatusCode::TOO_MANY_REQUESTS
            } else {
                StatusCode::SERVICE_UNAVAILABLE
            };
            error(request, Some(site), status, ErrorKind::Busy { retry_after })
        }
        None => fault_page(request, Some(site)),
    }
}

/// A page that ends or interrupts the way of a person.
pub(super) fn stop(request: &HttpRequest, site: &Site, stop: Stop) -> HttpResponse {
    let (status, kind) = match stop {
        Stop::NotFound => (StatusCode::NOT_FOUND, ErrorKind::NotFound),
        Stop::Expired(back) => (StatusCode::GONE, ErrorKind::Expired { back }),
        Stop::CookieBlocked { retry } => {
            (StatusCode::BAD_REQUEST, ErrorKind::CookieBlocked { retry })
        }
        Stop::Forged => (StatusCode::FORBIDDEN, ErrorKind::Forbidden),
        Stop::Loop { app_name } => (StatusCode::BAD_REQUEST, ErrorKind::Loop { app_name }),
        Stop::TooMany(retry_after) => {
            (StatusCode::TOO_MANY_REQUESTS, ErrorKind::TooMany { retry_after })
        }
    };
    error(request, Some(site), status, kind)
}
