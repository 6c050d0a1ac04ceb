use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage as _, HttpRequest};
use futures_util::FutureExt as _;

use super::{Site, address, errors};

/// The id that joins a page, a header and a log line.
#[derive(Clone)]
struct Reference(String);

/// The reference of a request.
pub(super) fn of(request: &HttpRequest) -> String {
    request.extensions().get::<Reference>().map(|reference| reference.0.clone()).unwrap_or_default()
}

/// Gives each request its reference, catches a panic, and writes one line: never a query string,
/// and the route's pattern instead of a path that holds an id.
pub(super) async fn middleware(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let site = request.app_data::<Data<Site>>().cloned();
    let reference = match &site {
        Some(site) => site.issuer.entropy.alphanumeric(12),
        None => String::new(),
    };
    request.extensions_mut().insert(Reference(reference.clone()));
    let http = request.request().clone();
    let answered = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let mut response = match answered {
        Ok(Ok(response)) => response.map_into_left_body(),
        Ok(Err(error)) => return Err(error),
        Err(_) => {
            tracing::error!(reference, "a request panicked");
            let page = errors::fault_page(&http, site.as_deref().map(|site| &**site));
            ServiceResponse::new(http.clone(), page).map_into_right_body()
        }
    };
    if let Ok(value) = HeaderValue::from_str(&reference) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    log(&http, site.as_deref().map(|site| &**site), &response, &reference, started);
    Ok(response)
}

fn log<B>(
    request: &HttpRequest,
    site: Option<&Site>,
    response: &ServiceResponse<B>,
    reference: &str,
    started: Instant,
) {
    let network = site.map(|site| address::network_of(request, &site.proxies).to_string());
    tracing::info!(
        target: "tessera::request",
        method = %request.method(),
        route = request.match_pattern().as_deref().unwrap_or("-"),
        status = response.status().as_u16(),
        ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        network = network.as_deref().unwrap_or("-"),
        reference,
    );
}
