//! What a client's assertion and request object say of themselves.

use serde_json::Map;

use super::*;
use crate::jose::{
    Audience, ClientAssertion, ClientJwtType, ClientKeySet, RequestObjectClaims, claimed_client,
    verify_with_client_keys,
};

fn assertion() -> Map<String, Value> {
    let claims = json!({
        "iss": "app", "sub": "app", "aud": ISSUER, "jti": "1", "iat": 1_700_000_000,
        "nbf": 1_700_000_000, "exp": 1_700_000_060,
    });
    claims.as_object().unwrap().clone()
}

fn with(member: &str, value: Value) -> Map<String, Value> {
    let mut claims = assertion();
    claims.insert(member.to_owned(), value);
    claims
}

fn without(member: &str) -> Map<String, Value> {
    let mut claims = assertion();
    claims.remove(member);
    claims
}

#[test]
fn r45_an_assertion_has_its_members() {
    let read = ClientAssertion::read(&assertion()).unwrap();
    assert_eq!((read.iss.as_str(), read.sub.as_str(), read.jti.as_str()), ("app", "app", "1"));
    assert_eq!(read.exp, Timestamp::from_seconds(1_700_000_060));
    assert_eq!((read.iat, read.nbf), (Some(NOW), Some(NOW)));
    for member in ["iss", "sub", "aud", "exp", "jti"] {
        assert_eq!(ClientAssertion::read(&without(member)), Err(VerifyError::Claim(member)));
    }
    for member in ["iat", "nbf"] {
        assert!(ClientAssertion::read(&without(member)).is_ok());
    }
    for member in ["iss", "sub", "jti"] {
        for bad in [json!(null), json!(1), json!(["app"]), json!({})] {
            let read = ClientAssertion::read(&with(member, bad));
            assert_eq!(read, Err(VerifyError::Claim(member)));
        }
    }
}

#[test]
fn r45_times_of_clients_are_whole_positive_numbers() {
    for member in ["exp", "nbf", "iat"] {
        for bad in [
            json!("1700000060"),
            json!(-1),
            json!(1_700_000_060.5),
            json!(1e300),
            json!(253_402_300_800_i64),
            json!(u64::MAX),
            json!(null),
            json!([1]),
        ] {
            let claims = with(member, bad.clone());
            let refused = Err(VerifyError::Claim(member));
            assert_eq!(ClientAssertion::read(&claims), refused, "{member}: {bad}");
            let mut claims = claims;
            claims.remove("sub");
            assert_eq!(RequestObjectClaims::read(&claims).map(drop), refused.map(drop));
        }
    }
}

#[test]
fn r41_an_audience_tells_whether_it_was_an_array() {
    let read = |aud: Value| ClientAssertion::read(&with("aud", aud)).map(|read| read.aud);
    assert_eq!(read(json!("a")), Ok(Audience::One("a".to_owned())));
    assert_eq!(read(json!(["a"])), Ok(Audience::Many(vec!["a".to_owned()])));
    let many = read(json!(["a", "b"])).unwrap();
    assert!(many.contains("a") && many.contains("b") && !many.contains("A"));
    assert_eq!(many.as_slice(), ["a", "b"]);
    for bad in [json!([]), json!(["a", 1]), json!({ "a": 1 }), json!(1), json!(null)] {
        assert_eq!(read(bad), Err(VerifyError::Claim("aud")));
    }
}

#[test]
fn a_request_object_needs_no_claim_of_its_own() {
    let read = RequestObjectClaims::read(&Map::new()).unwrap();
    assert_eq!((read.iss, read.aud, read.exp), (None, None, None));
    let read = RequestObjectClaims::read(&without("sub")).unwrap();
    assert_eq!((read.iss.as_deref(), read.jti.as_deref()), (Some("app"), Some("1")));
    assert_eq!(read.aud, Some(Audience::One(ISSUER.to_owned())));
}

#[test]
fn r51_a_request_object_never_reads_as_an_assertion() {
    let refused = Err(VerifyError::Claim("sub"));
    assert_eq!(RequestObjectClaims::read(&assertion()), refused);
    let mut claims = without("iss");
    claims.insert("client_id".to_owned(), json!("app"));
    assert_eq!(RequestObjectClaims::read(&claims), refused);
    assert!(RequestObjectClaims::read(&with("sub", json!("ada"))).is_ok());
    assert_eq!(RequestObjectClaims::read(&with("sub", json!(1))), refused);
}

#[test]
fn the_claimed_client_is_read_before_anything_is_verified() {
    let header = json!({ "alg": "ES512", "kid": "unknown" }).to_string();
    let token = forged(EdDSA, &header, &json!(assertion()).to_string());
    assert_eq!(claimed_client(&token), Ok("app".to_owned()));
    for bad in [json!({}), json!({ "sub": 1 })] {
        let token = forged(EdDSA, &header, &bad.to_string());
        assert_eq!(claimed_client(&token), Err(VerifyError::Claim("sub")));
    }
    assert_eq!(claimed_client("a.b.c"), Err(VerifyError::Malformed));
}

#[test]
fn r45_a_member_that_stands_twice_is_refused() {
    let keys = ClientKeySet::parse(&RING.jwks(NOW)).unwrap();
    let good = json!(assertion()).to_string();
    for (from, to) in [("{", r#"{"sub":"eve","#), ("{", r#"{"su\u0062":"eve","#)] {
        let twice = good.replacen(from, to, 1);
        let token = forged(EdDSA, &json!({ "alg": "EdDSA" }).to_string(), &twice);
        let read = verify_with_client_keys(&token, &keys, &ALL, ClientJwtType::Assertion);
        assert_eq!(read, Err(VerifyError::Malformed));
        assert_eq!(claimed_client(&token), Err(VerifyError::Malformed));
    }
    let token = forged(EdDSA, r#"{"alg":"none","alg":"EdDSA"}"#, &good);
    let read = verify_with_client_keys(&token, &keys, &ALL, ClientJwtType::Assertion);
    assert_eq!(read, Err(VerifyError::Malformed));
}
