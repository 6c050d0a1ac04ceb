use actix_web::HttpRequest;

use super::{Site, cookies, reference, request};
use crate::pages::{Locale, Shell, negotiate};

/// The language of a page: the link that was clicked, what is `wanted` (by the app, then by the
/// account), the choice of before, the browser's own.
pub(super) fn locale(request: &HttpRequest, wanted: Option<&str>) -> Locale {
    let query = request::query(request).ok();
    let clicked = query.as_ref().and_then(|query| query.one("ui_locales").ok().flatten());
    let asked: Vec<&str> = clicked.into_iter().chain(wanted).collect();
    let asked = (!asked.is_empty()).then(|| asked.join(" "));
    let cookie = request.cookie(cookies::LANGUAGE);
    let accepted = request
        .headers()
        .get(actix_web::http::header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    negotiate(asked.as_deref(), cookie.as_ref().map(|cookie| cookie.value()), accepted)
}

/// What every page shows around its own part.
pub(super) fn shell(request: &HttpRequest, site: Option<&Site>, wanted: Option<&str>) -> Shell {
    let is_get = request.method() == actix_web::http::Method::GET;
    let is_authorize = request.path() == "/authorize" || request.path() == "/end_session";
    Shell {
        locale: locale(request, wanted),
        brand: site.map_or_else(|| "Tessera".to_owned(), |site| site.issuer.settings.brand.clone()),
        is_dev: site.is_some_and(|site| site.issuer.settings.is_dev),
        is_insecure: site.is_some_and(|site| !site.is_secure),
        reference: reference::of(request),
        language_links: is_get && !is_authorize,
    }
}
