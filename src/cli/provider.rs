//! Puts a provider together from settings: what `serve` and `demo` share.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::breach;
use super::installation::{SETUP_LINK_FILE, open_store, seal_key};
use crate::app::{Issuer, IssuerParts, IssuerSettings};
use crate::base::{Clock, Entropy, SystemClock, SystemEntropy};
use crate::config::{DEFAULT_METRICS_LISTEN, DatabaseUrl, Handoff, Settings};
use crate::credentials::{Argon2Cost, PasswordPool, Sealer};
use crate::notify::{Mailer, Outbound, OutboundSettings};
use crate::rules::factor_policy::FactorPolicy;
use crate::rules::session::SessionLimits;
use crate::store::{Ephemeral, KEEP_FOR, Migrate, Store, check_shape, check_sound};
use crate::web::{self, HandOff, Running, Tls, TrustedProxies, WebSettings};

/// Starts the provider's core: store, keys, password pool.
pub(super) async fn build(settings: &Settings) -> anyhow::Result<Arc<Issuer>> {
    // PostgreSQL is shared with other replicas, so its operator says when it is migrated.
    let migrate = match settings.database {
        DatabaseUrl::Sqlite(_) => Migrate::Now,
        DatabaseUrl::Postgres(_) => Migrate::Refuse,
    };
    let mut store = match &settings.database {
        DatabaseUrl::Sqlite(path) => open_sound(settings, path, migrate)?,
        DatabaseUrl::Postgres(_) => open_store(settings, migrate)?,
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let mut ephemeral = Ephemeral::memory(Arc::clone(&clock));
    if let Some(url) = &settings.redis_url {
        store = store.shared_over(url.expose(), KEEP_FOR, entropy.as_ref())?;
        ephemeral = Ephemeral::redis(url.expose(), Arc::clone(&clock)).await?;
    }
    let seal_key = seal_key(&settings.seal_key, &store, entropy.as_ref()).await?;
    let threads = cores().saturating_sub(1);
    let breached = breach::load(settings)?;
    let passwords = PasswordPool::with_breach_filter(Argon2Cost::DEFAULT, threads, breached)?;
    let parts = IssuerParts {
        settings: issuer_settings(settings),
        sealer: Sealer::new(seal_key)?,
        passwords,
        store,
        ephemeral,
        clock,
        entropy,
        outbound: Arc::new(outbound(settings)?),
        mailer: settings.mail.clone().map(Mailer::new).transpose()?,
    };
    Ok(Issuer::start(parts).await?)
}

/// A file of this size is read before anybody is served from it; that takes some milliseconds. A
/// larger one is read beside the first requests, so that a start does not take longer the more
/// people there are.
const READ_AT_ONCE: u64 = 8 * 1024 * 1024;

/// Opens the embedded store, and has its file checked.
fn open_sound(settings: &Settings, path: &Path, migrate: Migrate) -> anyhow::Result<Store> {
    let named = || path.display().to_string();
    let size = check_shape(path).with_context(named)?;
    if size <= READ_AT_ONCE {
        check_sound(path).with_context(named)?;
    }
    let store = open_store(settings, migrate)?;
    if size > READ_AT_ONCE {
        store.look_for_damage(path.to_owned())?;
    }
    Ok(store)
}

/// The one way out to addresses that others name.
fn outbound(settings: &Settings) -> anyhow::Result<Outbound> {
    let hosts = settings.outbound.allow_hosts.iter();
    let allow_hosts = hosts.map(|host| host.to_string().parse().map_err(anyhow::Error::msg));
    Ok(Outbound::new(OutboundSettings {
        allow_hosts: allow_hosts.collect::<anyhow::Result<_>>()?,
        extra_ca: settings.outbound.extra_ca.clone(),
        is_dev: settings.is_dev,
    })?)
}

/// What the core is told of the settings.
pub(super) fn issuer_settings(settings: &Settings) -> IssuerSettings {
    let lifetimes = settings.lifetimes;
    IssuerSettings {
        public_url: settings.public_url.as_str().to_owned(),
        brand: "Tessera".to_owned(),
        is_dev: settings.is_dev,
        code_for: lifetimes.code,
        access_token_for: lifetimes.access_token,
        id_token_for: lifetimes.id_token,
        refresh_idle_for: lifetimes.refresh_idle,
        refresh_absolute_for: lifetimes.refresh_absolute,
        pushed_request_for: lifetimes.pushed_request,
        sessions: SessionLimits {
            idle: lifetimes.session_idle,
            absolute: lifetimes.session_absolute,
            remembered: lifetimes.session_remembered,
        },
        interaction_for: lifetimes.interaction,
        dynamic_registration: settings.dynamic_registration,
        response_types: settings.response_types,
        rotate_keys_every: settings.rotate_keys_every,
        setup_link_file: settings.data_dir.join(SETUP_LINK_FILE),
        webfinger_domains: settings.webfinger_domains.clone(),
        mfa: FactorPolicy {
            is_for_everybody: settings.mfa.is_required,
            groups: settings.mfa.groups.clone(),
            trust_device_for: settings.mfa.trust_device_for,
        },
        sign_up: settings.sign_up.clone(),
    }
}

/// Serves `issuer` on `listener`.
pub(super) fn serve(
    settings: &Settings,
    issuer: Arc<Issuer>,
    listener: TcpListener,
    metrics: Option<TcpListener>,
) -> anyhow::Result<Running> {
    let proxies = settings.trusted_proxies.iter().map(|net| (net.addr(), net.prefix_len()));
    let defaults = web::Limits::default();
    let web = WebSettings {
        hand_off: match settings.handoff {
            Handoff::Page => HandOff::Page,
            Handoff::Redirect => HandOff::Redirect,
        },
        proxies: TrustedProxies::new(proxies.collect()),
        tls: settings
            .tls
            .as_ref()
            .map(|files| Tls { certificate: files.cert.clone(), key: files.key.clone() }),
        workers: cores(),
        metrics,
        limits: web::Limits {
            // No balancer stands before a server for development.
            leave_within: if settings.is_dev { Duration::ZERO } else { defaults.leave_within },
            ..defaults
        },
    };
    Ok(web::start(issuer, web, listener)?)
}

/// Listens for Prometheus, where the settings say, or nowhere. A second provider on one machine starts
/// without figures rather than not at all, when nobody said where they shall be.
pub(super) fn listen_for_metrics(settings: &Settings) -> anyhow::Result<Option<TcpListener>> {
    let Some(address) = settings.metrics_listen else { return Ok(None) };
    let advice = "set metrics.listen to another address, or empty";
    match TcpListener::bind(address) {
        Ok(listener) => Ok(Some(listener)),
        Err(error)
            if error.kind() == ErrorKind::AddrInUse
                && address.to_string() == DEFAULT_METRICS_LISTEN =>
        {
            tracing::warn!(%address, "another process listens here, so /metrics is left out: {advice}");
            Ok(None)
        }
        Err(error) => {
            Err(error).with_context(|| format!("cannot listen on {address} for metrics: {advice}"))
        }
    }
}

/// Listens where the settings say.
pub(super) fn listen(settings: &Settings) -> anyhow::Result<TcpListener> {
    TcpListener::bind(settings.listen)
        .with_context(|| format!("cannot listen on {}", settings.listen))
}

/// The signals that ask the process to end: Ctrl-C, and SIGTERM. They are listened for from when it
/// is made, so it is made before anybody is told that the process runs.
pub(super) struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    /// Begins to listen.
    pub(super) fn listen() -> anyhow::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for one of them.
    pub(super) async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
