//! What a redirect URI may look like, and when a received one is a registered one.

use url::{Host, Url};

/// Why an address cannot be registered (`security.md` R3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriProblem {
    /// Not an absolute URI.
    #[error("is not an absolute URI")]
    NotAbsolute,
    /// Longer than 2,000 characters.
    #[error("is longer than 2,000 characters")]
    TooLong,
    /// A fragment (RFC 6749 §3.1.2).
    #[error("has a fragment (#), which a redirect URI must not have")]
    Fragment,
    /// A user name or password.
    #[error("holds a user name or a password")]
    UserInfo,
    /// A wildcard.
    #[error("holds a wildcard (*): addresses match exactly, so register each one")]
    Wildcard,
    /// A control character, white space or a backslash.
    #[error("holds a control character, a space or a backslash")]
    Character,
    /// A character outside ASCII.
    #[error("holds a character outside ASCII: write the host in its xn-- form, encode the rest")]
    NotAscii,
    /// A scheme that runs code or reads files in the browser.
    #[error("has a scheme that is not allowed")]
    Scheme,
    /// Plain http to a host that is not this machine.
    #[error("uses http for a host that is not loopback: use https")]
    PlainHttp,
    /// A private-use scheme without a dot (RFC 8252 §7.1).
    #[error(
        "has a private-use scheme without a dot: use a reversed domain name, as com.example.app"
    )]
    SchemeWithoutDot,
}

/// Checks an address that a client wants to register. With `is_dev`, http may go anywhere.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check_registrable(uri: &str, is_dev: bool) -> Result<(), RedirectUriProblem> {
    use RedirectUriProblem as Problem;
    if uri.len() > 2000 {
        return Err(Problem::TooLong);
    }
    if !uri.is_ascii() {
        return Err(Problem::NotAscii);
    }
    if uri.bytes().any(|byte| byte <= b' ' || byte == 0x7F || byte == b'\\') {
        return Err(Problem::Character);
    }
    if uri.contains('#') {
        return Err(Problem::Fragment);
    }
    if uri.contains('*') {
        return Err(Problem::Wildcard);
    }
    let url = Url::parse(uri).map_err(|_| Problem::NotAbsolute)?;
    if !url.username().is_empty() || url.password().is_some() || authority_of(uri).contains('@') {
        return Err(Problem::UserInfo);
    }
    check_scheme(uri, &url, is_dev)
}

fn check_scheme(uri: &str, url: &Url, is_dev: bool) -> Result<(), RedirectUriProblem> {
    use RedirectUriProblem as Problem;
    match url.scheme() {
        "https" | "http" if !has_plain_authority(uri) => Err(Problem::NotAbsolute),
        "https" => Ok(()),
        "http" if is_dev || url.host().is_some_and(|host| is_loopback(&host)) => Ok(()),
        "http" => Err(Problem::PlainHttp),
        "javascript" | "data" | "vbscript" | "file" | "blob" | "about" | "ftp" | "ws" | "wss"
        | "view-source" | "filesystem" | "intent" => Err(Problem::Scheme),
        scheme if scheme.contains('.') => Ok(()),
        _ => Err(Problem::SchemeWithoutDot),
    }
}

/// Whether an http(s) address is written with `://` and a host, as every other parser reads it.
fn has_plain_authority(uri: &str) -> bool {
    let after = uri.split_once(':').map_or("", |(_, rest)| rest);
    after.starts_with("//") && !after.starts_with("///") && after.len() > 2
}

fn authority_of(uri: &str) -> &str {
    let after = uri.split_once("://").map_or("", |(_, rest)| rest);
    after.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Whether `host` is this machine: loopback addresses, `localhost` and names under `.localhost`.
pub fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Whether `received` is the registered address: byte for byte (RFC 9700 §2.1), but for a free
/// port on `http://127.0.0.1`, `http://[::1]` and `http://localhost` (RFC 8252 §7.3).
pub fn is_registered(received: &str, registered: &str) -> bool {
    if received == registered {
        return true;
    }
    match (split_loopback(received), split_loopback(registered)) {
        (Some(received), Some(registered)) => received == registered,
        _ => false,
    }
}

/// The host and the rest (path and query) of an http loopback address, without its port.
fn split_loopback(uri: &str) -> Option<(&str, &str)> {
    let after = uri.strip_prefix("http://")?;
    let host =
        ["127.0.0.1", "[::1]", "localhost"].into_iter().find(|host| after.starts_with(host))?;
    let rest = &after[host.len()..];
    let Some(port_and_more) = rest.strip_prefix(':') else {
        return matches!(rest.bytes().next(), None | Some(b'/' | b'?')).then_some((host, rest));
    };
    let digits = port_and_more.bytes().take_while(u8::is_ascii_digit).count();
    let (port, rest) = port_and_more.split_at(digits);
    let is_port = port.parse::<u16>().is_ok_and(|port| port != 0) && !port.starts_with('0');
    let is_end = matches!(rest.bytes().next(), None | Some(b'/' | b'?'));
    (is_port && is_end).then_some((host, rest))
}

/// In what a received address differs from the nearest registered one, for the developer's eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RedirectDifference {
    /// Only in a slash at the end.
    TrailingSlash,
    /// Only in the scheme.
    Scheme,
    /// Only in the port.
    Port,
    /// Only in upper and lower case of the host.
    HostCase,
    /// `localhost` on one side, a loopback address on the other.
    LocalhostVsLoopback,
    /// Only in the query.
    Query,
    /// Only in the path.
    Path,
    /// Only in the host.
    Host,
    /// It carries a fragment.
    Fragment,
    /// In more than one part.
    Other,
}

/// The kind of difference between `received` and the registered address that is nearest to it.
pub fn nearest_difference<'a>(
    received: &str,
    registered: impl IntoIterator<Item = &'a str>,
) -> RedirectDifference {
    registered
        .into_iter()
        .map(|one| difference(received, one))
        .min()
        .unwrap_or(RedirectDifference::Other)
}

fn difference(received: &str, registered: &str) -> RedirectDifference {
    use RedirectDifference as Difference;
    if received.trim_end_matches('/') == registered.trim_end_matches('/') {
        return Difference::TrailingSlash;
    }
    if received.contains('#') {
        return Difference::Fragment;
    }
    let (Ok(a), Ok(b)) = (Url::parse(received), Url::parse(registered)) else {
        return Difference::Other;
    };
    let hosts = (a.host(), b.host());
    let is_same_host = hosts.0 == hosts.1;
    let both_loopback =
        hosts.0.as_ref().is_some_and(is_loopback) && hosts.1.as_ref().is_some_and(is_loopback);
    let parts = [
        (a.scheme() != b.scheme(), Difference::Scheme),
        (!is_same_host && both_loopback, Difference::LocalhostVsLoopback),
        (!is_same_host && !both_loopback, Difference::Host),
        (a.port() != b.port(), Difference::Port),
        (a.path() != b.path(), Difference::Path),
        (a.query() != b.query(), Difference::Query),
    ];
    let mut differing = parts.into_iter().filter(|(differs, _)| *differs).map(|(_, part)| part);
    match (differing.next(), differing.next()) {
        (None, _) => Difference::HostCase,
        (Some(one), None) => one,
        _ => Difference::Other,
    }
}

/// The host of a redirect URI as a person may read it; the scheme for private-use schemes.
pub fn display_host(uri: &str) -> String {
    match Url::parse(uri) {
        Ok(url) => match (url.host_str(), url.port()) {
            (Some(host), Some(port)) if !host.is_empty() => format!("{host}:{port}"),
            (Some(host), None) if !host.is_empty() => host.to_owned(),
            _ => format!("{}:", url.scheme()),
        },
        Err(_) => String::new(),
    }
}

/// The web origin (RFC 6454) of an http(s) address, as browsers send it in `Origin`.
pub fn web_origin(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
}
