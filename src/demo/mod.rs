//! The demonstration: two sample web apps on two host names and a sample API on a third, each as
//! somebody outside would write it. They know the provider by its public URL alone.

mod api;
mod page;
mod relying_party;
mod web_app;

pub use api::serve_api;
pub use relying_party::{Callback, Pending, RelyingParty, RelyingPartyError, Tokens};
pub use web_app::{AppSettings, serve_app};

use reqwest::redirect::Policy;

/// An HTTP client that finds every name under `.localhost` on this machine, as browsers do, and
/// follows no redirect.
///
/// # Errors
/// When the client cannot be built.
pub fn http_client(local_names: &[&str]) -> Result<reqwest::Client, reqwest::Error> {
    let here = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    local_names
        .iter()
        .fold(reqwest::Client::builder(), |builder, name| builder.resolve(name, here))
        .redirect(Policy::none())
        .no_proxy()
        .build()
}
