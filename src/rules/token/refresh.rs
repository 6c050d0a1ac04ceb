//! Renewing tokens (RFC 6749 §6, RFC 9700 §4.14, `security.md` R29 to R33).

use std::time::Duration;

use super::{narrow, repeated, required, scopes};
use crate::base::Timestamp;
use crate::domain::{Client, GrantFacts, REFRESH_GRACE, RefreshState};
use crate::protocol::token::RefreshToken;
use crate::protocol::{ErrorCode, OAuthError, Parameters, ScopeSet};
use crate::rules::claims::Reach;
use crate::rules::client_auth::AuthenticatedClient;

/// The parameters of a refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshRequest {
    /// The token, of our anatomy; its tag is not yet compared.
    pub token: RefreshToken,
    /// Scopes to narrow the access token to.
    pub scopes: Option<ScopeSet>,
    /// APIs to narrow it to.
    pub resources: Vec<String>,
}

/// A refresh that may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// What the new access token opens.
    pub reach: Reach,
    /// The generation that it belongs to.
    pub generation: u32,
    /// How the refresh token stands afterwards; none when nothing changes, because an answer that
    /// was lost is given again.
    pub next: Option<RefreshState>,
}

/// What becomes of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefreshVerdict {
    /// It counts: one conditional statement must now win, when something changes.
    Renew(Renewal),
    /// It is refused, and everything stays as it is.
    Refuse(OAuthError),
    /// It was used before by somebody else: everything of its family must be taken back.
    Reuse(OAuthError),
}

/// More instants than this are not remembered: nobody renews so often within the grace.
const MAX_REMEMBERED: usize = 32;

pub(super) fn read(form: &Parameters) -> Result<RefreshRequest, OAuthError> {
    let text = required(form, "refresh_token")?;
    let asked = scopes(form)?;
    form.one("client_id").map_err(repeated)?;
    Ok(RefreshRequest {
        token: RefreshToken::parse(text).map_err(|_| unknown_refresh_token())?,
        scopes: asked,
        resources: form.all("resource").into_iter().map(str::to_owned).collect(),
    })
}

/// The one answer for a token that is unknown, another client's, over or taken back.
pub fn unknown_refresh_token() -> OAuthError {
    OAuthError::new(
        ErrorCode::InvalidGrant,
        "the refresh token is unknown, over, taken back, or was given to another client",
    )
}

/// Judges a refresh token whose tag was compared, and everything its grant stands on as it is now
/// (`security.md` R31).
pub fn judge(
    request: &RefreshRequest,
    client: &AuthenticatedClient,
    facts: Option<&GrantFacts>,
    idle_for: Duration,
    now: Timestamp,
) -> RefreshVerdict {
    let client = client.client();
    let own = facts.filter(|facts| facts.grant.client == client.id && facts.grant.is_live(now));
    let Some((facts, state)) = own.and_then(|facts| Some((facts, facts.grant.refresh.as_ref()?)))
    else {
        return RefreshVerdict::Refuse(unknown_refresh_token());
    };
    if !state.is_live(now) {
        return RefreshVerdict::Refuse(unknown_refresh_token());
    }
    let current = facts.grant.generation;
    let next = match current.checked_sub(request.token.generation) {
        None => return RefreshVerdict::Refuse(unknown_refresh_token()),
        Some(0) => Some(renewed(state, client, idle_for, now)),
        // The answer was lost: the same successor once more, as long as nobody used it.
        Some(1) if is_recent(state, 0, now) => None,
        // The successor is in use. For a while this may still be a straggler of its owner.
        Some(behind) if is_recent(state, behind - 1, now) => {
            return RefreshVerdict::Refuse(unknown_refresh_token());
        }
        Some(_) => {
            return RefreshVerdict::Reuse(OAuthError::new(
                ErrorCode::InvalidGrant,
                "the refresh token was used before: everything it gave has been taken back",
            ));
        }
    };
    match still_granted(request, client, facts, now) {
        Err(error) => RefreshVerdict::Refuse(error),
        Ok(reach) => {
            let is_new = next.is_some() && client.rotates_refresh_tokens();
            RefreshVerdict::Renew(Renewal { reach, generation: current + u32::from(is_new), next })
        }
    }
}

/// Whether the generation that is `behind` the newest one began within the grace.
fn is_recent(state: &RefreshState, behind: u32, now: Timestamp) -> bool {
    let behind = usize::try_from(behind).unwrap_or(usize::MAX);
    state.rotated_at.iter().rev().nth(behind).is_some_and(|began| now < *began + REFRESH_GRACE)
}

fn renewed(
    state: &RefreshState,
    client: &Client,
    idle_for: Duration,
    now: Timestamp,
) -> RefreshState {
    let mut rotated_at = state.rotated_at.clone();
    if client.rotates_refresh_tokens() {
        rotated_at.retain(|began| now < *began + REFRESH_GRACE);
        rotated_at.push(now);
        let surplus = rotated_at.len().saturating_sub(MAX_REMEMBERED);
        rotated_at.drain(..surplus);
    }
    RefreshState {
        is_offline: state.is_offline,
        rotated_at,
        idle_expires_at: (now + idle_for).min(state.expires_at),
        expires_at: state.expires_at,
    }
}

/// What is left of the grant: person, session, consent and registration may have changed since.
fn still_granted(
    request: &RefreshRequest,
    client: &Client,
    facts: &GrantFacts,
    now: Timestamp,
) -> Result<Reach, OAuthError> {
    let grant = &facts.grant;
    let has_session = facts.session.as_ref().is_some_and(|session| session.is_live(now));
    let is_there = facts.user.as_ref().is_some_and(|user| user.is_enabled())
        && (grant.is_offline() || has_session);
    if !is_there {
        return Err(unknown_refresh_token());
    }
    let needed = grant.claims.consent_scopes(&grant.scopes);
    let consented = facts.consent.as_ref().map(|consent| &consent.scopes);
    let is_allowed = client.is_first_party()
        || consented.is_some_and(|consented| needed.is_subset_of(consented));
    if !is_allowed {
        return Err(unknown_refresh_token());
    }
    let granted = grant.scopes.clipped_to(&client.allowed_scopes());
    let scopes = match &request.scopes {
        None => granted,
        // RFC 6749 §6: never more than was granted. What is more is dropped, as everywhere.
        Some(asked) => asked.clipped_to(&granted),
    };
    if scopes.is_empty() && !grant.scopes.is_empty() {
        return Err(OAuthError::new(
            ErrorCode::InvalidScope,
            "none of these scopes was granted, or none is left",
        ));
    }
    let is_registered = |resource: &String| {
        let metadata = &client.metadata;
        metadata.resources.contains(resource) || metadata.audience.as_ref() == Some(resource)
    };
    if !grant.resources.iter().all(is_registered) {
        return Err(OAuthError::new(
            ErrorCode::InvalidTarget,
            "the client is no longer registered for what was granted",
        ));
    }
    Ok(Reach { scopes, resources: narrow(&grant.resources, &request.resources)? })
}
