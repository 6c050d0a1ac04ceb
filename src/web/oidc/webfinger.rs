use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::app::webfinger::{WebFingerRefusal, descriptor};
use crate::web::{Site, cors, request as read};

/// RFC 7033 §4.2. Pages of any origin may ask (§5).
pub(super) async fn get(request: HttpRequest, site: Data<Site>) -> HttpResponse {
    let answer = read::query(&request)
        .map_err(|_| WebFingerRefusal::Malformed)
        .and_then(|parameters| descriptor(&site.issuer, &parameters));
    cors::for_everybody(match answer {
        Ok(descriptor) => HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
            .content_type("application/jrd+json")
            .body(descriptor.to_string()),
        Err(refusal) => refused(refusal),
    })
}

fn refused(refusal: WebFingerRefusal) -> HttpResponse {
    let status = match refusal {
        WebFingerRefusal::Malformed => StatusCode::BAD_REQUEST,
        WebFingerRefusal::Unknown => StatusCode::NOT_FOUND,
    };
    HttpResponse::build(status)
        .content_type("text/plain; charset=utf-8")
        .body(format!("{refusal}\n"))
}
