use std::collections::BTreeSet;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::support::{header, payload};

/// The published keys: each named once, and none of them private or shared (RFC 7517).
pub(crate) fn check_jwks(jwks: &Value) {
    let keys = jwks["keys"].as_array().expect("keys");
    assert!(!keys.is_empty());
    let mut names = BTreeSet::new();
    for key in keys {
        let kid = key["kid"].as_str().expect("a kid");
        assert!(names.insert(kid), "{kid} stands twice");
        let kind = key["kty"].as_str().expect("a type");
        let public = match kind {
            "RSA" => ["n", "e"].as_slice(),
            "EC" => &["crv", "x", "y"],
            "OKP" => &["crv", "x"],
            _ => panic!("the suite cannot use {kind}"),
        };
        for name in public {
            assert!(key[*name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {key}");
        }
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(key.get(private).is_none(), "{private} of {kid} is published");
        }
    }
}

/// The claims of a token that the published key of its `kid` signed with RS256.
pub(crate) fn verified(jwks: &Value, token: &str) -> Value {
    let head = header(token);
    assert_eq!(head["alg"], "RS256", "{head}");
    let kid = head["kid"].as_str().expect("a kid");
    let keys = jwks["keys"].as_array().expect("keys");
    let fits = |key: &&Value| {
        key["kid"] == kid
            && key["kty"] == "RSA"
            && key.get("alg").is_none_or(|alg| alg == "RS256")
            && key.get("use").is_none_or(|purpose| purpose == "sig")
    };
    let fitting: Vec<&Value> = keys.iter().filter(fits).collect();
    let [key] = fitting.as_slice() else { panic!("{} keys fit {head}", fitting.len()) };
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
    let number = |name: &str| bytes(key[name].as_str().expect("a number"));
    let public = RsaPublicKeyComponents { n: number("n"), e: number("e") };
    let (message, signature) = token.rsplit_once('.').expect("three parts");
    public
        .verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &bytes(signature))
        .expect("a valid signature");
    payload(token)
}
