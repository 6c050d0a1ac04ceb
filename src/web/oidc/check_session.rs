use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, errors, security_headers};
use crate::app::session_state;
use crate::pages::CheckSessionPage;

/// The frame that apps' pages ask (Session Management §3.2).
pub(super) async fn get(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    if !session_state::is_served(&site.issuer) {
        return errors::not_found(http, site).await;
    }
    let mut response = errors::page(&http, StatusCode::OK, &CheckSessionPage);
    let policy = HeaderValue::from_static(security_headers::CHECK_SESSION_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}
