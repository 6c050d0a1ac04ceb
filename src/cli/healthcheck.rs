use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::Context as _;

use super::output::print_line;
use crate::config::Settings;

/// A probe that takes longer counts as failed: container runtimes give it about this long.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks the running provider whether it is ready.
pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}/readyz", reachable(settings.listen));
    // The certificate names the public host and not this address. Nothing secret is sent and the
    // answer is one of two words, so whoever listens on our own port may give it.
    let client = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .build()?;
    let response =
        client.get(&url).send().await.with_context(|| format!("no answer from {url}"))?;
    if response.status() == reqwest::StatusCode::OK {
        return print_line("ready");
    }
    anyhow::bail!("not ready: {url} answers {}", response.status().as_u16())
}

/// Where this machine reaches a listener that may be bound to every address.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_on_every_address_is_reached_on_loopback() {
        for (listen, reached) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:8080", "[::1]:8080"),
            ("192.0.2.7:443", "192.0.2.7:443"),
        ] {
            assert_eq!(reachable(listen.parse().unwrap()).to_string(), reached);
        }
    }
}
