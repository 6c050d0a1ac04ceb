//! Throttling of sign-ins: by account, by network and over all. Only failures count in the end;
//! an attempt is counted before it is tried and taken back when it was right, so that a parallel
//! burst cannot pass a limit (`security.md` R57, R59).

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;

use crate::app::{ClientNetwork, Fault};
use crate::base::{Digest, Timestamp};
use crate::store::{Attempt, Ephemeral, KEEP_FOR, Store, Touched, login_failures};

/// Failures of one network within [`WINDOW`] (`contract.md`).
const MAX_OF_NETWORK: u64 = 100;
/// Failures of everybody within [`WINDOW`]: far above what people mistype, far below what the
/// hashing pool could be made to try.
const MAX_OF_ALL: u64 = 10_000;
/// For how long a failure or a refusal counts (`contract.md`).
pub(crate) const WINDOW: Duration = Duration::from_secs(10 * 60);
/// Rows of the audit trail about held-back tries from one network within [`WINDOW`].
const MAX_TOLD: u64 = 20;
/// Clients of which nobody was refused.
const UNREFUSED: usize = 8192;

/// The counters.
pub struct Throttle {
    store: Store,
    ephemeral: Ephemeral,
    /// What was not refused when somebody looked, by its hash, and when that was. Every request of a client asks,
    /// and the name of a count takes longer to make than its hash.
    unrefused: Cache<u64, Instant>,
    hasher: RandomState,
}

/// Refusals of one client from one network.
#[derive(Debug, Clone, Copy, Hash)]
pub(crate) struct Refusals<'a> {
    /// What it calls itself.
    pub(crate) client: &'a str,
    pub(crate) network: ClientNetwork,
}

impl Refusals<'_> {
    /// A client may call itself anything, so its digest stands for it.
    fn key(&self) -> String {
        let name = Digest::of(self.client.as_bytes()).to_text();
        format!("refusals:client:{name}:{}", self.network)
    }
}

/// An attempt that was let through: it counts as a failure until it is taken back.
pub(crate) struct Reserved {
    account: Digest,
    network: String,
}

impl Throttle {
    pub(crate) fn new(store: Store, ephemeral: Ephemeral) -> Self {
        Self { store, ephemeral, unrefused: Cache::new(UNREFUSED), hasher: RandomState::new() }
    }

    /// Counts an attempt on `account` from `network`, or says how long to wait.
    pub(crate) async fn reserve(
        &self,
        account: Digest,
        network: ClientNetwork,
        now: Timestamp,
    ) -> Result<Result<Reserved, Duration>, Fault> {
        let network = format!("failures:network:{network}");
        if self.ephemeral.bump(&network, 1, WINDOW).await > MAX_OF_NETWORK {
            self.ephemeral.bump(&network, -1, WINDOW).await;
            return Ok(Err(WINDOW));
        }
        if self.ephemeral.bump(ALL, 1, WINDOW).await > MAX_OF_ALL {
            self.take_back_counts(&network).await;
            return Ok(Err(Duration::from_secs(60)));
        }
        let attempt = self
            .store
            .write_touching(Touched::Nothing, "reserve attempt", move |db| {
                login_failures::reserve_attempt(db, &account, now)
            })
            .await?;
        match attempt {
            Attempt::Allowed => Ok(Ok(Reserved { account, network })),
            Attempt::Blocked { until } => {
                self.take_back_counts(&network).await;
                Ok(Err(until.since(now).max(Duration::from_secs(1))))
            }
        }
    }

    /// Counts an attempt that names no account, or says how long to wait.
    pub(crate) async fn reserve_network(&self, network: ClientNetwork) -> Result<(), Duration> {
        let network = format!("failures:network:{network}");
        if self.ephemeral.bump(&network, 1, WINDOW).await > MAX_OF_NETWORK {
            self.ephemeral.bump(&network, -1, WINDOW).await;
            return Err(WINDOW);
        }
        Ok(())
    }

    /// Takes an attempt of [`Throttle::reserve_network`] back that was right.
    pub(crate) async fn network_succeeded(&self, network: ClientNetwork) {
        self.ephemeral.bump(&format!("failures:network:{network}"), -1, WINDOW).await;
    }

    /// Takes a right attempt back: the account's failures are forgotten, as they were its owner's.
    pub(crate) async fn succeeded(&self, reserved: Reserved) -> Result<(), Fault> {
        self.take_back_counts(&reserved.network).await;
        let account = reserved.account;
        self.store
            .write_touching(Touched::Nothing, "clear failures", move |db| {
                login_failures::clear_failures(db, &account)
            })
            .await?;
        Ok(())
    }

    /// Takes an attempt back that was never tried, because there was too much to do, or that was right
    /// and says nothing of the failures before.
    pub(crate) async fn withdrawn(&self, reserved: Reserved) -> Result<(), Fault> {
        self.take_back_counts(&reserved.network).await;
        let account = reserved.account;
        self.store
            .write_touching(Touched::Nothing, "withdraw attempt", move |db| {
                login_failures::withdraw_attempt(db, &account)
            })
            .await?;
        Ok(())
    }

    async fn take_back_counts(&self, network: &str) {
        self.ephemeral.bump(network, -1, WINDOW).await;
        self.ephemeral.bump(ALL, -1, WINDOW).await;
    }

    /// Whether the trail is to tell that tries of `account` from `network` are held back: the first
    /// time within [`WINDOW`], for at most [`MAX_TOLD`] accounts.
    pub(crate) async fn is_news(&self, account: Digest, network: ClientNetwork) -> bool {
        let (told, one) =
            (format!("held:network:{network}"), format!("held:{}:{network}", account.to_text()));
        self.count(&one, WINDOW).await == 1 && self.count(&told, WINDOW).await <= MAX_TOLD
    }

    /// Adds one to a short-lived count and returns it.
    pub(crate) async fn count(&self, key: &str, window: Duration) -> u64 {
        self.ephemeral.bump(key, 1, window).await
    }

    /// Counts a refusal.
    pub(crate) async fn refused(&self, refusals: Refusals<'_>) {
        self.ephemeral.bump(&refusals.key(), 1, WINDOW).await;
        self.unrefused.remove(&self.hasher.hash_one(refusals));
    }

    /// How many refusals there were within [`WINDOW`]. That another process refused may be seen
    /// [`KEEP_FOR`] later, as with everything that is kept in memory.
    pub(crate) async fn refusals(&self, refusals: Refusals<'_>) -> u64 {
        let hash = self.hasher.hash_one(refusals);
        if self.unrefused.get(&hash).is_some_and(|looked_at| looked_at.elapsed() < KEEP_FOR) {
            return 0;
        }
        let count = self.ephemeral.count(&refusals.key()).await;
        if count == 0 {
            self.unrefused.insert(hash, Instant::now());
        } else {
            self.unrefused.remove(&hash);
        }
        count
    }
}

const ALL: &str = "failures:all";
