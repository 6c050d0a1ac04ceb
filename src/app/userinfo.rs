//! `/userinfo` (OpenID Connect Core §5.3).

use serde_json::{Map, Value};

use crate::app::token::subject;
use crate::app::{Fault, Issuer, bearer};
use crate::protocol::{ErrorCode, OAuthError};
use crate::rules::claims;

/// What userinfo answers: the claims, or the error of RFC 6750 §3.1.
pub type UserinfoAnswer = Result<Map<String, Value>, OAuthError>;

/// Serves a userinfo request for the bearer of `token`.
///
/// # Errors
/// When the store does not answer.
pub async fn userinfo(issuer: &Issuer, token: &str) -> Result<UserinfoAnswer, Fault> {
    let now = issuer.now();
    let unknown = || {
        Ok(Err(OAuthError::new(
            ErrorCode::InvalidToken,
            "the access token is unknown, expired or taken back",
        )))
    };
    let Some(bearer) = bearer::find(issuer, token, now).await? else { return unknown() };
    // RFC 9068 §4: the audience of a JWT must name us, or it is for somebody else; that of one
    // with `openid` does.
    if !bearer.reach.scopes.contains("openid") {
        return Ok(Err(OAuthError::new(
            ErrorCode::InsufficientScope,
            "the access token was not granted the scope openid",
        )));
    }
    let Some(user) = &bearer.facts.user else { return unknown() };
    let (client, grant) = (&bearer.client, &bearer.facts.grant);
    let sub = subject(issuer, client, user);
    Ok(Ok(claims::userinfo(user, &sub, client, &bearer.reach.scopes, grant)))
}
