//! `/userinfo` (OpenID Connect Core §5.3).

use serde_json::{Map, Value};

use crate::app::token::opaque;
use crate::app::{Fault, Issuer};
use crate::base::{GrantId, Timestamp, constant_time_eq};
use crate::domain::{Grant, User};
use crate::jose::verify_access_token;
use crate::protocol::token::{ACCESS_TOKEN_PREFIX, JwtTokenId, OpaqueAccessToken};
use crate::protocol::{ErrorCode, OAuthError};
use crate::rules::claims;
use crate::store::{clients, grants};

/// What userinfo answers: the claims, or the error of RFC 6750 §3.1.
pub type UserinfoAnswer = Result<Map<String, Value>, OAuthError>;

/// Serves a userinfo request for the bearer of `token`.
///
/// # Errors
/// When the store does not answer.
pub async fn userinfo(issuer: &Issuer, token: &str) -> Result<UserinfoAnswer, Fault> {
    let now = issuer.now();
    let Some((grant, user)) = find_live(issuer, token, now).await? else {
        return Ok(Err(OAuthError::new(
            ErrorCode::InvalidToken,
            "the access token is unknown, expired or taken back",
        )));
    };
    if !grant.scopes.contains("openid") {
        return Ok(Err(OAuthError::new(
            ErrorCode::InsufficientScope,
            "the access token was not granted the scope openid",
        )));
    }
    let id = grant.client;
    let client = issuer.store.read(move |db| clients::find_client(db, id)).await?;
    match client.filter(crate::domain::Client::is_enabled) {
        Some(client) => Ok(Ok(claims::userinfo(&user, &client, &grant.scopes))),
        None => Ok(Err(OAuthError::new(ErrorCode::InvalidToken, "the client is disabled"))),
    }
}

/// The grant behind an access token, when token, grant, session and user all still count.
async fn find_live(
    issuer: &Issuer,
    token: &str,
    now: Timestamp,
) -> Result<Option<(Grant, User)>, Fault> {
    if token.starts_with(ACCESS_TOKEN_PREFIX) {
        let Ok(parsed) = OpaqueAccessToken::parse(token) else { return Ok(None) };
        let found = load(issuer, parsed.grant, now).await?;
        return Ok(found.filter(|(grant, _)| {
            let expected = opaque(issuer, grant, parsed.expires_at);
            parsed.generation == grant.generation
                && now < parsed.expires_at
                && constant_time_eq(&expected.tag, &parsed.tag)
        }));
    }
    let Ok(claims) = verify_access_token(&issuer.keys.ring(), token, issuer.url(), now) else {
        return Ok(None);
    };
    // RFC 9068 §4: the audience must name us, or the token is for somebody else.
    let is_for_us = claims.aud.iter().any(|aud| aud == issuer.url());
    match JwtTokenId::parse(&claims.jti) {
        Ok(id) if is_for_us => load(issuer, id.grant, now).await,
        _ => Ok(None),
    }
}

async fn load(
    issuer: &Issuer,
    id: GrantId,
    now: Timestamp,
) -> Result<Option<(Grant, User)>, Fault> {
    let found =
        issuer.store.read(move |db| grants::find_grant_with_session_and_user(db, id)).await?;
    Ok(found
        .filter(|(grant, session, user)| {
            grant.is_live(now)
                && grant.code.used_at.is_some()
                && session.ended.is_none()
                && user.is_enabled()
        })
        .map(|(grant, _, user)| (grant, user)))
}
