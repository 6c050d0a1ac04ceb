use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderName, HeaderValue, USER_AGENT};
use actix_web::http::{ConnectionType, Method, Version};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage as _, HttpRequest};
use futures_util::FutureExt as _;

use super::{Site, address, errors};
use crate::app::Caller;
use crate::base::trace::{self, Answered};
use crate::base::{Reference, References};

/// The reference of a request.
pub(super) fn of(request: &HttpRequest) -> String {
    request.extensions().get::<Reference>().map(Reference::to_string).unwrap_or_default()
}

/// Where a request came from.
pub(super) fn caller(request: &HttpRequest, site: &Site) -> Caller {
    let reference = request.extensions().get::<Reference>().copied();
    let user_agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    Caller::new(
        address::network_of(request, &site.proxies),
        reference.unwrap_or_else(|| Reference::new(site.issuer.entropy.as_ref())),
        user_agent.unwrap_or_default(),
    )
}

/// Gives each request its reference and a limit in time, catches a panic, and writes one line: never a query string,
/// and the route's pattern instead of a path that holds an id.
pub(super) async fn middleware(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let Some(site) = request.app_data::<Data<Site>>().cloned() else {
        return next.call(request).await;
    };
    let entropy = site.issuer.entropy.as_ref();
    let reference = match request.app_data::<References>() {
        Some(references) => references.next(entropy),
        None => Reference::new(entropy),
    };
    request.extensions_mut().insert(reference);
    let reference = reference.as_str();
    // The router needs the request for itself alone, so nothing may hold on to it here.
    let method = request.method().clone();
    let is_persistent = request.version() <= Version::HTTP_11;
    // HEAD is answered wherever GET is (RFC 9110 §9.3.2). The codec remembers what was asked, and
    // leaves the body out.
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let _under_way = site.drain.begin();
    let trace = trace::Request::begin(address::trace_parent_of(&request, &site.proxies));
    let answer = trace.around(next.call(request));
    let answer = AssertUnwindSafe(answer).catch_unwind();
    let mut response = match tokio::time::timeout(site.limits.answer_within, answer).await {
        Ok(Ok(response)) => response?,
        Err(_) => {
            tracing::error!(reference, %method, "a request took too long and was given up");
            let page = errors::page_after_time_out(&site, reference.to_owned());
            return Err(InternalError::from_response("a request took too long", page).into());
        }
        Ok(Err(_)) => {
            tracing::error!(reference, %method, "a request panicked");
            let page = errors::page_after_panic(&site, reference.to_owned());
            return Err(InternalError::from_response("a request panicked", page).into());
        }
    };
    if let Ok(value) = HeaderValue::from_str(reference) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    // Whoever keeps the connection finds another server before this one ends. HTTP/2 has no such header.
    if is_persistent && site.drain.has_begun() {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    let route = response.request().match_pattern();
    let answered = Answered {
        method: method.as_str(),
        route: route.as_deref().unwrap_or("-"),
        status: response.status().as_u16(),
        reference,
    };
    log(&site, &answered, response.request(), started);
    trace.end(&answered);
    Ok(response)
}

fn log(site: &Site, answered: &Answered<'_>, request: &HttpRequest, started: Instant) {
    let Answered { method, route, status, reference } = *answered;
    site.issuer.count_request(route, status, started.elapsed());
    tracing::info!(
        target: "tessera::request",
        method,
        route,
        status,
        ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        network = %address::network_of(request, &site.proxies),
        reference,
    );
}
