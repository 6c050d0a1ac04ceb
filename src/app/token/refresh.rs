//! Renewing tokens. The refresh token is computed from the grant and its generation, so a rotation
//! is one conditional update of the grant's row, and a lost answer can be made again.

use std::sync::Arc;

use super::mint::{Mint, refresh_tag};
use super::{TokenAnswer, answer};
use crate::app::revoke::revoke_grant;
use crate::app::{Caller, Fault, Issuer};
use crate::base::{GrantId, Timestamp, constant_time_eq};
use crate::domain::{Actor, Event, Grant, GrantFacts};
use crate::protocol::token::RefreshToken;
use crate::rules::client_auth::AuthenticatedClient;
use crate::rules::token::{
    RefreshRequest, RefreshVerdict, Renewal, judge_refresh, unknown_refresh_token,
};

/// How often a refresh that lost against another one of the same token looks again. The second
/// look finds the successor, and a third one only if that was renewed meanwhile.
const LOOKS: usize = 3;

pub(super) async fn refresh(
    issuer: &Issuer,
    client: &AuthenticatedClient,
    request: RefreshRequest,
    caller: Caller,
) -> Result<TokenAnswer, Fault> {
    let token = &request.token;
    let expected = refresh_tag(issuer, token.grant, token.generation);
    if !constant_time_eq(&expected, &token.tag) {
        return Ok(TokenAnswer::Refused(unknown_refresh_token()));
    }
    let (id, idle_for) = (token.grant, issuer.settings.refresh_idle_for);
    for _ in 0..LOOKS {
        let now = issuer.now();
        let facts = facts_of(issuer, id).await?;
        match judge_refresh(&request, client, facts.as_ref(), idle_for, now) {
            RefreshVerdict::Refuse(error) => return Ok(TokenAnswer::Refused(error)),
            RefreshVerdict::Reuse(error) => {
                let actor = Actor::Client(client.client().client_id.clone());
                let row = caller.row(issuer, actor, &Event::RefreshTokenReused { grant: id });
                revoke_grant(issuer, id, row, now).await?;
                return Ok(TokenAnswer::Refused(error));
            }
            RefreshVerdict::Renew(renewal) => {
                let Some(facts) = facts else { break };
                if rotate(issuer, &facts, &renewal, now).await? {
                    return renew(issuer, client, facts, renewal, now).await;
                }
            }
        }
    }
    Ok(TokenAnswer::Refused(unknown_refresh_token()))
}

/// Begins the next generation. False when another refresh was quicker.
async fn rotate(
    issuer: &Issuer,
    facts: &GrantFacts,
    renewal: &Renewal,
    now: Timestamp,
) -> Result<bool, Fault> {
    let Some(next) = renewal.next.clone() else { return Ok(true) };
    let before = Arc::clone(&facts.grant);
    Ok(issuer.store.rotate_refresh(before, next, renewal.generation, now).await?)
}

async fn renew(
    issuer: &Issuer,
    client: &AuthenticatedClient,
    facts: GrantFacts,
    renewal: Renewal,
    now: Timestamp,
) -> Result<TokenAnswer, Fault> {
    let grant = Grant { generation: renewal.generation, ..Grant::clone(&facts.grant) };
    let user = facts.user.as_deref();
    let mint = Mint { issuer, client: client.client(), grant: &grant, user, now };
    // OpenID Connect Core §12.2: the ID token of a refresh has no nonce.
    answer(&mint, &renewal.reach, None).await
}

/// A refresh token that comes back to us: its grant, when it counts.
pub(in crate::app) struct KnownRefreshToken {
    pub(in crate::app) facts: GrantFacts,
    pub(in crate::app) expires_at: Timestamp,
}

/// The grant behind a refresh token, when it is the newest one and everything still counts.
pub(in crate::app) async fn refresh_token_of(
    issuer: &Issuer,
    text: &str,
    now: Timestamp,
) -> Result<Option<KnownRefreshToken>, Fault> {
    let Some((token, facts)) = grant_of(issuer, text).await? else { return Ok(None) };
    let is_newest = facts.is_live(now) && facts.grant.generation == token.generation;
    let state = facts.grant.refresh.as_ref().filter(|state| is_newest && state.is_live(now));
    let expires_at = state.map(|state| state.idle_expires_at.min(state.expires_at));
    Ok(expires_at.map(|expires_at| KnownRefreshToken { facts, expires_at }))
}

/// The grant that a refresh token of ours belongs to, whether it still counts or not.
pub(in crate::app) async fn family_of(
    issuer: &Issuer,
    text: &str,
) -> Result<Option<Arc<Grant>>, Fault> {
    Ok(grant_of(issuer, text).await?.map(|(_, facts)| facts.grant))
}

/// A grant and those whom it stands on. The grant itself is always asked for anew: an older
/// generation than that of another process would take its refresh token for a stolen one.
async fn facts_of(issuer: &Issuer, id: GrantId) -> Result<Option<GrantFacts>, Fault> {
    match issuer.store.fresh().grant(id).await? {
        Some(grant) => Ok(Some(issuer.store.facts_of(grant).await?)),
        None => Ok(None),
    }
}

async fn grant_of(
    issuer: &Issuer,
    text: &str,
) -> Result<Option<(RefreshToken, GrantFacts)>, Fault> {
    let Ok(token) = RefreshToken::parse(text) else { return Ok(None) };
    let expected = refresh_tag(issuer, token.grant, token.generation);
    if !constant_time_eq(&expected, &token.tag) {
        return Ok(None);
    }
    let id = token.grant;
    let facts = facts_of(issuer, id).await?;
    Ok(facts.map(|facts| (token, facts)))
}
