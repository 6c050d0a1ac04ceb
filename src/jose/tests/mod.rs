//! What a token of a stranger may not do, by the line of the threat model it belongs to.

mod claims;
mod client_claims;
mod client_jwts;
mod client_keys;
mod client_secrets;
mod header;
mod keys;
mod types;

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::{
    AccessTokenClaims, KeyPair, KeyRing, SigningKey, TokenType, VerifyError, sign,
    verify_access_token,
};
use crate::base::{Timestamp, from_base64url, to_base64url};
use crate::protocol::SigningAlgorithm::{self, ES256, ES384, EdDSA, PS256, RS256};

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);
const ISSUER: &str = "https://id.example.com";
const ALL: [SigningAlgorithm; 5] = [RS256, PS256, ES256, ES384, EdDSA];

/// One key for each algorithm, made once: an RSA key takes a while.
static RING: LazyLock<KeyRing> = LazyLock::new(|| {
    let key = |algorithm| SigningKey::new(KeyPair::generate(algorithm).unwrap(), NOW, None);
    KeyRing::new(ALL.into_iter().map(key).collect())
});

fn kid(algorithm: SigningAlgorithm) -> String {
    RING.signing_key(algorithm, NOW).unwrap().kid().to_owned()
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "ada", "aud": "app", "client_id": "app", "jti": "1",
        "iat": NOW.as_seconds(), "exp": NOW.as_seconds() + 60,
    })
}

fn access_token(algorithm: SigningAlgorithm) -> String {
    let key = RING.signing_key(algorithm, NOW).unwrap();
    sign(&key, TokenType::AccessToken, &claims()).unwrap()
}

/// Signs any header and payload with a key of the ring, as no caller of ours could.
fn forged(algorithm: SigningAlgorithm, header: &str, payload: &str) -> String {
    let key = RING.signing_key(algorithm, NOW).unwrap();
    let signed =
        format!("{}.{}", to_base64url(header.as_bytes()), to_base64url(payload.as_bytes()));
    let library_key = key.encoding_key();
    let name = super::provider::library_name(algorithm);
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &library_key, name).unwrap();
    format!("{signed}.{signature}")
}

/// A good token but for these header members.
fn with_header(algorithm: SigningAlgorithm, changed: &Value) -> String {
    let mut header = json!({ "typ": "at+jwt", "alg": algorithm.as_str(), "kid": kid(algorithm) });
    for (name, value) in changed.as_object().unwrap() {
        header[name] = value.clone();
    }
    forged(algorithm, &header.to_string(), &claims().to_string())
}

/// A good token but for its payload.
fn with_payload(payload: &str) -> String {
    let header = json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": kid(EdDSA) });
    forged(EdDSA, &header.to_string(), payload)
}

fn check(token: &str) -> Result<AccessTokenClaims, VerifyError> {
    verify_access_token(&RING, token, ISSUER, NOW)
}

fn parts(token: &str) -> (String, String, Vec<u8>) {
    let mut parts = token.split('.');
    let mut next = || parts.next().unwrap().to_owned();
    let (header, payload, signature) = (next(), next(), next());
    (header, payload, from_base64url(&signature).unwrap())
}
