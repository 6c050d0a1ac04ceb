//! Which claims an app learns (OpenID Connect Core §5.4), and the payloads of its tokens.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::base::Timestamp;
use crate::domain::{Client, Grant, GrantedBy, User};
use crate::protocol::{ClaimWish, EmailVerifiedPolicy, IdTokenClaims, ScopeSet};

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

/// The person behind a token, as one client sees them.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// Who.
    pub user: &'a User,
    /// Their `sub` for this client.
    pub sub: &'a str,
    /// How they proved who they are.
    pub by: &'a GrantedBy,
}

/// What an ID token is bound to, beside its client.
#[derive(Debug, Clone, Default)]
pub struct Bound<'a> {
    /// `nonce` of the request.
    pub nonce: Option<&'a str>,
    /// Hash of the access token that comes with it (OpenID Connect Core §3.1.3.6, §3.2.2.9).
    pub at_hash: Option<String>,
    /// Hash of the code that comes with it (§3.3.2.11).
    pub c_hash: Option<String>,
    /// Whether nothing else will tell the claims of the scopes (§5.4).
    pub is_alone: bool,
}

/// The payload of an ID token (OpenID Connect Core §2).
pub fn id_token(
    around: Surroundings<'_>,
    client: &Client,
    person: Person<'_>,
    grant: &Grant,
    bound: &Bound<'_>,
) -> Map<String, Value> {
    let is_full = bound.is_alone || client.id_token_claims() == IdTokenClaims::Full;
    let mut claims = wished(person.user, client, &grant.claims.id_token);
    if is_full {
        claims.extend(of_user(person.user, client, &grant.scopes));
    }
    let about_token = present([
        ("iss", Some(json!(around.issuer))),
        ("sub", Some(json!(person.sub))),
        ("aud", Some(json!(client.client_id))),
        ("exp", Some(json!(around.expires_at.as_seconds()))),
        ("iat", Some(json!(around.now.as_seconds()))),
        ("auth_time", Some(json!(person.by.auth_time.as_seconds()))),
        ("nonce", bound.nonce.map(|nonce| json!(nonce))),
        ("acr", Some(json!(person.by.acr))),
        ("amr", Some(json!(person.by.amr))),
        ("at_hash", bound.at_hash.as_ref().map(|hash| json!(hash))),
        ("c_hash", bound.c_hash.as_ref().map(|hash| json!(hash))),
        ("sid", Some(json!(around.sid))),
    ]);
    claims.extend(about_token);
    claims
}

/// The single claims that a request wished for (OpenID Connect Core §5.5), as far as the client
/// may ask for their scopes.
fn wished(
    user: &User,
    client: &Client,
    wishes: &BTreeMap<String, ClaimWish>,
) -> Map<String, Value> {
    if wishes.is_empty() {
        return Map::new();
    }
    let mut claims = of_user(user, client, &client.allowed_scopes());
    claims.retain(|name, _| wishes.contains_key(name));
    claims
}

/// What one access token opens: the grant, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Scopes.
    pub scopes: ScopeSet,
    /// APIs (RFC 8707).
    pub resources: Vec<String>,
}

impl Reach {
    /// All of a grant.
    pub fn of(grant: &Grant) -> Self {
        Self { scopes: grant.scopes.clone(), resources: grant.resources.clone() }
    }

    /// The APIs, and the issuer itself when it opens userinfo.
    pub fn audience(&self, issuer: &str) -> Vec<String> {
        let own = self.scopes.contains("openid").then(|| issuer.to_owned());
        self.resources.iter().cloned().chain(own).collect()
    }
}

/// The payload of an access token for an API (RFC 9068 §2.2). A client that speaks for itself is
/// its own subject (§2.2).
pub fn access_token(
    around: Surroundings<'_>,
    client: &Client,
    person: Option<Person<'_>>,
    reach: &Reach,
    jti: &str,
) -> Map<String, Value> {
    let sub = person.map_or(client.client_id.as_str(), |person| person.sub);
    let by = person.map(|person| person.by);
    present([
        ("iss", Some(json!(around.issuer))),
        ("sub", Some(json!(sub))),
        ("aud", Some(json!(reach.audience(around.issuer)))),
        ("client_id", Some(json!(client.client_id))),
        ("exp", Some(json!(around.expires_at.as_seconds()))),
        ("iat", Some(json!(around.now.as_seconds()))),
        ("jti", Some(json!(jti))),
        ("scope", (!reach.scopes.is_empty()).then(|| json!(reach.scopes.to_string()))),
        ("auth_time", by.map(|by| json!(by.auth_time.as_seconds()))),
        ("acr", by.map(|by| json!(by.acr))),
        ("amr", by.map(|by| json!(by.amr))),
    ])
}

/// The answer of userinfo (OpenID Connect Core §5.3.2).
pub fn userinfo(
    user: &User,
    sub: &str,
    client: &Client,
    scopes: &ScopeSet,
    grant: &Grant,
) -> Map<String, Value> {
    let mut claims = wished(user, client, &grant.claims.userinfo);
    claims.extend(of_user(user, client, scopes));
    claims.insert("sub".to_owned(), json!(sub));
    claims
}
