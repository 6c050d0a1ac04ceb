use actix_web::http::header;
use actix_web::web::{Data, Path, ServiceConfig, get, resource};
use actix_web::{HttpRequest, HttpResponse};

use super::{Site, errors};
use crate::pages::assets;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/static/{tail:.*}").route(get().to(serve)))
        .service(resource("/favicon.ico").route(get().to(favicon)))
        .service(resource("/robots.txt").route(get().to(robots)));
}

/// A file of the binary. Its address holds its digest, so it may be kept for ever; only this
/// prefix is ever cacheable (`security.md` R94).
async fn serve(http: HttpRequest, tail: Path<String>, site: Data<Site>) -> HttpResponse {
    match assets::find(&tail) {
        Some(asset) => HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .content_type(asset.content_type)
            .body(asset.bytes.into_owned()),
        None => errors::not_found(http, site).await,
    }
}

async fn favicon() -> HttpResponse {
    super::answer::see_other(&assets::url("favicon.svg"))
}

async fn robots() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("User-agent: *\nDisallow: /\n")
}
