//! A person's own authenticator app and recovery codes.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Entered, RecentSignIn};
use crate::app::browser::{BROWSER_COOKIE_FOR, CookieChanges, SessionCookie};
use crate::app::factors::{self, Enrolment, TotpOffer};
use crate::app::{Fault, Issuer, audit, mail};
use crate::base::{Digest, Timestamp, from_base64url, to_base64url};
use crate::credentials::RecoveryCode;
use crate::domain::{Actor, Event, Session, Way};
use crate::pages::{Mail, MailFactor};
use crate::rules::authorize::SignedIn;
use crate::rules::session::{Proof, TWO_FACTORS, acr_level};
use crate::store::{audit as rows, factors as queries, sessions};

/// How long a new key may be confirmed.
const KEY_FOR: Duration = Duration::from_secs(15 * 60);

/// What the page of a new authenticator app shows.
pub struct TotpAsk {
    /// What the app is told.
    pub offer: TotpOffer,
    /// Comes back with the code: the sealed key. Looking at the page stores nothing.
    pub ticket: String,
}

/// What a ticket holds, sealed once more for one session.
#[derive(Serialize, Deserialize)]
struct Ticket {
    expires_at: Timestamp,
    seed: String,
}

/// What became of an authenticator app that was to be set up.
pub enum SetUp {
    /// It is set up; the recovery codes are to be shown once.
    Done(Vec<RecoveryCode>, CookieChanges),
    /// The code is wrong: the same page again.
    WrongCode(TotpAsk),
    /// The page is too old or of another session, or there is an authenticator app already.
    Stale,
}

/// A new key for the active account. It counts for nothing before [`set_up_totp`].
///
/// # Errors
/// When the key cannot be shown, which does not happen.
pub fn ask_totp(issuer: &Issuer, entered: &Entered, _: &RecentSignIn) -> Result<TotpAsk, Fault> {
    let active = entered.active()?;
    let seed = factors::begin_totp(issuer, active.user.id);
    let offer = factors::totp_offer(issuer, &active.user, &seed)?;
    let ticket = Ticket { expires_at: entered.now + KEY_FOR, seed: to_base64url(&seed) };
    let plain = serde_json::to_vec(&ticket).map_err(|_| Fault::Broken("a ticket is JSON"))?;
    let sealed = issuer.sealer.seal(&context(active), &plain, issuer.entropy.as_ref());
    Ok(TotpAsk { offer, ticket: to_base64url(&sealed) })
}

/// Sets the authenticator app up, once a code shows that it has the key. This session has shown a
/// second factor then and is worth two; every other one goes on as what it proved.
///
/// # Errors
/// When the store fails.
pub async fn set_up_totp(
    issuer: &Issuer,
    entered: &Entered,
    _: &RecentSignIn,
    ticket: &str,
    code: &str,
) -> Result<SetUp, Fault> {
    let active = entered.active()?;
    let user = active.user.id;
    let Some(seed) = open(issuer, active, ticket, entered.now) else { return Ok(SetUp::Stale) };
    let again = seed.clone();
    match factors::confirm_totp(issuer, user, seed, "", code, entered.caller).await? {
        Enrolment::Done(codes) => Ok(SetUp::Done(codes, raise(issuer, entered).await?)),
        Enrolment::AlreadyThere => Ok(SetUp::Stale),
        Enrolment::WrongCode => {
            let offer = factors::totp_offer(issuer, &active.user, &again)?;
            Ok(SetUp::WrongCode(TotpAsk { offer, ticket: ticket.to_owned() }))
        }
    }
}

/// Makes the session worth what its person has shown, under a new cookie (`security.md` R79, R82).
async fn raise(issuer: &Issuer, entered: &Entered) -> Result<CookieChanges, Fault> {
    let before = &entered.active()?.session;
    if acr_level(&before.acr).is_some_and(|level| level >= TWO_FACTORS) {
        return Ok(CookieChanges::default());
    }
    let (proof, secret) = (Proof::of_step_up(before, Way::Totp), issuer.entropy.bytes::<32>());
    let session = Session {
        secret_digest: Digest::of(&secret),
        amr: proof.amr,
        acr: proof.acr,
        ..Session::clone(before)
    };
    let cookie = SessionCookie::new(session.id, secret);
    let lifetime = session.is_remembered.then_some(BROWSER_COOKIE_FOR);
    let renew = move |db: &mut _| sessions::renew_session(db, &session);
    issuer.store.write("raise session", renew).await?;
    Ok(entered.browser.with_active(cookie, &[], lifetime))
}

/// Removes the authenticator app and the recovery codes. False when there were none.
///
/// # Errors
/// When the store fails.
pub async fn remove_totp(
    issuer: &Issuer,
    entered: &Entered,
    _: &RecentSignIn,
) -> Result<bool, Fault> {
    let user = entered.active()?.user.id;
    let row = entered.caller.row(issuer, Actor::User(user), &Event::FactorsReset { user });
    let noted = row.clone();
    let now = entered.now;
    let told = Mail::FactorRemoved { factor: MailFactor::Totp };
    let letter = issuer.notice(user, &told, entered.caller).await?;
    let removed = issuer.store.write("remove authenticator app", move |db| {
        let is_removed = queries::delete_factors(db, user)?;
        if is_removed {
            rows::record(db, &noted)?;
            mail::put(db, letter.as_ref(), now)?;
        }
        Ok(is_removed)
    });
    let is_removed = removed.await?;
    if is_removed {
        audit::log(&row);
        issuer.wake_outbox();
    }
    Ok(is_removed)
}

/// New recovery codes in place of all old ones, to be shown once. None without an authenticator
/// app, whose stand-in they are.
///
/// # Errors
/// When the store fails.
pub async fn make_recovery_codes(
    issuer: &Issuer,
    entered: &Entered,
    _: &RecentSignIn,
) -> Result<Option<Vec<RecoveryCode>>, Fault> {
    let user = entered.active()?.user.id;
    if !factors::find(issuer, user).await?.are_set_up() {
        return Ok(None);
    }
    factors::new_recovery_codes(issuer, user, entered.caller).await.map(Some)
}

fn context(active: &SignedIn) -> String {
    format!("totp/set-up/{}/{}", active.user.id, active.session.id)
}

fn open(issuer: &Issuer, active: &SignedIn, ticket: &str, now: Timestamp) -> Option<Vec<u8>> {
    let sealed = from_base64url(ticket).ok()?;
    let plain = issuer.sealer.open(&context(active), &sealed).ok()?;
    let ticket: Ticket = serde_json::from_slice(plain.expose()).ok()?;
    (now < ticket.expires_at).then_some(())?;
    from_base64url(&ticket.seed).ok()
}
