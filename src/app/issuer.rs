use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::app::backup;
use crate::app::figures::Figures;
use crate::app::keys::Keys;
use crate::app::loops::Loops;
use crate::app::mail::{PostOffice, SentMails};
use crate::app::throttle::Throttle;
use crate::base::{Clock, Entropy, Timestamp};
use crate::credentials::{PasswordPool, Purpose as KeyPurpose, Sealer};
use crate::domain::{Actor, Event, Occasion};
use crate::notify::{Documents, Logos, Mailer, Outbound};
use crate::protocol::{DynamicRegistration, ResponseTypeSwitches};
use crate::rules::authorize::AuthorizePolicy;
use crate::rules::factor_policy::FactorPolicy;
use crate::rules::session::SessionLimits;
use crate::rules::sign_up::SignUpPolicy;
use crate::store::{Store, copy};

/// What one provider is told when it starts (`contract.md`, "Configuration" and "Lifetimes").
#[derive(Debug, Clone)]
pub struct IssuerSettings {
    /// The issuer, byte for byte: an origin without a slash at the end.
    pub public_url: String,
    /// The name on the pages.
    pub brand: String,
    /// Whether this is for development.
    pub is_dev: bool,
    /// How long a code counts.
    pub code_for: Duration,
    /// How long an access token counts.
    pub access_token_for: Duration,
    /// How long an ID token counts.
    pub id_token_for: Duration,
    /// How long a refresh token counts that nobody uses.
    pub refresh_idle_for: Duration,
    /// How long a refresh token counts, however much it is used.
    pub refresh_absolute_for: Duration,
    /// How long a pushed authorization request counts.
    pub pushed_request_for: Duration,
    /// How long sessions count.
    pub sessions: SessionLimits,
    /// How long an interaction's row counts.
    pub interaction_for: Duration,
    /// Who may register a client over HTTP.
    pub dynamic_registration: DynamicRegistration,
    /// Which response types are offered beyond `code`.
    pub response_types: ResponseTypeSwitches,
    /// How long a signing key signs before the next one takes over.
    pub rotate_keys_every: Duration,
    /// Where the link of the first run is kept until it is used.
    pub setup_link_file: PathBuf,
    /// Domains whose `acct:` names point here, beside the issuer's own host.
    pub webfinger_domains: Vec<String>,
    /// Who must show two factors, whatever an app asks for.
    pub mfa: FactorPolicy,
    /// Who may make an account of their own.
    pub sign_up: SignUpPolicy,
}

/// A store that takes longer cannot serve: `/readyz` says so within 5 s (`reliability.md` P4).
const READY_WITHIN: Duration = Duration::from_secs(2);

/// One provider: its settings, keys and stores. Nothing is global, so that one process can hold
/// many, and a test can start twenty side by side.
pub struct Issuer {
    /// Settings.
    pub settings: IssuerSettings,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub entropy: Arc<dyn Entropy>,
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) passwords: PasswordPool,
    pub(crate) sealer: Arc<Sealer>,
    pub(crate) throttle: Throttle,
    pub(crate) loops: Loops,
    /// Documents that clients publish.
    pub(crate) documents: Documents,
    /// Fetches the logos of clients.
    pub(crate) logos: Logos,
    /// The one way out to addresses that others name.
    pub(crate) outbound: Arc<Outbound>,
    /// Writes mails, when there is a way for them to be read.
    pub(crate) post: Option<PostOffice>,
    /// Sends mails, when there is a server that takes them.
    pub(crate) mailer: Option<Mailer>,
    /// The mails of late, in development.
    pub(crate) sent: SentMails,
    /// What an operator watches.
    pub(crate) figures: Figures,
    /// Wakes whoever delivers.
    outbox: tokio::sync::Notify,
    /// What was given out before counts no more, in milliseconds since 1970.
    not_before: AtomicI64,
}

/// The parts an [`Issuer`] is put together from.
pub struct IssuerParts {
    /// Settings.
    pub settings: IssuerSettings,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub entropy: Arc<dyn Entropy>,
    /// The durable store.
    pub store: Store,
    /// The short-lived one.
    pub ephemeral: crate::store::Ephemeral,
    /// Hashes passwords.
    pub passwords: PasswordPool,
    /// Seals what is stored, and derives the purpose keys.
    pub sealer: Sealer,
    /// The one way out to addresses that others name.
    pub outbound: Arc<Outbound>,
    /// Sends mails, when there is a server that takes them.
    pub mailer: Option<Mailer>,
}

/// The beginning of time when nothing was ever restored.
fn millis(not_before: Option<Timestamp>) -> i64 {
    not_before.map_or(i64::MIN, Timestamp::as_millis)
}

/// Has the store end what a PostgreSQL may revive that takes the place of another one.
async fn end_what_a_fail_over_may_revive(parts: &IssuerParts) -> Result<(), super::Fault> {
    let (clock, entropy) = (Arc::clone(&parts.clock), Arc::clone(&parts.entropy));
    let renewal = move || {
        let now = clock.now();
        let row = Occasion::inside(Actor::Server, now, entropy.as_ref()).of(&Event::FailedOver);
        backup::renewal(now, row)
    };
    Ok(parts.store.end_what_a_fail_over_may_revive(renewal).await?)
}

impl Issuer {
    /// Puts a provider together and makes its signing keys when there are none.
    ///
    /// # Errors
    /// When the store does not answer, or a stored key does not open with the seal key.
    pub async fn start(parts: IssuerParts) -> Result<Arc<Self>, super::Fault> {
        end_what_a_fail_over_may_revive(&parts).await?;
        let keys = Keys::load(&parts).await?;
        let not_before = parts.store.read(copy::not_before).await?;
        let sealer = Arc::new(parts.sealer);
        let can_mail = parts.mailer.is_some() || parts.settings.is_dev;
        let (sealing, entropy) = (Arc::clone(&sealer), Arc::clone(&parts.entropy));
        let post = can_mail.then(|| PostOffice::new(&parts.settings, sealing, entropy));
        Ok(Arc::new(Self {
            figures: Figures::new(&parts.store, &parts.passwords),
            settings: parts.settings,
            throttle: Throttle::new(parts.store.clone(), parts.ephemeral),
            loops: Loops::new(),
            documents: Documents::new(Arc::clone(&parts.outbound), Arc::clone(&parts.clock)),
            logos: Logos::new(Arc::clone(&parts.outbound)),
            outbound: parts.outbound,
            outbox: tokio::sync::Notify::new(),
            clock: parts.clock,
            entropy: parts.entropy,
            store: parts.store,
            keys,
            passwords: parts.passwords,
            sealer,
            post,
            mailer: parts.mailer,
            sent: SentMails::default(),
            not_before: AtomicI64::new(millis(not_before)),
        }))
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether a mail that is queued now will be sent, or shown in development. Nothing may be
    /// offered that needs a mail when this is false.
    pub fn can_mail(&self) -> bool {
        self.post.is_some()
    }

    /// Whether people may make accounts of their own. Without mail nobody could prove an address.
    pub fn lets_sign_up(&self) -> bool {
        self.settings.sign_up.is_on() && self.can_mail()
    }

    /// What authorization requests may ask for here.
    pub(crate) fn authorize_policy(&self) -> AuthorizePolicy {
        AuthorizePolicy {
            response_types: self.settings.response_types,
            lets_sign_up: self.lets_sign_up(),
        }
    }

    /// Who writes mails; none when none can be sent.
    pub fn post_office(&self) -> Option<&PostOffice> {
        self.post.as_ref()
    }

    /// The issuer identifier.
    pub fn url(&self) -> &str {
        &self.settings.public_url
    }

    pub(crate) fn purpose_key(&self, purpose: KeyPurpose) -> [u8; 32] {
        self.sealer.purpose_key(purpose)
    }

    /// Whether something that was given out at this instant may still count. After a restore
    /// nothing of before does, whatever the database has forgotten of it.
    pub(crate) fn may_count(&self, given_out: Timestamp) -> bool {
        given_out.as_seconds() >= self.not_before.load(Ordering::Relaxed).div_euclid(1000)
    }

    /// Takes over signing keys that another process made, and that everything was restored.
    ///
    /// # Errors
    /// When the store does not answer, or a key does not open.
    pub async fn follow_keys(&self) -> Result<(), super::Fault> {
        let not_before = self.store.read(copy::not_before).await?;
        self.not_before.store(millis(not_before), Ordering::Relaxed);
        self.keys.follow_store(self).await
    }

    /// Wakes whoever delivers what this process has just put into the outbox.
    pub(crate) fn wake_outbox(&self) {
        self.outbox.notify_one();
    }

    /// Waits until [`Issuer::wake_outbox`] is called, or was while nobody waited.
    pub(crate) async fn has_something_to_tell(&self) {
        self.outbox.notified().await;
    }

    /// Counts an answer to `route`, which is a pattern and no path.
    pub fn count_request(&self, route: &str, status: u16, took: Duration) {
        self.figures.request(route, status, took);
    }

    /// Whether the store answers and takes changes, for `/readyz`.
    pub async fn is_ready(&self) -> bool {
        matches!(tokio::time::timeout(READY_WITHIN, self.store.check()).await, Ok(Ok(())))
    }
}
