//! A token from a stranger, against a ring of known keys.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use tessera::base::{Timestamp, from_base64url, to_base64url};
use tessera::jose::{
    KeyPair, KeyRing, SigningKey, TokenType, read_header, sign, verify, verify_access_token,
    verify_id_token_hint,
};
use tessera::protocol::SigningAlgorithm::{self, ES256, EdDSA};

// Keys of these tests alone, written down so that a finding can be repeated.
const KEYS: [(SigningAlgorithm, &str); 2] = [
    (EdDSA, "MC4CAQAwBQYDK2VwBCIEIBTSZ07I8bVxX2jktWjpcKABKWXvRO4-9Ab0qSEteW6W"),
    (
        ES256,
        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBo3TUz98SOggNfrC8-UmMZ4d4mPxDSpeqbFDSdQ0kpyhRANCAAQUhwAZ1sRaMdCbKl47C-S4C8k1R97OUaCa64PVqE89xuxCqZ8diazkCnXO1G_PhSmaxvq4Agm5l-GcIW2D738k",
    ),
];
const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);
const ISSUER: &str = "https://id.example.com";

struct Known {
    ring: KeyRing,
    kids: Vec<String>,
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
    let kids = keys.iter().map(|key| key.kid().to_owned()).collect();
    let claims = json!({
        "iss": ISSUER, "sub": "ada", "aud": "app", "client_id": "app", "jti": "1",
        "iat": NOW.as_seconds(), "exp": NOW.as_seconds() + 60,
    });
    let token = sign(&keys[0], TokenType::AccessToken, &claims).unwrap();
    Known { ring: KeyRing::new(keys), kids, token }
});

fn refused(token: &str) {
    let known = &*KNOWN;
    let header = read_header(token);
    for expected in [TokenType::AccessToken, TokenType::IdToken] {
        // Nobody but the ring can sign, and the fuzzer has only what is written here.
        let verified = verify(&known.ring, token, expected);
        assert!(verified.is_err() || token == known.token, "{token}");
        assert!(verified.is_err() || header.is_ok());
    }
    assert!(verify_access_token(&known.ring, token, ISSUER, NOW).is_err() || token == known.token);
    assert!(verify_id_token_hint(&known.ring, token, ISSUER).is_err());
}

fuzz_target!(|input: (&str, &[u8], &[u8], usize)| {
    let (text, header, payload, place) = input;
    let known = &*KNOWN;
    assert!(verify_access_token(&known.ring, &known.token, ISSUER, NOW).is_ok());
    refused(text);
    let tail = format!("{}.{}", to_base64url(payload), to_base64url(header));
    // A header of any bytes, and one that names a known key.
    refused(&format!("{}.{tail}", to_base64url(header)));
    let kid = &known.kids[place % known.kids.len()];
    let member = String::from_utf8_lossy(header);
    let head = format!(r#"{{"kid":"{kid}","alg":"EdDSA","typ":"at+jwt"{member}}}"#);
    refused(&format!("{}.{tail}", to_base64url(head.as_bytes())));
    // One bit of a good token turned over.
    let mut bytes = known.token.clone().into_bytes();
    let index = place % bytes.len();
    bytes[index] ^= 1 << (place % 7);
    refused(&String::from_utf8_lossy(&bytes));
});
