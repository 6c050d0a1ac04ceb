use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, address, answer, cookies, errors, request};
use crate::app::authorize;

/// OpenID Connect Core §3.1.2.1: GET and POST, without CORS.
pub(super) async fn get(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let params = match request::query(&http) {
        Ok(params) => params,
        Err(unreadable) => return errors::refused(&http, unreadable.status()),
    };
    let cookies = cookies::read(&http, &site);
    let network = address::network_of(&http, &site.proxies);
    let result = authorize::get(&site.issuer, &params, &cookies, network).await;
    answer::reply(&http, &site, result)
}

/// A form, perhaps from another site: no cookie and no token of ours are asked for.
pub(super) async fn post(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let params = match request::form(&http, payload).await {
        Ok(params) => params,
        Err(unreadable) => return errors::refused(&http, unreadable.status()),
    };
    let network = address::network_of(&http, &site.proxies);
    let result = authorize::post(&site.issuer, &params, network).await;
    answer::reply(&http, &site, result)
}
