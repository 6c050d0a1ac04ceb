use std::time::Duration;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse};

use super::{Site, address};
use crate::app::browser::{BROWSER_COOKIE_FOR, CookieChanges, Cookies};

/// The language that a person chose on a page of ours.
pub(super) const LANGUAGE: &str = "tessera-language";

/// The cookies' names (`contract.md`): the `__Host-` prefix binds them to this host and https,
/// and a browser refuses it over plain http.
pub(super) struct CookieNames {
    sessions: &'static str,
    browser: &'static str,
    devices: &'static str,
}

/// What the frame of session management reads. It exists over https alone, where browsers send it
/// to frames of other sites.
const STATE: &str = "__Host-tessera-state";

impl CookieNames {
    pub(super) const fn new(is_secure: bool) -> Self {
        if is_secure {
            Self {
                sessions: "__Host-tessera",
                browser: "__Host-tessera-browser",
                devices: "__Host-tessera-device",
            }
        } else {
            Self { sessions: "tessera", browser: "tessera-browser", devices: "tessera-device" }
        }
    }
}

/// Reads our cookies, and what else the browser tells of itself.
pub(super) fn read(request: &HttpRequest, site: &Site) -> Cookies {
    let names = CookieNames::new(site.is_secure);
    let value = |name| request.cookie(name).map(|cookie| cookie.value().to_owned());
    let user_agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    Cookies {
        browser: value(names.browser),
        sessions: value(names.sessions),
        devices: value(names.devices),
        user_agent: user_agent.map(str::to_owned),
        network: address::network_of(request, &site.proxies).to_string(),
    }
}

/// Sets the cookies that an outcome asks for.
pub(super) fn apply(
    mut response: HttpResponse,
    changes: CookieChanges,
    site: &Site,
) -> HttpResponse {
    let names = CookieNames::new(site.is_secure);
    let mut cookies = Vec::new();
    if let Some(value) = changes.browser {
        cookies.push(cookie(names.browser, value, Some(BROWSER_COOKIE_FOR), site));
    }
    if let Some((value, lifetime)) = changes.sessions {
        let lifetime = if value.is_empty() { Some(Duration::ZERO) } else { lifetime };
        cookies.push(cookie(names.sessions, value, lifetime, site));
    }
    if let Some((value, lifetime)) = changes.devices {
        cookies.push(cookie(names.devices, value, Some(lifetime), site));
    }
    if let Some((value, lifetime)) = changes.state.filter(|_| site.is_secure) {
        let mut state = cookie(STATE, value, lifetime, site);
        // Scripts read it in a frame of another site's page. It proves and opens nothing (R83).
        state.set_http_only(false);
        state.set_same_site(SameSite::None);
        cookies.push(state);
    }
    for cookie in cookies {
        // It fails only for a cookie that is no header value; ours are base64url and dots.
        let _ = response.add_cookie(&cookie);
    }
    response
}

/// A cookie for a choice without meaning to security.
pub(super) fn language(tag: &'static str, site: &Site) -> Cookie<'static> {
    cookie(LANGUAGE, tag.to_owned(), Some(Duration::from_secs(365 * 24 * 60 * 60)), site)
}

fn cookie(
    name: &'static str,
    value: String,
    lifetime: Option<Duration>,
    site: &Site,
) -> Cookie<'static> {
    let mut cookie = Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .secure(site.is_secure)
        .same_site(SameSite::Lax)
        .finish();
    if let Some(lifetime) = lifetime {
        let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
        cookie.set_max_age(actix_web::cookie::time::Duration::seconds(seconds));
    }
    cookie
}
