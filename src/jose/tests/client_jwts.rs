//! JWTs that a client signs with its private key.

use super::*;
use crate::base::hmac_sha256;
use crate::jose::{ClientJwtType, ClientKeySet, VerifiedClientJwt, verify_with_client_keys};

/// The ring's keys as those of a client: all members, `kid`, `use` and `alg` among them.
fn keys() -> ClientKeySet {
    ClientKeySet::parse(&RING.jwks(NOW)).unwrap()
}

/// The same keys without these members.
fn keys_without(members: &[&str]) -> ClientKeySet {
    let mut jwks = RING.jwks(NOW);
    for key in jwks["keys"].as_array_mut().unwrap() {
        key.as_object_mut().unwrap().retain(|name, _| !members.contains(&name.as_str()));
    }
    ClientKeySet::parse(&jwks).unwrap()
}

fn check_with(keys: &ClientKeySet, token: &str) -> Result<VerifiedClientJwt, VerifyError> {
    verify_with_client_keys(token, keys, &ALL, ClientJwtType::Assertion)
}

fn check(token: &str) -> Result<VerifiedClientJwt, VerifyError> {
    check_with(&keys(), token)
}

/// An assertion signed with the key of `algorithm`, with these header members and no other.
fn signed(algorithm: SigningAlgorithm, header: &Value) -> String {
    forged(algorithm, &header.to_string(), &claims().to_string())
}

fn plain(algorithm: SigningAlgorithm) -> String {
    signed(algorithm, &json!({ "alg": algorithm.as_str() }))
}

fn named(algorithm: SigningAlgorithm) -> String {
    signed(algorithm, &json!({ "alg": algorithm.as_str(), "kid": kid(algorithm) }))
}

#[test]
fn every_algorithm_verifies_with_and_without_the_name_of_the_key() {
    for keys in [keys(), keys_without(&["use"]), keys_without(&["use", "alg"])] {
        for algorithm in ALL {
            for token in [named(algorithm), plain(algorithm)] {
                let jwt = check_with(&keys, &token).unwrap();
                assert_eq!(jwt.header.alg, algorithm.as_str());
                assert_eq!(jwt.claims["sub"], "ada");
            }
        }
    }
    let nameless = keys_without(&["kid", "use", "alg"]);
    assert!(ALL.into_iter().all(|algorithm| check_with(&nameless, &plain(algorithm)).is_ok()));
}

/// RFC 9864 §2.2: libraries that know it write no other name for an Ed25519 key.
#[test]
fn the_new_name_of_an_algorithm_is_as_good_as_the_old() {
    let renamed = |key| signed(key, &json!({ "alg": "Ed25519", "kid": kid(key) }));
    assert_eq!(check(&renamed(EdDSA)).unwrap().claims["sub"], "ada");
    assert_eq!(check(&renamed(ES256)), Err(VerifyError::Mismatch));
    let accepted = [RS256, ES256];
    let token = renamed(EdDSA);
    let refused = verify_with_client_keys(&token, &keys(), &accepted, ClientJwtType::Assertion);
    assert_eq!(refused.map(drop), Err(VerifyError::Mismatch));
}

#[test]
fn a_changed_signature_is_refused() {
    for algorithm in ALL {
        for token in [named(algorithm), plain(algorithm)] {
            let (head, payload, mut signature) = parts(&token);
            signature[3] ^= 1;
            let altered = format!("{head}.{payload}.{}", to_base64url(&signature));
            assert_eq!(check(&altered), Err(VerifyError::Signature), "{algorithm}");
        }
    }
}

#[test]
fn r44_only_algorithms_of_the_registration_are_accepted() {
    for algorithm in ALL {
        let others: Vec<_> = ALL.into_iter().filter(|other| *other != algorithm).collect();
        let verify = |accepted: &[SigningAlgorithm]| {
            verify_with_client_keys(
                &named(algorithm),
                &keys(),
                accepted,
                ClientJwtType::RequestObject,
            )
            .map(drop)
        };
        assert_eq!(verify(&others), Err(VerifyError::Mismatch), "{algorithm}");
        assert_eq!(verify(&[]), Err(VerifyError::Mismatch), "{algorithm}");
        assert_eq!(verify(&[algorithm]), Ok(()));
    }
}

#[test]
fn r44_the_algorithm_fits_the_clients_key() {
    for key in ALL {
        for alg in ALL.into_iter().filter(|alg| *alg != key) {
            let token = signed(key, &json!({ "alg": alg.as_str(), "kid": kid(key) }));
            assert_eq!(check(&token), Err(VerifyError::Mismatch), "{key} named {alg}");
        }
    }
    // Without `alg`, one RSA key serves RS256 and PS256, and nothing else.
    let keys = keys_without(&["alg", "kid"]);
    for alg in [PS256, ES256, ES384] {
        let token = signed(RS256, &json!({ "alg": alg.as_str() }));
        assert_eq!(check_with(&keys, &token), Err(VerifyError::Signature), "{alg}");
    }
}

#[test]
fn r44_none_is_no_algorithm() {
    let payload = to_base64url(claims().to_string().as_bytes());
    for alg in ["none", "None", "NONE", "nOnE", "", "HS256", "RS512"] {
        for header in [json!({ "alg": alg }), json!({ "alg": alg, "kid": kid(RS256) })] {
            let head = to_base64url(header.to_string().as_bytes());
            assert_eq!(check(&format!("{head}.{payload}.")), Err(VerifyError::Mismatch), "{alg}");
        }
    }
    for header in [json!({}), json!({ "alg": null }), json!({ "alg": ["RS256"] })] {
        assert_eq!(check(&signed(RS256, &header)), Err(VerifyError::Malformed), "{header}");
    }
    let (head, payload, _) = parts(&named(RS256));
    assert_eq!(check(&format!("{head}.{payload}.")), Err(VerifyError::Signature));
}

#[test]
fn r44_a_public_key_is_no_hmac_secret() {
    let key = RING.signing_key(RS256, NOW).unwrap();
    let public = crate::base::sha256(key.pair().public_bytes());
    for alg in ["HS256", "RS256"] {
        let header = json!({ "alg": alg, "kid": key.kid() }).to_string();
        let payload = to_base64url(claims().to_string().as_bytes());
        let signed = format!("{}.{payload}", to_base64url(header.as_bytes()));
        let mac = to_base64url(&hmac_sha256(&public, &[signed.as_bytes()]));
        assert!(check(&format!("{signed}.{mac}")).is_err(), "{alg}");
    }
}

#[test]
fn r46_an_unknown_name_is_told_apart() {
    let token = signed(EdDSA, &json!({ "alg": "EdDSA", "kid": "another" }));
    assert_eq!(check(&token), Err(VerifyError::UnknownKey), "the caller looks at jwks_uri again");
    let nameless = keys_without(&["kid"]);
    assert_eq!(check_with(&nameless, &named(EdDSA)), Err(VerifyError::UnknownKey));
    // Without a name, a set without a fitting key is as good as an unknown one.
    let none = ClientKeySet::parse(&json!({ "keys": [] })).unwrap();
    assert_eq!(check_with(&none, &plain(EdDSA)), Err(VerifyError::UnknownKey));
    for kid in [json!("x".repeat(257)), json!(7), json!(null), json!(["a"])] {
        let token = signed(EdDSA, &json!({ "alg": "EdDSA", "kid": kid }));
        assert_eq!(check(&token), Err(VerifyError::UnknownKey), "{kid}");
    }
}

#[test]
fn r46_a_key_in_the_header_is_not_looked_at() {
    let other = KeyPair::generate(EdDSA).unwrap();
    let members = json!({
        "alg": "EdDSA", "jku": "https://evil.example/jwks", "x5u": "https://evil.example/x5u",
        "x5c": ["AAAA"], "jwk": other.public_jwk(),
    });
    assert!(check(&signed(EdDSA, &members)).is_ok(), "they neither help nor harm");
    // The owner of the embedded key, and of nothing else.
    let ring = KeyRing::new(vec![SigningKey::new(other, NOW, None)]);
    let key = ring.signing_key(EdDSA, NOW).unwrap();
    let head = to_base64url(members.to_string().as_bytes());
    let message = format!("{head}.{}", to_base64url(claims().to_string().as_bytes()));
    let signature = jsonwebtoken::crypto::sign(
        message.as_bytes(),
        &key.encoding_key(),
        jsonwebtoken::Algorithm::EdDSA,
    );
    let token = format!("{message}.{}", signature.unwrap());
    assert_eq!(check(&token), Err(VerifyError::Signature));
}

#[test]
fn keys_may_share_a_name_and_each_that_fits_is_tried() {
    let mut jwks = RING.jwks(NOW);
    let another = KeyPair::generate(EdDSA).unwrap();
    jwks["keys"].as_array_mut().unwrap().insert(0, another.public_jwk().clone());
    for key in jwks["keys"].as_array_mut().unwrap() {
        key["kid"] = json!("shared");
    }
    let keys = ClientKeySet::parse(&jwks).unwrap();
    for algorithm in ALL {
        let token = signed(algorithm, &json!({ "alg": algorithm.as_str(), "kid": "shared" }));
        assert!(check_with(&keys, &token).is_ok(), "{algorithm}");
    }
}

#[test]
fn r47_what_is_critical_is_not_understood() {
    for members in [
        json!({ "alg": "EdDSA", "crit": ["exp"], "exp": 1 }),
        json!({ "alg": "EdDSA", "crit": [] }),
        json!({ "alg": "EdDSA", "crit": null }),
        json!({ "alg": "EdDSA", "b64": false, "crit": ["b64"] }),
        json!({ "alg": "EdDSA", "b64": true }),
    ] {
        assert_eq!(check(&signed(EdDSA, &members)), Err(VerifyError::Critical), "{members}");
    }
}

#[test]
fn r48_signatures_of_zeros_or_another_length_are_refused() {
    for (algorithm, half) in [(ES256, 32), (ES384, 48)] {
        let (head, payload, good) = parts(&plain(algorithm));
        let zeros = vec![0; half];
        for bad in [
            [zeros.clone(), zeros.clone()].concat(),
            [zeros.as_slice(), &good[half..]].concat(),
            [&good[..half], zeros.as_slice()].concat(),
            vec![0xFF; 2 * half],
            good[..good.len() - 1].to_vec(),
            [good.as_slice(), &[0]].concat(),
            Vec::new(),
        ] {
            let token = format!("{head}.{payload}.{}", to_base64url(&bad));
            assert_eq!(check(&token), Err(VerifyError::Signature), "{algorithm} {bad:?}");
        }
    }
}

#[test]
fn r50_only_a_short_compact_token_is_read() {
    let good = named(EdDSA);
    let (head, payload, signature) = parts(&good);
    let signature = to_base64url(&signature);
    for bad in [
        format!("{head}=.{payload}.{signature}"),
        format!("{head}.{payload}.{signature}=="),
        format!(" {good}"),
        format!("{good}\n"),
        format!("{head}.{payload}"),
        format!("{good}.x"),
        format!("{head}.{payload}.{signature}.x.x"),
        "..".to_owned(),
        String::new(),
        json!({ "protected": head, "payload": payload, "signature": signature }).to_string(),
    ] {
        assert!(check(&bad).is_err(), "{bad}");
    }
    let mut claims = claims();
    claims["filler"] = json!("x".repeat(12 * 1024 + 500));
    let long = forged(EdDSA, &json!({ "alg": "EdDSA" }).to_string(), &claims.to_string());
    assert_eq!(check(&long), Err(VerifyError::Malformed));
}

#[test]
fn r51_one_kind_of_jwt_is_not_taken_for_another() {
    use ClientJwtType::{Assertion, RequestObject};
    for (typ, assertion, request) in [
        (json!("JWT"), true, true),
        (json!("jwt"), true, true),
        (json!("client-authentication+jwt"), true, false),
        (json!("application/client-authentication+jwt"), true, false),
        (json!("Application/OAuth-AuthZ-Req+JWT"), false, true),
        (json!("oauth-authz-req+jwt"), false, true),
        (json!("dpop+jwt"), false, false),
        (json!("at+jwt"), false, false),
        (json!("logout+jwt"), false, false),
        (json!(""), false, false),
        (json!(null), false, false),
        (json!(["JWT"]), false, false),
    ] {
        let token = signed(EdDSA, &json!({ "alg": "EdDSA", "typ": typ }));
        for (expected, is_right) in [(Assertion, assertion), (RequestObject, request)] {
            let read = verify_with_client_keys(&token, &keys(), &ALL, expected);
            assert_eq!(read.is_ok(), is_right, "{typ} as {expected:?}");
            let says_so = read.is_ok_and(|jwt| jwt.is_typed(expected));
            assert_eq!(says_so, is_right && !(assertion && request), "{typ}");
        }
    }
}
