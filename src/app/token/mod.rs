//! `/token`: what a client shows becomes tokens.

mod client_credentials;
mod code;
mod mint;
mod refresh;

pub(super) use mint::{Mint, opaque_tag, sid, subject, subject_of, tag_of_client};
pub(super) use refresh::{family_of, refresh_token_of};

use serde_json::{Map, Value, json};

use crate::app::client_auth::{Credentials, NotLetIn, authenticate};
use crate::app::{Fault, Issuer};
use crate::protocol::OAuthError;
use crate::rules::claims::{Bound, Reach};
use crate::rules::token::{self as rules, TokenRequest};

/// What the token endpoint answers.
pub enum TokenAnswer {
    /// Tokens (RFC 6749 §5.1).
    Tokens(Map<String, Value>),
    /// The client was not let in.
    NotLetIn(NotLetIn),
    /// The request is refused.
    Refused(OAuthError),
}

/// Serves a token request.
///
/// # Errors
/// When the store or the keys fail.
pub async fn token(issuer: &Issuer, credentials: Credentials<'_>) -> Result<TokenAnswer, Fault> {
    let grant_type = credentials.form.one("grant_type").ok().flatten().map(str::to_owned);
    let answer = serve(issuer, credentials).await;
    let outcome = match &answer {
        Ok(TokenAnswer::Tokens(_)) => "issued",
        Ok(TokenAnswer::Refused(error)) => error.code.as_str(),
        Ok(TokenAnswer::NotLetIn(_)) => "client_not_let_in",
        Err(_) => "fault",
    };
    issuer.figures.token_request(grant_type.as_deref(), outcome);
    answer
}

async fn serve(issuer: &Issuer, credentials: Credentials<'_>) -> Result<TokenAnswer, Fault> {
    let client = match authenticate(issuer, credentials).await? {
        Ok(client) => client,
        Err(refused) => return Ok(TokenAnswer::NotLetIn(refused)),
    };
    match rules::read(credentials.form, &client) {
        Ok(TokenRequest::Code(exchange)) => {
            code::redeem(issuer, &client, exchange, credentials.caller).await
        }
        Ok(TokenRequest::Refresh(request)) => {
            refresh::refresh(issuer, &client, request, credentials.caller).await
        }
        Ok(TokenRequest::ClientCredentials(request)) => {
            client_credentials::grant(issuer, &client, request).await
        }
        Err(error) => Ok(TokenAnswer::Refused(error)),
    }
}

/// The answer of RFC 6749 §5.1. What is empty is left out.
async fn answer(mint: &Mint<'_>, reach: &Reach, nonce: Option<&str>) -> Result<TokenAnswer, Fault> {
    let access_token = mint.access_token(reach).await?;
    let mut answer = Map::new();
    answer.insert("token_type".to_owned(), json!("Bearer"));
    answer.insert("expires_in".to_owned(), json!(mint.expires_in()));
    answer.insert("scope".to_owned(), json!(reach.scopes.to_string()));
    if mint.user.is_some() && reach.scopes.contains("openid") {
        let at_hash = Some(mint.hash(&access_token));
        let id_token = mint.id_token(&Bound { nonce, at_hash, ..Bound::default() }).await?;
        answer.insert("id_token".to_owned(), json!(id_token));
    }
    if let Some(refresh_token) = mint.refresh_token() {
        answer.insert("refresh_token".to_owned(), json!(refresh_token));
    }
    answer.insert("access_token".to_owned(), json!(access_token));
    answer.retain(|_, value| value.as_str() != Some(""));
    Ok(TokenAnswer::Tokens(answer))
}
