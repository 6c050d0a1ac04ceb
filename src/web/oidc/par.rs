use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, json};

use super::super::{Site, cors, request};
use super::token::{
    credentials, error_answer, fault_answer, json_answer, not_let_in, unreadable_answer,
};
use crate::app::par::{self, ParAnswer};

/// RFC 9126 §2.
pub(super) async fn post(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let response = match request::form(&http, payload).await {
        Err(unreadable) => unreadable_answer(unreadable),
        Ok(form) => match par::push(&site.issuer, credentials(&http, &site, &form)).await {
            Ok(ParAnswer::Pushed(uri, period)) => {
                let mut body = Map::new();
                body.insert("request_uri".to_owned(), json!(uri));
                body.insert("expires_in".to_owned(), json!(period.as_secs()));
                json_answer(StatusCode::CREATED, &body)
            }
            Ok(ParAnswer::NotLetIn(refused)) => not_let_in(refused),
            Ok(ParAnswer::Refused(error)) => error_answer(StatusCode::BAD_REQUEST, &error),
            Err(fault) => fault_answer(&http, &fault),
        },
    };
    cors::for_clients(&http, &site, response).await
}
