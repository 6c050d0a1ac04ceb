use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, cors, request};
use super::token::{credentials, error_answer, fault_answer, not_let_in, unreadable_answer};
use crate::app::revoke::{self, Revocation};

/// RFC 7009 §2.
pub(super) async fn post(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let response = match request::form(&http, payload).await {
        Err(unreadable) => unreadable_answer(unreadable),
        Ok(form) => match revoke::revoke(&site.issuer, credentials(&http, &site, &form)).await {
            Ok(Revocation::Done) => HttpResponse::new(StatusCode::OK),
            Ok(Revocation::NotLetIn(refused)) => not_let_in(refused),
            Ok(Revocation::Refused(error)) => error_answer(StatusCode::BAD_REQUEST, &error),
            Err(fault) => fault_answer(&http, &fault),
        },
    };
    cors::for_clients(&http, &site, response).await
}
