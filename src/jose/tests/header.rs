use super::*;
use crate::base::hmac_sha256;
use crate::jose::{read_header, verify};

#[test]
fn every_algorithm_signs_and_verifies() {
    for algorithm in ALL {
        let token = access_token(algorithm);
        let header = read_header(&token).unwrap();
        assert_eq!(header.alg, algorithm.as_str());
        assert_eq!(header.kid, Some(kid(algorithm)));
        let claims = check(&token).unwrap();
        assert_eq!((claims.sub.as_str(), claims.aud.as_slice()), ("ada", &["app".to_owned()][..]));
        let (head, payload, mut signature) = parts(&token);
        signature[3] ^= 1;
        let altered = format!("{head}.{payload}.{}", to_base64url(&signature));
        assert_eq!(check(&altered), Err(VerifyError::Signature), "{algorithm}");
    }
}

#[test]
fn r44_the_algorithm_is_the_keys() {
    for key in ALL {
        for named in ["none", "None", "HS256", "RS256", "PS256", "ES256", "ES384", "EdDSA", ""] {
            let token = with_header(key, &json!({ "alg": named }));
            let is_own = named == key.as_str();
            assert_eq!(check(&token).is_ok(), is_own, "{key} named {named}");
            assert!(is_own || check(&token) == Err(VerifyError::Mismatch));
        }
    }
}

#[test]
fn r44_none_needs_no_signature_and_gets_nothing() {
    let header = json!({ "typ": "at+jwt", "alg": "none", "kid": kid(RS256) }).to_string();
    let (_, payload, _) = parts(&access_token(RS256));
    let token = format!("{}.{payload}.", to_base64url(header.as_bytes()));
    assert_eq!(check(&token), Err(VerifyError::Mismatch));
    let (head, payload, _) = parts(&access_token(RS256));
    assert_eq!(check(&format!("{head}.{payload}.")), Err(VerifyError::Signature));
}

#[test]
fn r44_a_public_key_is_no_hmac_secret() {
    let key = RING.signing_key(RS256, NOW).unwrap();
    let public = crate::base::sha256(key.pair().public_bytes());
    let (_, payload, _) = parts(&access_token(RS256));
    for alg in ["HS256", "RS256"] {
        let header = json!({ "typ": "at+jwt", "alg": alg, "kid": key.kid() }).to_string();
        let signed = format!("{}.{payload}", to_base64url(header.as_bytes()));
        let mac = hmac_sha256(&public, &[signed.as_bytes()]);
        assert!(check(&format!("{signed}.{}", to_base64url(&mac))).is_err(), "{alg}");
    }
}

#[test]
fn r44_a_key_of_another_ring_is_unknown() {
    let pair = KeyPair::generate(EdDSA).unwrap();
    let other = SigningKey::new(pair, NOW, None);
    let token = sign(&other, TokenType::AccessToken, &claims()).unwrap();
    assert_eq!(check(&token), Err(VerifyError::UnknownKey));
    let (head, payload, signature) = parts(&token);
    let header = from_base64url(&head).unwrap();
    let renamed = String::from_utf8(header).unwrap().replace(other.kid(), &kid(EdDSA));
    let token =
        format!("{}.{payload}.{}", to_base64url(renamed.as_bytes()), to_base64url(&signature));
    assert_eq!(check(&token), Err(VerifyError::Signature));
}

#[test]
fn r46_a_key_in_the_header_is_not_looked_at() {
    let other = KeyPair::generate(EdDSA).unwrap();
    let members = json!({
        "jku": "https://evil.example/jwks", "x5u": "https://evil.example/x5u",
        "x5c": ["AAAA"], "jwk": other.public_jwk(),
    });
    assert!(check(&with_header(EdDSA, &members)).is_ok(), "they neither help nor harm");
    let other = SigningKey::new(other, NOW, None);
    let token = sign(&other, TokenType::AccessToken, &claims()).unwrap();
    assert_eq!(check(&token), Err(VerifyError::UnknownKey));
}

#[test]
fn r46_a_key_name_is_short_and_opaque() {
    for kid in [json!("x".repeat(257)), json!(7), json!(null), json!(["a"]), json!("../../etc")] {
        let token = with_header(EdDSA, &json!({ "kid": kid }));
        assert_eq!(check(&token), Err(VerifyError::UnknownKey), "{kid}");
    }
    let header = with_header(EdDSA, &json!({ "kid": "x".repeat(256) }));
    assert!(read_header(&header).is_ok());
    let header = with_header(EdDSA, &json!({ "kid": "x".repeat(257) }));
    assert_eq!(read_header(&header), Err(VerifyError::UnknownKey));
}

#[test]
fn r47_what_is_critical_is_not_understood() {
    for members in [
        json!({ "crit": ["exp"], "exp": 1 }),
        json!({ "crit": [] }),
        json!({ "crit": null }),
        json!({ "b64": false }),
        json!({ "b64": true }),
        json!({ "b64": false, "crit": ["b64"] }),
    ] {
        assert_eq!(check(&with_header(EdDSA, &members)), Err(VerifyError::Critical), "{members}");
    }
}

#[test]
fn r48_signatures_of_zeros_or_another_length_are_refused() {
    for (algorithm, half) in [(ES256, 32), (ES384, 48)] {
        let (head, payload, good) = parts(&access_token(algorithm));
        let refused = |signature: &[u8]| {
            let token = format!("{head}.{payload}.{}", to_base64url(signature));
            assert_eq!(check(&token), Err(VerifyError::Signature), "{algorithm} {signature:?}");
        };
        let zeros = vec![0; half];
        refused(&[zeros.clone(), zeros.clone()].concat());
        refused(&[zeros.as_slice(), &good[half..]].concat());
        refused(&[&good[..half], zeros.as_slice()].concat());
        refused(&[vec![0xFF; half], vec![0xFF; half]].concat());
        refused(&good[..good.len() - 1]);
        refused(&[good.as_slice(), &[0]].concat());
        refused(&[&[0], good.as_slice()].concat());
        refused(&[]);
    }
}

#[test]
fn r48_the_der_form_of_a_signature_is_refused() {
    let (head, payload, good) = parts(&access_token(ES256));
    let number = |half: &[u8]| [&[2, 33, 0], half].concat();
    let inner = [number(&good[..32]), number(&good[32..])].concat();
    let der = [&[0x30, u8::try_from(inner.len()).unwrap()], inner.as_slice()].concat();
    let token = format!("{head}.{payload}.{}", to_base64url(&der));
    assert_eq!(check(&token), Err(VerifyError::Signature));
}

#[test]
fn r50_a_long_token_is_not_looked_at() {
    let filler = |length: usize| {
        let mut claims = claims();
        claims["filler"] = json!("x".repeat(length));
        with_payload(&claims.to_string())
    };
    let long = filler(12 * 1024 + 500);
    assert!(long.len() > 16 * 1024, "{}", long.len());
    assert_eq!(check(&long), Err(VerifyError::Malformed));
    let short = filler(11 * 1024);
    assert!(check(&short).is_ok());
}

#[test]
fn r50_base64url_is_strict_and_compact() {
    let good = access_token(EdDSA);
    let (head, payload, signature) = parts(&good);
    let signature = to_base64url(&signature);
    for bad in [
        format!("{head}=.{payload}.{signature}"),
        format!("{head}.{payload}.{signature}=="),
        format!("{head}.{payload}.{signature} "),
        format!(" {good}"),
        format!("{good}\n"),
        format!("{head}.{payload}"),
        format!("{good}.x"),
        format!(".{good}"),
        format!("{head}.{payload}.+{}", &signature[1..]),
        "..".to_owned(),
        String::new(),
        json!({ "protected": head, "payload": payload, "signature": signature }).to_string(),
        json!({ "payload": payload, "signatures": [{ "protected": head, "signature": signature }] })
            .to_string(),
    ] {
        assert!(check(&bad).is_err(), "{bad}");
    }
    // The last character of 64 bytes has four bits that mean nothing: only zeros are taken.
    let last = signature.as_bytes()[signature.len() - 1];
    let twin = match last {
        b'A' => 'B',
        b'Q' => 'R',
        b'g' => 'h',
        _ => 'x',
    };
    let twin = format!("{head}.{payload}.{}{twin}", &signature[..signature.len() - 1]);
    assert_eq!(check(&twin), Err(VerifyError::Malformed));
}

#[test]
fn r51_the_type_is_the_expected_one() {
    for (typ, is_right) in [
        (json!("at+jwt"), true),
        (json!("AT+JWT"), true),
        (json!("application/at+jwt"), true),
        (json!("JWT"), false),
        (json!("logout+jwt"), false),
        (json!(""), false),
        (json!(null), false),
        (json!(["at+jwt"]), false),
    ] {
        let token = with_header(EdDSA, &json!({ "typ": typ }));
        assert_eq!(verify(&RING, &token, TokenType::AccessToken).is_ok(), is_right, "{typ}");
    }
    let header = json!({ "alg": "EdDSA", "kid": kid(EdDSA) }).to_string();
    let untyped = forged(EdDSA, &header, &claims().to_string());
    assert_eq!(check(&untyped), Err(VerifyError::Mismatch));
}
