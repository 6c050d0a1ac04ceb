use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve};
use reqwest::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use url::Url;

use super::names::{Names, SystemNames};
use super::problem::{BadCa, FetchProblem};
use super::reach::{AllowedHost, Reach, Target};

/// How long one call may take, from the name's lookup to the last byte (`security.md` R97).
const PATIENCE: Duration = Duration::from_secs(5);
/// What is read of an answer to a POST, so that its sender is not cut off; the rest is not.
const POST_ANSWER: usize = 16 * 1024;
const KIB: usize = 1024;

/// What the client is told when it starts (`contract.md`, `outbound.*` and `dev`).
#[derive(Debug, Clone, Default)]
pub struct OutboundSettings {
    /// Hosts that may be reached although their addresses are not public.
    pub allow_hosts: Vec<AllowedHost>,
    /// A file of certificate authorities in PEM, trusted for those hosts beside the public ones.
    pub extra_ca: Option<PathBuf>,
    /// Whether http is allowed to those hosts.
    pub is_dev: bool,
}

/// What a document is. It decides how large it may be and what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FetchKind {
    /// A client's `jwks_uri`, at most 64 KiB.
    KeySet,
    /// A registered `request_uri`, at most 64 KiB.
    RequestObject,
    /// A `sector_identifier_uri`, at most 64 KiB.
    SectorList,
    /// A `logo_uri`, at most 1 MiB.
    Logo,
}

impl FetchKind {
    const fn limit(self) -> usize {
        match self {
            Self::KeySet | Self::RequestObject | Self::SectorList => 64 * KIB,
            Self::Logo => 1024 * KIB,
        }
    }

    /// What is asked for. Servers that name their documents otherwise are not turned away.
    const fn accept(self) -> &'static str {
        match self {
            Self::KeySet => "application/jwk-set+json, application/json, */*;q=0.1",
            Self::RequestObject => {
                "application/oauth-authz-req+jwt, application/jwt, text/plain, */*;q=0.1"
            }
            Self::SectorList => "application/json, */*;q=0.1",
            Self::Logo => "image/png, image/jpeg, image/webp, */*;q=0.1",
        }
    }
}

/// A document, as it came with status 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its bytes.
    pub body: Vec<u8>,
    /// Its `Content-Type`, when that is text.
    pub content_type: Option<String>,
    /// How long its `Cache-Control` lets it be kept: zero for `no-store` and `no-cache`, none when
    /// it does not say (RFC 9111 §5.2.2).
    pub max_age: Option<Duration>,
}

/// The one client for calls to addresses that others named (`security.md` R97): https, each name
/// resolved once and connected to at an address that was checked, no redirects, no proxy, no
/// cookies, no `Referer`, five seconds in all, and no more bytes than the document may have.
pub struct Outbound {
    reach: Reach,
    /// Trusts the public certificate authorities.
    tls: ClientConfig,
    /// Trusts those of the operator too.
    allow_listed_tls: ClientConfig,
    patience: Duration,
}

impl Outbound {
    /// A client with the system's resolver.
    ///
    /// # Errors
    /// When the file of certificate authorities cannot be read, holds none, or one that is broken.
    pub fn new(settings: OutboundSettings) -> Result<Self, BadCa> {
        let public = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let mut all = public.clone();
        if let Some(path) = &settings.extra_ca {
            add_roots(&mut all, path)?;
        }
        let reach = Reach {
            allowed: settings.allow_hosts,
            is_dev: settings.is_dev,
            names: Arc::new(SystemNames::default()),
        };
        let (tls, allow_listed_tls) = (tls_config(public), tls_config(all));
        Ok(Self { reach, tls, allow_listed_tls, patience: PATIENCE })
    }

    /// The same client, with another teller of addresses.
    #[must_use]
    pub fn with_names(mut self, names: Arc<dyn Names>) -> Self {
        self.reach.names = names;
        self
    }

    /// The same client, with another limit for the whole call.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Fetches a document. Why it failed is logged here; the caller says
    /// [`FetchProblem::OUTSIDE`] and no more.
    ///
    /// # Errors
    /// Whatever keeps the document away; a status other than 200 does.
    pub async fn get(&self, url: &str, kind: FetchKind) -> Result<Fetched, FetchProblem> {
        let fetched = tokio::time::timeout(self.patience, self.fetch(url, kind)).await;
        fetched.unwrap_or(Err(FetchProblem::TimedOut)).inspect_err(|problem| log(url, problem))
    }

    /// Posts a form and returns the status of the answer, whatever it is; the rest of the answer is
    /// dropped. A failure is logged here, as for [`Outbound::get`].
    ///
    /// # Errors
    /// When there is no answer: the form may have arrived all the same.
    pub async fn post_form(&self, url: &str, fields: &[(&str, &str)]) -> Result<u16, FetchProblem> {
        let mut status = None;
        let call = async {
            let target = self.reach.target(url).await?;
            let answer = self.client(&target)?.post(target.url).form(fields).send().await?;
            status = Some(answer.status().as_u16());
            body(answer, POST_ANSWER).await
        };
        let ended = tokio::time::timeout(self.patience, call).await;
        // The status says it all: a body that is long, slow or broken changes nothing.
        let problem = match (status, ended) {
            (Some(status), _) => return Ok(status),
            (None, Ok(Err(problem))) => problem,
            (None, _) => FetchProblem::TimedOut,
        };
        log(url, &problem);
        Err(problem)
    }

    async fn fetch(&self, url: &str, kind: FetchKind) -> Result<Fetched, FetchProblem> {
        let target = self.reach.target(url).await?;
        let client = self.client(&target)?;
        let answer = client.get(target.url).header(ACCEPT, kind.accept()).send().await?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(FetchProblem::Status(answer.status().as_u16()));
        }
        let headers = answer.headers();
        // RFC 9110 §8.4: a coding nobody asked for. Undoing it would let a small answer grow.
        if text(headers, &CONTENT_ENCODING).is_some_and(|it| !it.eq_ignore_ascii_case("identity")) {
            return Err(FetchProblem::Encoded);
        }
        let content_type = text(headers, &CONTENT_TYPE).map(ToOwned::to_owned);
        let max_age = max_age(headers);
        let body = body(answer, kind.limit()).await?;
        Ok(Fetched { body, content_type, max_age })
    }

    /// A client for one call, so that it cannot reach anything but the checked addresses: no
    /// connection of another call, no second lookup.
    fn client(&self, target: &Target) -> Result<Client, FetchProblem> {
        let tls = if target.is_allow_listed { &self.allow_listed_tls } else { &self.tls };
        let client = Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .dns_resolver(Checked(target.addresses.clone()))
            .https_only(target.url.scheme() == "https")
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .user_agent("Tessera")
            .build()?;
        Ok(client)
    }
}

/// Names the host alone: a path or a query may hold what only its owner should know.
fn log(url: &str, problem: &FetchProblem) {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    tracing::info!(host, %problem, "an outbound call failed");
}

/// Answers every lookup with the addresses that were checked.
struct Checked(Vec<IpAddr>);

impl Resolve for Checked {
    fn resolve(&self, _: Name) -> reqwest::dns::Resolving {
        // Port 0 stands for that of the URL.
        let addresses: Vec<_> = self.0.iter().map(|ip| SocketAddr::new(*ip, 0)).collect();
        let addresses: Addrs = Box::new(addresses.into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

/// Reads a body while it has at most `limit` bytes, whatever its `Content-Length` says.
async fn body(mut answer: Response, limit: usize) -> Result<Vec<u8>, FetchProblem> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(FetchProblem::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    let mut age = None;
    for directive in lines.flat_map(|line| line.split(',')) {
        let directive = directive.trim().to_ascii_lowercase();
        match directive.split_once('=').unwrap_or((directive.as_str(), "")) {
            ("no-store" | "no-cache", _) => return Some(Duration::ZERO),
            ("max-age", seconds) => {
                // RFC 9111 §4.2.1: what cannot be read counts as stale.
                let seconds = seconds.trim_matches('"').parse().unwrap_or(0);
                age = age.or(Some(Duration::from_secs(seconds)));
            }
            _ => {}
        }
    }
    age
}

fn tls_config(roots: RootCertStore) -> ClientConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    #[expect(clippy::expect_used, reason = "the provider has suites for every default version")]
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

fn add_roots(roots: &mut RootCertStore, path: &Path) -> Result<(), BadCa> {
    let bad = |problem: String| BadCa { path: path.to_owned(), problem };
    let found = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| bad(error.to_string()))?;
    if found.is_empty() {
        return Err(bad("it holds no certificate in PEM".to_owned()));
    }
    for certificate in found {
        roots.add(certificate).map_err(|error| bad(error.to_string()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cache_control_says_how_long() {
        let age = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(CACHE_CONTROL, line.parse().unwrap());
            }
            max_age(&headers).map(|age| age.as_secs())
        };
        for (lines, seconds) in [
            (&[][..], None),
            (&["public"], None),
            (&["public, Max-Age=600"], Some(600)),
            (&["max-age=\"600\""], Some(600)),
            (&["max-age=600, max-age=900"], Some(600)),
            (&["max-age=soon"], Some(0)),
            (&["max-age=-1"], Some(0)),
            (&["max-age=600", "no-store"], Some(0)),
            (&["no-cache"], Some(0)),
        ] {
            assert_eq!(age(lines), seconds, "{lines:?}");
        }
    }

    #[test]
    fn a_file_without_certificates_is_refused_by_its_name() {
        for path in ["Cargo.toml", "no-such-file.pem"] {
            let settings =
                OutboundSettings { extra_ca: Some(path.into()), ..OutboundSettings::default() };
            let problem = Outbound::new(settings).err().unwrap().to_string();
            assert!(problem.starts_with(&format!("outbound.extra_ca {path}: ")), "{problem}");
        }
    }
}
