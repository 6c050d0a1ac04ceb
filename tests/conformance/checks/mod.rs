//! What the suite looks at in every answer, graded as it grades; a warning fails here.

mod answers;
mod id_token;
mod keys;
mod metadata;
mod userinfo;

use std::collections::BTreeMap;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::Value;

pub(super) use answers::{
    check_authorization_error, check_authorization_response, check_token_response,
    expect_token_error,
};
pub(super) use id_token::{IdTokenRules, check_id_token};
pub(super) use keys::{check_jwks, verified};
pub(super) use metadata::{assert_https_issuer, check_metadata};
pub(super) use userinfo::{SCOPES, Userinfo, check_claim, check_userinfo};

/// The media type without its parameters.
pub(super) fn content_type(headers: &HeaderMap) -> &str {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().split(';').next().unwrap_or_default()
}

/// RFC 6749 §4.1.2.1, §5.2: what may stand in `error`, `error_description` and `error_uri`.
pub(super) fn check_error_text(text: &str) {
    let is_allowed = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    assert!(text.bytes().all(is_allowed), "{text:?}");
}

/// An error in JSON (RFC 6749 §5.2).
pub(super) fn check_error_answer(body: &Value, errors: &[&str]) {
    let error = body["error"].as_str().unwrap_or_default();
    assert!(errors.contains(&error), "{body}");
    for name in ["error", "error_description", "error_uri"] {
        if let Some(text) = body.get(name) {
            check_error_text(text.as_str().expect("text"));
        }
    }
}

/// The suite's estimate of how hard a value is to guess: its length times the Shannon entropy of
/// its own characters, in bits.
fn estimated_bits(text: &str) -> f64 {
    let mut counts: BTreeMap<char, f64> = BTreeMap::new();
    for c in text.chars() {
        *counts.entry(c).or_default() += 1.0;
    }
    let length: f64 = counts.values().sum();
    let per_character: f64 =
        counts.values().map(|count| count / length).map(|share| -share * share.log2()).sum();
    length * per_character
}

/// A code or token: printable ASCII, long enough, and hard to guess.
pub(super) fn check_secret(text: &str) {
    assert!(text.len() >= 22, "128 bits need more than {} characters", text.len());
    assert!(text.bytes().all(|byte| (0x20..=0x7E).contains(&byte)), "{text:?}");
    assert!(estimated_bits(text) > 96.0, "{text}: {} bits", estimated_bits(text));
}

#[test]
fn the_estimate_is_the_suites() {
    assert!(estimated_bits("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").abs() < 1e-9);
    assert!((estimated_bits("abcdefgh") - 24.0).abs() < 1e-9);
    assert!((estimated_bits("aabb") - 4.0).abs() < 1e-9);
}
