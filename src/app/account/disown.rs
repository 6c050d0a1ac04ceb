//! "This wasn't me": everything that somebody else may have opened ends.

use super::password::{end_others, renewed};
use super::{AccountPage, Entered, RecentSignIn};
use crate::app::browser::{BROWSER_COOKIE_FOR, CookieChanges};
use crate::app::{Fault, Issuer, audit, known_browsers, mail};
use crate::domain::{Event, ProofKind, SessionEnd};
use crate::pages::Mail;
use crate::store::{
    StoreError, audit as rows, grants, known_browsers as browsers, proofs, sessions,
    trusted_devices, users,
};

/// Ends every other session of the active account, everything that was given to apps, the trust in
/// every device and every link that would set a password, and has a new password chosen before
/// anything opens (`security.md` R37, R69, R86). This session goes on under a new cookie (R82). Says
/// where its person goes on: to the new password, or to the passkeys of who has no password.
///
/// Whoever holds a session of somebody else could shut them out by it, so it takes a recent sign-in as
/// a new password does (R71).
///
/// # Errors
/// When the store fails.
pub async fn disown(
    issuer: &Issuer,
    entered: &Entered,
    _: &RecentSignIn,
) -> Result<(AccountPage, CookieChanges), Fault> {
    let active = entered.active()?;
    let (user, now) = (active.user.id, entered.now);
    let (session, cookie) = renewed(issuer, &active.session, now);
    let lifetime = session.is_remembered.then_some(BROWSER_COOKIE_FOR);
    let browser = known_browsers::digest_of(issuer, &entered.key, user);
    let row = entered.row(issuer, user, &Event::SignInDisowned { user });
    let noted = row.clone();
    let letter = issuer.notice(user, &Mail::SignInDisowned, entered.caller).await?;
    let ended = issuer.store.write("disown sign-in", move |db| {
        // It fails if the session was ended meanwhile, and then nothing changes.
        sessions::renew_session(db, &session)?;
        let is_password_due = users::demand_new_password(db, user)?;
        proofs::cancel_proofs(db, user, &ProofKind::NEW_PASSWORD)?;
        trusted_devices::delete_devices_of_user(db, user)?;
        browsers::forget_other_browsers(db, user, &browser)?;
        grants::revoke_grants_of_user(db, user, now)?;
        let ended = end_others(db, &session, SessionEnd::Revoked, now)?;
        rows::record(db, &noted)?;
        mail::put(db, letter.as_ref(), now)?;
        Ok::<_, StoreError>((is_password_due, ended))
    });
    let (is_password_due, ended) = ended.await?;
    audit::log(&row);
    issuer.wake_outbox();
    let onward = if is_password_due { AccountPage::Password } else { AccountPage::Passkeys };
    Ok((onward, entered.browser.with_active(cookie, &ended, lifetime)))
}
