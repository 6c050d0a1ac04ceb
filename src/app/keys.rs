//! The signing keys in force: made at first start, sealed at rest, parsed once and kept.

use std::sync::{Arc, PoisonError, RwLock};

use crate::app::audit::log;
use crate::app::{Fault, Issuer, IssuerParts, KeyKeeper};
use crate::base::{Clock, Entropy, SigningKeyId, Timestamp};
use crate::credentials::Sealer;
use crate::domain::{Actor, Event, Occasion, SigningKeyRecord};
use crate::jose::{KeyPair, KeyRing, SigningKey};
use crate::protocol::SigningAlgorithm;
use crate::rules::key_rotation::{NewKey, missing};
use crate::store::{Db, Store, StoreError, audit, signing_keys};

/// How often a change of the keys is tried when other processes are quicker.
pub(super) const TRIES: u32 = 5;

/// The ring in force.
pub struct Keys {
    ring: RwLock<Arc<KeyRing>>,
}

impl Keys {
    /// Loads the keys, and does first what their schedule asks for.
    pub(super) async fn load(parts: &IssuerParts) -> Result<Self, Fault> {
        KeyKeeper::of_parts(parts).keep().await?;
        let ring = load_ring(&parts.store, &parts.sealer, parts.clock.as_ref()).await?;
        Ok(Self { ring: RwLock::new(Arc::new(ring)) })
    }

    /// The ring in force.
    pub fn ring(&self) -> Arc<KeyRing> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The key that signs with `algorithm` now. Another process may have made it, or it is made.
    pub(super) async fn signing_key(
        &self,
        issuer: &Issuer,
        algorithm: SigningAlgorithm,
    ) -> Result<Arc<SigningKey>, Fault> {
        let now = issuer.now();
        if let Some(key) = self.ring().signing_key(algorithm, now) {
            return Ok(key);
        }
        let entropy = Arc::clone(&issuer.entropy);
        ensure_key(algorithm, &issuer.store, &issuer.sealer, entropy, now).await?;
        self.reload(issuer).await?;
        self.ring()
            .signing_key(algorithm, now)
            .ok_or(Fault::Broken("a signing key was made and is not in the ring"))
    }

    /// Takes over keys that another process made, changed or removed, and lets go of those whose
    /// time is over. Nothing is parsed when nothing happened.
    ///
    /// # Errors
    /// When the store does not answer, or a key does not open.
    pub async fn follow_store(&self, issuer: &Issuer) -> Result<(), Fault> {
        let mut stored = issuer.store.read(signing_keys::list_key_times).await?;
        let now = issuer.now();
        stored.retain(|times| times.is_published(now));
        if self.ring().has_exactly(&stored) { Ok(()) } else { self.reload(issuer).await }
    }

    /// Takes over the keys that stand in the store now.
    ///
    /// # Errors
    /// When the store does not answer, or a key does not open.
    pub async fn reload(&self, issuer: &Issuer) -> Result<(), Fault> {
        let ring = load_ring(&issuer.store, &issuer.sealer, issuer.clock.as_ref()).await?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(())
    }
}

fn context(kid: &str) -> String {
    format!("signing_keys/private/{kid}")
}

/// The ring of the keys that are published.
async fn load_ring(store: &Store, sealer: &Sealer, clock: &dyn Clock) -> Result<KeyRing, Fault> {
    let records = store.read(signing_keys::list_signing_keys).await?;
    let now = clock.now();
    let mut keys = Vec::with_capacity(records.len());
    for record in records.into_iter().filter(|record| record.times().is_published(now)) {
        let pkcs8 = sealer.open(&context(&record.kid), &record.sealed_private)?;
        let pair = KeyPair::from_pkcs8(record.algorithm, pkcs8.expose())?;
        keys.push(SigningKey::new(pair, record.active_from, record.retired_at));
    }
    Ok(KeyRing::new(keys))
}

/// Makes a key of an algorithm when none signs with it. When another process is quicker, its key
/// stands.
///
/// # Errors
/// When the store does not answer, or making the key fails.
pub async fn ensure_key(
    algorithm: SigningAlgorithm,
    store: &Store,
    sealer: &Sealer,
    entropy: Arc<dyn Entropy>,
    now: Timestamp,
) -> Result<(), Fault> {
    for _ in 0..TRIES {
        let records = store.read(signing_keys::list_signing_keys).await?;
        let Some(new) = missing(&records, algorithm, now) else { return Ok(()) };
        check_seal_key(&records, sealer)?;
        let record = make(new, sealer, Arc::clone(&entropy), now).await?;
        let row = Occasion::inside(Actor::Server, now, entropy.as_ref()).of(&made(&record));
        let noted = row.clone();
        let insert = move |db: &mut Db| {
            let is_ours = signing_keys::insert_signing_key(db, &record)?;
            if is_ours {
                audit::record(db, &noted)?;
            }
            Ok(is_ours)
        };
        if store.write("insert signing key", insert).await? {
            log(&row);
        }
    }
    Err(StoreError::Busy.into())
}

/// Whether the seal key is the one that sealed the keys that are there. A key sealed with another
/// one would be of no use to the processes that have the right one, and keep them from starting.
///
/// # Errors
/// When it is not.
pub fn check_seal_key(records: &[SigningKeyRecord], sealer: &Sealer) -> Result<(), Fault> {
    for record in records {
        sealer.open(&context(&record.kid), &record.sealed_private)?;
    }
    Ok(())
}

/// Makes a key, which nobody knows until it is stored.
pub(super) async fn make(
    new: NewKey,
    sealer: &Sealer,
    entropy: Arc<dyn Entropy>,
    now: Timestamp,
) -> Result<SigningKeyRecord, Fault> {
    // An RSA key takes a good part of a second to find: not on a thread that serves.
    let pair = tokio::task::spawn_blocking(move || KeyPair::generate(new.algorithm))
        .await
        .map_err(|_| Fault::Broken("making a signing key was interrupted"))??;
    let kid = pair.kid().to_owned();
    Ok(SigningKeyRecord {
        id: SigningKeyId::new(now, entropy.as_ref()),
        sealed_private: sealer.seal(&context(&kid), pair.to_pkcs8()?.expose(), entropy.as_ref()),
        public_jwk: pair.public_jwk().to_string(),
        kid,
        algorithm: new.algorithm,
        place: new.place,
        created_at: now,
        active_from: new.active_from,
        retired_at: None,
    })
}

pub(super) fn made(key: &SigningKeyRecord) -> Event {
    Event::KeyMade { kid: key.kid.clone(), algorithm: key.algorithm.to_string() }
}
