use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::{
    ClientRowId, Digest, InteractionId, PasskeyId, PushedRequestId, SessionId, Timestamp, UserId,
};
use crate::protocol::pkce::CodeChallenge;
use crate::protocol::{ClaimsRequest, Prompts, ResponseMode, ResponseType, ScopeSet};

/// A request that waits for its person, in one browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interaction {
    /// Row id; the address holds it beside 16 random bytes.
    pub id: InteractionId,
    /// Digest of the whole 32 bytes of the address.
    pub address_digest: Digest,
    /// Digest of the cookie of the browser that began it.
    pub browser_digest: Digest,
    /// Digest of the network it came from, so that rows without evidence can be limited.
    pub network_digest: Digest,
    /// What for.
    pub purpose: Purpose,
    /// What was proven within it.
    pub evidence: Evidence,
    /// When it began.
    pub created_at: Timestamp,
    /// When the row may go.
    pub expires_at: Timestamp,
    /// The answer, for a final step that is posted twice.
    pub finished: Option<Finished>,
}

/// What a person is here for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An app asked.
    Authorize(Box<StoredRequest>),
    /// The person opened our own pages.
    OwnPages,
    /// The person opened a page of their account, and goes back to it.
    Account(AccountPage),
}

/// A page of one's own account. The way back from a sign-in is one of these and never an address
/// that somebody else could choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountPage {
    /// What there is.
    Home,
    /// The password.
    Password,
    /// Where the person is signed in.
    Sessions,
    /// How the person signs in.
    Security,
    /// Their passkeys.
    Passkeys,
    /// A new passkey.
    NewPasskey,
    /// The end of one passkey.
    RemovePasskey(PasskeyId),
    /// The authenticator app and the recovery codes.
    Totp,
    /// The end of the authenticator app.
    RemoveTotp,
    /// What happened of late.
    Activity,
    /// The end of everything else, because a sign-in was not theirs.
    Disown,
    /// What they allowed apps.
    Apps,
    /// What apps may learn about them.
    Profile,
    /// Their e-mail address.
    Email,
    /// All of it as an archive.
    Export,
    /// The end of it.
    Delete,
}

impl AccountPage {
    /// Its path; for a page about one of several, that of the page with all of them.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Home => "/account",
            Self::Password => "/account/password",
            Self::Sessions => "/account/sessions",
            Self::Security => "/account/security",
            Self::Passkeys | Self::RemovePasskey(_) => "/account/passkeys",
            Self::NewPasskey => "/account/passkeys/new",
            Self::Totp => "/account/totp",
            Self::RemoveTotp => "/account/totp/remove",
            Self::Activity => "/account/activity",
            Self::Disown => "/account/activity/not-me",
            Self::Apps => "/account/apps",
            Self::Profile => "/account/profile",
            Self::Email => "/account/email",
            Self::Export => "/account/export",
            Self::Delete => "/account/delete",
        }
    }

    /// Its own address.
    pub fn address(self) -> String {
        match self {
            Self::RemovePasskey(id) => format!("{}/{id}/remove", self.path()),
            _ => self.path().to_owned(),
        }
    }
}

/// An authorization request that passed every check, as it is stored. On the way back it is
/// judged again against the client as it then is: a row proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRequest {
    /// Which client.
    pub client: ClientRowId,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// What the answer holds.
    #[serde(default)]
    pub response_type: ResponseType,
    /// How the answer travels.
    pub response_mode: ResponseMode,
    /// Echoed.
    pub state: Option<String>,
    /// Echoed in the ID token.
    pub nonce: Option<String>,
    /// What was asked for, clipped to what the client may.
    pub scopes: ScopeSet,
    /// `prompt`.
    pub prompts: Prompts,
    /// How old the sign-in may be, in seconds.
    pub max_age: Option<u32>,
    /// Who should sign in.
    pub login_hint: Option<String>,
    /// Languages the app asks for.
    pub ui_locales: Option<String>,
    /// The `sub` of the person whom the app means, by a hint it proved or by `claims`.
    #[serde(default)]
    pub hinted_sub: Option<String>,
    /// Single claims that it asks for.
    #[serde(default)]
    pub claims: ClaimsRequest,
    /// How the person should prove who they are, the best first; a wish, not a demand.
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// The pushed request it came from: an answer uses it up.
    #[serde(default)]
    pub pushed: Option<PushedRequestId>,
    /// PKCE.
    pub challenge: Option<CodeChallenge>,
    /// APIs that tokens are asked for.
    pub resources: Vec<String>,
    /// When the request arrived: `max_age` is judged against this instant.
    pub received_at: Timestamp,
}

impl StoredRequest {
    /// What the person must allow: the scopes, and those of the single claims that are asked for.
    pub fn consent_scopes(&self) -> ScopeSet {
        self.claims.consent_scopes(&self.scopes)
    }
}

/// What a person has proven or chosen within one interaction. Each part is set by its own step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// Their password was right, and a second factor is still missing. It gives access to nothing.
    pub first_factor: Option<FirstFactor>,
    /// The sealed seed of an authenticator app that they are setting up, in base64url.
    pub enrolling: Option<String>,
    /// They signed in here.
    pub authentication: Option<Authentication>,
    /// They chose this session of several.
    pub chosen: Option<(SessionId, Timestamp)>,
    /// What they are called, filled in at the sign-in. It proves nothing.
    pub identifier: Option<String>,
    /// The address they want an account for, in its normal form. It proves nothing.
    pub signing_up: Option<(String, Timestamp)>,
    /// They asked for another account.
    pub wants_other_account: bool,
    /// When the interaction last began anew because its page had been open too long.
    pub restarted_at: Option<Timestamp>,
    /// They signed in with a password on a device that could keep a passkey, and have not said yet
    /// whether they want one.
    pub offers_passkey: bool,
    /// They allowed these scopes.
    pub consented: Option<(UserId, ScopeSet, Timestamp)>,
}

/// A sign-in made within an interaction: it counts as fresh for this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// The session that it made or renewed.
    pub session: SessionId,
    /// Who.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
}

/// A right password of a person who must show a second factor as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstFactor {
    /// Whose.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
    /// Whether they asked to stay signed in.
    pub is_remembered: bool,
}

/// The answer of a finished interaction, sealed, and when it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The hand-off, sealed: it holds the code.
    pub sealed: Vec<u8>,
    /// When.
    pub at: Timestamp,
}

/// How long evidence counts.
pub const EVIDENCE_FOR: Duration = Duration::from_secs(60 * 60);
/// How long a finished interaction gives its answer again.
pub const REPLAY_FOR: Duration = Duration::from_secs(60);

impl Evidence {
    /// What of it still counts at `now`.
    #[must_use]
    pub fn fresh(&self, now: Timestamp) -> Self {
        let counts = |at: Timestamp| now < at + EVIDENCE_FOR;
        let first_factor = self.first_factor.filter(|made| counts(made.at));
        Self {
            first_factor,
            enrolling: self.enrolling.clone().filter(|_| first_factor.is_some()),
            authentication: self.authentication.filter(|made| counts(made.at)),
            chosen: self.chosen.filter(|(_, at)| counts(*at)),
            identifier: self.identifier.clone(),
            signing_up: self.signing_up.clone().filter(|(_, at)| counts(*at)),
            wants_other_account: self.wants_other_account,
            restarted_at: self.restarted_at,
            offers_passkey: self.offers_passkey,
            consented: self.consented.clone().filter(|(_, _, at)| counts(*at)),
        }
    }
}

impl Interaction {
    /// Whether its page was open for so long that it must begin anew.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        let begun_at = self.evidence.restarted_at.unwrap_or(self.created_at);
        now >= begun_at + EVIDENCE_FOR
    }

    /// Whether the answer may be given again at `now`.
    pub fn replay(&self, now: Timestamp) -> Option<&[u8]> {
        let finished = self.finished.as_ref()?;
        (now < finished.at + REPLAY_FOR).then_some(finished.sealed.as_slice())
    }
}
