use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, request};
use super::token::{
    credentials, error_answer, fault_answer, json_answer, not_let_in, unreadable_answer,
};
use crate::app::introspect::{self, Introspection};

/// The media type of a signed answer (RFC 9701 §5).
const SIGNED: &str = "application/token-introspection+jwt";

/// RFC 7662 §2. Servers ask, not browsers: there is no CORS.
pub(super) async fn post(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let form = match request::form(&http, payload).await {
        Ok(form) => form,
        Err(unreadable) => return unreadable_answer(unreadable),
    };
    let accept = http.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let wants_jwt = accept.is_some_and(|accept| accept.contains(SIGNED));
    let shown = credentials(&http, &site, &form);
    match introspect::introspect(&site.issuer, shown, wants_jwt).await {
        Ok(Introspection::Claims(claims)) => json_answer(StatusCode::OK, &claims),
        Ok(Introspection::Signed(jwt)) => HttpResponse::Ok().content_type(SIGNED).body(jwt),
        Ok(Introspection::NotLetIn(refused)) => not_let_in(refused),
        Ok(Introspection::Refused(error)) => error_answer(StatusCode::BAD_REQUEST, &error),
        Err(fault) => fault_answer(&http, &fault),
    }
}
