use std::sync::Arc;

use serde_json::{Value, json};

use super::key::KeyPair;
use super::provider::Registered;
use crate::base::Timestamp;
use crate::protocol::SigningAlgorithm;

/// A key of the ring: parsed, and known to the provider.
pub struct SigningKey {
    registered: Registered,
    active_from: Timestamp,
    retired_at: Option<Timestamp>,
}

impl SigningKey {
    /// A key that signs from `active_from` on, until `retired_at`.
    pub fn new(pair: KeyPair, active_from: Timestamp, retired_at: Option<Timestamp>) -> Self {
        Self { registered: Registered::new(pair), active_from, retired_at }
    }

    /// Its public name.
    pub fn kid(&self) -> &str {
        self.pair().kid()
    }

    /// The one algorithm it signs with.
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.pair().algorithm()
    }

    pub(super) fn pair(&self) -> &KeyPair {
        &self.registered.pair
    }

    pub(super) fn encoding_key(&self) -> jsonwebtoken::EncodingKey {
        self.registered.encoding_key()
    }
}

/// The keys of one issuer. It never changes: a new one takes its place.
#[derive(Default)]
pub struct KeyRing {
    keys: Vec<Arc<SigningKey>>,
}

impl KeyRing {
    /// A ring of `keys`, RSA first: some relying parties look no further than the first key.
    pub fn new(keys: Vec<SigningKey>) -> Self {
        let mut keys: Vec<Arc<SigningKey>> = keys.into_iter().map(Arc::new).collect();
        keys.sort_by_key(|key| (key.algorithm(), key.active_from));
        Self { keys }
    }

    /// The newest key that signs with `algorithm` at `now`.
    pub fn signing_key(
        &self,
        algorithm: SigningAlgorithm,
        now: Timestamp,
    ) -> Option<Arc<SigningKey>> {
        self.keys
            .iter()
            .rfind(|key| {
                key.algorithm() == algorithm
                    && key.active_from <= now
                    && key.retired_at.is_none_or(|at| now < at)
            })
            .cloned()
    }

    /// The key of this name, compared as opaque text (RFC 7515 §4.1.4).
    pub fn find(&self, kid: &str) -> Option<&SigningKey> {
        self.keys.iter().find(|key| key.kid() == kid).map(Arc::as_ref)
    }

    /// Whether its keys are those of these names, and no others.
    pub fn has_exactly(&self, kids: &[String]) -> bool {
        kids.len() == self.keys.len() && kids.iter().all(|kid| self.find(kid).is_some())
    }

    /// The published set (RFC 7517 §5).
    pub fn jwks(&self) -> Value {
        let keys: Vec<&Value> = self.keys.iter().map(|key| key.pair().public_jwk()).collect();
        json!({ "keys": keys })
    }
}
