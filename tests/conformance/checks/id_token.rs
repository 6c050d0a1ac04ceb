use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::super::bench::Bench;
use super::userinfo::{check_claim, claims_of, requested_in};
use super::{check_jwks, verified};

/// What an ID token must fit.
pub(crate) struct IdTokenRules<'a> {
    pub(crate) client_id: &'a str,
    /// The nonce of the request.
    pub(crate) nonce: Option<&'a str>,
    /// The access token that came with it.
    pub(crate) access_token: Option<&'a str>,
    /// The code that came with it.
    pub(crate) code: Option<&'a str>,
    /// Whether it came through the browser, where the hashes are mandatory.
    pub(crate) is_front_channel: bool,
    pub(crate) has_max_age: bool,
    /// The scopes whose claims it must carry, because nothing else does.
    pub(crate) scope: &'a str,
    pub(crate) acr_values: Option<&'a str>,
    /// The `claims` parameter of the request.
    pub(crate) requested: Option<&'a str>,
}

/// Claims that an ID token may carry without being asked.
const OF_THE_TOKEN: [&str; 17] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "s_hash",
    "nbf",
    "jti",
    "sid",
    "txn",
];

/// Clocks may differ by this, in seconds.
const SKEW: i64 = 300;
const YEAR: i64 = 365 * 24 * 60 * 60;

/// An ID token (OpenID Connect Core §2, §3.1.3.7, §3.2.2.10, §3.3.2.11); what it says.
pub(crate) async fn check_id_token(bench: &Bench, token: &str, rules: IdTokenRules<'_>) -> Value {
    let jwks = bench.document("/jwks").await;
    check_jwks(&jwks);
    let claims = verified(&jwks, token);
    assert_eq!(claims["iss"], json!(bench.app.url), "{claims}");
    check_audience(&claims, rules.client_id);
    check_times(&claims, bench.app.clock_seconds(), rules.has_max_age);
    assert!(claims["sub"].as_str().is_some_and(|sub| !sub.is_empty()), "{claims}");
    assert_eq!(claims.get("nonce").and_then(Value::as_str), rules.nonce, "{claims}");
    let is_front = rules.is_front_channel;
    check_hash(&claims, "at_hash", rules.access_token, is_front);
    check_hash(&claims, "c_hash", rules.code, is_front);
    check_acr(&claims, rules.acr_values);
    let mut asked = requested_in(rules.requested, "id_token");
    asked.extend(rules.scope.split(' ').flat_map(claims_of).map(|name| (*name).to_owned()));
    for name in &asked {
        check_claim(name, &claims[name], bench.app.clock_seconds());
    }
    for name in claims.as_object().expect("an object").keys() {
        let is_expected = OF_THE_TOKEN.contains(&name.as_str()) || asked.contains(name);
        assert!(is_expected, "{name} was not asked for");
    }
    claims
}

fn check_audience(claims: &Value, client_id: &str) {
    let is_for_client = match &claims["aud"] {
        Value::String(one) => one == client_id,
        Value::Array(many) => many.iter().any(|one| one == client_id),
        _ => false,
    };
    assert!(is_for_client, "{claims}");
    assert!(claims.get("azp").is_none_or(|azp| azp == client_id), "{claims}");
}

fn check_times(claims: &Value, now: i64, has_max_age: bool) {
    let time = |name: &str| claims[name].as_i64().unwrap_or_else(|| panic!("{name}: {claims}"));
    let exp = time("exp");
    assert!(exp > now - SKEW && exp < now + 50 * YEAR, "{claims}");
    assert!((time("iat") - now).abs() <= SKEW, "{claims}");
    assert!(!has_max_age || claims.get("auth_time").is_some(), "{claims}");
    if claims.get("auth_time").is_some() {
        let auth_time = time("auth_time");
        assert!(auth_time <= now + SKEW && auth_time > now - YEAR, "{claims}");
    }
    if claims.get("nbf").is_some() {
        assert!(time("nbf") <= now + SKEW, "{claims}");
    }
}

/// The left half of the digest, mandatory beside a value in the front channel.
fn check_hash(claims: &Value, name: &str, hashed: Option<&str>, is_mandatory: bool) {
    match (claims.get(name), hashed) {
        (Some(found), Some(hashed)) => {
            let half = &digest(&SHA256, hashed.as_bytes()).as_ref()[..16].to_vec();
            assert_eq!(found, &json!(URL_SAFE_NO_PAD.encode(half)), "{name}");
        }
        (None, Some(_)) => assert!(!is_mandatory, "{name} is missing: {claims}"),
        (_, None) => {}
    }
}

/// `acr` is never empty, and one of those that were asked for.
fn check_acr(claims: &Value, asked: Option<&str>) {
    if let Some(acr) = claims.get("acr") {
        assert!(acr.as_str().is_some_and(|acr| !acr.is_empty()), "{claims}");
    }
    if let Some(asked) = asked {
        let acr = claims["acr"].as_str().unwrap_or_default();
        assert!(asked.split(' ').any(|value| value == acr), "{asked}: {claims}");
    }
}
