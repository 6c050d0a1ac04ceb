//! A JWT that a client signed, against keys that the client chose.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use tessera::base::{Secret, Timestamp, from_base64url, to_base64url};
use tessera::jose::{
    ClientAssertion, ClientJwtType, ClientKeySet, ClientSecretKey, KeyPair, KeyRing,
    RequestObjectClaims, SigningKey, TokenType, claimed_client, sign, verify_with_client_keys,
    verify_with_secret,
};
use tessera::protocol::SigningAlgorithm::{self, ES256, EdDSA};
use tessera::protocol::json::parse_object;

// Keys of this test alone, written down so that a finding can be repeated.
const KEYS: [(SigningAlgorithm, &str); 2] = [
    (EdDSA, "MC4CAQAwBQYDK2VwBCIEIBTSZ07I8bVxX2jktWjpcKABKWXvRO4-9Ab0qSEteW6W"),
    (
        ES256,
        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBo3TUz98SOggNfrC8-UmMZ4d4mPxDSpeqbFDSdQ0kpyhRANCAAQUhwAZ1sRaMdCbKl47C-S4C8k1R97OUaCa64PVqE89xuxCqZ8diazkCnXO1G_PhSmaxvq4Agm5l-GcIW2D738k",
    ),
];
const SECRET: &str = "a secret of this test alone, of 43 bytes ...";
const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

struct Known {
    keys: ClientKeySet,
    secret: ClientSecretKey,
    /// Signed, and of a type that no client writes.
    token: String,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let keys: Vec<SigningKey> = KEYS
        .iter()
        .map(|(algorithm, text)| {
            let pair = KeyPair::from_pkcs8(*algorithm, &from_base64url(text).unwrap()).unwrap();
            SigningKey::new(pair, NOW, None)
        })
        .collect();
    let claims =
        json!({ "iss": "app", "sub": "app", "aud": "id", "exp": 1_700_000_060, "jti": "1" });
    let token = sign(&keys[0], TokenType::IdToken, &claims).unwrap();
    let secret = ClientSecretKey::new(&Secret::new(SECRET.to_owned())).unwrap();
    Known { keys: ClientKeySet::parse(&KeyRing::new(keys).jwks()).unwrap(), secret, token }
});

fn look_at(token: &str) {
    let known = &*KNOWN;
    let client = claimed_client(token);
    for expected in [ClientJwtType::Assertion, ClientJwtType::RequestObject] {
        // Nobody but the owner of the keys can sign, and the fuzzer has only what is written here.
        let verified =
            verify_with_client_keys(token, &known.keys, &SigningAlgorithm::ALL, expected);
        assert!(verified.is_err() || token == known.token, "{token}");
        assert!(verify_with_secret(token, &known.secret, expected).is_err(), "{token}");
        if let Ok(jwt) = verified {
            let assertion = ClientAssertion::read(&jwt.claims).unwrap();
            assert_eq!(client, Ok(assertion.sub));
            assert!(RequestObjectClaims::read(&jwt.claims).is_err(), "it is an assertion");
        }
    }
}

fuzz_target!(|input: (&str, &[u8], &[u8], usize)| {
    let (text, header, payload, place) = input;
    look_at(text);
    let tail = format!("{}.{}", to_base64url(payload), to_base64url(header));
    look_at(&format!("{}.{tail}", to_base64url(header)));
    let member = String::from_utf8_lossy(header);
    for alg in ["EdDSA", "ES256", "HS256", "none"] {
        let head = format!(r#"{{"alg":"{alg}"{member}}}"#);
        look_at(&format!("{}.{tail}", to_base64url(head.as_bytes())));
    }
    // One bit of a good token turned over.
    let known = &*KNOWN;
    look_at(&known.token);
    let mut bytes = known.token.clone().into_bytes();
    let index = place % bytes.len();
    bytes[index] ^= 1 << (place % 7);
    look_at(&String::from_utf8_lossy(&bytes));
    // Claims of any shape, and keys that the client itself chose for its own token.
    if let Some(claims) = parse_object(payload) {
        drop(ClientAssertion::read(&claims));
        drop(RequestObjectClaims::read(&claims));
        if let Ok(keys) = ClientKeySet::parse(&Value::Object(claims)) {
            let expected = ClientJwtType::Assertion;
            drop(verify_with_client_keys(&known.token, &keys, &SigningAlgorithm::ALL, expected));
        }
    }
});
