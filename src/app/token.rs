//! `/token`: a code becomes tokens.

use serde_json::{Map, Value, json};

use crate::app::finish::loop_key_of;
use crate::app::{Fault, Issuer};
use crate::base::{ClientRowId, GrantId, SessionId, Timestamp, hmac_sha256, to_base64url};
use crate::credentials::Purpose as KeyPurpose;
use crate::domain::{Client, Grant, User};
use crate::jose::{TokenType, hash_half, sign};
use crate::protocol::token::{JwtTokenId, OpaqueAccessToken};
use crate::protocol::{OAuthError, Parameters};
use crate::rules::claims::{self, Surroundings};
use crate::rules::client_auth::{self, AuthenticatedClient, Unauthenticated};
use crate::rules::token::{self as rules, CodeExchange, CodeVerdict, TokenRequest, unknown_code};
use crate::store::{clients, grants, users};

/// What the token endpoint answers.
pub enum TokenAnswer {
    /// Tokens (RFC 6749 §5.1).
    Tokens(Map<String, Value>),
    /// The client was not let in.
    Unauthenticated(Unauthenticated),
    /// The request is refused.
    Refused(OAuthError),
}

/// Serves a token request.
///
/// # Errors
/// When the store or the keys fail.
pub async fn token(
    issuer: &Issuer,
    authorization: Option<&str>,
    form: &Parameters,
) -> Result<TokenAnswer, Fault> {
    let client = match authenticate(issuer, authorization, form).await? {
        Ok(client) => client,
        Err(unauthenticated) => return Ok(TokenAnswer::Unauthenticated(unauthenticated)),
    };
    match rules::read(form, &client) {
        Ok(TokenRequest::Code(exchange)) => redeem(issuer, &client, exchange).await,
        Err(error) => Ok(TokenAnswer::Refused(error)),
    }
}

/// Lets a client in, or says why not.
pub(super) async fn authenticate(
    issuer: &Issuer,
    authorization: Option<&str>,
    form: &Parameters,
) -> Result<Result<AuthenticatedClient, Unauthenticated>, Fault> {
    let claim = match client_auth::read(authorization, form) {
        Ok(claim) => claim,
        Err(unauthenticated) => return Ok(Err(unauthenticated)),
    };
    let ids = claim.client_ids.clone();
    let client = issuer.store.read(move |db| clients::find_client_by_any_id(db, &ids)).await?;
    let result = client_auth::authenticate(&claim, client, issuer.now());
    if result.is_err() {
        tracing::info!(target: "tessera::audit", "client authentication refused");
    }
    Ok(result)
}

/// Redeems a code: judged first, then consumed by one conditional statement, and only then is
/// any token made (`security.md` R20).
async fn redeem(
    issuer: &Issuer,
    client: &AuthenticatedClient,
    exchange: CodeExchange,
) -> Result<TokenAnswer, Fault> {
    let now = issuer.now();
    let id = exchange.code.grant;
    let grant = issuer.store.read(move |db| grants::find_grant(db, id)).await?;
    match rules::judge(&exchange, client, grant.as_ref(), now) {
        CodeVerdict::Redeem => {}
        CodeVerdict::Refuse(error) => return Ok(TokenAnswer::Refused(error)),
        CodeVerdict::WrongVerifier(error) => {
            issuer
                .store
                .write("count wrong verifier", move |db| grants::count_wrong_verifier(db, id, now))
                .await?;
            return Ok(TokenAnswer::Refused(error));
        }
        CodeVerdict::Replay(error) => {
            revoke(issuer, id, now).await?;
            return Ok(TokenAnswer::Refused(error));
        }
    }
    let digest = exchange.code.digest();
    let redeemed = issuer
        .store
        .write("redeem code", move |db| grants::redeem_code(db, id, &digest, now))
        .await?;
    match redeemed {
        Some(grant) => issue_tokens(issuer, client.client(), grant, &exchange.resources, now).await,
        None => lost_race(issuer, client, &exchange, now).await,
    }
}

/// Another redemption was quicker. If this one is valid as well, the code was used twice.
async fn lost_race(
    issuer: &Issuer,
    client: &AuthenticatedClient,
    exchange: &CodeExchange,
    now: Timestamp,
) -> Result<TokenAnswer, Fault> {
    let id = exchange.code.grant;
    let grant = issuer.store.read(move |db| grants::find_grant(db, id)).await?;
    match rules::judge(exchange, client, grant.as_ref(), now) {
        CodeVerdict::Replay(error) => {
            revoke(issuer, id, now).await?;
            Ok(TokenAnswer::Refused(error))
        }
        CodeVerdict::Refuse(error) | CodeVerdict::WrongVerifier(error) => {
            Ok(TokenAnswer::Refused(error))
        }
        CodeVerdict::Redeem => Ok(TokenAnswer::Refused(unknown_code())),
    }
}

async fn revoke(issuer: &Issuer, id: GrantId, now: Timestamp) -> Result<(), Fault> {
    let was_live =
        issuer.store.write("revoke grant", move |db| grants::revoke_grant(db, id, now)).await?;
    if was_live {
        tracing::warn!(target: "tessera::audit", grant = %id, "a code was used twice: its tokens are taken back");
    }
    Ok(())
}

async fn issue_tokens(
    issuer: &Issuer,
    client: &Client,
    mut grant: Grant,
    narrowed: &[String],
    now: Timestamp,
) -> Result<TokenAnswer, Fault> {
    issuer.throttle.forget(&loop_key_of(client.id, grant.session)).await;
    let user_id = grant.user;
    let user = issuer.store.read(move |db| users::find_user(db, user_id)).await?;
    let Some(user) = user.filter(User::is_enabled) else {
        return Ok(TokenAnswer::Refused(unknown_code()));
    };
    if !narrowed.is_empty() {
        grant.resources.retain(|resource| narrowed.contains(resource));
    }
    let access_for = issuer.settings.access_token_for;
    let access_token = access_token(issuer, client, &user, &grant, now).await?;
    let mut answer = Map::new();
    answer.insert("access_token".to_owned(), json!(access_token));
    answer.insert("token_type".to_owned(), json!("Bearer"));
    answer.insert("expires_in".to_owned(), json!(access_for.as_secs()));
    answer.insert("scope".to_owned(), json!(grant.scopes.to_string()));
    if grant.scopes.contains("openid") {
        let id_token = id_token(issuer, client, &user, &grant, &access_token, now).await?;
        answer.insert("id_token".to_owned(), json!(id_token));
    }
    answer.retain(|_, value| value.as_str() != Some(""));
    Ok(TokenAnswer::Tokens(answer))
}

/// An access token for an API is a JWT that it verifies by itself (RFC 9068); one that only opens
/// our own userinfo is opaque.
async fn access_token(
    issuer: &Issuer,
    client: &Client,
    user: &User,
    grant: &Grant,
    now: Timestamp,
) -> Result<String, Fault> {
    let expires_at = now + issuer.settings.access_token_for;
    if grant.resources.is_empty() {
        return Ok(opaque(issuer, grant, expires_at).to_text());
    }
    let key = issuer.keys.signing_key(issuer, client.access_token_algorithm()).await?;
    let jti = JwtTokenId { grant: grant.id, generation: grant.generation }.to_text();
    let sid = sid(issuer, grant.session, client.id);
    let around = Surroundings { issuer: issuer.url(), sid: &sid, now, expires_at };
    let payload = claims::access_token(around, client, user, grant, &jti);
    Ok(sign(&key, TokenType::AccessToken, &payload)?)
}

/// The opaque access token of a grant's present generation. It is computed, not stored: a lost
/// answer can be made again, and a dump of the database holds no token.
pub(super) fn opaque(issuer: &Issuer, grant: &Grant, expires_at: Timestamp) -> OpaqueAccessToken {
    let expires_at = Timestamp::from_seconds(expires_at.as_seconds());
    let tag = hmac_sha256(
        &issuer.purpose_key(KeyPurpose::OpaqueToken),
        &[
            b"access",
            grant.id.as_bytes(),
            &grant.generation.to_be_bytes(),
            &expires_at.as_seconds().to_be_bytes(),
            grant.scopes.to_string().as_bytes(),
            grant.resources.join(" ").as_bytes(),
        ],
    );
    OpaqueAccessToken { grant: grant.id, generation: grant.generation, expires_at, tag }
}

async fn id_token(
    issuer: &Issuer,
    client: &Client,
    user: &User,
    grant: &Grant,
    access_token: &str,
    now: Timestamp,
) -> Result<String, Fault> {
    let algorithm = client.id_token_algorithm();
    let key = issuer.keys.signing_key(issuer, algorithm).await?;
    let sid = sid(issuer, grant.session, client.id);
    let expires_at = now + issuer.settings.id_token_for;
    let around = Surroundings { issuer: issuer.url(), sid: &sid, now, expires_at };
    let at_hash = hash_half(algorithm, access_token);
    let payload = claims::id_token(around, client, user, grant, &at_hash);
    Ok(sign(&key, TokenType::IdToken, &payload)?)
}

/// The session as one client sees it (`sid`): stable over re-authentication, and different for
/// each client, so that it links none of them.
pub(super) fn sid(issuer: &Issuer, session: SessionId, client: ClientRowId) -> String {
    let key = issuer.purpose_key(KeyPurpose::SessionSid);
    let mac = hmac_sha256(&key, &[session.as_bytes(), client.as_bytes()]);
    to_base64url(&mac[..16])
}
