//! The audit trail (`security.md` R125): what happened to accounts, clients and keys, who did it,
//! from where, and how it went. No event can hold a secret: they have no place for one.

use serde_json::{Value, json};

use crate::base::{
    AuditId, Digest, Entropy, GrantId, OutboxId, PasskeyId, RegistrationTokenId, SessionId,
    Timestamp, UserId,
};

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person who proved who they are.
    User(UserId),
    /// A client, by its `client_id`.
    Client(String),
    /// Whoever holds this initial access token.
    RegistrationToken(RegistrationTokenId),
    /// Somebody who proved nothing.
    Anonymous,
    /// Whoever runs commands on the host.
    Command,
    /// The server, by itself.
    Server,
}

impl Actor {
    fn kind_and_id(&self) -> (&'static str, Option<String>) {
        match self {
            Self::User(id) => ("user", Some(id.to_string())),
            Self::Client(id) => ("client", Some(id.clone())),
            Self::RegistrationToken(id) => ("registration_token", Some(id.to_string())),
            Self::Anonymous => ("anonymous", None),
            Self::Command => ("command", None),
            Self::Server => ("server", None),
        }
    }
}

/// Why a sign-in was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody has this name.
    UnknownAccount,
    /// The account is disabled.
    DisabledAccount,
    /// The account has no password.
    NoPassword,
    /// The password is another one.
    WrongPassword,
    /// The password is longer than any that is tried.
    TooLong,
    /// The challenge of a passkey is too old, was used, or is another page's.
    StaleChallenge,
    /// What came is not what a browser of ours would send for a passkey.
    UnreadablePasskey,
    /// Nobody has this passkey.
    UnknownPasskey,
    /// The passkey did not prove itself.
    WrongPasskey,
    /// The passkey's counter did not grow: there may be two of it.
    PasskeyCountFell,
    /// The passkey was removed, or used by another request, meanwhile.
    PasskeyGone,
}

impl Refusal {
    const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownAccount => "unknown account",
            Self::DisabledAccount => "disabled account",
            Self::NoPassword => "account without a password",
            Self::WrongPassword => "wrong password",
            Self::TooLong => "password too long",
            Self::StaleChallenge => "passkey challenge too old, used, or of another page",
            Self::UnreadablePasskey => "not an answer of a passkey",
            Self::UnknownPasskey => "unknown passkey",
            Self::WrongPasskey => "wrong passkey",
            Self::PasskeyCountFell => "passkey counter did not grow",
            Self::PasskeyGone => "passkey removed or used meanwhile",
        }
    }
}

/// What happened. Clients stand here by their `client_id`, keys by their `kid`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named after what they hold")]
pub enum Event {
    /// Somebody proved who they are, by these methods (RFC 8176), and has a session.
    SignedIn { user: UserId, session: SessionId, amr: Vec<String> },
    /// Somebody has the right password, and a second factor is to follow.
    PasswordShown { user: UserId },
    /// Somebody showed a second factor.
    FactorShown { user: UserId, way: &'static str },
    /// Somebody with the right password did not show the second factor.
    FactorRefused { user: UserId, way: &'static str },
    /// Somebody did not. An account that nobody has is not named: people type passwords there.
    SignInRefused { user: Option<UserId>, why: Refusal },
    /// A sign-in was not tried, because there had been too many failures. One of a kind within ten
    /// minutes tells of all.
    SignInThrottled { user: Option<UserId> },
    /// A person said that a sign-in was not theirs: all else ended, and a new password is due.
    SignInDisowned { user: UserId },
    /// An account has an authenticator app.
    TotpSetUp { user: UserId },
    /// An account has new recovery codes, and the old ones count no more.
    RecoveryCodesMade { user: UserId },
    /// An account's second factor is not asked for again on one more device.
    DeviceTrusted { user: UserId },
    /// It is asked for again on a device.
    DeviceTrustEnded { user: UserId },
    /// An account has no second factor any more.
    FactorsReset { user: UserId },
    /// An account has one more passkey.
    PasskeyAdded { user: UserId, passkey: PasskeyId },
    /// A passkey did not prove itself and was not added.
    PasskeyNotAdded { user: UserId },
    /// A passkey has another name.
    PasskeyRenamed { user: UserId, passkey: PasskeyId },
    /// An account has one passkey less.
    PasskeyRemoved { user: UserId, passkey: PasskeyId },
    /// A person ended this many of their other sessions.
    SessionsEnded { user: UserId, count: usize },
    /// A session ended because its person said so.
    SignedOut { user: UserId, session: SessionId },
    /// The link for the first administrator was made.
    SetupLinkMade,
    /// The first administrator was made by that link.
    SetupFinished { user: UserId },
    /// An account was made.
    UserCreated { user: UserId },
    /// Nobody may sign in to an account any more.
    UserDisabled { user: UserId },
    /// An account may be signed in to again.
    UserEnabled { user: UserId },
    /// An account has another password, and its sessions ended.
    PasswordSet { user: UserId },
    /// Somebody asked for a way back in to an account, or to none.
    RecoveryAsked { user: Option<UserId> },
    /// Somebody with a wrong code asked for a new password.
    RecoveryRefused { user: Option<UserId> },
    /// Somebody asked for an account with the address of this one, or of none.
    SignUpAsked { user: Option<UserId> },
    /// Somebody with a wrong code asked for an account.
    SignUpRefused,
    /// Somebody made an account of their own, by a code or a link that was mailed.
    SignedUp { user: UserId, way: &'static str },
    /// Somebody is invited to an account like this.
    InvitationMade { groups: Vec<String>, is_admin: bool },
    /// An invitation counts no more.
    InvitationWithdrawn,
    /// Somebody made the account that they were invited to, by the mailed link or another.
    InvitationAccepted { user: UserId, way: &'static str },
    /// An operator has a link that sets a new password.
    RecoveryLinkMade { user: UserId },
    /// An account has another password, by a link or a code, and its sessions ended.
    PasswordRecovered { user: UserId, way: &'static str },
    /// A person asked for a code that proves an address.
    EmailAsked { user: UserId },
    /// Somebody who is signed in typed a wrong one.
    EmailRefused { user: UserId },
    /// The address of an account is proved, by a link or a code.
    EmailVerified { user: UserId, way: &'static str },
    /// An account has another address, which is proved.
    EmailChanged { user: UserId, way: &'static str },
    /// An account is in these groups now.
    GroupsSet { user: UserId, groups: Vec<String> },
    /// An account is gone.
    UserDeleted { user: UserId },
    /// A person allowed a client these scopes.
    ConsentGiven { user: UserId, client: String, scopes: Vec<String> },
    /// A person took back what they had allowed and given to a client.
    ConsentWithdrawn { user: UserId, client: String },
    /// A person told other things about themselves.
    ProfileChanged { user: UserId },
    /// A person took a copy of all that is known of them.
    DataExported { user: UserId },
    /// A person asked for their account to be deleted at this instant.
    DeletionAsked { user: UserId, at: Timestamp },
    /// A person keeps their account after all.
    DeletionWithdrawn { user: UserId },
    /// A client was made by an operator.
    ClientCreated { client: String },
    /// A client registered itself.
    ClientRegistered { client: String },
    /// A client has other metadata.
    ClientChanged { client: String },
    /// A client has another secret.
    ClientSecretMade { client: String, old_counts_for_seconds: u64 },
    /// A client is gone.
    ClientDeleted { client: String },
    /// Clients that had registered themselves and that nobody used are gone.
    UnusedClientsDeleted { count: usize },
    /// A client did not prove who it is.
    ClientRefused { client: String },
    /// A token with which clients register themselves was made.
    RegistrationTokenMade { token: RegistrationTokenId, uses: u32 },
    /// A signing key was made.
    KeyMade { kid: String, algorithm: String },
    /// A signing key will leave at the instant that the next one no longer needs it, or has left.
    KeysRetired { retired: Vec<String>, removed: Vec<String> },
    /// A signing key was removed before its time, and with it everything that it signed.
    KeyRemoved { kid: String },
    /// A code was used twice: its tokens are taken back.
    CodeReplayed { grant: GrantId },
    /// A refresh token was used twice: its family is taken back.
    RefreshTokenReused { grant: GrantId },
    /// A client took everything of a grant back.
    GrantRevoked { grant: GrantId },
    /// A client took one access token back.
    TokenRevoked { grant: GrantId },
    /// A client was told that a session ended.
    LogoutTold { delivery: OutboxId },
    /// A client was not to be reached, and it is given up to tell it.
    LogoutNotTold { delivery: OutboxId },
    /// The mail server took a mail.
    MailSent { delivery: OutboxId, kind: String },
    /// A mail could not be sent, and it is given up.
    MailNotSent { delivery: OutboxId, kind: String },
    /// Everything was copied into a file.
    BackedUp { rows: u64 },
    /// Everything is as it was when this backup was made, and whatever was given out is dead.
    Restored { made_at: Timestamp },
    /// Another database server took over that may lack what was committed last, and whatever was
    /// given out is dead.
    FailedOver,
}

type Target = (&'static str, String);

impl Event {
    /// The word that is stored and shown.
    pub const fn name(&self) -> &'static str {
        self.kind().as_str()
    }

    /// How it went: what was asked for was done, was refused, or was an attack or a failure that
    /// somebody should look at.
    pub const fn outcome(&self) -> &'static str {
        match self {
            Self::SignInRefused { .. }
            | Self::SignInThrottled { .. }
            | Self::FactorRefused { .. }
            | Self::RecoveryRefused { .. }
            | Self::SignUpRefused
            | Self::EmailRefused { .. }
            | Self::PasskeyNotAdded { .. }
            | Self::ClientRefused { .. } => "refused",
            Self::CodeReplayed { .. }
            | Self::RefreshTokenReused { .. }
            | Self::LogoutNotTold { .. }
            | Self::MailNotSent { .. } => "alarm",
            _ => "done",
        }
    }

    fn target(&self) -> Option<Target> {
        match self {
            Self::SignedIn { user, .. }
            | Self::PasswordShown { user }
            | Self::FactorShown { user, .. }
            | Self::FactorRefused { user, .. }
            | Self::TotpSetUp { user }
            | Self::RecoveryCodesMade { user }
            | Self::DeviceTrusted { user }
            | Self::DeviceTrustEnded { user }
            | Self::FactorsReset { user }
            | Self::PasskeyAdded { user, .. }
            | Self::PasskeyNotAdded { user }
            | Self::PasskeyRenamed { user, .. }
            | Self::PasskeyRemoved { user, .. }
            | Self::SessionsEnded { user, .. }
            | Self::SignInDisowned { user }
            | Self::SignedOut { user, .. }
            | Self::SetupFinished { user }
            | Self::UserCreated { user }
            | Self::UserDisabled { user }
            | Self::UserEnabled { user }
            | Self::PasswordSet { user }
            | Self::RecoveryLinkMade { user }
            | Self::SignedUp { user, .. }
            | Self::InvitationAccepted { user, .. }
            | Self::PasswordRecovered { user, .. }
            | Self::EmailAsked { user }
            | Self::EmailRefused { user }
            | Self::EmailVerified { user, .. }
            | Self::EmailChanged { user, .. }
            | Self::GroupsSet { user, .. }
            | Self::ProfileChanged { user }
            | Self::DataExported { user }
            | Self::DeletionAsked { user, .. }
            | Self::DeletionWithdrawn { user }
            | Self::UserDeleted { user } => Some(("user", user.to_string())),
            Self::SignInRefused { user, .. }
            | Self::SignInThrottled { user }
            | Self::RecoveryAsked { user }
            | Self::SignUpAsked { user }
            | Self::RecoveryRefused { user } => user.map(|user| ("user", user.to_string())),
            Self::ConsentGiven { client, .. }
            | Self::ConsentWithdrawn { client, .. }
            | Self::ClientCreated { client }
            | Self::ClientRegistered { client }
            | Self::ClientChanged { client }
            | Self::ClientSecretMade { client, .. }
            | Self::ClientDeleted { client }
            | Self::ClientRefused { client } => Some(("client", client.clone())),
            Self::RegistrationTokenMade { token, .. } => {
                Some(("registration_token", token.to_string()))
            }
            Self::KeyMade { kid, .. } | Self::KeyRemoved { kid } => Some(("key", kid.clone())),
            Self::CodeReplayed { grant }
            | Self::RefreshTokenReused { grant }
            | Self::GrantRevoked { grant }
            | Self::TokenRevoked { grant } => Some(("grant", grant.to_string())),
            Self::LogoutTold { delivery }
            | Self::LogoutNotTold { delivery }
            | Self::MailSent { delivery, .. }
            | Self::MailNotSent { delivery, .. } => Some(("delivery", delivery.to_string())),
            Self::SetupLinkMade
            | Self::SignUpRefused
            | Self::InvitationMade { .. }
            | Self::InvitationWithdrawn
            | Self::UnusedClientsDeleted { .. }
            | Self::BackedUp { .. }
            | Self::Restored { .. }
            | Self::FailedOver
            | Self::KeysRetired { .. } => None,
        }
    }

    fn details(&self) -> Value {
        match self {
            Self::SignedIn { session, amr, .. } => {
                json!({ "amr": amr, "session": session.to_string() })
            }
            Self::FactorShown { way, .. }
            | Self::FactorRefused { way, .. }
            | Self::SignedUp { way, .. }
            | Self::InvitationAccepted { way, .. }
            | Self::PasswordRecovered { way, .. }
            | Self::EmailVerified { way, .. }
            | Self::EmailChanged { way, .. } => {
                json!({ "way": way })
            }
            Self::PasskeyAdded { passkey, .. }
            | Self::PasskeyRenamed { passkey, .. }
            | Self::PasskeyRemoved { passkey, .. } => json!({ "passkey": passkey.to_string() }),
            Self::SessionsEnded { count, .. } => json!({ "count": count }),
            Self::SignedOut { session, .. } => json!({ "session": session.to_string() }),
            Self::SignInRefused { why, .. } => json!({ "why": why.as_str() }),
            Self::GroupsSet { groups, .. } => json!({ "groups": groups }),
            Self::InvitationMade { groups, is_admin } => {
                json!({ "groups": groups, "admin": is_admin })
            }
            Self::ConsentGiven { user, scopes, .. } => {
                json!({ "user": user.to_string(), "scopes": scopes })
            }
            Self::ConsentWithdrawn { user, .. } => json!({ "user": user.to_string() }),
            Self::DeletionAsked { at, .. } => json!({ "at": at.as_seconds() }),
            Self::ClientSecretMade { old_counts_for_seconds, .. } => {
                json!({ "old_counts_for_seconds": old_counts_for_seconds })
            }
            Self::UnusedClientsDeleted { count } => json!({ "count": count }),
            Self::BackedUp { rows } => json!({ "rows": rows }),
            Self::Restored { made_at } => json!({ "made_at": made_at.as_seconds() }),
            Self::RegistrationTokenMade { uses, .. } => json!({ "uses": uses }),
            Self::MailSent { kind, .. } | Self::MailNotSent { kind, .. } => json!({ "kind": kind }),
            Self::KeyMade { algorithm, .. } => json!({ "algorithm": algorithm }),
            Self::KeysRetired { retired, removed } => {
                json!({ "retired": retired, "removed": removed })
            }
            _ => json!({}),
        }
    }
}

/// Everything of a row but the event: known before the change begins, so that the change may run
/// again after a conflict and still leave one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// The row's id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// The network that the request came from.
    pub network: Option<String>,
    /// A guess at the browser that it came from.
    pub device: Option<String>,
    /// The request.
    pub reference: Option<String>,
}

impl Occasion {
    /// Something that no request asked for.
    pub fn inside(actor: Actor, now: Timestamp, entropy: &dyn Entropy) -> Self {
        let id = AuditId::new(now, entropy);
        Self { id, at: now, actor, network: None, device: None, reference: None }
    }

    /// The row that says that `event` happened.
    pub fn of(&self, event: &Event) -> AuditRecord {
        let (actor_kind, actor_id) = self.actor.kind_and_id();
        let mut details = event.details();
        if let (Some(device), Value::Object(members)) = (&self.device, &mut details) {
            members.insert(AuditRecord::DEVICE.to_owned(), json!(device));
        }
        AuditRecord {
            id: self.id,
            at: self.at,
            event: event.name().to_owned(),
            outcome: event.outcome().to_owned(),
            actor_kind: actor_kind.to_owned(),
            actor_id,
            target: event.target().map(|(kind, id)| (kind.to_owned(), id)),
            network: self.network.clone(),
            reference: self.reference.clone(),
            details: details.to_string(),
            seal: None,
        }
    }
}

/// A row as it is stored. Its words are text here: they are judged as they stand, and a later
/// version may read those of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// The row's id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What happened: [`Event::name`].
    pub event: String,
    /// How it went: [`Event::outcome`].
    pub outcome: String,
    /// What kind of actor did it.
    pub actor_kind: String,
    /// Which one.
    pub actor_id: Option<String>,
    /// To what, as kind and id.
    pub target: Option<(String, String)>,
    /// The network that the request came from.
    pub network: Option<String>,
    /// The request.
    pub reference: Option<String>,
    /// More, as JSON.
    pub details: String,
    /// Its place in the chain, once it has one.
    pub seal: Option<Seal>,
}

impl AuditRecord {
    /// The member of the details that guesses at a browser.
    pub const DEVICE: &str = "device";

    /// The details; nothing when they cannot be read.
    pub fn told(&self) -> Value {
        serde_json::from_str(&self.details).unwrap_or_default()
    }
}

/// A row's place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// Counted from 1, in the order in which rows were sealed.
    pub place: i64,
    /// The hash of the row before.
    pub previous: Digest,
    /// The hash of this one.
    pub hash: Digest,
    /// Its tag under a key outside the database.
    pub mac: Digest,
}
