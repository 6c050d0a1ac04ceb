//! The endpoints that apps talk to.

mod authorize;
mod check_session;
mod end_session;
mod introspect;
mod par;
mod register;
mod revoke;
mod token;
mod userinfo;
mod webfinger;

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header;
use actix_web::web::{Data, ServiceConfig, delete, get, method, post, put, resource, route};

use super::{Site, cors, errors};
use crate::app::metadata;

/// Where the metadata stands. Some apps put the path behind an issuer to which somebody gave a
/// slash, and the issuer in the document tells them which of the two is right.
const DISCOVERY: [&str; 4] = [
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "//.well-known/openid-configuration",
    "//.well-known/oauth-authorization-server",
];

pub(super) fn routes(config: &mut ServiceConfig) {
    let refused = || route().to(errors::method_not_allowed);
    let options = || method(Method::OPTIONS);
    for path in DISCOVERY {
        config.service(
            resource(path)
                .route(get().to(discovery))
                .route(options().to(cors::preflight_for_everybody))
                .default_service(refused()),
        );
    }
    config
        .service(
            resource("/jwks")
                .route(get().to(jwks))
                .route(options().to(cors::preflight_for_everybody))
                .default_service(refused()),
        )
        .service(
            resource("/.well-known/webfinger")
                .route(get().to(webfinger::get))
                .route(options().to(cors::preflight_for_everybody))
                .default_service(refused()),
        )
        .service(
            resource("/authorize")
                .route(get().to(authorize::get))
                .route(post().to(authorize::post))
                .default_service(refused()),
        )
        .service(
            resource("/token")
                .route(post().to(token::post))
                .route(options().to(cors::preflight))
                .default_service(refused()),
        )
        .service(
            resource("/par")
                .route(post().to(par::post))
                .route(options().to(cors::preflight))
                .default_service(refused()),
        )
        .service(
            resource("/introspect").route(post().to(introspect::post)).default_service(refused()),
        )
        .service(
            resource("/revoke")
                .route(post().to(revoke::post))
                .route(options().to(cors::preflight))
                .default_service(refused()),
        )
        .service(resource("/register").route(post().to(register::post)).default_service(refused()))
        .service(
            resource("/register/{client_id}")
                .route(get().to(register::get))
                .route(put().to(register::put))
                .route(delete().to(register::delete))
                .default_service(refused()),
        )
        .service(
            resource("/userinfo")
                .route(get().to(userinfo::get))
                .route(post().to(userinfo::post))
                .route(options().to(cors::preflight))
                .default_service(refused()),
        )
        .service(
            resource("/check_session")
                .route(get().to(check_session::get))
                .default_service(refused()),
        )
        .service(
            resource("/end_session")
                .route(get().to(end_session::get))
                .route(post().to(end_session::post))
                .default_service(refused()),
        );
}

/// Both metadata documents. Whatever `Host` says, they are the same.
async fn discovery(site: Data<Site>) -> HttpResponse {
    cors::for_everybody(
        HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
            .json(metadata::discovery(&site.issuer)),
    )
}

async fn jwks(site: Data<Site>) -> HttpResponse {
    cors::for_everybody(
        HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
            .content_type("application/jwk-set+json")
            .body(metadata::jwks(&site.issuer).to_string()),
    )
}
