//! The key sets that clients publish.

use super::*;
use crate::jose::{ClientKeySet, thumbprint};
use crate::protocol::KeyManagementAlgorithm::{
    self, EcdhEs, EcdhEsA128Kw, EcdhEsA256Kw, RsaOaep256,
};

fn jwk(algorithm: SigningAlgorithm) -> Value {
    let key = RING.signing_key(algorithm, NOW).unwrap();
    let mut jwk = key.pair().public_jwk().clone();
    for member in ["use", "alg", "kid"] {
        jwk.as_object_mut().unwrap().remove(member);
    }
    jwk
}

fn changed(algorithm: SigningAlgorithm, members: Value) -> Value {
    let mut jwk = jwk(algorithm);
    for (name, value) in members.as_object().unwrap() {
        jwk[name] = value.clone();
    }
    jwk
}

/// What is said of a set whose second key is this one.
fn problem(bad: Value) -> String {
    let set = json!({ "keys": [jwk(ES256), bad] });
    match ClientKeySet::parse(&set) {
        Ok(_) => panic!("taken: {set}"),
        Err(problem) => problem.to_string(),
    }
}

fn only(jwk: Value) -> ClientKeySet {
    ClientKeySet::parse(&json!({ "keys": [jwk] })).unwrap()
}

fn verifies(jwk: Value) -> Vec<SigningAlgorithm> {
    let set = only(jwk);
    ALL.into_iter().filter(|algorithm| set.has_verification_key(*algorithm)).collect()
}

fn encrypts(jwk: Value) -> Vec<KeyManagementAlgorithm> {
    let set = only(jwk);
    let fits = |algorithm: &KeyManagementAlgorithm| set.encryption_key(*algorithm).is_some();
    KeyManagementAlgorithm::ALL.into_iter().filter(fits).collect()
}

#[test]
fn a_key_serves_what_its_kind_use_and_algorithm_allow() {
    let agreement = vec![EcdhEs, EcdhEsA128Kw, EcdhEsA256Kw];
    for (algorithm, signing, encryption) in [
        (RS256, vec![RS256, PS256], vec![RsaOaep256]),
        (ES256, vec![ES256], agreement.clone()),
        (ES384, vec![ES384], agreement.clone()),
        (EdDSA, vec![EdDSA], vec![]),
    ] {
        let with = |members: Value| {
            let jwk = changed(algorithm, members);
            (verifies(jwk.clone()), encrypts(jwk))
        };
        assert_eq!(with(json!({})), (signing.clone(), encryption.clone()));
        assert_eq!(with(json!({ "use": "sig" })), (signing.clone(), vec![]));
        assert_eq!(with(json!({ "key_ops": ["verify"], "ext": true })), (signing.clone(), vec![]));
        assert_eq!(with(json!({ "use": "enc" })), (vec![], encryption.clone()));
        assert_eq!(with(json!({ "key_ops": ["deriveBits", "encrypt"] })), (vec![], encryption));
        assert_eq!(with(json!({ "use": "sig", "key_ops": [] })), (vec![], vec![]));
        assert_eq!(with(json!({ "use": "else" })), (vec![], vec![]));
        assert_eq!(with(json!({ "alg": algorithm.as_str() })), (vec![algorithm], vec![]));
        assert_eq!(with(json!({ "alg": "XS256" })), (vec![], vec![]));
    }
    assert_eq!(verifies(changed(EdDSA, json!({ "alg": "Ed25519" }))), [EdDSA]);
    assert_eq!(encrypts(changed(ES384, json!({ "alg": "ECDH-ES+A256KW" }))), [EcdhEsA256Kw]);
    assert_eq!(verifies(changed(ES384, json!({ "alg": "ECDH-ES" }))), []);
}

#[test]
fn keys_that_are_not_understood_are_skipped() {
    for unknown in [
        json!({ "kty": "EC", "crv": "P-521", "x": "AA", "y": "AA" }),
        json!({ "kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA" }),
        json!({ "kty": "OKP", "crv": "X25519", "x": "AA" }),
        json!({ "kty": "OKP", "crv": "Ed448", "x": "AA" }),
        json!({ "kty": "AKP", "alg": "ML-DSA-44", "pub": "AA" }),
    ] {
        let set = ClientKeySet::parse(&json!({ "keys": [unknown, jwk(ES256)] })).unwrap();
        assert_eq!(set, only(jwk(ES256)));
    }
}

#[test]
fn encryption_prefers_the_key_that_is_meant_for_it() {
    let set = json!({ "keys": [
        changed(ES256, json!({ "kid": "plain" })),
        changed(ES384, json!({ "kid": "sig", "use": "sig" })),
        changed(ES384, json!({ "kid": "enc", "use": "enc", "alg": "ECDH-ES" })),
    ] });
    let set = ClientKeySet::parse(&set).unwrap();
    let kid = |algorithm| set.encryption_key(algorithm).and_then(|key| key.kid());
    assert_eq!(kid(EcdhEs), Some("enc"));
    assert_eq!(kid(EcdhEsA128Kw), Some("plain"));
    assert_eq!(kid(RsaOaep256), None);
}

#[test]
fn r44_private_and_symmetric_keys_are_refused() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        for algorithm in [RS256, ES256, EdDSA] {
            let said = problem(changed(algorithm, json!({ member: "AA" })));
            assert!(said.starts_with("keys[1]: it holds a private"), "{said}");
        }
    }
    let said = problem(json!({ "kty": "AKP", "alg": "ML-DSA-44", "pub": "AA", "priv": "AA" }));
    assert!(said.contains("make a new pair"), "{said}");
    assert!(problem(json!({ "kty": "oct" })).contains("symmetric"));
    assert!(problem(json!({ "kty": "oct", "k": "AA" })).contains("symmetric"));
}

#[test]
fn r52_weak_and_malformed_keys_are_refused() {
    let n = |bytes: &[u8]| json!({ "n": to_base64url(bytes) });
    let odd = |length: usize| vec![0xFF; length];
    for (bad, words) in [
        (changed(RS256, n(&odd(128))), "2048 to 8192 bits"),
        (changed(RS256, n(&[&[0x7F], odd(255).as_slice()].concat())), "2048 to 8192 bits"),
        (changed(RS256, n(&odd(1025))), "2048 to 8192 bits"),
        (changed(RS256, n(&[0; 256])), "2048 to 8192 bits"),
        (changed(RS256, n(&[])), "2048 to 8192 bits"),
        (changed(RS256, n(&[odd(255).as_slice(), &[0xFE]].concat())), "AQAB"),
        (changed(RS256, json!({ "e": "AQ" })), "AQAB"),
        (changed(RS256, json!({ "e": "Ag" })), "AQAB"),
        (changed(RS256, json!({ "e": "" })), "AQAB"),
        (changed(RS256, json!({ "e": "AQAAAAE" })), "AQAB"),
        (changed(RS256, json!({ "e": 65537 })), "base64url"),
        (changed(RS256, json!({ "n": "AQAB=" })), "base64url"),
        (changed(RS256, json!({ "n": null })), "base64url"),
        (json!({ "kty": "RSA" }), "base64url"),
        (changed(ES256, json!({ "x": to_base64url(&[1; 31]) })), "32 bytes"),
        (changed(ES256, json!({ "y": to_base64url(&[1; 33]) })), "32 bytes"),
        (changed(ES256, json!({ "x": to_base64url(&[1; 32]) })), "no point of the curve"),
        (
            changed(ES256, json!({ "x": to_base64url(&[0; 32]), "y": to_base64url(&[0; 32]) })),
            "no point",
        ),
        (changed(ES384, json!({ "crv": "P-256" })), "32 bytes"),
        (changed(ES384, json!({ "y": to_base64url(&[0xFF; 48]) })), "no point of the curve"),
        (json!({ "kty": "EC", "x": "AA", "y": "AA" }), "crv is missing"),
        (changed(EdDSA, json!({ "x": to_base64url(&[9; 31]) })), "no Ed25519 key"),
        (json!({ "crv": "P-256" }), "kty is missing"),
        (json!("key"), "a key is an object"),
        (changed(EdDSA, json!({ "kid": 7 })), "kid is a text"),
        (changed(EdDSA, json!({ "kid": "x".repeat(257) })), "256 bytes"),
        (changed(EdDSA, json!({ "use": ["sig"] })), "use is a text"),
        (changed(EdDSA, json!({ "key_ops": "verify" })), "key_ops is an array"),
        (changed(EdDSA, json!({ "key_ops": [1] })), "key_ops is an array"),
        (changed(EdDSA, json!({ "alg": 1 })), "alg is a text"),
        (changed(EdDSA, json!({ "alg": "RS256" })), "another kind of key"),
        (changed(ES256, json!({ "alg": "ES384" })), "another kind of key"),
        (changed(ES256, json!({ "alg": "RSA-OAEP-256" })), "another kind of key"),
    ] {
        let said = problem(bad.clone());
        assert!(said.starts_with("keys[1]: ") && said.contains(words), "{bad}: {said}");
    }
}

#[test]
fn an_rsa_key_may_begin_with_a_zero_byte() {
    let text = jwk(RS256)["n"].as_str().unwrap().to_owned();
    let with_zero = [&[0], from_base64url(&text).unwrap().as_slice()].concat();
    let written = changed(RS256, json!({ "n": to_base64url(&with_zero) }));
    assert_eq!(only(written), only(jwk(RS256)));
}

/// With a point of small order as the key, a signature that nobody made verifies.
#[test]
fn r44_an_ed25519_key_that_anyone_can_sign_for_is_refused() {
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
    let identity = |sign: u8| {
        let mut x = [0; 32];
        (x[0], x[31]) = (1, sign);
        x
    };
    let forged = [identity(0), [0; 32]].concat();
    let library = UnparsedPublicKey::new(&ED25519, identity(0));
    assert!(library.verify(b"anything", &forged).is_ok(), "the library leaves this to its caller");
    let ends = |first: u8, last: u8| {
        let mut x = [0xFF; 32];
        (x[0], x[31]) = (first, last);
        x.to_vec()
    };
    let order_8 = |text: &str| from_base64url(text).unwrap();
    for x in [
        vec![0; 32],
        identity(0).to_vec(),
        identity(0x80).to_vec(),
        ends(0xEC, 0x7F),
        ends(0xEC, 0xFF),
        ends(0xED, 0x7F),
        ends(0xEE, 0x7F),
        order_8("JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU"),
        order_8("JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_IU"),
        order_8("xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o"),
    ] {
        let said = problem(changed(EdDSA, json!({ "x": to_base64url(&x) })));
        assert!(said.contains("no Ed25519 key"), "{x:?}: {said}");
    }
}

#[test]
fn a_key_set_is_an_object_with_at_most_a_hundred_keys() {
    let said =
        |set: Value| ClientKeySet::parse(&set).map(drop).map_err(|problem| problem.to_string());
    for bad in [json!({}), json!([]), json!("keys"), jwk(ES256), json!({ "keys": jwk(ES256) })] {
        assert_eq!(said(bad), Err("a key set is an object with the array keys".to_owned()));
    }
    assert_eq!(said(json!({ "keys": [] })), Ok(()));
    assert_eq!(said(json!({ "keys": vec![jwk(ES256); 100] })), Ok(()));
    let many = said(json!({ "keys": vec![json!({ "kty": "?" }); 101] }));
    assert_eq!(many, Err("a key set has at most 100 keys: leave old ones out".to_owned()));
}

/// The key and the value of RFC 7638 §3.1, and the one of RFC 8037 A.3.
#[test]
fn thumbprints_are_those_of_the_specifications() {
    let rsa = json!({
        "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    });
    let value = |jwk: &Value| thumbprint(jwk.as_object().unwrap());
    assert_eq!(value(&rsa).as_deref(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    let ed = json!({
        "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    });
    assert_eq!(value(&ed).as_deref(), Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
    assert_ne!(value(&jwk(ES256)), value(&jwk(ES384)));
    for bad in [json!({ "kty": "RSA", "e": "AQAB" }), json!({ "kty": "oct" }), json!({})] {
        assert_eq!(value(&bad), None);
    }
}
