use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::super::{Site, cors, errors, reference, request};
use crate::app::Fault;
use crate::app::token::{self, TokenAnswer};
use crate::protocol::{ErrorCode, OAuthError};

/// RFC 6749 §3.2: POST with a form body; what stands in the query is ignored.
pub(super) async fn post(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let response = match request::form(&http, payload).await {
        Err(unreadable) => {
            let error = OAuthError::new(ErrorCode::InvalidRequest, unreadable.description());
            error_answer(unreadable.status(), &error)
        }
        Ok(form) => {
            let authorization = http.headers().get(header::AUTHORIZATION);
            // A header that is no text is no Basic header either.
            let authorization = authorization.map(|value| value.to_str().unwrap_or_default());
            match token::token(&site.issuer, authorization, &form).await {
                Ok(answer) => render(answer),
                Err(fault) => fault_answer(&http, &fault),
            }
        }
    };
    cors::for_clients(&http, &site, response).await
}

fn render(answer: TokenAnswer) -> HttpResponse {
    match answer {
        TokenAnswer::Tokens(tokens) => json_answer(StatusCode::OK, &tokens),
        TokenAnswer::Refused(error) => error_answer(StatusCode::BAD_REQUEST, &error),
        TokenAnswer::Unauthenticated(refused) => {
            let is_client = refused.error.code == ErrorCode::InvalidClient;
            let status = if is_client { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
            let mut response = error_answer(status, &refused.error);
            if is_client && refused.is_basic {
                // RFC 6749 §5.2: the scheme that the client tried.
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

fn json_answer(status: StatusCode, body: &Map<String, Value>) -> HttpResponse {
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
