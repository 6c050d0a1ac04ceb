//! Which claims an app learns (OpenID Connect Core §5.4), and the payloads of its tokens.

use serde_json::{Map, Value, json};

use crate::base::Timestamp;
use crate::domain::{Client, Grant, User};
use crate::protocol::{EmailVerifiedPolicy, IdTokenClaims, ScopeSet};

/// The claims about `user` that `scopes` open for `client`, without `sub`.
///
/// A claim without a value is left out; only `groups` is always there when it was granted,
/// because apps fail when it is missing.
pub fn of_user(user: &User, client: &Client, scopes: &ScopeSet) -> Map<String, Value> {
    let mut claims = Map::new();
    if scopes.contains("profile") {
        claims.extend(profile(user));
    }
    if scopes.contains("email") {
        claims.extend(email(user, client.email_verified_policy()));
    }
    if scopes.contains("phone") {
        let of_phone = [
            ("phone_number", user.claims.phone_number.as_ref().map(|number| json!(number))),
            (
                "phone_number_verified",
                user.claims
                    .phone_number
                    .as_ref()
                    .and(user.claims.phone_number_verified)
                    .map(|is| json!(is)),
            ),
        ];
        claims.extend(present(of_phone));
    }
    if scopes.contains("address") {
        claims.extend(present([(
            "address",
            user.claims.address.as_ref().map(|address| json!(address)),
        )]));
    }
    if scopes.contains("groups") {
        claims.insert("groups".to_owned(), json!(user.groups));
    }
    claims
}

fn profile(user: &User) -> Map<String, Value> {
    let of = &user.claims;
    let text = |value: &Option<String>| value.as_ref().map(|value| json!(value));
    present([
        ("name", text(&of.name)),
        ("given_name", text(&of.given_name)),
        ("family_name", text(&of.family_name)),
        ("middle_name", text(&of.middle_name)),
        ("nickname", text(&of.nickname)),
        ("preferred_username", Some(json!(user.username))),
        ("profile", text(&of.profile)),
        ("picture", text(&of.picture)),
        ("website", text(&of.website)),
        ("gender", text(&of.gender)),
        ("birthdate", text(&of.birthdate)),
        ("zoneinfo", text(&of.zoneinfo)),
        ("locale", text(&of.locale)),
        ("updated_at", Some(json!(user.updated_at.as_seconds()))),
    ])
}

fn email(user: &User, policy: EmailVerifiedPolicy) -> Map<String, Value> {
    let Some(email) = &user.email else { return Map::new() };
    let is_verified = match policy {
        EmailVerifiedPolicy::Actual => Some(user.is_email_verified),
        EmailVerifiedPolicy::True => Some(true),
        EmailVerifiedPolicy::Omit => None,
    };
    present([("email", Some(json!(email))), ("email_verified", is_verified.map(|is| json!(is)))])
}

fn present<const N: usize>(claims: [(&str, Option<Value>); N]) -> Map<String, Value> {
    claims
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)))
        .collect()
}

/// What every payload needs to know of its surroundings.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The issuer, byte for byte.
    pub issuer: &'a str,
    /// The session as this client sees it.
    pub sid: &'a str,
    /// `iat`: now, never earlier.
    pub now: Timestamp,
    /// `exp`.
    pub expires_at: Timestamp,
}

/// The payload of an ID token (OpenID Connect Core §2). `at_hash` binds it to the access token
/// (§3.1.3.6).
pub fn id_token(
    around: Surroundings<'_>,
    client: &Client,
    user: &User,
    grant: &Grant,
    at_hash: &str,
) -> Map<String, Value> {
    let mut claims = match client.id_token_claims() {
        IdTokenClaims::Full => of_user(user, client, &grant.scopes),
        IdTokenClaims::Lean => Map::new(),
    };
    let about_token = present([
        ("iss", Some(json!(around.issuer))),
        ("sub", Some(json!(user.subject))),
        ("aud", Some(json!(client.client_id))),
        ("exp", Some(json!(around.expires_at.as_seconds()))),
        ("iat", Some(json!(around.now.as_seconds()))),
        ("auth_time", Some(json!(grant.auth_time.as_seconds()))),
        ("nonce", grant.nonce.as_ref().map(|nonce| json!(nonce))),
        ("acr", Some(json!(grant.acr))),
        ("amr", Some(json!(grant.amr))),
        ("at_hash", Some(json!(at_hash))),
        ("sid", Some(json!(around.sid))),
    ]);
    claims.extend(about_token);
    claims
}

/// The payload of an access token for an API (RFC 9068 §2.2).
pub fn access_token(
    around: Surroundings<'_>,
    client: &Client,
    user: &User,
    grant: &Grant,
    jti: &str,
) -> Map<String, Value> {
    present([
        ("iss", Some(json!(around.issuer))),
        ("sub", Some(json!(user.subject))),
        ("aud", Some(json!(audience(around.issuer, grant)))),
        ("client_id", Some(json!(client.client_id))),
        ("exp", Some(json!(around.expires_at.as_seconds()))),
        ("iat", Some(json!(around.now.as_seconds()))),
        ("jti", Some(json!(jti))),
        ("scope", (!grant.scopes.is_empty()).then(|| json!(grant.scopes.to_string()))),
        ("auth_time", Some(json!(grant.auth_time.as_seconds()))),
        ("acr", Some(json!(grant.acr))),
        ("amr", Some(json!(grant.amr))),
    ])
}

/// The APIs a grant's access token is for, and the issuer itself when it opens userinfo.
pub fn audience(issuer: &str, grant: &Grant) -> Vec<String> {
    let own = grant.scopes.contains("openid").then(|| issuer.to_owned());
    grant.resources.iter().cloned().chain(own).collect()
}

/// The answer of userinfo (OpenID Connect Core §5.3.2).
pub fn userinfo(user: &User, client: &Client, scopes: &ScopeSet) -> Map<String, Value> {
    let mut claims = of_user(user, client, scopes);
    claims.insert("sub".to_owned(), json!(user.subject));
    claims
}
