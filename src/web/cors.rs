use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::Site;
use crate::app::metadata;

/// Lets pages of any origin read a public document. No credentials go along.
pub(super) fn for_everybody(mut response: HttpResponse) -> HttpResponse {
    set(&mut response, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    response
}

/// Lets the browser apps of registered clients read an answer, errors included
/// (`security.md` R120). Never `*`, never `null`, and never with cookies.
pub(super) async fn for_clients(
    request: &HttpRequest,
    site: &Site,
    mut response: HttpResponse,
) -> HttpResponse {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = registered_origin(request, site).await else { return response };
    set(&mut response, header::ACCESS_CONTROL_ALLOW_ORIGIN, &origin);
    set(&mut response, header::ACCESS_CONTROL_EXPOSE_HEADERS, "WWW-Authenticate");
    response
}

/// Answers a preflight before any client authentication.
pub(super) async fn preflight(request: HttpRequest, site: Data<Site>) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = registered_origin(&request, &site).await {
        set(&mut response, header::ACCESS_CONTROL_ALLOW_ORIGIN, &origin);
        set(&mut response, header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        set(&mut response, header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type");
        set(&mut response, header::ACCESS_CONTROL_MAX_AGE, "600");
    }
    response
}

/// Answers a preflight for a public document.
pub(super) async fn preflight_for_everybody() -> HttpResponse {
    let mut response = for_everybody(HttpResponse::new(StatusCode::NO_CONTENT));
    set(&mut response, header::ACCESS_CONTROL_ALLOW_METHODS, "GET");
    set(&mut response, header::ACCESS_CONTROL_ALLOW_HEADERS, "*");
    response
}

async fn registered_origin(request: &HttpRequest, site: &Site) -> Option<String> {
    let origin = request.headers().get(header::ORIGIN)?.to_str().ok()?;
    if origin == "null" {
        return None;
    }
    match metadata::may_read_from(&site.issuer, origin).await {
        Ok(true) => Some(origin.to_owned()),
        Ok(false) => None,
        Err(fault) => {
            tracing::error!(%fault, "origins could not be read");
            None
        }
    }
}

fn set(response: &mut HttpResponse, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
