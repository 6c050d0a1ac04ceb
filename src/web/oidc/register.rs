use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, errors, reference, request};
use super::token::{error_answer, fault_answer, json_answer, unreadable_answer};
use super::userinfo::{bearer, challenge};
use crate::app::registration::{self, RegistrationAnswer};
use crate::app::{Fault, logos};
use crate::protocol::{ErrorCode, OAuthError};

/// RFC 7591 §3. Browser apps of other origins may not register: there is no CORS.
pub(super) async fn post(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let asked = match request::json(&http, payload).await {
        Ok(asked) => asked,
        Err(unreadable) => return unreadable_answer(unreadable),
    };
    let caller = reference::caller(&http, &site);
    let result = registration::register(&site.issuer, bearer(&http), asked, caller).await;
    let response = answer(&http, &site, result, StatusCode::CREATED).await;
    if response.status() == StatusCode::CREATED {
        fetch_logos(&site);
    }
    response
}

/// RFC 7592 §2.1.
pub(super) async fn get(http: HttpRequest, id: Path<String>, site: Data<Site>) -> HttpResponse {
    let result = registration::show(&site.issuer, &id, bearer(&http)).await;
    answer(&http, &site, result, StatusCode::OK).await
}

/// RFC 7592 §2.2.
pub(super) async fn put(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let asked = match request::json(&http, payload).await {
        Ok(asked) => asked,
        Err(unreadable) => return unreadable_answer(unreadable),
    };
    let caller = reference::caller(&http, &site);
    let result = registration::replace(&site.issuer, &id, bearer(&http), asked, caller).await;
    let response = answer(&http, &site, result, StatusCode::OK).await;
    if response.status() == StatusCode::OK {
        fetch_logos(&site);
    }
    response
}

/// RFC 7592 §2.3.
pub(super) async fn delete(http: HttpRequest, id: Path<String>, site: Data<Site>) -> HttpResponse {
    let caller = reference::caller(&http, &site);
    let result = registration::remove(&site.issuer, &id, bearer(&http), caller).await;
    answer(&http, &site, result, StatusCode::OK).await
}

async fn answer(
    http: &HttpRequest,
    site: &Data<Site>,
    result: Result<RegistrationAnswer, Fault>,
    success: StatusCode,
) -> HttpResponse {
    match result {
        Ok(RegistrationAnswer::Client(told)) => json_answer(success, &told),
        Ok(RegistrationAnswer::Removed) => HttpResponse::new(StatusCode::NO_CONTENT),
        Ok(RegistrationAnswer::Off) => errors::not_found(http.clone(), site.clone()).await,
        Ok(RegistrationAnswer::NotLetIn(error)) => {
            let status = StatusCode::UNAUTHORIZED;
            let body = error.as_ref().map(|error| error_answer(status, error));
            let mut response = body.unwrap_or_else(|| HttpResponse::new(status));
            challenge(&mut response, error.as_ref());
            response
        }
        Ok(RegistrationAnswer::Refused(error)) => error_answer(StatusCode::BAD_REQUEST, &error),
        Ok(RegistrationAnswer::TooMany(wait)) => {
            let description = "too many registrations from this network: try again later";
            let error = OAuthError::new(ErrorCode::TemporarilyUnavailable, description);
            let mut response = error_answer(StatusCode::TOO_MANY_REQUESTS, &error);
            errors::set_retry_after(&mut response, wait);
            response
        }
        Err(fault) => fault_answer(http, &fault),
    }
}

/// A new logo is fetched beside the answer, so that the next page can show it.
fn fetch_logos(site: &Site) {
    let issuer = Arc::clone(&site.issuer);
    actix_web::rt::spawn(async move {
        if let Err(fault) = logos::fetch_due(&issuer).await {
            tracing::warn!(%fault, "logos could not be fetched and will be tried again");
        }
    });
}
