//! Renewing tokens. The refresh token is computed from the grant and its generation, so a rotation
//! is one conditional update of the grant's row, and a lost answer can be made again.

use std::sync::Arc;

use super::mint::{Mint, refresh_tag};
use super::{TokenAnswer, answer};
use crate::app::revoke::revoke_grant;
use crate::app::{Caller, Fault, Issuer};
use crate::base::{GrantId, Timestamp, constant_time_eq};
use crate::domain::{Actor, Client, Event, Grant, GrantFacts};
use crate::protocol::token::RefreshToken;
use crate::rules::client_auth::AuthenticatedClient;
use crate::rules::token::{
    RefreshRequest, RefreshVerdict, Renewal, judge_refresh, unknown_refresh_token,
};
use crate::store::Store;

/// How often the grant is looked at: first in memory, which another process may have left behind
/// and which refuses nobody. A refresh that lost against another one of the same token looks again:
/// the next look finds the successor, and one after it only if that was renewed meanwhile.
const LOOKS: usize = 4;

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
    for look in 0..LOOKS {
        let now = issuer.now();
        let store = if look == 0 { issuer.store.clone() } else { issuer.store.fresh() };
        let facts = facts_for(&store, client.client(), id).await?;
        match judge_refresh(&request, client, facts.as_ref(), idle_for, now) {
            // What is renewed by a statement of the store is judged by it once more.
            RefreshVerdict::Renew(renewal) if look > 0 || renewal.next.is_some() => {
                let Some(facts) = facts else { break };
                if rotate(issuer, &facts, &renewal, now).await? {
                    return renew(issuer, client, facts, renewal, now).await;
                }
            }
            _ if look == 0 => {}
            RefreshVerdict::Renew(_) => break,
            RefreshVerdict::Refuse(error) => return Ok(TokenAnswer::Refused(error)),
            RefreshVerdict::Reuse(error) => {
                let actor = Actor::Client(client.client().client_id.clone());
                let row = caller.row(issuer, actor, &Event::RefreshTokenReused { grant: id });
                revoke_grant(issuer, id, row, now).await?;
                return Ok(TokenAnswer::Refused(error));
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

/// A grant and those whom it stands on, with the consent where there must be one.
async fn facts_for(
    store: &Store,
    client: &Client,
    id: GrantId,
) -> Result<Option<GrantFacts>, Fault> {
    let Some(grant) = store.grant(id).await? else { return Ok(None) };
    let mut facts = store.facts_of(grant).await?;
    if let (Some(by), false) = (&facts.grant.person, client.is_first_party()) {
        facts.consent = store.consent(by.user, facts.grant.client).await?;
    }
    Ok(Some(facts))
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
    // An older generation than that of another process would take its token for a stolen one.
    let Some(grant) = issuer.store.fresh().grant(token.grant).await? else { return Ok(None) };
    Ok(Some((token, issuer.store.facts_of(grant).await?)))
}
