use crate::base::{ClientRowId, Digest, GrantId, SessionId, Timestamp, UserId};
use crate::protocol::ScopeSet;
use crate::protocol::pkce::CodeChallenge;

/// What one authorization gave to one client. One row from the code to the last token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Row id; it stands in every code and token of the grant.
    pub id: GrantId,
    /// Whose data it opens.
    pub user: UserId,
    /// Which client holds it.
    pub client: ClientRowId,
    /// The session it came from; tokens die with it.
    pub session: SessionId,
    /// What was granted.
    pub scopes: ScopeSet,
    /// The APIs its access tokens are for (RFC 8707); empty: only our own userinfo.
    pub resources: Vec<String>,
    /// `nonce` of the request.
    pub nonce: Option<String>,
    /// When the person proved who they are, and how: as of the request, not of now.
    pub auth_time: Timestamp,
    /// `acr` of the session then.
    pub acr: String,
    /// `amr` of the session then.
    pub amr: Vec<String>,
    /// The code and its fate.
    pub code: CodeState,
    /// How many times it was renewed.
    pub generation: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// After this instant nothing of it counts and the row may go.
    pub expires_at: Timestamp,
    /// When all of it was taken back.
    pub revoked_at: Option<Timestamp>,
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

impl Grant {
    /// Whether its tokens count at `now`, as far as the grant itself tells.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}
