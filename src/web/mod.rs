//! HTTP: routes, extractors, cookies, headers. It turns requests into calls of `app`, and
//! outcomes into answers; it decides nothing.

mod account;
mod address;
mod answer;
mod cookies;
mod cors;
mod drain;
mod email_link;
mod errors;
mod guard;
mod health;
mod invitation;
mod login;
mod logo;
mod metrics;
mod oidc;
mod recovery;
mod reference;
mod request;
mod security_headers;
mod server;
mod setup;
mod shell;
mod sign_up;
mod static_files;
mod strength;
mod style_guide;

pub use address::TrustedProxies;
pub use server::{Limits, Running, ServeError, Tls, WebSettings, start};

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig, route};

use crate::app::Issuer;
use drain::Drain;

/// How a browser returns to an app after a form of ours (`contract.md`, `handoff`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandOff {
    /// 200 with `Refresh: 0` and a visible link.
    Page,
    /// 303, for scripted clients that follow only `Location`.
    Redirect,
}

/// What every request can reach.
pub(crate) struct Site {
    issuer: Arc<Issuer>,
    hand_off: HandOff,
    proxies: TrustedProxies,
    limits: Limits,
    /// Whether browsers reach us by https: decides the cookies' names and flags.
    is_secure: bool,
    drain: Drain,
}

/// Every route. A path that stands here answers other methods with 405 and a page of ours.
fn routes(config: &mut ServiceConfig, site: &Data<Site>) {
    config.app_data(site.clone());
    oidc::routes(config);
    login::routes(config);
    account::routes(config);
    strength::routes(config);
    setup::routes(config);
    recovery::routes(config);
    sign_up::routes(config);
    invitation::routes(config);
    email_link::routes(config);
    health::routes(config);
    static_files::routes(config);
    logo::routes(config);
    if site.issuer.settings.is_dev {
        style_guide::routes(config);
    }
    config.default_service(route().to(errors::not_found));
}
