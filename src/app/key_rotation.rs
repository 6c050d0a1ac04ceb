//! The life of the signing keys: `rules::key_rotation` says what is to be done, and it is done
//! here, by the running server and by commands alike. Several processes may do so at once: a key
//! has a place in the line of its algorithm, which only one of them gets.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::app::audit::log;
use crate::app::keys::{TRIES, check_seal_key, made, make};
use crate::app::{Fault, Issuer, IssuerParts, IssuerSettings};
use crate::base::{Clock, Entropy, SigningKeyId, Timestamp};
use crate::credentials::Sealer;
use crate::domain::{Actor, AuditRecord, Event, Occasion, SigningKeyRecord};
use crate::protocol::SigningAlgorithm;
use crate::rules::key_rotation::{Plan, in_use, plan, signer};
pub use crate::rules::key_rotation::{Rotation, RotationSettings};
use crate::store::{Db, Store, StoreError, audit, signing_keys};

/// The algorithms whose keys exist from the first start. PS256 and ES384 follow when the first
/// client asks, because a published key names one `alg`.
const FROM_FIRST_START: [SigningAlgorithm; 3] =
    [SigningAlgorithm::RS256, SigningAlgorithm::ES256, SigningAlgorithm::EdDSA];

/// Makes, changes and removes keys in the store. A running server follows within two seconds.
pub struct KeyKeeper<'a> {
    /// Where the keys are.
    pub store: &'a Store,
    /// Seals the private parts.
    pub sealer: &'a Sealer,
    /// What time it is.
    pub clock: &'a dyn Clock,
    /// Where randomness comes from.
    pub entropy: Arc<dyn Entropy>,
    /// What the installation wants of its keys.
    pub settings: RotationSettings,
    /// Who does it.
    pub actor: Actor,
}

/// How the removal of one key went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// The key is gone, and with it everything that it signed.
    Removed,
    /// It stays: it is the one that signs. Another one must take over first.
    Signs,
    /// No key has this name.
    Unknown,
}

impl IssuerSettings {
    /// What this installation wants of its keys.
    pub fn key_rotation(&self) -> RotationSettings {
        RotationSettings {
            every: self.rotate_keys_every,
            longest_token: self.access_token_for.max(self.id_token_for),
        }
    }
}

impl Issuer {
    /// Does what the schedule of the keys asks for, and takes over the keys that come of it.
    ///
    /// # Errors
    /// When the store does not answer, or making a key fails.
    pub async fn keep_keys(&self) -> Result<(), Fault> {
        let keeper = KeyKeeper {
            store: &self.store,
            sealer: &self.sealer,
            clock: self.clock.as_ref(),
            entropy: Arc::clone(&self.entropy),
            settings: self.settings.key_rotation(),
            actor: Actor::Server,
        };
        keeper.keep().await?;
        self.follow_keys().await
    }
}

impl<'a> KeyKeeper<'a> {
    pub(super) fn of_parts(parts: &'a IssuerParts) -> Self {
        Self {
            store: &parts.store,
            sealer: &parts.sealer,
            clock: parts.clock.as_ref(),
            entropy: Arc::clone(&parts.entropy),
            settings: parts.settings.key_rotation(),
            actor: Actor::Server,
        }
    }

    /// Does what the schedule asks for: keys that must exist are made, the next ones are
    /// published in time, and old ones leave when nothing that they signed counts any more.
    ///
    /// # Errors
    /// When the store does not answer, or making a key fails.
    pub async fn keep(&self) -> Result<(), Fault> {
        let mut algorithms = in_use(&self.list().await?);
        algorithms.extend(FROM_FIRST_START);
        self.carry_out_all(&algorithms, Rotation::OnSchedule).await
    }

    /// Rotates the keys of every algorithm in use.
    ///
    /// # Errors
    /// When the store does not answer, or making a key fails.
    pub async fn rotate(&self, rotation: Rotation) -> Result<(), Fault> {
        let algorithms = in_use(&self.list().await?);
        self.carry_out_all(&algorithms, rotation).await
    }

    /// Lets another key sign with `algorithm` in place of the one that does.
    ///
    /// # Errors
    /// When the store does not answer, or making a key fails.
    pub async fn replace_signer(&self, algorithm: SigningAlgorithm) -> Result<(), Fault> {
        self.carry_out(algorithm, Rotation::Now).await
    }

    /// Every key, the oldest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn list(&self) -> Result<Vec<SigningKeyRecord>, Fault> {
        Ok(self.store.read(signing_keys::list_signing_keys).await?)
    }

    /// Removes the key named `kid` at once, unless it is the one that signs.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, kid: &str) -> Result<Removal, Fault> {
        let (kid, now) = (kid.to_owned(), self.clock.now());
        let row = self.occasion(now).of(&Event::KeyRemoved { kid: kid.clone() });
        let noted = row.clone();
        let job = move |db: &mut Db| {
            let records = signing_keys::list_signing_keys(db)?;
            let Some(key) = records.iter().find(|key| key.kid == kid) else {
                return Ok(Removal::Unknown);
            };
            if signer(&records, key.algorithm, now).is_none_or(|signer| signer.id == key.id) {
                return Ok(Removal::Signs);
            }
            signing_keys::delete_signing_key(db, key.id)?;
            audit::record(db, &noted)?;
            Ok(Removal::Removed)
        };
        let removal = self.store.write("remove signing key", job).await?;
        if removal == Removal::Removed {
            log(&row);
        }
        Ok(removal)
    }

    fn occasion(&self, now: Timestamp) -> Occasion {
        Occasion::inside(self.actor.clone(), now, self.entropy.as_ref())
    }

    async fn carry_out_all(
        &self,
        algorithms: &BTreeSet<SigningAlgorithm>,
        rotation: Rotation,
    ) -> Result<(), Fault> {
        let all = algorithms.iter().map(|algorithm| self.carry_out(*algorithm, rotation));
        futures_util::future::try_join_all(all).await.map(drop)
    }

    /// Plans and does, again when another process was quicker: it may have done something else
    /// than what was asked here.
    async fn carry_out(
        &self,
        algorithm: SigningAlgorithm,
        rotation: Rotation,
    ) -> Result<(), Fault> {
        for _ in 0..TRIES {
            let (records, now) = (self.list().await?, self.clock.now());
            let plan = plan(&records, algorithm, rotation, now, self.settings);
            if plan.make.is_some() {
                check_seal_key(&records, self.sealer)?;
            }
            if plan.is_empty() || self.apply(plan, &records, now).await? {
                return Ok(());
            }
        }
        Err(StoreError::Busy.into())
    }

    /// Does what the plan of `then` says: whether the line goes on as it says.
    async fn apply(
        &self,
        plan: Plan,
        records: &[SigningKeyRecord],
        then: Timestamp,
    ) -> Result<bool, Fault> {
        let mut new = None;
        if let Some(wanted) = plan.make {
            let mut key = make(wanted, self.sealer, Arc::clone(&self.entropy), then).await?;
            // What waits for a key waits from the instant at which others can read it.
            let now = self.clock.now();
            (key.created_at, key.active_from) = (now, key.active_from + now.since(then));
            new = Some(key);
        }
        let now = self.clock.now();
        let row_made = new.as_ref().map(|key| self.occasion(now).of(&made(key)));
        let (occasion, records) = (self.occasion(now), records.to_vec());
        let job = move |db: &mut Db| {
            let done = store_changes(db, new.as_ref(), &plan)?;
            let row_ended = done.ended(&records).map(|event| occasion.of(&event));
            let rows = [row_made.clone().filter(|_| done.is_made), row_ended];
            let rows: Vec<AuditRecord> = rows.into_iter().flatten().collect();
            for row in &rows {
                audit::record(db, row)?;
            }
            Ok((done.goes_on, rows))
        };
        let (goes_on, rows) = self.store.write("rotate signing keys", job).await?;
        rows.iter().for_each(log);
        Ok(goes_on)
    }
}

/// What came of a plan.
struct Done {
    /// Whether the new key is ours.
    is_made: bool,
    /// Whether the line goes on as the plan says.
    goes_on: bool,
    retired: Vec<SigningKeyId>,
    removed: Vec<SigningKeyId>,
}

impl Done {
    /// The keys that ended here, by their names.
    fn ended(&self, records: &[SigningKeyRecord]) -> Option<Event> {
        let names = |ids: &[SigningKeyId]| {
            let named = records.iter().filter(|key| ids.contains(&key.id));
            named.map(|key| key.kid.clone()).collect::<Vec<_>>()
        };
        let (retired, removed) = (names(&self.retired), names(&self.removed));
        let is_empty = retired.is_empty() && removed.is_empty();
        (!is_empty).then_some(Event::KeysRetired { retired, removed })
    }
}

/// Stores what a plan says. That another process has ended a key already is as good.
fn store_changes(
    db: &mut Db,
    made: Option<&SigningKeyRecord>,
    plan: &Plan,
) -> Result<Done, StoreError> {
    let mut goes_on = true;
    if let Some(key) = made {
        goes_on &= signing_keys::insert_signing_key(db, key)?;
    }
    let is_made = goes_on;
    if let Some((id, from)) = plan.hasten {
        goes_on &= signing_keys::hasten_signing_key(db, id, from)?;
    }
    let (mut retired, mut removed) = (Vec::new(), Vec::new());
    for (id, leaves) in &plan.retire {
        if signing_keys::retire_signing_key(db, *id, *leaves)? {
            retired.push(*id);
        }
    }
    for id in &plan.remove {
        if signing_keys::delete_signing_key(db, *id)? {
            removed.push(*id);
        }
    }
    Ok(Done { is_made, goes_on, retired, removed })
}
