use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, cors, request};
use super::token::{error_answer, fault_answer};
use crate::app::userinfo::{self, UserinfoAnswer};
use crate::protocol::{ErrorCode, OAuthError};

/// OpenID Connect Core §5.3.1, with the token in the header (RFC 6750 §2.1).
pub(super) async fn get(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let token = bearer(&http).map(str::to_owned);
    answer(&http, &site, Ok(token)).await
}

/// The same by POST, with the token in the header or in the form (RFC 6750 §2.2).
pub(super) async fn post(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let header = bearer(&http).map(str::to_owned);
    let has_form = http.headers().contains_key(header::CONTENT_TYPE);
    let form = if has_form { request::form(&http, payload).await } else { Ok(Default::default()) };
    let token = match form {
        Err(unreadable) => {
            Err(OAuthError::new(ErrorCode::InvalidRequest, unreadable.description()))
        }
        Ok(form) => match (header, form.one("access_token")) {
            (Some(_), Ok(Some(_))) => Err(OAuthError::new(
                ErrorCode::InvalidRequest,
                "the access token stands in the header and in the body",
            )),
            (_, Err(_)) => Err(OAuthError::new(
                ErrorCode::InvalidRequest,
                "access_token stands more than once",
            )),
            (header, Ok(form)) => Ok(header.or(form.map(str::to_owned))),
        },
    };
    answer(&http, &site, token).await
}

/// The bearer token of the header (RFC 6750 §2.1).
pub(super) fn bearer(http: &HttpRequest) -> Option<&str> {
    let value = http.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

async fn answer(
    http: &HttpRequest,
    site: &Site,
    token: Result<Option<String>, OAuthError>,
) -> HttpResponse {
    let response = match token {
        // RFC 6750 §3.1: a request without a token gets the challenge and no error code.
        Ok(None) => {
            let mut response = HttpResponse::new(StatusCode::UNAUTHORIZED);
            challenge(&mut response, None);
            response
        }
        Ok(Some(token)) => match userinfo::userinfo(&site.issuer, &token).await {
            Ok(UserinfoAnswer::Claims(claims)) => HttpResponse::Ok().json(claims),
            Ok(UserinfoAnswer::Jwt(jwt)) => {
                HttpResponse::Ok().content_type("application/jwt").body(jwt)
            }
            Ok(UserinfoAnswer::Refused(error)) => refusal(&error),
            Err(fault) => fault_answer(http, &fault),
        },
        Err(error) => refusal(&error),
    };
    cors::for_clients(http, site, response).await
}

fn refusal(error: &OAuthError) -> HttpResponse {
    let status = match error.code {
        ErrorCode::InvalidRequest => StatusCode::BAD_REQUEST,
        ErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
        _ => StatusCode::UNAUTHORIZED,
    };
    let mut response = error_answer(status, error);
    challenge(&mut response, Some(error));
    response
}

/// The challenge of RFC 6750 §3.
pub(super) fn challenge(response: &mut HttpResponse, error: Option<&OAuthError>) {
    let text = match error {
        None => "Bearer".to_owned(),
        Some(error) => format!(
            "Bearer error=\"{}\", error_description=\"{}\"",
            error.code.as_str(),
            error.description
        ),
    };
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
}
