//! JWTs that a client signs with its secret.

use aws_lc_rs::hmac;

use super::*;
use crate::base::Secret;
use crate::jose::{
    ClientJwtType, ClientSecretKey, JoseError, VerifiedClientJwt, verify_with_secret,
};

const SECRET: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

fn key(secret: &str) -> Result<ClientSecretKey, JoseError> {
    ClientSecretKey::new(&Secret::new(secret.to_owned()))
}

/// A token with an HMAC-SHA-256 under `secret`, whatever its header says.
fn signed(secret: &[u8], header: &Value, payload: &str) -> String {
    let head = to_base64url(header.to_string().as_bytes());
    let message = format!("{head}.{}", to_base64url(payload.as_bytes()));
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    format!("{message}.{}", to_base64url(mac.as_ref()))
}

fn check(token: &str) -> Result<VerifiedClientJwt, VerifyError> {
    verify_with_secret(token, &key(SECRET).unwrap(), ClientJwtType::Assertion)
}

fn hs256() -> Value {
    json!({ "alg": "HS256" })
}

#[test]
fn a_secret_of_43_characters_authenticates() {
    let token = signed(SECRET.as_bytes(), &hs256(), &claims().to_string());
    assert_eq!(check(&token).unwrap().claims["sub"], "ada");
    let other = signed(SECRET.to_lowercase().as_bytes(), &hs256(), &claims().to_string());
    assert_eq!(check(&other), Err(VerifyError::Signature));
}

/// The example of RFC 7515 A.1; its key is no text, so the library is called below ours.
#[test]
fn the_example_of_the_specification_verifies() {
    let key =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let key = hmac::Key::new(hmac::HMAC_SHA256, &from_base64url(key).unwrap());
    let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let jws = crate::jose::compact::CompactJws::read(token).unwrap();
    assert_eq!(jws.check_mac(&key), Ok(()));
}

#[test]
fn r44_a_short_secret_is_no_key() {
    assert_eq!(key(&SECRET[..31]).map(drop), Err(JoseError::TooSmall));
    assert_eq!(key("").map(drop), Err(JoseError::TooSmall));
    assert!(key(&SECRET[..32]).is_ok());
    assert!(!format!("{:?}", key(SECRET).unwrap()).contains("0123"));
}

#[test]
fn r44_a_secret_verifies_hs256_alone() {
    for alg in ["none", "HS384", "HS512", "hs256", "RS256", "ES256", "EdDSA", ""] {
        let token = signed(SECRET.as_bytes(), &json!({ "alg": alg }), &claims().to_string());
        assert_eq!(check(&token), Err(VerifyError::Mismatch), "{alg}");
    }
    let token = signed(SECRET.as_bytes(), &hs256(), &claims().to_string());
    let (head, payload, mac) = parts(&token);
    for bad in [&mac[..16], &[][..], &[mac.as_slice(), &[0]].concat()] {
        let token = format!("{head}.{payload}.{}", to_base64url(bad));
        assert_eq!(check(&token), Err(VerifyError::Signature), "a truncated MAC is none");
    }
}

#[test]
fn r45_to_r51_hold_with_a_secret_too() {
    let good = claims().to_string();
    let with = |header: Value| check(&signed(SECRET.as_bytes(), &header, &good)).map(drop);
    assert_eq!(with(json!({ "alg": "HS256", "kid": "any" })), Ok(()), "a secret has no name");
    assert_eq!(with(json!({ "alg": "HS256", "crit": ["exp"] })), Err(VerifyError::Critical));
    assert_eq!(with(json!({ "alg": "HS256", "b64": false })), Err(VerifyError::Critical));
    let typed = json!({ "alg": "HS256", "typ": "oauth-authz-req+jwt" });
    assert_eq!(with(typed), Err(VerifyError::Mismatch));
    let twice = good.replacen('{', r#"{"sub":"eve","#, 1);
    let token = signed(SECRET.as_bytes(), &hs256(), &twice);
    assert_eq!(check(&token), Err(VerifyError::Malformed));
    let token = signed(SECRET.as_bytes(), &hs256(), &good);
    assert_eq!(check(&format!("{token}=")), Err(VerifyError::Malformed));
    let long = format!(r#"{{"filler":"{}"}}"#, "x".repeat(12 * 1024 + 500));
    let token = signed(SECRET.as_bytes(), &hs256(), &long);
    assert_eq!(check(&token), Err(VerifyError::Malformed));
}
