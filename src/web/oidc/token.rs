use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::super::request::Unreadable;
use super::super::{Site, cors, errors, reference, request};
use crate::app::Fault;
use crate::app::client_auth::{Credentials, NotLetIn};
use crate::app::token::{self, TokenAnswer};
use crate::protocol::{ErrorCode, OAuthError, Parameters};

/// RFC 6749 §3.2: POST with a form body; what stands in the query is ignored.
pub(super) async fn post(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let response = match request::form(&http, payload).await {
        Err(unreadable) => unreadable_answer(unreadable),
        Ok(form) => match token::token(&site.issuer, credentials(&http, &site, &form)).await {
            Ok(TokenAnswer::Tokens(tokens)) => json_answer(StatusCode::OK, &tokens),
            Ok(TokenAnswer::Refused(error)) => error_answer(StatusCode::BAD_REQUEST, &error),
            Ok(TokenAnswer::NotLetIn(refused)) => not_let_in(refused),
            Err(fault) => fault_answer(&http, &fault),
        },
    };
    cors::for_clients(&http, &site, response).await
}

/// What a request shows to prove its client. A header that is no text is no Basic header either.
pub(super) fn credentials<'a>(
    http: &'a HttpRequest,
    site: &Site,
    form: &'a Parameters,
) -> Credentials<'a> {
    let authorization = http.headers().get(header::AUTHORIZATION);
    Credentials {
        authorization: authorization.map(|value| value.to_str().unwrap_or_default()),
        form,
        caller: reference::caller(http, site),
    }
}

/// A form that could not be read.
pub(super) fn unreadable_answer(unreadable: Unreadable) -> HttpResponse {
    let error = OAuthError::new(ErrorCode::InvalidRequest, unreadable.description());
    error_answer(unreadable.status(), &error)
}

/// A client that was not let in (RFC 6749 §5.2).
pub(super) fn not_let_in(refused: NotLetIn) -> HttpResponse {
    match refused {
        NotLetIn::TooMany(wait) => {
            let description = "this client was refused too often: try again later";
            let error = OAuthError::new(ErrorCode::TemporarilyUnavailable, description);
            let mut response = error_answer(StatusCode::TOO_MANY_REQUESTS, &error);
            errors::set_retry_after(&mut response, wait);
            response
        }
        NotLetIn::Unauthenticated(refused) => {
            let is_client = refused.error.code == ErrorCode::InvalidClient;
            let status = if is_client { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
            let mut response = error_answer(status, &refused.error);
            if is_client && refused.is_basic {
                // The scheme that the client tried.
                response.headers_mut().insert(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static("Basic realm=\"token\", charset=\"UTF-8\""),
                );
            }
            response
        }
    }
}

/// An error as JSON (RFC 6749 §5.2).
pub(super) fn error_answer(status: StatusCode, error: &OAuthError) -> HttpResponse {
    let mut body = Map::new();
    body.insert("error".to_owned(), json!(error.code.as_str()));
    body.insert("error_description".to_owned(), json!(error.description));
    json_answer(status, &body)
}

/// An answer as JSON.
pub(super) fn json_answer(status: StatusCode, body: &Map<String, Value>) -> HttpResponse {
    HttpResponse::build(status).insert_header((header::PRAGMA, "no-cache")).json(body)
}

/// A failure on our side, in the language of the endpoint.
pub(super) fn fault_answer(http: &HttpRequest, fault: &Fault) -> HttpResponse {
    tracing::error!(%fault, reference = reference::of(http), "a request failed");
    let Some(wait) = fault.retry_after() else {
        let error = OAuthError::new(ErrorCode::ServerError, "something went wrong on our side");
        return error_answer(StatusCode::INTERNAL_SERVER_ERROR, &error);
    };
    let status = if fault.is_overload() {
        StatusCode::TOO_MANY_REQUESTS
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let error = OAuthError::new(ErrorCode::TemporarilyUnavailable, "try again in a moment");
    let mut response = error_answer(status, &error);
    errors::set_retry_after(&mut response, wait);
    response
}
