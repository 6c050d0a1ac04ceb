use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig, get, resource};

use super::Site;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/healthz").route(get().to(alive)))
        .service(resource("/readyz").route(get().to(ready)));
}

/// The process answers.
async fn alive() -> HttpResponse {
    text(StatusCode::OK, "ok\n")
}

/// The process can serve: the store answers, and it is not stopping.
async fn ready(site: Data<Site>) -> HttpResponse {
    if site.drain.has_begun() {
        return text(StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    if site.issuer.is_ready().await {
        text(StatusCode::OK, "ready\n")
    } else {
        text(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
    }
}

fn text(status: StatusCode, body: &'static str) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(body)
}
