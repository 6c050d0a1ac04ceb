use std::sync::Arc;

use serde_json::{Value, json};

use super::key::KeyPair;
use super::provider::Registered;
use crate::base::Timestamp;
use crate::domain::SigningKeyTimes;
use crate::protocol::SigningAlgorithm;

/// A key of the ring: parsed, and known to the provider.
pub struct SigningKey {
    registered: Registered,
    times: SigningKeyTimes,
}

impl SigningKey {
    /// A key that signs from `active_from` on, and is published until `retired_at`.
    pub fn new(pair: KeyPair, active_from: Timestamp, retired_at: Option<Timestamp>) -> Self {
        let times = SigningKeyTimes { kid: pair.kid().to_owned(), active_from, retired_at };
        Self { registered: Registered::new(pair), times }
    }

    /// Its public name.
    pub fn kid(&self) -> &str {
        self.pair().kid()
    }

    /// Since when it signs.
    pub fn active_from(&self) -> Timestamp {
        self.times.active_from
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
        keys.sort_by_key(|key| (key.algorithm(), key.times.active_from));
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
                    && key.times.active_from <= now
                    && key.times.is_published(now)
            })
            .cloned()
    }

    /// The key of this name, compared as opaque text (RFC 7515 §4.1.4).
    pub fn find(&self, kid: &str) -> Option<&SigningKey> {
        self.keys.iter().find(|key| key.kid() == kid).map(Arc::as_ref)
    }

    /// Whether its keys are these, with these times, and no others.
    pub fn has_exactly(&self, stored: &[SigningKeyTimes]) -> bool {
        let is_kept = |times: &SigningKeyTimes| self.keys.iter().any(|key| key.times == *times);
        stored.len() == self.keys.len() && stored.iter().all(is_kept)
    }

    /// The published set at `now` (RFC 7517 §5). Of the keys of an algorithm, the one that signs
    /// comes first, for relying parties that look no further.
    pub fn jwks(&self, now: Timestamp) -> Value {
        let signs = |key: &SigningKey| {
            self.signing_key(key.algorithm(), now).is_some_and(|signer| signer.kid() == key.kid())
        };
        let mut keys: Vec<&SigningKey> = self.keys.iter().map(Arc::as_ref).collect();
        keys.sort_by_key(|key| (key.algorithm(), !signs(key)));
        let keys: Vec<&Value> = keys.into_iter().map(|key| key.pair().public_jwk()).collect();
        json!({ "keys": keys })
    }
}
