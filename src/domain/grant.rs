use std::sync::Arc;
use std::time::Duration;

use super::{Consent, Session, User};
use crate::base::{ClientRowId, Digest, GrantId, SessionId, Timestamp, UserId};
use crate::protocol::pkce::CodeChallenge;
use crate::protocol::{ClaimsRequest, ScopeSet};

/// What one authorization gave to one client. One row from the code to the last token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Row id; it stands in every code and token of the grant.
    pub id: GrantId,
    /// Which client holds it.
    pub client: ClientRowId,
    /// Whose data it opens; none when the client speaks for itself.
    pub person: Option<GrantedBy>,
    /// What was granted.
    pub scopes: ScopeSet,
    /// The APIs its access tokens are for (RFC 8707); empty: only our own userinfo.
    pub resources: Vec<String>,
    /// Single claims that the request asked for.
    pub claims: ClaimsRequest,
    /// `nonce` of the request.
    pub nonce: Option<String>,
    /// The code and its fate; none when the request asked for none.
    pub code: Option<CodeState>,
    /// How many times it was renewed.
    pub generation: u32,
    /// Its refresh token, when it has one.
    pub refresh: Option<RefreshState>,
    /// When it was made.
    pub created_at: Timestamp,
    /// After this instant nothing of it counts and the row may go.
    pub expires_at: Timestamp,
    /// When all of it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// The person behind a grant, as of the request and not of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedBy {
    /// Who.
    pub user: UserId,
    /// The session it came from. The grant dies with it, unless it is an offline one.
    pub session: SessionId,
    /// When the person had proven who they are.
    pub auth_time: Timestamp,
    /// `acr` of the session then.
    pub acr: String,
    /// `amr` of the session then.
    pub amr: Vec<String>,
}

/// The authorization code of a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeState {
    /// Digest of its secret bytes.
    pub digest: Digest,
    /// Where it was sent; the token request must name the same.
    pub redirect_uri: String,
    /// The challenge of the request.
    pub challenge: Option<CodeChallenge>,
    /// When it stops to count.
    pub expires_at: Timestamp,
    /// When it was redeemed.
    pub used_at: Option<Timestamp>,
    /// How many wrong verifiers were tried; three destroy it.
    pub wrong_verifiers: u32,
}

/// The refresh token of a grant. The token itself is computed from the grant's generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshState {
    /// Whether it outlives the session (`offline_access`).
    pub is_offline: bool,
    /// When the last generations began, the newest last: those of the last [`REFRESH_GRACE`],
    /// and the newest in any case.
    pub rotated_at: Vec<Timestamp>,
    /// When it ends if nobody uses it before.
    pub idle_expires_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
}

/// How long a lost answer can be asked for again (`contract.md`, "Lifetimes").
pub const REFRESH_GRACE: Duration = Duration::from_secs(30);

impl RefreshState {
    /// Whether it counts at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.idle_expires_at && now < self.expires_at
    }
}

impl Grant {
    /// What a client is given that speaks for itself (RFC 6749 §4.4).
    pub fn of_client(
        id: GrantId,
        client: ClientRowId,
        reach: (ScopeSet, Vec<String>),
        generation: u32,
        counts: (Timestamp, Timestamp),
    ) -> Self {
        let ((scopes, resources), (created_at, expires_at)) = (reach, counts);
        Self {
            id,
            client,
            person: None,
            scopes,
            resources,
            claims: ClaimsRequest::default(),
            nonce: None,
            code: None,
            generation,
            refresh: None,
            created_at,
            expires_at,
            revoked_at: None,
        }
    }

    /// Whether its tokens count at `now`, as far as the grant itself tells.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// Whether it outlives the session it came from.
    pub fn is_offline(&self) -> bool {
        self.refresh.as_ref().is_some_and(|refresh| refresh.is_offline)
    }
}

/// A grant and those whom it stands on, as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantFacts {
    /// The grant.
    pub grant: Arc<Grant>,
    /// Its session, while the row is there.
    pub session: Option<Arc<Session>>,
    /// Its person.
    pub user: Option<Arc<User>>,
    /// What the person has allowed its client.
    pub consent: Option<Arc<Consent>>,
}

impl GrantFacts {
    /// Whether its access tokens count at `now`: the grant, its session and its person do. A
    /// session that ran out by itself is none that was ended.
    pub fn is_live(&self, now: Timestamp) -> bool {
        let has_person = self.user.as_ref().is_some_and(|user| user.is_enabled());
        let has_session = self.session.as_ref().is_some_and(|session| session.ended.is_none());
        self.grant.is_live(now)
            && (self.grant.person.is_none()
                || has_person && (has_session || self.grant.is_offline()))
    }
}
