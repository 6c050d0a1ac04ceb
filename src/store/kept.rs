//! Facts that requests ask for over and over, kept in memory for a moment.
//!
//! Nothing is decided by what stands here alone that must hold for ever: codes, refresh tokens and
//! everything else that counts once are consumed by statements of the durable store. And nobody is
//! refused by it: who would be, is looked up again ([`super::Store::fresh`]), because another
//! process may have made true a moment ago what this one does not know yet.
//!
//! A change that this process commits counts at once: the thread that commits it forgets what it
//! touched before its answer goes out. What another process changes is seen once it told us
//! ([`super::sharing`]), and after [`KEEP_FOR`] at the latest (`contract.md` promises 2 s).

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;

use super::figures::Figures;
use super::sharing::Teller;
use crate::base::{ClientRowId, Digest, GrantId, SessionId, UserId};
use crate::domain::{Client, Consent, Grant, Session, User};

/// How long an entry counts.
pub const KEEP_FOR: Duration = Duration::from_secs(1);
/// Entries of each kind. What is not asked for again within [`KEEP_FOR`] need not be kept, so this
/// is the number of different facts of a second.
const CAPACITY: usize = 8192;

/// What a change may have made untrue of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touched {
    /// Nothing: it only adds rows, or changes what is never kept.
    Nothing,
    /// This grant.
    Grant(GrantId),
    /// This session.
    Session(SessionId),
    /// Whatever: the default, and right for all that is rare.
    Everything,
}

/// A session and its person.
pub type Sitting = (Arc<Session>, Arc<User>);

/// What is kept in memory of the durable store.
pub(super) struct Kept {
    keep_for: Duration,
    /// Whether anything is kept, and what was kept counts.
    is_keeping: AtomicBool,
    pub(super) figures: Figures,
    /// Where to tell other processes, when they share a Redis.
    teller: Option<Teller>,
    /// Entries of another epoch do not count.
    epoch: AtomicU64,
    /// Counts every invalidation, so that what was read before one is not kept after it.
    changes: AtomicU64,
    pub(super) clients_by_name: Shelf<String, Arc<Client>>,
    pub(super) clients: Shelf<ClientRowId, Arc<Client>>,
    pub(super) sittings: Shelf<SessionId, Sitting>,
    pub(super) users: Shelf<UserId, Arc<User>>,
    pub(super) consents: Shelf<(UserId, ClientRowId), Arc<Consent>>,
    pub(super) grants: Shelf<GrantId, Arc<Grant>>,
    /// All single tokens that were taken back, or more than are kept.
    pub(super) revoked_tokens: Shelf<(), Arc<HashSet<Digest>>>,
    /// Whether a single token was taken back, where those are many.
    pub(super) revocations: Shelf<Digest, bool>,
}

/// The entries of one kind.
pub(super) struct Shelf<K, V>(Cache<K, Entry<V>>);

#[derive(Clone)]
struct Entry<V> {
    value: V,
    epoch: u64,
    kept_at: Instant,
}

/// How much had changed before something was read or written.
#[derive(Clone, Copy)]
pub struct Before {
    epoch: u64,
    changes: u64,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            keep_for: KEEP_FOR,
            is_keeping: AtomicBool::new(true),
            figures: Figures::default(),
            teller: None,
            epoch: AtomicU64::new(0),
            changes: AtomicU64::new(0),
            clients_by_name: Shelf::new(),
            clients: Shelf::new(),
            sittings: Shelf::new(),
            users: Shelf::new(),
            consents: Shelf::new(),
            grants: Shelf::new(),
            revoked_tokens: Shelf::new(),
            revocations: Shelf::new(),
        }
    }
}

impl Kept {
    /// Kept for `keep_for` at most, once [`Kept::begin_keeping`] was called.
    pub(super) fn shared(teller: Teller, keep_for: Duration) -> Self {
        let is_keeping = AtomicBool::new(false);
        Self { keep_for, is_keeping, teller: Some(teller), ..Self::default() }
    }

    /// From now on nothing of what other processes change is missed.
    pub(super) fn begin_keeping(&self) {
        // Whoever is reading now may have read what was changed while nobody told us.
        self.forget(Touched::Everything);
        self.is_keeping.store(true, Ordering::Release);
    }

    /// What other processes change is not told any more. True when it was until now.
    pub(super) fn end_keeping(&self) -> bool {
        self.is_keeping.swap(false, Ordering::AcqRel)
    }

    /// Whether anything is kept.
    pub(super) fn is_keeping(&self) -> bool {
        self.is_keeping.load(Ordering::Acquire)
    }

    /// Forgets what a change of this process touched, and tells the others. To be called after the
    /// commit and before its answer.
    pub(super) fn changed(&self, touched: Touched) {
        self.forget(touched);
        self.tell(touched);
    }

    /// Tells the others what a change of this process touched, which itself knows what came of it.
    pub(super) fn tell(&self, touched: Touched) {
        if let (Some(teller), true) = (&self.teller, touched != Touched::Nothing) {
            teller.tell(touched);
        }
    }

    /// To be asked for before reading what shall be kept.
    pub(super) fn before(&self) -> Before {
        Before {
            epoch: self.epoch.load(Ordering::Acquire),
            changes: self.changes.load(Ordering::Acquire),
        }
    }

    /// Whether nothing was forgotten since.
    fn is_unchanged(&self, since: Before) -> bool {
        self.changes.load(Ordering::Acquire) == since.changes
    }

    /// Forgets what a change touched.
    pub(super) fn forget(&self, touched: Touched) {
        if touched == Touched::Nothing {
            return;
        }
        // First, so that a reader who looked before the commit does not keep it after this.
        self.changes.fetch_add(1, Ordering::AcqRel);
        match touched {
            Touched::Nothing => {}
            Touched::Grant(id) => drop(self.grants.0.remove(&id)),
            Touched::Session(id) => drop(self.sittings.0.remove(&id)),
            Touched::Everything => drop(self.epoch.fetch_add(1, Ordering::AcqRel)),
        }
    }

    /// What `shelf` holds for `key`, when it still counts.
    pub(super) fn find<K: Hash + Eq, V: Clone>(&self, shelf: &Shelf<K, V>, key: &K) -> Option<V> {
        if !self.is_keeping() {
            return None;
        }
        let entry = shelf.0.get(key)?;
        let counts = entry.epoch == self.epoch.load(Ordering::Acquire)
            && entry.kept_at.elapsed() < self.keep_for;
        counts.then_some(entry.value)
    }

    /// Keeps what was just written in place of what was kept, or at least forgets that.
    pub(super) fn replace<K: Hash + Eq + Clone, V: Clone>(
        &self,
        shelf: &Shelf<K, V>,
        key: K,
        value: V,
        before: Before,
    ) {
        shelf.0.remove(&key);
        self.keep(shelf, key, value, before);
    }

    /// Keeps what was read, unless something was forgotten since `before`.
    pub(super) fn keep<K: Hash + Eq + Clone, V: Clone>(
        &self,
        shelf: &Shelf<K, V>,
        key: K,
        value: V,
        before: Before,
    ) {
        if !self.is_keeping() || !self.is_unchanged(before) {
            return;
        }
        let entry = Entry { value, epoch: before.epoch, kept_at: Instant::now() };
        shelf.0.insert(key.clone(), entry);
        // Whoever forgets counts first and removes then: one of the two removes it.
        if !self.is_unchanged(before) {
            shelf.0.remove(&key);
        }
    }
}

impl<K: Hash + Eq, V: Clone> Shelf<K, V> {
    fn new() -> Self {
        Self(Cache::new(CAPACITY))
    }
}
