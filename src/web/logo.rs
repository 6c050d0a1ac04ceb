use actix_web::http::header;
use actix_web::web::{Data, Path, ServiceConfig, get, resource, route};
use actix_web::{HttpRequest, HttpResponse};

use super::{Site, errors};
use crate::app::logos;

pub(super) fn routes(config: &mut ServiceConfig) {
    let refused = route().to(errors::method_not_allowed);
    config.service(resource("/logo/{digest}").route(get().to(serve)).default_service(refused));
}

/// A client's logo: always a PNG that we encoded, whatever the client sent (`security.md` R91).
/// Its address holds its digest, so it may be kept for ever.
async fn serve(http: HttpRequest, digest: Path<String>, site: Data<Site>) -> HttpResponse {
    match logos::find(&site.issuer, &digest).await {
        Ok(Some(png)) => HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
            .content_type("image/png")
            .body(png),
        Ok(None) => errors::not_found(http, site).await,
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}
