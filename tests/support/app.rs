use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tessera::app::audit::{COMMAND, Query, tail};
use tessera::app::keys::ensure_key;
use tessera::app::users::{self, NewPassword, NewUser};
use tessera::app::{Caller, ClientNetwork, Issuer, IssuerParts, IssuerSettings, Operator, clients};
use tessera::base::{Clock, Entropy, ManualClock, Reference, Secret, SystemEntropy, Timestamp};
use tessera::credentials::{Argon2Cost, BreachFilter, PasswordHash, PasswordPool, SealKey, Sealer};
use tessera::domain::{AuditRecord, Client, Identifier, User};
use tessera::notify::{MailSettings, Mailer, Outbound, OutboundSettings};
use tessera::protocol::{
    ClientMetadata, DynamicRegistration, ResponseTypeSwitches, StandardClaims,
};
use tessera::rules::factor_policy::FactorPolicy;
use tessera::rules::registration::RegistrationPolicy;
use tessera::rules::session::SessionLimits;
use tessera::rules::sign_up::SignUpPolicy;
use tessera::store::{Ephemeral, Location, Migrate, Store, clients as queries, users as user_rows};
use tessera::web::{HandOff, Limits, Running, Tls, TrustedProxies, WebSettings};

use super::{App, Browser};

/// The password of every test user.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// What a test wants different.
pub(crate) struct Options {
    pub(crate) location: Location,
    /// The Redis that it shares with others. What it keeps in memory then counts for an hour.
    pub(crate) redis: Option<String>,
    pub(crate) hand_off: HandOff,
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
    pub(crate) is_dev: bool,
    pub(crate) proxies: TrustedProxies,
    pub(crate) limits: Limits,
    pub(crate) dynamic_registration: DynamicRegistration,
    pub(crate) response_types: ResponseTypeSwitches,
    pub(crate) webfinger_domains: Vec<String>,
    pub(crate) mfa: FactorPolicy,
    pub(crate) sign_up: SignUpPolicy,
    pub(crate) setup_link_file: PathBuf,
    pub(crate) outbound: OutboundSettings,
    /// Passwords that are known from breaches.
    pub(crate) breach_filter: Option<BreachFilter>,
    /// Who takes mails.
    pub(crate) mail: Option<MailSettings>,
    /// The issuer of another process that this one stands beside; its own address when absent.
    pub(crate) public_url: Option<String>,
    /// Where its clock begins.
    pub(crate) starts_at: Timestamp,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            location: Location::SqliteMemory,
            redis: None,
            hand_off: HandOff::Page,
            tls: None,
            is_dev: false,
            proxies: TrustedProxies::default(),
            // A connection that the test's client opened and did not use is answered 408 after this: on
            // a busy machine that must not come between two requests.
            limits: Limits {
                head_within: Duration::from_secs(120),
                leave_within: Duration::ZERO,
                ..Limits::default()
            },
            dynamic_registration: DynamicRegistration::Off,
            response_types: ResponseTypeSwitches::default(),
            webfinger_domains: Vec::new(),
            mfa: FactorPolicy {
                trust_device_for: Duration::from_secs(30 * 24 * 60 * 60),
                ..FactorPolicy::default()
            },
            sign_up: SignUpPolicy::Off,
            setup_link_file: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no-setup-link"),
            outbound: OutboundSettings::default(),
            breach_filter: None,
            mail: None,
            public_url: None,
            starts_at: Timestamp::from_seconds(1_800_000_000),
        }
    }
}

/// A provider on a free port, with a clock that the test moves.
pub(crate) struct TestApp {
    pub(crate) url: String,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Store,
    passwords: PasswordPool,
    pub(crate) issuer: Arc<Issuer>,
    running: Option<Running>,
}

const PASSWORD_THREADS: usize = 2;

/// One seal key for all: processes that share a database share it.
pub(crate) const SEAL_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

pub(crate) fn seal_key() -> SealKey {
    SealKey::from_base64(SEAL_KEY).expect("32 bytes")
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(mut options: Options) -> Self {
        let mut store = Store::open(&options.location, Migrate::Now).expect("the store opens");
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let scheme = if options.tls.is_some() { "https" } else { "http" };
        let port = listener.local_addr().expect("an address").port();
        let url = format!("{scheme}://localhost:{port}");
        let clock = Arc::new(ManualClock::new(options.starts_at));
        let dynamic_clock: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
        let mut ephemeral = Ephemeral::memory(Arc::clone(&dynamic_clock));
        if let Some(url) = &options.redis {
            let hour = Duration::from_secs(60 * 60);
            store = store.shared_over(url, hour, &SystemEntropy).expect("an address");
            let clock = Arc::clone(&dynamic_clock);
            ephemeral = Ephemeral::redis(url, clock).await.expect("redis");
        }
        let cost = Argon2Cost { memory_kib: 32, passes: 1 };
        let breached = options.breach_filter.take();
        let passwords =
            PasswordPool::with_breach_filter(cost, PASSWORD_THREADS, breached).expect("threads");
        let issuer = Issuer::start(IssuerParts {
            settings: settings(options.public_url.as_ref().unwrap_or(&url), &options),
            ephemeral,
            clock: dynamic_clock,
            entropy: Arc::new(SystemEntropy),
            store: store.clone(),
            passwords: passwords.clone(),
            sealer: Sealer::new(seal_key()).expect("a sealer"),
            outbound: Arc::new(Outbound::new(options.outbound.clone()).expect("a client")),
            mailer: options.mail.clone().map(Mailer::new).transpose().expect("a mailer"),
        });
        let web = WebSettings {
            hand_off: options.hand_off,
            proxies: options.proxies,
            tls: options.tls.map(|(certificate, key)| Tls { certificate, key }),
            workers: 2,
            metrics: Some(TcpListener::bind(("127.0.0.1", 0)).expect("a free port")),
            limits: options.limits,
        };
        let issuer = issuer.await.expect("the issuer starts");
        let running = tessera::web::start(Arc::clone(&issuer), web, listener).expect("it serves");
        Self { url, clock, store, passwords, issuer, running: Some(running) }
    }

    /// What Prometheus would read.
    pub(crate) async fn metrics(&self) -> String {
        let running = self.running.as_ref().expect("it runs");
        let url = format!("http://{}/metrics", running.metrics_address().expect("metrics"));
        reqwest::get(url).await.expect("an answer").text().await.expect("a body")
    }

    /// How many password hashes were computed so far.
    pub(crate) fn hashes_computed(&self) -> u64 {
        self.passwords.hashes_computed()
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    pub(crate) fn clock_seconds(&self) -> i64 {
        self.clock.now().as_seconds()
    }

    /// Somebody at this machine.
    pub(crate) fn caller(&self) -> Caller {
        let network = ClientNetwork::of(Ipv4Addr::LOCALHOST.into());
        Caller::new(network, Reference::new(&SystemEntropy), "")
    }

    /// What a command keeps accounts and clients with.
    pub(crate) fn operator(&self) -> Operator<'_> {
        Operator::command(&self.store, self.clock.as_ref(), &SystemEntropy)
    }

    /// The rows of the audit trail that tell of `event`.
    pub(crate) async fn rows_of(&self, event: &str) -> Vec<AuditRecord> {
        let rows = tail(&self.store, &Query::default(), 1000).await.expect("rows");
        rows.into_iter().filter(|row| row.event == event).collect()
    }

    /// A user with every standard claim.
    pub(crate) async fn user(&self, username: &str) -> User {
        self.user_with(username, |_| {}).await
    }

    /// Such a user, but for what `change` does.
    pub(crate) async fn user_with(
        &self,
        username: &str,
        change: impl FnOnce(&mut NewUser),
    ) -> User {
        let claims: StandardClaims = serde_json::from_value(json!({
            "name": format!("{username} Example"), "given_name": username, "family_name": "Example",
            "middle_name": "M", "nickname": username, "profile": "https://example.com/p",
            "picture": "https://example.com/p.png", "website": "https://example.com/",
            "gender": "unknown", "birthdate": "2000-01-01", "zoneinfo": "Europe/Paris",
            "locale": "en-GB", "phone_number": "+33 1 00 00 00 00", "phone_number_verified": true,
            "address": { "formatted": "1 Example Street" },
        }))
        .expect("claims");
        let mut new = NewUser {
            username: username.to_owned(),
            email: format!("{username}@example.com"),
            is_email_verified: true,
            password: Secret::new(PASSWORD.to_owned()),
            is_admin: false,
            groups: vec!["staff".to_owned()],
            claims,
        };
        change(&mut new);
        users::create(self.operator(), &self.passwords, new).await.expect("a user")
    }

    /// A confidential first-party client, but for what `metadata` says.
    pub(crate) async fn app(&self, metadata: Value) -> App {
        let mut all = json!({
            "client_name": "Notes", "redirect_uris": ["https://notes.example/callback"], "first_party": true,
        });
        let extra = metadata.as_object().cloned().unwrap_or_default();
        all.as_object_mut().expect("an object").extend(extra);
        let metadata: ClientMetadata = serde_json::from_value(all).expect("client metadata");
        let redirect_uri = metadata.redirect_uris.first().cloned().unwrap_or_default();
        let sealer = Sealer::new(seal_key()).expect("a sealer");
        let registrar = clients::Registrar {
            store: &self.store,
            clock: self.clock.as_ref(),
            entropy: &SystemEntropy,
            sealer: &sealer,
            policy: RegistrationPolicy { is_dev: false },
            actor: COMMAND,
            caller: None,
        };
        let made = clients::create(registrar, metadata).await.expect("a client");
        let algorithm = made.client.id_token_algorithm();
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let ensured = ensure_key(algorithm, &self.store, &sealer, entropy, self.clock.now());
        ensured.await.expect("a key");
        self.issuer.follow_keys().await.expect("the keys");
        App {
            provider: self.url.clone(),
            client_id: made.client.client_id.clone(),
            secret: made.secret.map(|secret| secret.expose().clone()),
            redirect_uri,
        }
    }

    /// Gives every thread that hashes passwords work that takes longer than a hundred requests do.
    pub(crate) async fn occupy_password_threads(&self) {
        let (salt, output) = ("A".repeat(22), "A".repeat(43));
        let dear = format!("$argon2id$v=19$m=65536,t=4,p=1${salt}${output}");
        for _ in 0..PASSWORD_THREADS {
            let (passwords, dear) = (self.passwords.clone(), PasswordHash::new(dear.clone()));
            let verify = async move {
                passwords.verify(Secret::new("a guess".to_owned()), Some(&dear)).await
            };
            tokio::spawn(verify);
        }
        tokio::task::yield_now().await;
    }

    /// Gives a user another password.
    pub(crate) async fn set_password(&self, username: &str, password: &str) {
        let new = NewPassword { user: username, password: Secret::new(password.to_owned()) };
        let changed = users::set_password(self.operator(), &self.passwords, new);
        changed.await.expect("changed");
    }

    /// Takes a user's password away, as of somebody who has passkeys alone.
    pub(crate) async fn forget_password(&self, username: &str) {
        let name = Identifier::parse(username).expect("a name");
        let stored = self.store.write("forget password", move |db| {
            let found = user_rows::find_user_by_identifier(db, &name)?;
            let user = User { password_hash: None, ..found.expect("the user") };
            user_rows::update_user(db, &user)
        });
        stored.await.expect("stored");
    }

    /// The work that password hashes have been since the start.
    pub(crate) fn hash_work(&self) -> u64 {
        self.passwords.work_done()
    }

    /// Changes what is stored of an app, past every check of a registration.
    pub(crate) async fn change(&self, app: &App, change: impl FnOnce(&mut Client)) {
        let mut client = clients::find(&self.store, &app.client_id).await.expect("the client");
        change(&mut client);
        let stored =
            self.store.write("change", move |db| queries::update_client(db, &client)).await;
        stored.expect("stored");
    }

    pub(crate) async fn stop(mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }
}

fn settings(url: &str, options: &Options) -> IssuerSettings {
    let hours = |hours: u64| Duration::from_secs(hours * 60 * 60);
    IssuerSettings {
        public_url: url.to_owned(),
        brand: "Tessera".to_owned(),
        is_dev: options.is_dev,
        code_for: Duration::from_secs(60),
        access_token_for: hours(1),
        id_token_for: hours(1),
        refresh_idle_for: hours(30 * 24),
        refresh_absolute_for: hours(90 * 24),
        pushed_request_for: Duration::from_secs(90),
        sessions: SessionLimits {
            idle: hours(12),
            absolute: hours(24),
            remembered: hours(30 * 24),
        },
        interaction_for: hours(24),
        dynamic_registration: options.dynamic_registration,
        response_types: options.response_types,
        rotate_keys_every: hours(90 * 24),
        setup_link_file: options.setup_link_file.clone(),
        webfinger_domains: options.webfinger_domains.clone(),
        mfa: options.mfa.clone(),
        sign_up: options.sign_up.clone(),
    }
}
