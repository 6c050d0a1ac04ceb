//! The signing keys: made at first start, sealed at rest, parsed once and kept.

use std::sync::{Arc, PoisonError, RwLock};

use crate::app::{Fault, Issuer, IssuerParts};
use crate::base::{Entropy, SigningKeyId, Timestamp};
use crate::credentials::Sealer;
use crate::domain::SigningKeyRecord;
use crate::jose::{KeyPair, KeyRing, SigningKey};
use crate::protocol::SigningAlgorithm;
use crate::store::{Store, signing_keys};

/// The algorithms whose keys exist from the first start. PS256 and ES384 follow when the first
/// client asks, because a published key names one `alg`.
const FROM_FIRST_START: [SigningAlgorithm; 3] =
    [SigningAlgorithm::RS256, SigningAlgorithm::ES256, SigningAlgorithm::EdDSA];

/// The ring in force.
pub struct Keys {
    ring: RwLock<Arc<KeyRing>>,
}

impl Keys {
    /// Loads the keys, and makes those that must exist and do not.
    pub(super) async fn load(parts: &IssuerParts) -> Result<Self, Fault> {
        let now = parts.clock.now();
        let mut ring = load_ring(&parts.store, &parts.sealer).await?;
        let missing: Vec<SigningAlgorithm> = FROM_FIRST_START
            .into_iter()
            .filter(|alg| ring.signing_key(*alg, now).is_none())
            .collect();
        if !missing.is_empty() {
            let made = missing
                .into_iter()
                .map(|alg| make(alg, &parts.store, &parts.sealer, Arc::clone(&parts.entropy), now));
            futures_util::future::try_join_all(made).await?;
            ring = load_ring(&parts.store, &parts.sealer).await?;
        }
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
        make(algorithm, &issuer.store, &issuer.sealer, Arc::clone(&issuer.entropy), now).await?;
        self.reload(issuer).await?;
        self.ring()
            .signing_key(algorithm, now)
            .ok_or(Fault::Broken("a signing key was made and is not in the ring"))
    }

    /// Takes over keys that another process made or removed; nothing is parsed when none did.
    ///
    /// # Errors
    /// When the store does not answer, or a key does not open.
    pub async fn follow_store(&self, issuer: &Issuer) -> Result<(), Fault> {
        let stored = issuer.store.read(signing_keys::list_kids).await?;
        if self.ring().has_exactly(&stored) { Ok(()) } else { self.reload(issuer).await }
    }

    /// Takes over the keys that stand in the store now.
    ///
    /// # Errors
    /// When the store does not answer, or a key does not open.
    pub async fn reload(&self, issuer: &Issuer) -> Result<(), Fault> {
        let ring = Arc::new(load_ring(&issuer.store, &issuer.sealer).await?);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }
}

fn context(kid: &str) -> String {
    format!("signing_keys/private/{kid}")
}

async fn load_ring(store: &Store, sealer: &Sealer) -> Result<KeyRing, Fault> {
    let records = store.read(signing_keys::list_signing_keys).await?;
    let mut keys = Vec::with_capacity(records.len());
    for record in records {
        let pkcs8 = sealer.open(&context(&record.kid), &record.sealed_private)?;
        let pair = KeyPair::from_pkcs8(record.algorithm, pkcs8.expose())?;
        keys.push(SigningKey::new(pair, record.active_from, record.retired_at));
    }
    Ok(KeyRing::new(keys))
}

/// Makes the first key of an algorithm when there is none yet.
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
    let records = store.read(signing_keys::list_signing_keys).await?;
    if records.iter().any(|record| record.algorithm == algorithm) {
        return Ok(());
    }
    make(algorithm, store, sealer, entropy, now).await
}

/// Makes the first key of an algorithm. When another process was quicker, its key stands.
async fn make(
    algorithm: SigningAlgorithm,
    store: &Store,
    sealer: &Sealer,
    entropy: Arc<dyn Entropy>,
    now: Timestamp,
) -> Result<(), Fault> {
    // An RSA key takes a good part of a second to find: not on a thread that serves.
    let pair = tokio::task::spawn_blocking(move || KeyPair::generate(algorithm))
        .await
        .map_err(|_| Fault::Broken("making a signing key was interrupted"))??;
    let kid = pair.kid().to_owned();
    let record = SigningKeyRecord {
        id: SigningKeyId::new(now, entropy.as_ref()),
        sealed_private: sealer.seal(&context(&kid), pair.to_pkcs8()?.expose(), entropy.as_ref()),
        public_jwk: pair.public_jwk().to_string(),
        kid,
        algorithm,
        place: 1,
        created_at: now,
        active_from: now,
        retired_at: None,
    };
    let kid = record.kid.clone();
    let is_ours = store
        .write("insert signing key", move |db| signing_keys::insert_signing_key(db, &record))
        .await?;
    if is_ours {
        tracing::info!(target: "tessera::audit", %algorithm, kid, "made a signing key");
    }
    Ok(())
}
