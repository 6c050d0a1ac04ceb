use reqwest::Response;
use serde_json::Value;

use super::super::flow::{Pairs, value};
use super::super::variant::Variant;
use super::{check_error_answer, check_error_text, check_secret, content_type};

/// A success of the authorization endpoint: exactly what the response type asks for, the state
/// as it was sent, and the issuer.
pub(crate) fn check_authorization_response(
    pairs: &Pairs,
    variant: Variant,
    state: Option<&str>,
    issuer: &str,
) {
    assert_eq!(value(pairs, "error"), None, "{pairs:?}");
    assert_eq!(value(pairs, "state"), state, "{pairs:?}");
    assert_eq!(value(pairs, "iss"), Some(issuer), "{pairs:?}");
    for (part, name) in [("code", "code"), ("id_token", "id_token"), ("token", "access_token")] {
        assert_eq!(value(pairs, name).is_some(), variant.includes(part), "{name}: {pairs:?}");
    }
    // OpenID Connect Core §3.2.2.5: these come with an access token, and `scope` may.
    let with_token = ["access_token", "token_type", "expires_in", "scope"];
    for (name, _) in pairs {
        let is_expected = ["code", "id_token", "state", "iss", "session_state"]
            .contains(&name.as_str())
            || (variant.includes("token") && with_token.contains(&name.as_str()));
        assert!(is_expected, "{name}: {pairs:?}");
    }
    if let Some(code) = value(pairs, "code") {
        assert!(code.len() >= 16);
        check_secret(code);
    }
    if let Some(token) = value(pairs, "access_token") {
        check_secret(token);
        let kind = value(pairs, "token_type").unwrap_or_default();
        assert!(kind.eq_ignore_ascii_case("bearer"), "{pairs:?}");
        let lifetime = value(pairs, "expires_in").and_then(|text| text.parse().ok());
        check_lifetime(lifetime);
    }
}

/// An error of the authorization endpoint (OpenID Connect Core §3.1.2.6).
pub(crate) fn check_authorization_error(
    pairs: &Pairs,
    state: Option<&str>,
    issuer: &str,
    errors: &[&str],
) {
    let error = value(pairs, "error").unwrap_or_default();
    assert!(errors.contains(&error), "{pairs:?}");
    assert_eq!(value(pairs, "state"), state, "{pairs:?}");
    assert_eq!(value(pairs, "iss"), Some(issuer), "{pairs:?}");
    for (name, text) in pairs {
        match name.as_str() {
            "error" | "error_description" | "error_uri" => check_error_text(text),
            "state" | "iss" | "session_state" => {}
            _ => panic!("{name}: {pairs:?}"),
        }
    }
}

/// A success of the token endpoint (RFC 6749 §5.1).
pub(crate) async fn check_token_response(answer: Response) -> Value {
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!((status.as_u16(), content_type(&headers)), (200, "application/json"), "{body}");
    let caching = headers.get("cache-control").and_then(|value| value.to_str().ok());
    assert!(caching.is_some_and(|value| value.contains("no-store")), "{caching:?}");
    check_secret(body["access_token"].as_str().expect("an access token"));
    let kind = body["token_type"].as_str().expect("a type");
    assert!(kind.eq_ignore_ascii_case("bearer"), "{kind}");
    check_lifetime(body["expires_in"].as_u64());
    if let Some(token) = body.get("refresh_token") {
        check_secret(token.as_str().expect("a refresh token"));
    }
    for (name, value) in body.as_object().expect("an object") {
        assert!(!value.is_null() && value != "", "{name} is empty: {body}");
    }
    body
}

/// A refusal of the token endpoint (RFC 6749 §5.2): 400, or 401 for a client that is not known.
pub(crate) async fn expect_token_error(answer: Response, errors: &[&str]) {
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(content_type(&headers), "application/json", "{body}");
    check_error_answer(&body, errors);
    let is_client = body["error"] == "invalid_client";
    assert!(status == 400 || (status == 401 && is_client), "{status} {body}");
}

/// A positive number of seconds, a year at most.
fn check_lifetime(seconds: Option<u64>) {
    assert!(seconds.is_some_and(|seconds| (1..=31_536_000).contains(&seconds)), "{seconds:?}");
}
