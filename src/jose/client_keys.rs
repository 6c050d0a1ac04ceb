//! The keys that a client publishes (RFC 7517 §5): in its registration, or at its `jwks_uri`.

use serde_json::{Map, Value};

use super::compact::MAX_KID;
use super::jwk::{KeyKind, PublicKey, read_public_key};
use crate::protocol::{KeyManagementAlgorithm, SigningAlgorithm};

/// More keys than these are refused: without a `kid`, every one may be tried.
const MAX_KEYS: usize = 100;

/// What is wrong with a client's key set, and what to write instead. It repeats no input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", index.map(|index| format!("keys[{index}]: ")).unwrap_or_default())]
pub struct KeySetProblem {
    /// Which key, counted from zero; absent when it is the set.
    pub index: Option<usize>,
    /// A sentence for the app's developer.
    pub problem: &'static str,
}

/// The public keys of one client, each looked at once. A secret has no place in it
/// (`security.md` R44).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientKeySet {
    verification: Vec<VerificationKey>,
    encryption: Vec<ClientEncryptionKey>,
}

/// A key that the client signs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VerificationKey {
    pub(super) kid: Option<String>,
    /// What its kind can do, or the one algorithm that the client pins it to.
    algorithms: Vec<SigningAlgorithm>,
    pub(super) key: PublicKey,
}

/// A key that we may encrypt to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientEncryptionKey {
    pub(super) kid: Option<String>,
    algorithms: Vec<KeyManagementAlgorithm>,
    pub(super) key: PublicKey,
    /// It says `"use": "enc"`.
    is_meant: bool,
}

impl ClientKeySet {
    /// Reads a key set: RSA of 2048 to 8192 bits, P-256, P-384 and Ed25519, with or without
    /// `kid`, `use`, `key_ops` and `alg`. Keys of other kinds, uses and algorithms are skipped
    /// (RFC 7517 §5).
    ///
    /// # Errors
    /// When it is no key set, holds more than 100 keys, or one of them is private, weak or
    /// malformed.
    pub fn parse(set: &Value) -> Result<Self, KeySetProblem> {
        let wrong = |problem| KeySetProblem { index: None, problem };
        let keys = set.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or_else(|| wrong("a key set is an object with the array keys"))?;
        if keys.len() > MAX_KEYS {
            return Err(wrong("a key set has at most 100 keys: leave old ones out"));
        }
        let mut read = Self::default();
        for (index, jwk) in keys.iter().enumerate() {
            read.add(jwk).map_err(|problem| KeySetProblem { index: Some(index), problem })?;
        }
        read.encryption.sort_by_key(|key| !key.is_meant);
        Ok(read)
    }

    /// Whether some key could have signed with `algorithm`.
    pub fn has_verification_key(&self, algorithm: SigningAlgorithm) -> bool {
        self.verification.iter().any(|key| key.fits(algorithm))
    }

    /// The key to encrypt to: the first that fits `algorithm`, those meant for encryption before
    /// those that do not say (OpenID Connect Core §10.2).
    pub fn encryption_key(
        &self,
        algorithm: KeyManagementAlgorithm,
    ) -> Option<&ClientEncryptionKey> {
        self.encryption.iter().find(|key| key.fits(algorithm))
    }

    /// The keys that a token names: those of its `kid`, compared as opaque text, or all.
    pub(super) fn named<'a>(
        &'a self,
        kid: Option<&'a str>,
    ) -> impl Iterator<Item = &'a VerificationKey> {
        self.verification.iter().filter(move |key| kid.is_none() || key.kid.as_deref() == kid)
    }

    fn add(&mut self, jwk: &Value) -> Result<(), &'static str> {
        let jwk = jwk.as_object().ok_or("a key is an object")?;
        let Some(key) = read_public_key(jwk)? else { return Ok(()) };
        let kid = optional_text(jwk, "kid", "kid is a text")?.map(str::to_owned);
        if kid.as_ref().is_some_and(|kid| kid.len() > MAX_KID) {
            return Err("kid has at most 256 bytes");
        }
        let purpose = Purpose::read(jwk)?;
        let named = optional_text(jwk, "alg", "alg is a text")?;
        let (signs, encrypts) = algorithms_of(named, key.kind)?;
        if purpose.may_verify && !signs.is_empty() {
            let (kid, key) = (kid.clone(), key.clone());
            self.verification.push(VerificationKey { kid, algorithms: signs, key });
        }
        if purpose.may_encrypt && !encrypts.is_empty() {
            let is_meant = purpose.is_for_encryption;
            self.encryption.push(ClientEncryptionKey { kid, algorithms: encrypts, key, is_meant });
        }
        Ok(())
    }
}

impl VerificationKey {
    /// Whether the key can have signed with `algorithm`: its kind and its own `alg` say so.
    pub(super) fn fits(&self, algorithm: SigningAlgorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }
}

impl ClientEncryptionKey {
    /// Its name, when the client gave it one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Whether the key can be used with `algorithm`: its kind and its own `alg` say so.
    pub fn fits(&self, algorithm: KeyManagementAlgorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }
}

/// What a key may be used for (RFC 7517 §4.2, §4.3).
struct Purpose {
    may_verify: bool,
    may_encrypt: bool,
    is_for_encryption: bool,
}

impl Purpose {
    fn read(jwk: &Map<String, Value>) -> Result<Self, &'static str> {
        const OPERATIONS: &str = "key_ops is an array of texts";
        let key_use = optional_text(jwk, "use", "use is a text: sig or enc")?;
        let is_use = |name: &str| key_use.is_none_or(|own| own == name);
        let operations = match jwk.get("key_ops") {
            None => None,
            Some(value) => {
                let texts = value.as_array().ok_or(OPERATIONS)?.iter().map(Value::as_str);
                Some(texts.collect::<Option<Vec<&str>>>().ok_or(OPERATIONS)?)
            }
        };
        let allows = |names: &[&str]| {
            operations.as_ref().is_none_or(|own| own.iter().any(|name| names.contains(name)))
        };
        Ok(Self {
            may_verify: is_use("sig") && allows(&["verify"]),
            may_encrypt: is_use("enc")
                && allows(&["encrypt", "wrapKey", "deriveKey", "deriveBits"]),
            is_for_encryption: key_use == Some("enc"),
        })
    }
}

/// The algorithm that a client's key or header names. RFC 9864 §2.2 renames what RFC 8037 §3.1
/// called EdDSA, and clients write either.
pub(super) fn signing_algorithm(named: &str) -> Option<SigningAlgorithm> {
    let named = if named == "Ed25519" { "EdDSA" } else { named };
    named.parse().ok()
}

type Algorithms = (Vec<SigningAlgorithm>, Vec<KeyManagementAlgorithm>);

/// What a key of this kind and `alg` can do. An algorithm that is not used here leaves nothing;
/// one that belongs to another kind of key is a mistake.
fn algorithms_of(named: Option<&str>, kind: KeyKind) -> Result<Algorithms, &'static str> {
    const OTHER_KIND: &str = "alg belongs to another kind of key: leave alg out, or correct it";
    let (signs, encrypts) = (signs_with(kind), encrypts_with(kind));
    let Some(named) = named else { return Ok((signs.to_vec(), encrypts.to_vec())) };
    if let Some(algorithm) = signing_algorithm(named) {
        let fits = signs.contains(&algorithm);
        return if fits { Ok((vec![algorithm], Vec::new())) } else { Err(OTHER_KIND) };
    }
    if let Ok(algorithm) = named.parse::<KeyManagementAlgorithm>() {
        let fits = encrypts.contains(&algorithm);
        return if fits { Ok((Vec::new(), vec![algorithm])) } else { Err(OTHER_KIND) };
    }
    Ok((Vec::new(), Vec::new()))
}

fn signs_with(kind: KeyKind) -> &'static [SigningAlgorithm] {
    match kind {
        KeyKind::Rsa => &[SigningAlgorithm::RS256, SigningAlgorithm::PS256],
        KeyKind::P256 => &[SigningAlgorithm::ES256],
        KeyKind::P384 => &[SigningAlgorithm::ES384],
        KeyKind::Ed25519 => &[SigningAlgorithm::EdDSA],
    }
}

fn encrypts_with(kind: KeyKind) -> &'static [KeyManagementAlgorithm] {
    use KeyManagementAlgorithm::{EcdhEs, EcdhEsA128Kw, EcdhEsA256Kw, RsaOaep256};
    match kind {
        KeyKind::Rsa => &[RsaOaep256],
        KeyKind::P256 | KeyKind::P384 => &[EcdhEs, EcdhEsA128Kw, EcdhEsA256Kw],
        KeyKind::Ed25519 => &[],
    }
}

fn optional_text<'a>(
    jwk: &'a Map<String, Value>,
    name: &str,
    wrong: &'static str,
) -> Result<Option<&'a str>, &'static str> {
    jwk.get(name).map(|value| value.as_str().ok_or(wrong)).transpose()
}
