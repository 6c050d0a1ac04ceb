use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;

use crate::app::ClientNetwork;

/// The networks whose `X-Forwarded-For` is believed. Empty: nobody's (`security.md` R60).
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<(IpAddr, u8)>);

impl TrustedProxies {
    /// Networks as address and prefix length.
    pub fn new(networks: Vec<(IpAddr, u8)>) -> Self {
        Self(networks)
    }

    fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|(network, prefix)| is_within(address, network.to_canonical(), *prefix))
    }

    /// The client's address: the socket's, or behind trusted proxies the last one that
    /// `X-Forwarded-For` names outside of them.
    pub(crate) fn client_of(&self, socket: IpAddr, forwarded_for: &[&str]) -> IpAddr {
        if !self.contain(socket) {
            return socket;
        }
        let mut client = socket;
        for part in forwarded_for.iter().rev().flat_map(|line| line.rsplit(',')) {
            let Ok(address) = part.trim().parse::<IpAddr>() else { break };
            client = address;
            if !self.contain(address) {
                break;
            }
        }
        client
    }
}

fn is_within(address: IpAddr, network: IpAddr, prefix: u8) -> bool {
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            let shift = 32 - u32::from(prefix.min(32));
            u32::from(a).checked_shr(shift) == u32::from(b).checked_shr(shift)
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            let shift = 128 - u32::from(prefix.min(128));
            u128::from(a).checked_shr(shift) == u128::from(b).checked_shr(shift)
        }
        _ => false,
    }
}

/// The network a request came from.
pub(crate) fn network_of(request: &HttpRequest, proxies: &TrustedProxies) -> ClientNetwork {
    let unknown = IpAddr::from([0, 0, 0, 0]);
    let socket = request.peer_addr().map_or(unknown, |address| address.ip());
    let lines: Vec<&str> = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .collect();
    ClientNetwork::of(proxies.client_of(socket, &lines))
}

/// What a request is a part of, when a proxy that is trusted says so. Strangers say nothing about
/// which requests are collected.
pub(crate) fn trace_parent_of<'a>(
    request: &'a ServiceRequest,
    proxies: &TrustedProxies,
) -> Option<&'a str> {
    let socket = request.peer_addr()?.ip();
    let parent = request.headers().get("traceparent")?;
    parent.to_str().ok().filter(|_| proxies.contain(socket))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn r60_forwarded_headers_of_strangers_are_not_believed() {
        let nobody = TrustedProxies::default();
        assert_eq!(nobody.client_of(ip("198.51.100.7"), &["203.0.113.9"]), ip("198.51.100.7"));
    }

    #[test]
    fn r60_the_last_address_outside_the_list_is_the_client() {
        let proxies = TrustedProxies::new(vec![(ip("10.0.0.0"), 8), (ip("fd00::"), 8)]);
        let forwarded = ["1.1.1.1, 203.0.113.9, 10.2.3.4"];
        assert_eq!(proxies.client_of(ip("10.0.0.1"), &forwarded), ip("203.0.113.9"));
        assert_eq!(proxies.client_of(ip("fd12::1"), &forwarded), ip("203.0.113.9"));
        assert_eq!(proxies.client_of(ip("10.0.0.1"), &["not an address"]), ip("10.0.0.1"));
        assert_eq!(proxies.client_of(ip("10.0.0.1"), &["1.1.1.1", "10.9.9.9"]), ip("1.1.1.1"));
    }
}
