//! `/userinfo` (OpenID Connect Core §5.3).

use serde_json::{Map, Value, json};

use crate::app::encryption::to_client;
use crate::app::token::subject;
use crate::app::{Fault, Issuer, bearer};
use crate::domain::Client;
use crate::jose::{JweContent, TokenType, sign};
use crate::protocol::{ErrorCode, OAuthError};
use crate::rules::claims;

/// What userinfo answers.
pub enum UserinfoAnswer {
    /// The claims.
    Claims(Map<String, Value>),
    /// The claims, signed, encrypted or both, as the client registered.
    Jwt(String),
    /// The error of RFC 6750 §3.1.
    Refused(OAuthError),
}

/// Serves a userinfo request for the bearer of `token`.
///
/// # Errors
/// When the store or the keys fail.
pub async fn userinfo(issuer: &Issuer, token: &str) -> Result<UserinfoAnswer, Fault> {
    let found = bearer::find(issuer, token, issuer.now()).await?;
    let live = found.as_ref().and_then(|bearer| Some((bearer, bearer.facts.user.as_ref()?)));
    // A client that speaks for itself has no person to tell about.
    let Some((bearer, user)) = live else {
        return Ok(UserinfoAnswer::Refused(OAuthError::new(
            ErrorCode::InvalidToken,
            "the access token is unknown, expired, taken back, or about no person",
        )));
    };
    // RFC 9068 §4: the audience of a JWT must name us, or it is for somebody else; that of one
    // with `openid` does.
    if !bearer.reach.scopes.contains("openid") {
        return Ok(UserinfoAnswer::Refused(OAuthError::new(
            ErrorCode::InsufficientScope,
            "the access token was not granted the scope openid",
        )));
    }
    let (client, grant) = (&bearer.client, &bearer.facts.grant);
    let sub = subject(issuer, client, user);
    let claims = claims::userinfo(user, &sub, client, &bearer.reach.scopes, grant);
    protect(issuer, client, claims).await
}

/// Signs and encrypts as registered (§5.3.2); both: signed first.
async fn protect(
    issuer: &Issuer,
    client: &Client,
    mut claims: Map<String, Value>,
) -> Result<UserinfoAnswer, Fault> {
    let metadata = &client.metadata;
    let encryption = metadata.userinfo_encrypted_response_alg;
    let enc = metadata.userinfo_encrypted_response_enc;
    let Some(algorithm) = metadata.userinfo_signed_response_alg else {
        let Some(alg) = encryption else { return Ok(UserinfoAnswer::Claims(claims)) };
        let plain = Value::Object(claims).to_string();
        let content = JweContent::Json(plain.as_bytes());
        return Ok(UserinfoAnswer::Jwt(to_client(issuer, client, content, alg, enc).await?));
    };
    claims.insert("iss".to_owned(), json!(issuer.url()));
    claims.insert("aud".to_owned(), json!(client.client_id));
    let key = issuer.keys.signing_key(issuer, algorithm).await?;
    let signed = sign(&key, TokenType::UserInfo, &claims)?;
    let Some(alg) = encryption else { return Ok(UserinfoAnswer::Jwt(signed)) };
    let content = JweContent::SignedJwt(&signed);
    Ok(UserinfoAnswer::Jwt(to_client(issuer, client, content, alg, enc).await?))
}
