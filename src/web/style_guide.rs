//! Every page state with sample data, in development mode: for looking at, and for the tests that
//! measure accessibility.

use actix_web::web::{Data, Path, ServiceConfig, get, resource};
use actix_web::{HttpRequest, HttpResponse};

use super::{Site, errors, shell};
use crate::pages;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/dev/styleguide").route(get().to(index)))
        .service(resource("/dev/styleguide/{name}").route(get().to(state)));
}

async fn index(http: HttpRequest) -> HttpResponse {
    let states = pages::gallery(shell::locale(&http, None));
    let links: String = states
        .iter()
        .map(|(name, _)| format!("<li><a href=\"/dev/styleguide/{name}\">{name}</a></li>"))
        .collect();
    html(format!(
        "<!doctype html><html lang=\"en\"><title>Style guide</title><main><h1>Style guide</h1><ul>{links}</ul></main></html>"
    ))
}

async fn state(http: HttpRequest, name: Path<String>, site: Data<Site>) -> HttpResponse {
    let states = pages::gallery(shell::locale(&http, None));
    match states.into_iter().find(|(known, _)| *known == name.as_str()) {
        Some((_, page)) => html(page),
        None => errors::not_found(http, site).await,
    }
}

fn html(page: String) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page)
}
