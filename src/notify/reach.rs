use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;
use std::sync::Arc;

use url::{Host, Url};

use super::names::Names;
use super::problem::FetchProblem;
use super::special_use::is_public;

/// Longer than any URL that a client may register.
const LONGEST_URL: usize = 2048;

/// A host that may be reached although its address is not public (`contract.md`,
/// `outbound.allow_hosts`): a name or an address, on any port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedHost {
    /// A name, in lower-case ASCII without a dot at its end. Names below it are not meant.
    Name(String),
    /// An address, by itself or as that of a name.
    Address(IpAddr),
}

impl FromStr for AllowedHost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.parse::<Ipv6Addr>() {
            return Ok(Self::Address(IpAddr::V6(address).to_canonical()));
        }
        let wrong = |_| "must be a name or an address, without scheme and port".to_owned();
        Host::parse(text).map(|host| Self::of(&host)).map_err(wrong)
    }
}

impl AllowedHost {
    fn of<S: AsRef<str>>(host: &Host<S>) -> Self {
        match host {
            Host::Domain(name) => {
                let name = name.as_ref();
                Self::Name(name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase())
            }
            Host::Ipv4(address) => Self::Address((*address).into()),
            Host::Ipv6(address) => Self::Address(IpAddr::V6(*address).to_canonical()),
        }
    }
}

/// Where a call may go.
pub(super) struct Reach {
    pub(super) allowed: Vec<AllowedHost>,
    pub(super) is_dev: bool,
    pub(super) names: Arc<dyn Names>,
}

/// Where a call goes: its addresses are resolved and checked, and it connects to no other.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) url: Url,
    pub(super) addresses: Vec<IpAddr>,
    /// Whether the operator's list names it, so that the operator's own certificates count.
    pub(super) is_allow_listed: bool,
}

/// The URL to send, without its fragment.
pub(super) fn checked_url(text: &str) -> Result<Url, FetchProblem> {
    if text.len() > LONGEST_URL {
        return Err(FetchProblem::NotAUrl);
    }
    let mut url = Url::parse(text).map_err(|_| FetchProblem::NotAUrl)?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(FetchProblem::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchProblem::UserInfo);
    }
    url.set_fragment(None);
    Ok(url)
}

impl Reach {
    /// Judges a URL, resolves its host once, and judges every address.
    pub(super) async fn target(&self, text: &str) -> Result<Target, FetchProblem> {
        let url = checked_url(text)?;
        let host = url.host().ok_or(FetchProblem::NotAUrl)?;
        let is_listed = self.allowed.contains(&AllowedHost::of(&host));
        if url.scheme() != "https" && !(self.is_dev && is_listed) {
            return Err(FetchProblem::Scheme);
        }
        let addresses = match host {
            Host::Ipv4(address) => vec![address.into()],
            Host::Ipv6(address) => vec![address.into()],
            Host::Domain(name) => self.resolve(name).await?,
        };
        let is_allow_listed = is_listed || addresses.iter().all(|found| self.lists(*found));
        if !is_listed {
            // One bad address among good ones is a name that wants to be somebody else later.
            let is_fine = |address: &IpAddr| is_public(*address) || self.lists(*address);
            if let Some(bad) = addresses.iter().find(|address| !is_fine(address)) {
                return Err(FetchProblem::Forbidden(*bad));
            }
        }
        Ok(Target { addresses, is_allow_listed, url })
    }

    async fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, FetchProblem> {
        let unresolved = |why: String| FetchProblem::Unresolved(why);
        let found =
            self.names.resolve(name).await.map_err(|error| unresolved(error.to_string()))?;
        if found.is_empty() {
            return Err(unresolved("it has no address".to_owned()));
        }
        Ok(found)
    }

    fn lists(&self, address: IpAddr) -> bool {
        self.allowed.contains(&AllowedHost::Address(address.to_canonical()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowed_hosts_are_names_and_addresses_without_a_port() {
        for (text, host) in [
            ("Notes.Internal", AllowedHost::Name("notes.internal".to_owned())),
            ("localhost.", AllowedHost::Name("localhost".to_owned())),
            ("bücher.example", AllowedHost::Name("xn--bcher-kva.example".to_owned())),
            ("127.0.0.1", AllowedHost::Address("127.0.0.1".parse().unwrap())),
            ("::1", AllowedHost::Address("::1".parse().unwrap())),
            ("[fd00::1]", AllowedHost::Address("fd00::1".parse().unwrap())),
            ("::ffff:10.0.0.1", AllowedHost::Address("10.0.0.1".parse().unwrap())),
        ] {
            assert_eq!(text.parse(), Ok(host), "{text}");
        }
        for text in ["", "notes.internal:443", "https://notes.internal", "a/b", "a b", "10.0.0.0/8"]
        {
            assert!(text.parse::<AllowedHost>().is_err(), "{text}");
        }
    }

    /// The operator's certificates count for the operator's hosts and for no other.
    #[tokio::test]
    async fn r97_only_listed_hosts_are_the_operators_own() {
        let names = Arc::new(super::super::names::SystemNames::default());
        let allowed = vec!["10.0.0.1".parse().unwrap(), "1.1.1.1".parse().unwrap()];
        let reach = Reach { allowed, is_dev: false, names };
        for (url, is_listed) in [
            ("https://10.0.0.1/", true),
            ("https://1.1.1.1/", true),
            ("https://[::ffff:10.0.0.1]/", true),
            ("https://8.8.8.8/", false),
        ] {
            let target = reach.target(url).await.unwrap();
            assert_eq!(target.is_allow_listed, is_listed, "{url}");
        }
    }

    #[test]
    fn fragments_are_not_sent() {
        let url = checked_url("https://a.example/x?y=z#secret").unwrap();
        assert_eq!(url.as_str(), "https://a.example/x?y=z");
    }
}
