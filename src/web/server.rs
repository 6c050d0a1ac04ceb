use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::drain::Drain;
use super::{HandOff, Site, TrustedProxies, guard, metrics, reference, routes, security_headers};
use crate::app::{Issuer, logos, outbox, purge};
use crate::base::References;

/// How the provider is served.
pub struct WebSettings {
    /// How browsers return to apps.
    pub hand_off: HandOff,
    /// Whose `X-Forwarded-For` is believed.
    pub proxies: TrustedProxies,
    /// Serve https directly.
    pub tls: Option<Tls>,
    /// Threads that serve.
    pub workers: usize,
    /// Where `/metrics` is served, if it is.
    pub metrics: Option<TcpListener>,
    /// How long clients may take, and how many there may be.
    pub limits: Limits,
}

/// What keeps slow or many clients from taking the server away from the others
/// (`security.md` R118).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long the head of a request may take to arrive.
    pub head_within: Duration,
    /// How long a body may take to arrive.
    pub body_within: Duration,
    /// How long an answer may take to be made, the body's arrival included.
    pub answer_within: Duration,
    /// How long requests are still taken once the server is to stop, so that balancers see it.
    pub leave_within: Duration,
    /// Connections at the same time, for each thread that serves.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_within: Duration::from_secs(10),
            body_within: Duration::from_secs(10),
            answer_within: Duration::from_secs(30),
            leave_within: Duration::from_secs(2),
            connections: 10_000,
        }
    }
}

/// A certificate chain and its key, in PEM files.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The chain, the server's own certificate first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Why serving cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener failed.
    #[error("listening: {0}")]
    Listen(#[from] std::io::Error),
    /// The certificate or the key cannot be used.
    #[error("tls: {path}: {problem}")]
    Tls {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
}

/// A provider that is being served.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    site: Data<Site>,
    handle: ServerHandle,
    metrics: Option<(SocketAddr, ServerHandle)>,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
    background: [tokio::task::JoinHandle<()>; 6],
}

/// Seconds that requests under way have to end once no new ones are taken.
const DRAIN_SECONDS: u64 = 7;
/// What is left of an answer is written within this time.
const FLUSH: Duration = Duration::from_millis(200);
const PURGE_EVERY: Duration = Duration::from_secs(60);
/// A change made by a command is seen within 2 s (`contract.md`), and before a key that is to sign
/// at once does so: `rules::key_rotation::SETTLED_AFTER`.
const FOLLOW_KEYS_EVERY: Duration = Duration::from_secs(1);
const KEEP_KEYS_EVERY: Duration = Duration::from_secs(60);

/// Clients made by a command or by another process show their logo soon too.
const FETCH_LOGOS_EVERY: Duration = Duration::from_secs(2);

/// The audit trail is sealed within 5 s (`security.md` R125).
const SEAL_EVERY: Duration = Duration::from_secs(2);

/// Begins to serve `issuer` on `listener`.
///
/// # Errors
/// When the listener or the certificate cannot be used.
pub fn start(
    issuer: Arc<Issuer>,
    settings: WebSettings,
    listener: TcpListener,
) -> Result<Running, ServeError> {
    let address = listener.local_addr()?;
    let site = Data::new(Site {
        is_secure: issuer.url().starts_with("https://"),
        hand_off: settings.hand_off,
        proxies: settings.proxies,
        limits: settings.limits,
        drain: Drain::default(),
        issuer: Arc::clone(&issuer),
    });
    if !site.is_secure {
        tracing::warn!("serving over plain http: cookies are not marked Secure");
    }
    let shared = site.clone();
    let server = HttpServer::new(move || {
        let site = shared.clone();
        // The last one wrapped runs first: the reference exists before anything can refuse.
        App::new()
            .app_data(site.clone())
            .app_data(References::default())
            .wrap(from_fn(guard::middleware))
            .wrap(from_fn(security_headers::middleware))
            .wrap(from_fn(reference::middleware))
            .configure(|config| routes(config, &site))
    })
    .workers(settings.workers)
    .disable_signals()
    .shutdown_timeout(DRAIN_SECONDS)
    .max_connections(settings.limits.connections)
    .client_request_timeout(settings.limits.head_within)
    .client_disconnect_timeout(Duration::from_secs(5))
    .keep_alive(Duration::from_secs(75));
    let server = match settings.tls {
        None => server.listen(listener)?,
        Some(tls) => server.listen_rustls_0_23(listener, tls_config(&tls)?)?,
    };
    let server = server.run();
    let metrics = settings.metrics.map(|listener| serve_metrics(&issuer, listener)).transpose()?;
    Ok(Running {
        metrics,
        address,
        site,
        handle: server.handle(),
        server: tokio::spawn(server),
        background: [
            tokio::spawn(keep_purging(Arc::clone(&issuer))),
            tokio::spawn(keep_fetching_logos(Arc::clone(&issuer))),
            tokio::spawn(keep_following_keys(Arc::clone(&issuer))),
            tokio::spawn(keep_rotating_keys(Arc::clone(&issuer))),
            tokio::spawn(keep_sealing(Arc::clone(&issuer))),
            tokio::spawn(outbox::keep_delivering(issuer)),
        ],
    })
}

fn serve_metrics(
    issuer: &Arc<Issuer>,
    listener: TcpListener,
) -> std::io::Result<(SocketAddr, ServerHandle)> {
    let address = listener.local_addr()?;
    let server = metrics::serve(Arc::clone(issuer), listener)?;
    let handle = server.handle();
    tokio::spawn(server);
    Ok((address, handle))
}

impl Running {
    /// Where `/metrics` is, if it is anywhere.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|(address, _)| *address)
    }

    /// Waits until the server ends by itself, which it does only on failure.
    pub async fn ended(&mut self) -> std::io::Result<()> {
        match (&mut self.server).await {
            Ok(result) => result,
            Err(error) => Err(std::io::Error::other(error)),
        }
    }

    /// Turns `/readyz` off, takes requests for a little longer, lets those under way end, and stops:
    /// within 10 s in all.
    pub async fn stop(self) {
        self.site.drain.start();
        tokio::time::sleep(self.site.limits.leave_within).await;
        // Closes the listener at once, and ends when every connection has. Those that nobody uses
        // hold nothing up.
        let closed = self.handle.stop(true);
        let idle = async {
            self.site.drain.is_idle().await;
            tokio::time::sleep(FLUSH).await;
        };
        tokio::select! {
            () = closed => {}
            () = idle => {}
        }
        if let Some((_, metrics)) = &self.metrics {
            metrics.stop(false).await;
        }
        self.background.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// Publishes keys that another process made.
async fn keep_following_keys(issuer: Arc<Issuer>) {
    loop {
        tokio::time::sleep(FOLLOW_KEYS_EVERY).await;
        if let Err(fault) = issuer.follow_keys().await {
            tracing::warn!(%fault, "the signing keys could not be read and will be tried again");
        }
    }
}

/// Fetches the logos that nobody has fetched yet.
async fn keep_fetching_logos(issuer: Arc<Issuer>) {
    loop {
        tokio::time::sleep(FETCH_LOGOS_EVERY).await;
        if let Err(fault) = logos::fetch_due(&issuer).await {
            tracing::warn!(%fault, "logos could not be fetched and will be tried again");
        }
    }
}

/// Makes the next keys in time and removes the old ones when nothing they signed counts.
async fn keep_rotating_keys(issuer: Arc<Issuer>) {
    loop {
        tokio::time::sleep(KEEP_KEYS_EVERY).await;
        if let Err(fault) = issuer.keep_keys().await {
            tracing::warn!(%fault, "the signing keys could not be kept and will be tried again");
        }
    }
}

/// Gives what was committed to the audit trail its place in the chain.
async fn keep_sealing(issuer: Arc<Issuer>) {
    loop {
        tokio::time::sleep(SEAL_EVERY).await;
        if let Err(fault) = issuer.seal_audit().await {
            tracing::warn!(%fault, "the audit trail could not be sealed and will be tried again");
        }
    }
}

/// Removes what no longer counts, now and then.
async fn keep_purging(issuer: Arc<Issuer>) {
    loop {
        tokio::time::sleep(PURGE_EVERY).await;
        if let Err(fault) = purge::purge(&issuer).await {
            tracing::warn!(%fault, "purging failed and will be tried again");
        }
    }
}

fn tls_config(tls: &Tls) -> Result<rustls::ServerConfig, ServeError> {
    let problem = |path: &PathBuf, problem: String| ServeError::Tls { path: path.clone(), problem };
    let certificates = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| problem(&tls.certificate, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key)
        .map_err(|error| problem(&tls.key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| problem(&tls.certificate, error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| problem(&tls.key, error.to_string()))
}
