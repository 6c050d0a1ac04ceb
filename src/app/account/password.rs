//! A new password, by the person themselves.

use std::time::Duration;

use super::{Entered, RecentSignIn};
use crate::app::browser::{BROWSER_COOKIE_FOR, Browser, CookieChanges, SessionCookie};
use crate::app::outcome::SignInRefusal;
use crate::app::sign_in::{SignInForm, prove};
use crate::app::{Caller, Fault, Issuer, audit, mail, passwords};
use crate::base::{Digest, Secret, SessionId, Timestamp};
use crate::credentials::{PasswordError, PasswordHash, PasswordProblem};
use crate::domain::{Actor, Event, Session, SessionEnd};
use crate::pages::Mail;
use crate::rules::authorize::SignedIn;
use crate::store::{Db, StoreError, audit as rows, grants, sessions, users};

/// What a person typed.
pub struct NewPassword {
    /// The password that counts now.
    pub current: Secret<String>,
    /// The one that shall.
    pub new: Secret<String>,
}

/// Why a password is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordRefusal {
    /// A field is empty.
    Incomplete,
    /// The current one is wrong.
    Wrong,
    /// The new one has fewer characters than this.
    TooShort(usize),
    /// The new one has more than 256 characters.
    TooLong,
    /// The new one is among the first that attackers try.
    Common,
    /// The new one is made of the person's names.
    Context,
    /// The new one is known from a breach.
    Breached,
    /// The new one is the old one.
    Same,
    /// Too many tries; when the next may be.
    TooMany(Duration),
    /// Too much to do; when to try again.
    Busy(Duration),
}

/// Changes the password of the active account: every other session and everything that was given
/// to apps ends in the same transaction (`security.md` R37), and this session goes on under a new
/// cookie (R82). The current password goes through the door of the sign-in, with its counters
/// (R57), and is a fresh proof of who they are (R71).
///
/// # Errors
/// When the store fails.
pub async fn change_password(
    issuer: &Issuer,
    entered: &Entered,
    _: &RecentSignIn,
    typed: NewPassword,
) -> Result<Result<CookieChanges, PasswordRefusal>, Fault> {
    let active = entered.active()?;
    if typed.current.expose().is_empty() || typed.new.expose().is_empty() {
        return Ok(Err(PasswordRefusal::Incomplete));
    }
    if typed.new.expose() == typed.current.expose() {
        return Ok(Err(PasswordRefusal::Same));
    }
    let rule = passwords::rule_for(&issuer.store, active.user.id).await?;
    match passwords::check(&issuer.passwords, rule, &active.user, &typed.new).await {
        Ok(Ok(())) => {}
        Ok(Err(problem)) => return Ok(Err(problem.into())),
        Err(error) => return refused(error),
    }
    let form = SignInForm {
        identifier: active.user.username.clone(),
        password: typed.current,
        is_remembered: active.session.is_remembered,
        csrf: String::new(),
        can_keep_passkey: false,
    };
    match prove(issuer, &form, entered.caller, entered.now).await? {
        Ok(user) if user.id == active.user.id => {}
        Ok(_) => return Ok(Err(PasswordRefusal::Wrong)),
        Err(refusal) => return Ok(Err(refusal.into())),
    }
    let hash = match issuer.passwords.hash(typed.new, issuer.entropy.bytes()).await {
        Ok(hash) => hash,
        Err(error) => return refused(error),
    };
    let replaced = replace(issuer, &entered.browser, active, &hash, entered.caller).await?;
    Ok(Ok(replaced.cookies))
}

/// Takes a new password of somebody who proved a short while ago who they are, and who must choose
/// one: what counted before does not count any more, so it is not asked for.
///
/// # Errors
/// When the store fails.
pub(in crate::app) async fn choose_password(
    issuer: &Issuer,
    browser: &Browser,
    active: &SignedIn,
    new: Secret<String>,
    caller: Caller,
) -> Result<Result<Replaced, PasswordRefusal>, Fault> {
    if new.expose().is_empty() {
        return Ok(Err(PasswordRefusal::Incomplete));
    }
    if !passwords::may_judge(issuer, caller.network).await {
        return Ok(Err(PasswordRefusal::TooMany(passwords::WINDOW)));
    }
    let rule = passwords::rule_for(&issuer.store, active.user.id).await?;
    match passwords::check(&issuer.passwords, rule, &active.user, &new).await {
        Ok(Ok(())) => {}
        Ok(Err(problem)) => return Ok(Err(problem.into())),
        Err(error) => return refused(error),
    }
    match passwords::is_spent(&issuer.passwords, &active.user, &new).await {
        Ok(false) => {}
        Ok(true) => return Ok(Err(PasswordRefusal::Same)),
        Err(error) => return refused(error),
    }
    match issuer.passwords.hash(new, issuer.entropy.bytes()).await {
        Ok(hash) => replace(issuer, browser, active, &hash, caller).await.map(Ok),
        Err(error) => refused(error),
    }
}

/// What a new password made of the browser in which it was chosen.
pub(in crate::app) struct Replaced {
    /// The session, which goes on.
    pub(in crate::app) session: Session,
    /// Its new cookie.
    pub(in crate::app) cookie: SessionCookie,
    /// The sessions that ended.
    pub(in crate::app) ended: Vec<SessionId>,
    /// What is set in the browser.
    pub(in crate::app) cookies: CookieChanges,
}

/// Stores a new password, and ends what was opened with the old one but this session.
async fn replace(
    issuer: &Issuer,
    browser: &Browser,
    active: &SignedIn,
    hash: &PasswordHash,
    caller: Caller,
) -> Result<Replaced, Fault> {
    let (user, now) = (active.user.id, issuer.now());
    let (session, cookie) = renewed(issuer, &active.session, now);
    let row = caller.row(issuer, Actor::User(user), &Event::PasswordSet { user });
    let (noted, kept, hash) = (row.clone(), session.clone(), hash.as_str().to_owned());
    let letter = issuer.notice(user, &Mail::PasswordChanged, caller).await?;
    let changed = issuer.store.write("change password", move |db| {
        // It fails if the session was ended meanwhile, and then nothing changes.
        sessions::renew_session(db, &kept)?;
        users::set_user_password(db, user, &hash)?;
        grants::revoke_grants_of_user(db, user, now)?;
        rows::record(db, &noted)?;
        mail::put(db, letter.as_ref(), now)?;
        end_others(db, &kept, SessionEnd::Revoked, now)
    });
    let ended = changed.await?;
    issuer.wake_outbox();
    audit::log(&row);
    let lifetime = session.is_remembered.then_some(BROWSER_COOKIE_FOR);
    let cookies = browser.with_active(cookie.clone(), &ended, lifetime);
    Ok(Replaced { session, cookie, ended, cookies })
}

/// The session under a new cookie (`security.md` R82). It is no new sign-in: a second factor that was
/// shown long ago must not look fresh (R79).
pub(super) fn renewed(
    issuer: &Issuer,
    before: &Session,
    now: Timestamp,
) -> (Session, SessionCookie) {
    let secret = issuer.entropy.bytes::<32>();
    let secret_digest = Digest::of(&secret);
    let session = Session { secret_digest, last_seen_at: now, ..before.clone() };
    let cookie = SessionCookie::new(session.id, secret);
    (session, cookie)
}

fn refused<T>(error: PasswordError) -> Result<Result<T, PasswordRefusal>, Fault> {
    match error {
        PasswordError::Busy { retry_after } => Ok(Err(PasswordRefusal::Busy(retry_after))),
        PasswordError::TooLong => Ok(Err(PasswordRefusal::TooLong)),
        error => Err(error.into()),
    }
}

/// The least number of characters of a new password of the active account.
///
/// # Errors
/// When the store fails.
pub async fn least_length(issuer: &Issuer, entered: &Entered) -> Result<usize, Fault> {
    Ok(passwords::rule_for(&issuer.store, entered.active()?.user.id).await?.min())
}

/// Ends every other session of the person of `kept`, and says which.
pub(super) fn end_others(
    db: &mut Db,
    kept: &Session,
    why: SessionEnd,
    now: Timestamp,
) -> Result<Vec<SessionId>, StoreError> {
    let mut ended = Vec::new();
    for other in sessions::list_live_sessions(db, kept.user, now)? {
        if other.id != kept.id && sessions::end_session(db, other.id, why, now)? {
            ended.push(other.id);
        }
    }
    Ok(ended)
}

impl From<PasswordProblem> for PasswordRefusal {
    fn from(problem: PasswordProblem) -> Self {
        match problem {
            PasswordProblem::TooShort { min } => Self::TooShort(min),
            PasswordProblem::TooLong => Self::TooLong,
            PasswordProblem::Common => Self::Common,
            PasswordProblem::Context => Self::Context,
            PasswordProblem::Breached => Self::Breached,
            PasswordProblem::Same => Self::Same,
        }
    }
}

impl From<SignInRefusal> for PasswordRefusal {
    fn from(refusal: SignInRefusal) -> Self {
        match refusal {
            SignInRefusal::Incomplete => Self::Incomplete,
            SignInRefusal::Wrong | SignInRefusal::Stale | SignInRefusal::Passkey => Self::Wrong,
            SignInRefusal::TooMany(wait) => Self::TooMany(wait),
            SignInRefusal::Busy(wait) => Self::Busy(wait),
        }
    }
}
