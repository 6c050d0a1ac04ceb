//! The keys that a client wants to be encrypted to.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use tessera::base::to_base64url;
use tessera::jose::{ClientKeySet, JweContent, encrypt, thumbprint};
use tessera::protocol::json::parse_object;
use tessera::protocol::{ContentEncryption, KeyManagementAlgorithm};

/// What was taken at registration works at sign-in.
fn look_at(set: &Value) {
    let keys = match ClientKeySet::parse(set) {
        Ok(keys) => keys,
        Err(problem) => {
            let count = set["keys"].as_array().map_or(0, Vec::len);
            assert!(problem.index.is_none_or(|index| index < count), "{problem}");
            return;
        }
    };
    for alg in KeyManagementAlgorithm::ALL {
        let Some(key) = keys.encryption_key(alg) else { continue };
        for enc in ContentEncryption::ALL {
            let jwe = encrypt(JweContent::SignedJwt("a.b.c"), key, alg, enc).unwrap();
            assert_eq!(jwe.split('.').count(), 5, "{jwe}");
        }
    }
}

fuzz_target!(|input: (&[u8], &[u8], &[u8], u8)| {
    let (set, one, two, kind) = input;
    if let Some(set) = parse_object(set) {
        drop(thumbprint(&set));
        look_at(&json!({ "keys": [set] }));
        look_at(&Value::Object(set));
    }
    // With the members named, the fuzzer reaches the numbers behind them sooner.
    let (one, two) = (to_base64url(one), to_base64url(two));
    let key = match kind % 4 {
        0 => json!({ "kty": "RSA", "n": one, "e": two }),
        1 => json!({ "kty": "EC", "crv": "P-256", "x": one, "y": two }),
        2 => json!({ "kty": "EC", "crv": "P-384", "x": one, "y": two }),
        _ => json!({ "kty": "OKP", "crv": "Ed25519", "x": one, "kid": two }),
    };
    look_at(&json!({ "keys": [key] }));
});
