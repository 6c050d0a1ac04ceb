//! `/introspect` (RFC 7662) and its signed answer (RFC 9701).

use serde_json::{Map, Value, json};

use crate::app::client_auth::{Credentials, NotLetIn, authenticate};
use crate::app::token::{refresh_token_of, subject};
use crate::app::{Fault, Issuer, bearer};
use crate::base::Timestamp;
use crate::domain::{Client, GrantFacts};
use crate::jose::{TokenType, sign};
use crate::protocol::{ErrorCode, OAuthError, SigningAlgorithm};
use crate::rules::claims::Reach;
use crate::rules::introspection::may_see;

/// What the endpoint answers.
pub enum Introspection {
    /// What the token opens, or that it is not active.
    Claims(Map<String, Value>),
    /// The same, signed.
    Signed(String),
    /// The client was not let in.
    NotLetIn(NotLetIn),
    /// The request is refused.
    Refused(OAuthError),
}

/// Serves an introspection request. Whatever the caller may not see is not active
/// (`security.md` R35).
///
/// # Errors
/// When the store or the keys fail.
pub async fn introspect(
    issuer: &Issuer,
    credentials: Credentials<'_>,
    wants_jwt: bool,
) -> Result<Introspection, Fault> {
    let client = match authenticate(issuer, credentials).await? {
        Ok(client) => client,
        Err(refused) => return Ok(Introspection::NotLetIn(refused)),
    };
    let (caller, now) = (client.client(), issuer.now());
    if caller.is_public() {
        return Ok(Introspection::Refused(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "introspection is only for clients that prove who they are",
        )));
    }
    let token = match credentials.form.one("token") {
        Ok(Some(token)) => token,
        Ok(None) => return Ok(Introspection::Refused(missing_token())),
        Err(repeated) => {
            return Ok(Introspection::Refused(OAuthError::about(
                ErrorCode::InvalidRequest,
                repeated.0,
                "stands more than once",
            )));
        }
    };
    let mut claims = describe(issuer, caller, token, now).await?.unwrap_or_default();
    let is_active = !claims.is_empty();
    claims.insert("active".to_owned(), json!(is_active));
    let registered = caller.metadata.introspection_signed_response_alg;
    if !wants_jwt && registered.is_none() {
        return Ok(Introspection::Claims(claims));
    }
    let key =
        issuer.keys.signing_key(issuer, registered.unwrap_or(SigningAlgorithm::RS256)).await?;
    // RFC 9701 §5: nothing about the token stands beside the members about this answer.
    let answer = json!({
        "iss": issuer.url(),
        "aud": caller.client_id,
        "iat": now.as_seconds(),
        "token_introspection": claims,
    });
    Ok(Introspection::Signed(sign(&key, TokenType::Introspection, &answer)?))
}

pub(super) fn missing_token() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRequest, "token is missing")
}

/// What the caller learns of a token; `None` when it is not active for it.
async fn describe(
    issuer: &Issuer,
    caller: &Client,
    token: &str,
    now: Timestamp,
) -> Result<Option<Map<String, Value>>, Fault> {
    if let Some(refresh) = refresh_token_of(issuer, token, now).await? {
        let is_own = refresh.facts.grant.client == caller.id;
        let reach = Reach::of(&refresh.facts.grant);
        let about = about(issuer, caller, &refresh.facts, &reach, refresh.expires_at);
        return Ok(is_own.then_some(about));
    }
    let Some(bearer) = bearer::find(issuer, token, now).await? else { return Ok(None) };
    let audience = bearer.reach.audience(issuer.url());
    if !may_see(caller, bearer.client.id, &audience) {
        return Ok(None);
    }
    let mut claims = about(issuer, &bearer.client, &bearer.facts, &bearer.reach, bearer.expires_at);
    claims.insert("token_type".to_owned(), json!("Bearer"));
    claims.insert("aud".to_owned(), json!(audience));
    claims.extend(bearer.jti.map(|jti| ("jti".to_owned(), json!(jti))));
    Ok(Some(claims))
}

/// The members of RFC 7662 §2.2 that every kind of token has. `client` holds the token.
fn about(
    issuer: &Issuer,
    client: &Client,
    facts: &GrantFacts,
    reach: &Reach,
    expires_at: Timestamp,
) -> Map<String, Value> {
    let user = facts.user.as_deref();
    let sub = user.map_or(client.client_id.clone(), |user| subject(issuer, client, user));
    let by = facts.grant.person.as_ref();
    let scope = (!reach.scopes.is_empty()).then(|| json!(reach.scopes.to_string()));
    let members = [
        ("iss", Some(json!(issuer.url()))),
        ("client_id", Some(json!(client.client_id))),
        ("sub", Some(json!(sub))),
        ("exp", Some(json!(expires_at.as_seconds()))),
        ("scope", scope),
        ("username", user.filter(|_| reach.scopes.contains("profile")).map(|u| json!(u.username))),
        ("auth_time", by.map(|by| json!(by.auth_time.as_seconds()))),
        ("acr", by.map(|by| json!(by.acr))),
    ];
    let present = |(name, value): (&str, Option<Value>)| Some((name.to_owned(), value?));
    members.into_iter().filter_map(present).collect()
}
