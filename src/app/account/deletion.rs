//! The end of an account, by its person. It goes after a delay, in which they may keep it.

use super::Entered;
use crate::app::browser::CookieChanges;
use crate::app::{Caller, Fault, Issuer, audit, mail};
use crate::base::{SessionId, Timestamp, UserId};
use crate::domain::{Actor, DELETION_DELAY, Event, SessionEnd};
use crate::pages::Mail;
use crate::store::{audit as rows, sessions, users};

impl Entered {
    /// When the active account goes, if its person asked for that.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn delete_after(&self) -> Result<Option<Timestamp>, Fault> {
        Ok(self.active()?.user.delete_after)
    }
}

/// Has the active account deleted after [`DELETION_DELAY`]. In the same transaction every session
/// and everything that apps hold ends, and the apps are told. Says when the account goes, and how
/// the cookies of this browser change. To ask once more does not begin the delay anew.
///
/// # Errors
/// When the store fails.
pub async fn ask_deletion(
    issuer: &Issuer,
    entered: &Entered,
) -> Result<(Timestamp, CookieChanges), Fault> {
    let (user, now) = (entered.active()?.user.id, entered.now);
    let at = now + DELETION_DELAY;
    let row = entered.row(issuer, user, &Event::DeletionAsked { user, at });
    let noted = row.clone();
    let letter = issuer.notice(user, &Mail::DeletionAsked { at }, entered.caller).await?;
    let asked = issuer.store.write("ask deletion", move |db| {
        let is_new = users::ask_deletion(db, user, at)?;
        if is_new {
            rows::record(db, &noted)?;
            mail::put(db, letter.as_ref(), now)?;
        }
        sessions::end_sessions_of_user(db, user, SessionEnd::Revoked, now)?;
        let at = users::find_user(db, user)?.and_then(|user| user.delete_after).unwrap_or(at);
        Ok((at, is_new))
    });
    let (at, is_new) = asked.await?;
    issuer.wake_outbox();
    if is_new {
        audit::log(&row);
    }
    let signed_in = entered.browser.signed_in.iter().map(|one| &one.session);
    let ended: Vec<SessionId> =
        signed_in.filter(|session| session.user == user).map(|session| session.id).collect();
    Ok((at, entered.browser.without(&ended)))
}

/// Keeps the active account after all. False when nobody had asked for its deletion.
///
/// # Errors
/// When the store fails.
pub async fn keep_account(issuer: &Issuer, entered: &Entered) -> Result<bool, Fault> {
    keep(issuer, entered.active()?.user.id, entered.caller).await
}

/// Keeps an account whose person is there.
pub(in crate::app) async fn keep(
    issuer: &Issuer,
    user: UserId,
    caller: Caller,
) -> Result<bool, Fault> {
    let row = caller.row(issuer, Actor::User(user), &Event::DeletionWithdrawn { user });
    let (noted, now) = (row.clone(), row.at);
    let letter = issuer.notice(user, &Mail::AccountKept, caller).await?;
    let kept = issuer.store.write("keep account", move |db| {
        let is_kept = users::withdraw_deletion(db, user)?;
        if is_kept {
            rows::record(db, &noted)?;
            mail::put(db, letter.as_ref(), now)?;
        }
        Ok(is_kept)
    });
    let is_kept = kept.await?;
    if is_kept {
        audit::log(&row);
        issuer.wake_outbox();
    }
    Ok(is_kept)
}
