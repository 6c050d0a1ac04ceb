use super::*;
use crate::jose::{hash_half, verify_id_token_hint};

#[test]
fn r28_an_id_token_never_passes_as_an_access_token() {
    for algorithm in ALL {
        let key = RING.signing_key(algorithm, NOW).unwrap();
        let id_token = sign(&key, TokenType::IdToken, &claims()).unwrap();
        assert_eq!(check(&id_token), Err(VerifyError::Mismatch));
        assert!(verify_id_token_hint(&RING, &id_token, ISSUER).is_ok());
        let hint = verify_id_token_hint(&RING, &access_token(algorithm), ISSUER);
        assert_eq!(hint, Err(VerifyError::Mismatch));
    }
}

#[test]
fn r45_times_are_whole_positive_numbers() {
    for member in ["exp", "iat"] {
        for bad in [
            json!("1700000060"),
            json!(-1),
            json!(1_700_000_060.5),
            json!(1.7e9),
            json!(1e300),
            json!(253_402_300_800_i64),
            json!(u64::MAX),
            json!(true),
            json!(null),
            json!([1_700_000_060]),
        ] {
            let mut claims = claims();
            claims[member] = bad.clone();
            let token = with_payload(&claims.to_string());
            assert_eq!(check(&token), Err(VerifyError::Claim(member)), "{member}: {bad}");
        }
    }
}

#[test]
fn r45_every_member_that_is_needed_is_there() {
    for member in ["iss", "sub", "aud", "client_id", "jti", "iat", "exp"] {
        for is_null in [false, true] {
            let mut claims = claims();
            if is_null {
                claims[member] = Value::Null;
            } else {
                claims.as_object_mut().unwrap().remove(member);
            }
            let token = with_payload(&claims.to_string());
            assert_eq!(check(&token), Err(VerifyError::Claim(member)));
        }
    }
}

#[test]
fn r45_a_member_that_stands_twice_is_refused() {
    let good = claims().to_string();
    let twice = good.replacen('{', r#"{"sub":"eve","#, 1);
    assert_eq!(check(&with_payload(&twice)), Err(VerifyError::Malformed));
    let escaped = good.replacen('{', r#"{"su\u0062":"eve","#, 1);
    assert_eq!(check(&with_payload(&escaped)), Err(VerifyError::Malformed));
    let deep = good.replacen('{', r#"{"act":{"a":1,"a":2},"#, 1);
    assert_eq!(check(&with_payload(&deep)), Err(VerifyError::Malformed));
    let head = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": kid(EdDSA) }).to_string();
    let head = head.replacen('{', r#"{"alg":"none","#, 1);
    assert_eq!(check(&forged(EdDSA, &head, &good)), Err(VerifyError::Malformed));
}

#[test]
fn r45_only_a_shallow_object_is_read() {
    for bad in ["", "[]", "7", "null", "\"x\"", "{", "{} {}", "{\"a\":1,}", "\u{FEFF}{}"] {
        assert_eq!(check(&with_payload(bad)), Err(VerifyError::Malformed), "{bad}");
    }
    let nested = |depth: usize| {
        let mut claims = claims().to_string();
        claims.pop();
        format!(r#"{claims},"x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth))
    };
    assert!(check(&with_payload(&nested(31))).is_ok());
    assert_eq!(check(&with_payload(&nested(32))), Err(VerifyError::Malformed));
    assert_eq!(check(&with_payload(&nested(5000))), Err(VerifyError::Malformed));
}

#[test]
fn r45_the_audience_is_one_text_or_several() {
    let read = |aud: Value| {
        let mut claims = claims();
        claims["aud"] = aud;
        check(&with_payload(&claims.to_string())).map(|claims| claims.aud)
    };
    assert_eq!(read(json!(["a", "b"])), Ok(vec!["a".to_owned(), "b".to_owned()]));
    for bad in [json!([]), json!(["a", 1]), json!({ "a": 1 }), json!(1)] {
        assert_eq!(read(bad), Err(VerifyError::Claim("aud")));
    }
}

#[test]
fn r45_time_is_compared_with_the_instant_passed_in() {
    let token = access_token(EdDSA);
    let at = |seconds| {
        verify_access_token(&RING, &token, ISSUER, Timestamp::from_seconds(seconds)).map(drop)
    };
    assert_eq!(at(NOW.as_seconds() + 59), Ok(()));
    assert_eq!(at(NOW.as_seconds() + 60), Err(VerifyError::Expired));
    assert_eq!(verify_access_token(&RING, &token, "https://other", NOW), Err(VerifyError::Issuer));
}

#[test]
fn a_hint_may_be_old_but_not_anothers() {
    let key = RING.signing_key(ES256, NOW).unwrap();
    let mut claims = claims();
    claims["exp"] = json!(1);
    claims["iat"] = json!(0);
    claims["sid"] = json!("s");
    let hint = sign(&key, TokenType::IdToken, &claims).unwrap();
    let read = verify_id_token_hint(&RING, &hint, ISSUER).unwrap();
    assert_eq!((read.sub.as_str(), read.sid.as_deref()), ("ada", Some("s")));
    assert_eq!(verify_id_token_hint(&RING, &hint, "https://other"), Err(VerifyError::Issuer));
    claims["sid"] = json!(1);
    let hint = sign(&key, TokenType::IdToken, &claims).unwrap();
    assert_eq!(verify_id_token_hint(&RING, &hint, ISSUER), Err(VerifyError::Claim("sid")));
}

/// The value of OpenID Connect Core A.3, for the access token that stands there.
#[test]
fn half_hashes_are_those_of_the_specification() {
    let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    assert_eq!(hash_half(RS256, token), "77QmUPtjPfzWtF2AnpK9RQ");
    for (algorithm, length) in [(PS256, 22), (ES256, 22), (ES384, 32), (EdDSA, 43)] {
        assert_eq!(hash_half(algorithm, token).len(), length, "{algorithm}");
    }
}
