use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::Site;

const BASE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// The policy of the page that posts an answer to an app: without `form-action`, because browsers
/// apply it to the whole chain of redirects, and the page holds no input of a person.
pub(super) const FORM_POST_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// The policy of a page that loads `origins` in frames, and nothing else in addition.
pub(super) fn with_frames(origins: impl Iterator<Item = String>) -> String {
    let mut origins: Vec<String> = origins.collect();
    origins.sort();
    origins.dedup();
    if origins.is_empty() {
        BASE.to_owned()
    } else {
        format!("{BASE}; frame-src {}", origins.join(" "))
    }
}

/// The policy of `/check_session`, the one page that other sites show in a frame (R92): it holds
/// nothing to click and runs one script of ours.
pub(super) const CHECK_SESSION_POLICY: &str = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// The policy of a mail that development mode shows: its own styles, and nothing that is loaded.
pub(super) const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// Sets the headers of every answer (`security.md` R92, R94). What a handler set stands.
pub(super) async fn middleware(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let is_secure = request.app_data::<Data<Site>>().is_some_and(|site| site.is_secure);
    let mut response = next.call(request).await?;
    apply(response.headers_mut(), is_secure);
    Ok(response)
}

/// Sets what is not set yet.
pub(super) fn apply(headers: &mut HeaderMap, is_secure: bool) {
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    set(headers, header::CACHE_CONTROL, "no-store");
    if is_secure {
        set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    let is_html = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if is_html {
        set(headers, header::CONTENT_SECURITY_POLICY, BASE);
        if !may_be_framed(headers) {
            set(headers, header::X_FRAME_OPTIONS, "DENY");
        }
        set(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    }
}

/// Whether the page's own policy lets other sites show it in a frame.
fn may_be_framed(headers: &HeaderMap) -> bool {
    let policy = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok());
    policy.is_some_and(|policy| !policy.contains("frame-ancestors"))
}

const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), \
     publickey-credentials-get=(self), publickey-credentials-create=(self)";

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
