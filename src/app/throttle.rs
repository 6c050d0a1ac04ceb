//! Throttling of sign-ins: by account, by network and over all. Only failures count in the end;
//! an attempt is counted before it is tried and taken back when it was right, so that a parallel
//! burst cannot pass a limit (`security.md` R57, R59).

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
const WINDOW: Duration = Duration::from_secs(10 * 60);
/// Rows of the audit trail about held-back tries from one network within [`WINDOW`].
const MAX_TOLD: u64 = 20;
/// Counts that are known not to be made.
const UNMADE: usize = 8192;

/// The counters.
pub struct Throttle {
    store: Store,
    ephemeral: Ephemeral,
    /// Counts that were not made when somebody looked, and when that was.
    unmade: Cache<String, Instant>,
}

/// An attempt that was let through: it counts as a failure until it is taken back.
pub(crate) struct Reserved {
    account: Digest,
    network: String,
}

impl Throttle {
    pub(crate) fn new(store: Store, ephemeral: Ephemeral) -> Self {
        Self { store, ephemeral, unmade: Cache::new(UNMADE) }
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
        let count = self.ephemeral.bump(key, 1, window).await;
        self.unmade.remove(key);
        count
    }

    /// What a short-lived count has come to. That another process made it may be seen
    /// [`KEEP_FOR`] later, as with everything that is kept in memory.
    pub(crate) async fn counted(&self, key: &str) -> u64 {
        if self.unmade.get(key).is_some_and(|looked_at| looked_at.elapsed() < KEEP_FOR) {
            return 0;
        }
        let count = self.ephemeral.count(key).await;
        if count == 0 {
            self.unmade.insert(key.to_owned(), Instant::now());
        } else {
            self.unmade.remove(key);
        }
        count
    }
}

const ALL: &str = "failures:all";
