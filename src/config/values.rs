//! The types of the values and how each is written.

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use url::{Host, Url};

use crate::base::Secret;
use crate::credentials::SealKey;
use crate::protocol::DynamicRegistration;
use crate::protocol::redirect_uri::is_loopback;

/// The issuer: an origin in its one canonical form, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    text: String,
    url: Url,
}

impl PublicUrl {
    /// An origin as every other parser writes it, so that issuers compare byte for byte (R119).
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let shape = "must be an origin, as https://id.example.com, without path or trailing slash";
        let url = Url::parse(text).map_err(|_| shape.to_owned())?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(shape.to_owned());
        }
        let origin = url.origin().ascii_serialization();
        if text == origin {
            return Ok(Self { text: origin, url });
        }
        // An address that holds a password is not repeated.
        let has_user = !url.username().is_empty() || url.password().is_some();
        Err(if has_user { shape.to_owned() } else { format!("{shape}: write {origin}") })
    }

    /// The issuer, byte for byte.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is https.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Its host, without a port.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Whether its host is this machine (`localhost` and names under `.localhost` count).
    pub fn is_loopback(&self) -> bool {
        self.url.host().is_some_and(|host: Host<&str>| is_loopback(&host))
    }
}

/// Where the durable data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server; the address may hold a password.
    Postgres(Secret<String>),
}

impl DatabaseUrl {
    /// The database at `text`; `sqlite:` alone is `tessera.db` in `data_dir`.
    pub(super) fn parse(text: &str, data_dir: &std::path::Path) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix("sqlite:") {
            return match rest.strip_prefix("//").unwrap_or(rest) {
                "" => Ok(Self::Sqlite(data_dir.join("tessera.db"))),
                // SQLite would take it for a file of that name and keep nothing one expects.
                ":memory:" => Err("a database in memory would be lost at every stop".to_owned()),
                file => path(file).map(Self::Sqlite),
            };
        }
        let is_postgres = ["postgres://", "postgresql://"].iter().any(|s| text.starts_with(s));
        if is_postgres && Url::parse(text).is_ok() {
            return Ok(Self::Postgres(Secret::new(text.to_owned())));
        }
        Err("must be sqlite:, sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE".to_owned())
    }
}

/// Where the key comes from that seals secrets at rest (`security.md` R124).
#[derive(Debug, Clone)]
pub enum SealKeySource {
    /// The configuration gave it.
    Given(SealKey),
    /// This file, made at first start.
    File(PathBuf),
}

/// How an interaction returns to the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handoff {
    /// 200 with `Refresh: 0` and a visible link.
    Page,
    /// 303, for scripted clients that follow only `Location`.
    Redirect,
}

/// Who may make an account of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUpMode {
    /// Nobody.
    Off,
    /// Everybody.
    Open,
    /// Who has an address at one of some domains.
    Domains,
}

/// The files of a certificate, in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain, the server's own certificate first.
    pub cert: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Where fetches and logout calls may go (`security.md` R97).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutboundSettings {
    /// Hosts that may be reached though their addresses are private, on any port.
    pub allow_hosts: Vec<Host<String>>,
    /// PEM file with certificate authorities to trust beside the public ones.
    pub extra_ca: Option<PathBuf>,
}

/// Who must show two factors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MfaSettings {
    /// Everybody.
    pub is_required: bool,
    /// The people of these groups.
    pub groups: Vec<String>,
    /// How long a device stays trusted; zero when that is not offered.
    pub trust_device_for: Duration,
}

/// The name of a group as accounts keep it: another spelling would silently mean nobody.
pub(super) fn group(text: &str) -> Result<String, String> {
    let is_part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    if !text.is_empty() && text.bytes().all(is_part) {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} is no name of a group: lower-case letters, digits, `.`, `_` and `-`"))
}

pub(super) fn dynamic_registration(text: &str) -> Result<DynamicRegistration, String> {
    match text {
        "off" => Ok(DynamicRegistration::Off),
        "token" => Ok(DynamicRegistration::Token),
        "open" => Ok(DynamicRegistration::Open),
        _ => Err("must be off, token or open".to_owned()),
    }
}

pub(super) fn sign_up_mode(text: &str) -> Result<SignUpMode, String> {
    match text {
        "off" => Ok(SignUpMode::Off),
        "open" => Ok(SignUpMode::Open),
        "domains" => Ok(SignUpMode::Domains),
        _ => Err("must be off, open or domains".to_owned()),
    }
}

/// A host as addresses on the web name it, or an IP address, in either case without a port.
pub(super) fn host(text: &str) -> Result<Host<String>, String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(match address {
            IpAddr::V4(address) => Host::Ipv4(address),
            IpAddr::V6(address) => Host::Ipv6(address),
        });
    }
    domain(text)
        .map(Host::Domain)
        .map_err(|_| format!("{text:?} is no host name or address without a port"))
}

/// A domain in lower case, other scripts in their ASCII form (RFC 5890 §2.3.2.1).
pub(super) fn domain(text: &str) -> Result<String, String> {
    // A star would look as if it covered names below, and a list of exact names never does.
    let is_plain = |name: &str| {
        !name.ends_with('.')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
    };
    match Host::parse(text) {
        Ok(Host::Domain(name)) if is_plain(&name) => Ok(name),
        _ => Err(format!("{text:?} is no domain, as example.com")),
    }
}

pub(super) fn handoff(text: &str) -> Result<Handoff, String> {
    match text {
        "page" => Ok(Handoff::Page),
        "redirect" => Ok(Handoff::Redirect),
        _ => Err("must be page or redirect".to_owned()),
    }
}

/// A path of one line. Whoever gives the content of a key file in its place gets an answer here,
/// and not an error message somewhere else that repeats it.
pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() || text.contains(char::is_control) {
        return Err("must be the path of a file or folder, in one line".to_owned());
    }
    Ok(text.into())
}

/// An address and a port, or nothing for nowhere.
pub(super) fn listen_or_off(text: &str) -> Result<Option<std::net::SocketAddr>, String> {
    if text.is_empty() { Ok(None) } else { listen(text).map(Some) }
}

pub(super) fn listen(text: &str) -> Result<std::net::SocketAddr, String> {
    text.parse().map_err(|_| "must be an address and a port, as 127.0.0.1:8080 or [::]:8080".into())
}

pub(super) fn redis_url(text: &str) -> Result<Secret<String>, String> {
    let is_redis = ["redis://", "rediss://"].iter().any(|scheme| text.starts_with(scheme));
    if is_redis && Url::parse(text).is_ok() {
        return Ok(Secret::new(text.to_owned()));
    }
    Err("must be redis://… or rediss://…".to_owned())
}

pub(super) fn seal_key(text: &str) -> Result<SealKey, String> {
    SealKey::from_base64(text)
        .map_err(|_| "must be 32 bytes in base64: `openssl rand -base64 32` makes one".to_owned())
}

/// A network, or an address that stands for itself.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(address.into());
    }
    let network: IpNet =
        text.parse().map_err(|_| format!("{text:?} is no network, as 10.0.0.0/8"))?;
    let exact = network.trunc();
    // Somebody who writes 10.1.0.0/8 may have meant /16: trusting the wider one is the worse guess.
    if exact == network {
        Ok(network)
    } else {
        Err(format!("{network} has bits beyond its prefix: write {exact} if you mean that"))
    }
}

/// A duration with its unit, within `range`: `60s`, `90m`, `1h`, `30d`.
pub(crate) fn duration(text: &str, range: &RangeInclusive<Duration>) -> Result<Duration, String> {
    let shape = || "must be a number and a unit: 60s, 90m, 1h or 30d".to_owned();
    let unit = text.chars().next_back().ok_or_else(shape)?;
    let seconds: u64 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return Err(shape()),
    };
    let number = &text[..text.len() - 1];
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(shape());
    }
    let count: Option<u64> = number.parse().ok();
    match count.and_then(|count| count.checked_mul(seconds)).map(Duration::from_secs) {
        Some(duration) if range.contains(&duration) => Ok(duration),
        Some(duration) if duration < *range.start() => {
            Err(format!("must be at least {}", written(*range.start())))
        }
        _ => Err(format!("must be at most {}", written(*range.end()))),
    }
}

/// `duration` in the largest unit that leaves no rest.
fn written(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [(24 * 60 * 60, 'd'), (60 * 60, 'h'), (60, 'm')];
    let unit = units.into_iter().find(|(size, _)| seconds.is_multiple_of(*size));
    let (size, name) = unit.unwrap_or((1, 's'));
    format!("{}{name}", seconds / size)
}
