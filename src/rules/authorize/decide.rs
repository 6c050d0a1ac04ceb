use std::sync::Arc;
use std::time::Duration;

use crate::base::Timestamp;
use crate::domain::{
    Client, Consent, Evidence, FirstFactor, Identifier, Session, StoredRequest, User,
};
use crate::protocol::{ErrorCode, OAuthError};
use crate::rules::authorize::unmet;
use crate::rules::session::{TWO_FACTORS, level_of};

/// A live session of this browser and whose it is. The active one comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: Arc<Session>,
    /// Whose.
    pub user: Arc<User>,
}

/// Why a person is asked to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInReason {
    /// Nobody is signed in.
    NobodySignedIn,
    /// They asked for another account.
    OtherAccount,
    /// The app wants fresh proof (`prompt=login`, `max_age`); the index of the account.
    Confirm(usize),
}

/// Which account a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// The account at this index.
    Account(usize),
    /// Nobody yet: they must prove who they are.
    SignIn(SignInReason),
    /// A right password was shown here, and a second factor is missing. The reason is that of the
    /// sign-in that the password began.
    SecondFactor(FirstFactor, SignInReason),
    /// The account at this index is signed in with less than the app demands.
    StepUp(usize),
    /// They must choose.
    Choose,
    /// `prompt=none`, and a page would be needed.
    Refuse(OAuthError),
}

/// What becomes of a request once the account is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// A code may be issued.
    Issue,
    /// The person must allow it first.
    AskConsent,
    /// Its person must choose a new password first.
    AskNewPassword,
    /// The account will be deleted at this instant; its person must want to keep it first.
    AskToKeep(Timestamp),
    /// `prompt=none`, and consent is missing.
    Refuse(OAuthError),
}

/// The accounts of a browser (live sessions of enabled users only).
#[derive(Debug, Clone, Copy)]
pub struct Accounts<'a> {
    /// The accounts, the active one first.
    pub signed_in: &'a [SignedIn],
    /// The `sub` that the client sees for each.
    pub subs: &'a [String],
    /// What the sign-in of each must be worth, by the request and by what is demanded of its owner.
    pub demanded: &'a [u8],
}

impl Accounts<'_> {
    /// Whether the app would take this account: it may have named one.
    fn fits(&self, request: &StoredRequest, index: usize) -> bool {
        let sub = self.subs.get(index).map(String::as_str);
        request.hinted_sub.is_none() || request.hinted_sub.as_deref() == sub
    }
}

/// Chooses the account from the sessions of the browser, what was proven within the interaction,
/// and what is demanded of each: that last.
pub fn select(
    request: &StoredRequest,
    accounts: Accounts<'_>,
    evidence: &Evidence,
    now: Timestamp,
) -> Selection {
    let evidence = evidence.fresh(now);
    let selection = select_by_age(request, accounts, &evidence);
    let is_enough = |index: usize| {
        let session: &Session = &accounts.signed_in[index].session;
        accounts.demanded.get(index).is_some_and(|level| level_of(session) >= *level)
    };
    // They showed two factors here, and neither was what is essential: asking on would never end.
    let is_unmet = |index: usize| {
        let session: &Session = &accounts.signed_in[index].session;
        let is_of_here = evidence.authentication.is_some_and(|made| made.session == session.id);
        is_of_here && level_of(session) >= TWO_FACTORS
    };
    match (selection, evidence.first_factor) {
        (Selection::SignIn(reason), Some(first)) => Selection::SecondFactor(first, reason),
        // Where there was something to choose, the person typed a password instead.
        (Selection::Choose, Some(first)) => {
            Selection::SecondFactor(first, SignInReason::OtherAccount)
        }
        (Selection::Account(index), first) if !is_enough(index) => match first {
            _ if request.prompts.none => Selection::Refuse(OAuthError::new(
                ErrorCode::LoginRequired,
                "the sign-in is worth less than what is asked for",
            )),
            Some(first) => Selection::SecondFactor(first, SignInReason::Confirm(index)),
            None if is_unmet(index) => Selection::Refuse(unmet()),
            None => Selection::StepUp(index),
        },
        (selection, _) => selection,
    }
}

/// Chooses the account by everything but its level.
fn select_by_age(
    request: &StoredRequest,
    accounts: Accounts<'_>,
    evidence: &Evidence,
) -> Selection {
    let sessions = accounts.signed_in;
    let position = |id| sessions.iter().position(|signed_in| signed_in.session.id == id);
    // A sign-in made within the interaction is fresh, whatever was asked: `max_age=1` at human
    // speed does not loop (OpenID Connect Core §3.1.2.1).
    if let Some(index) = evidence.authentication.and_then(|made| position(made.session)) {
        return if accounts.fits(request, index) {
            Selection::Account(index)
        } else {
            Selection::Refuse(another_person())
        };
    }
    if request.prompts.none {
        return select_silently(request, accounts);
    }
    if evidence.wants_other_account {
        return Selection::SignIn(SignInReason::OtherAccount);
    }
    if sessions.is_empty() {
        return Selection::SignIn(SignInReason::NobodySignedIn);
    }
    let chosen = evidence.chosen.and_then(|(session, _)| position(session));
    // Who is to make an account takes one that is there only by choosing it.
    if chosen.is_none() && is_to_sign_up(request) {
        return Selection::SignIn(SignInReason::OtherAccount);
    }
    match chosen.or_else(|| obvious_account(request, accounts)) {
        None if request.hinted_sub.is_some() && !request.prompts.select_account => {
            Selection::SignIn(SignInReason::OtherAccount)
        }
        None => Selection::Choose,
        Some(index) if !accounts.fits(request, index) => Selection::Refuse(another_person()),
        Some(index) if is_proof_stale(request, &sessions[index].session) => {
            Selection::SignIn(SignInReason::Confirm(index))
        }
        Some(index) => Selection::Account(index),
    }
}

/// Whether the app wants its person to make an account (Prompt Create §4.1). An app that names the
/// person as well means one who has an account.
pub fn is_to_sign_up(request: &StoredRequest) -> bool {
    request.prompts.create && request.hinted_sub.is_none()
}

/// OpenID Connect Core §3.1.2.1: an answer about another person than the one whom the app named
/// must never be taken for the one it meant.
fn another_person() -> OAuthError {
    OAuthError::new(ErrorCode::LoginRequired, "another person signed in than the one asked for")
}

/// OpenID Connect Core §3.1.2.6: no page may be shown, so what is missing is an error.
fn select_silently(request: &StoredRequest, accounts: Accounts<'_>) -> Selection {
    let meant = (0..accounts.signed_in.len()).find(|index| accounts.fits(request, *index));
    match meant {
        Some(index) if !is_proof_stale(request, &accounts.signed_in[index].session) => {
            Selection::Account(index)
        }
        _ => Selection::Refuse(OAuthError::new(
            ErrorCode::LoginRequired,
            "nobody is signed in, or the sign-in is too old",
        )),
    }
}

/// The account that needs no choice: the only one, or the one that the app names.
fn obvious_account(request: &StoredRequest, accounts: Accounts<'_>) -> Option<usize> {
    let sessions = accounts.signed_in;
    if request.prompts.select_account {
        return None;
    }
    if request.hinted_sub.is_some() {
        return (0..sessions.len()).find(|index| accounts.fits(request, *index));
    }
    match request.login_hint.as_deref().and_then(|hint| Identifier::parse(hint).ok()) {
        Some(hint) => sessions.iter().position(|signed_in| is_named_by(&hint, &signed_in.user)),
        None => (sessions.len() == 1).then_some(0),
    }
}

fn is_named_by(hint: &Identifier, user: &User) -> bool {
    user.username == hint.as_str()
        || user.email.as_deref() == Some(hint.as_str())
        || user.subject.as_str() == hint.as_str()
}

/// Whether the request demands newer proof than the session has, judged against the instant at
/// which the request arrived.
fn is_proof_stale(request: &StoredRequest, session: &Session) -> bool {
    let is_too_old = |max_age: u32| {
        let age = request.received_at.since(session.authenticated_at);
        max_age == 0 || age > Duration::from_secs(u64::from(max_age))
    };
    request.prompts.login || request.max_age.is_some_and(is_too_old)
}

/// Decides whether the account's owner must be asked before the app gets a code.
pub fn settle(
    request: &StoredRequest,
    client: &Client,
    account: &SignedIn,
    consent: Option<&Consent>,
    evidence: &Evidence,
    now: Timestamp,
) -> Settlement {
    // Whoever must choose a new password may not be the only one who knows the old one.
    if account.user.owes_new_password() {
        return if request.prompts.none {
            Settlement::Refuse(OAuthError::new(
                ErrorCode::InteractionRequired,
                "the person must choose a new password first",
            ))
        } else {
            Settlement::AskNewPassword
        };
    }
    // Whoever asked for the end of their account gives nothing to apps until they keep it.
    if let Some(at) = account.user.delete_after {
        return if request.prompts.none {
            Settlement::Refuse(OAuthError::new(
                ErrorCode::InteractionRequired,
                "the account is to be deleted, and its person must say whether it stays",
            ))
        } else {
            Settlement::AskToKeep(at)
        };
    }
    if client.is_first_party() {
        return Settlement::Issue;
    }
    // RFC 9700 §4.14 and `security.md` R13: nobody vouches for what takes a code from a loopback
    // port or a scheme of its own, so its person must be there.
    if request.prompts.none && is_unassured(request, client) {
        return Settlement::Refuse(OAuthError::new(
            ErrorCode::InteractionRequired,
            "this kind of client gets nothing without its person",
        ));
    }
    let evidence = evidence.fresh(now);
    let asked = request.consent_scopes();
    let is_allowed_here = evidence
        .consented
        .as_ref()
        .is_some_and(|(user, scopes, _)| *user == account.user.id && asked.is_subset_of(scopes));
    let is_allowed_before = !request.prompts.consent
        && consent.is_some_and(|consent| asked.is_subset_of(&consent.scopes));
    if is_allowed_here || is_allowed_before {
        Settlement::Issue
    } else if request.prompts.none {
        Settlement::Refuse(OAuthError::new(
            ErrorCode::ConsentRequired,
            "the person has not allowed this yet",
        ))
    } else {
        Settlement::AskConsent
    }
}

/// A public client that registered itself, and an address that any program on the device may take.
fn is_unassured(request: &StoredRequest, client: &Client) -> bool {
    client.is_dynamic() && client.is_public() && !request.redirect_uri.starts_with("https://")
}
