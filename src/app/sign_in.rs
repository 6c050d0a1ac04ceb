//! The sign-in step: a password becomes a session.

use std::sync::Arc;

use crate::app::browser::{BROWSER_COOKIE_FOR, CookieChanges, Cookies, SessionCookie};
use crate::app::factors;
use crate::app::finish::Arrival;
use crate::app::interaction::{Due, Visit, advance, open_form, save};
use crate::app::known_browsers::{self, Sight};
use crate::app::outcome::{Reply, SignInRefusal, SignInStep, Step};
use crate::app::passkeys;
use crate::app::throttle::Reserved;
use crate::app::{Caller, Fault, Issuer, audit, factor_policy};
use crate::base::{Digest, Secret, Timestamp};
use crate::credentials::{PasswordError, PasswordHash, Verified};
use crate::domain::{
    Actor, Authentication, Event, Evidence, FirstFactor, Identifier, Refusal, User,
};
use crate::rules::authorize::{SignInReason, SignedIn};
use crate::rules::session::{self as rules, Proof, SignInEffect};
use crate::store::{audit as rows, interactions, sessions, users};

/// What a person typed.
pub struct SignInForm {
    /// Who they say they are.
    pub identifier: String,
    /// Their password.
    pub password: Secret<String>,
    /// Whether they want to stay signed in on this device.
    pub is_remembered: bool,
    /// Whether this device could keep a passkey, as a module of the page found out.
    pub can_keep_passkey: bool,
    /// The form's token.
    pub csrf: String,
}

/// How a password came.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    /// Whether its owner wants to stay signed in on this device.
    pub(super) is_remembered: bool,
    /// Whether this device could keep a passkey.
    pub(super) can_keep_passkey: bool,
}

/// Tries a sign-in and goes on with the interaction.
///
/// # Errors
/// When the store or the keys fail.
pub async fn sign_in(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    form: SignInForm,
    caller: Caller,
) -> Result<Reply, Fault> {
    let mut visit = match open_form(issuer, address, cookies, &form.csrf).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    // Another tab may have signed in meanwhile, or the form is posted twice: what is due decides.
    let reason = match visit.due(issuer).await? {
        Due::SignIn(reason) if visit.row.replay(visit.now).is_none() => reason,
        _ => return advance(issuer, visit, Arrival::AfterForm).await,
    };
    if visit.row.is_stale(visit.now) {
        let evidence = Evidence { restarted_at: Some(visit.now), ..Evidence::default() };
        save(issuer, &mut visit, evidence).await?;
        return Ok(again(issuer, &visit, reason, &form, SignInRefusal::Stale));
    }
    match prove(issuer, &form, caller, visit.now).await? {
        Ok(user) => {
            let how =
                How { is_remembered: form.is_remembered, can_keep_passkey: form.can_keep_passkey };
            accept(issuer, visit, reason, user, how, caller).await
        }
        Err(refusal) => Ok(again(issuer, &visit, reason, &form, refusal)),
    }
}

/// The sign-in page once more, with what was typed but the password.
fn again(
    issuer: &Issuer,
    visit: &Visit,
    reason: SignInReason,
    form: &SignInForm,
    refusal: SignInRefusal,
) -> Reply {
    let step = SignInStep {
        identifier: form.identifier.chars().take(254).collect(),
        is_remembered: form.is_remembered,
        refusal: Some(refusal),
        ..visit.sign_in_step(reason)
    };
    visit.page(issuer, Step::SignIn(step))
}

/// Checks the password. Unknown, disabled, password-less and wrong take the same way: one count,
/// one look-up, one hash, one answer (`security.md` R61, R63).
pub(super) async fn prove(
    issuer: &Issuer,
    form: &SignInForm,
    caller: Caller,
    now: Timestamp,
) -> Result<Result<User, SignInRefusal>, Fault> {
    if form.identifier.trim().is_empty() || form.password.expose().is_empty() {
        return Ok(Err(SignInRefusal::Incomplete));
    }
    let identifier = Identifier::parse(&form.identifier).ok();
    let counted = identifier.as_ref().map_or(form.identifier.as_str(), Identifier::as_str);
    let account = Digest::of(counted.as_bytes());
    let reserved = match issuer.throttle.reserve(account, caller.network, now).await? {
        Ok(reserved) => reserved,
        Err(wait) => {
            note_throttled(issuer, account, identifier, caller).await?;
            return Ok(Err(SignInRefusal::TooMany(wait)));
        }
    };
    let found = match identifier {
        Some(identifier) => {
            issuer.store.read(move |db| users::find_user_by_identifier(db, &identifier)).await?
        }
        None => None,
    };
    let stored = found.as_ref().and_then(|user| user.password_hash.clone()).map(PasswordHash::new);
    let verified = issuer.passwords.verify(form.password.clone(), stored.as_ref()).await;
    judge(issuer, reserved, found, verified, &form.password, caller).await
}

async fn judge(
    issuer: &Issuer,
    reserved: Reserved,
    found: Option<User>,
    verified: Result<Verified, PasswordError>,
    password: &Secret<String>,
    caller: Caller,
) -> Result<Result<User, SignInRefusal>, Fault> {
    match (verified, found) {
        (Ok(Verified::Right { needs_rehash }), Some(user)) if user.is_enabled() => {
            issuer.throttle.succeeded(reserved).await?;
            if needs_rehash {
                rehash(issuer, &user, password).await?;
            }
            Ok(Ok(user))
        }
        (Ok(_), found) => {
            let why = match &found {
                None => Refusal::UnknownAccount,
                Some(user) if !user.is_enabled() => Refusal::DisabledAccount,
                Some(user) if user.password_hash.is_none() => Refusal::NoPassword,
                Some(_) => Refusal::WrongPassword,
            };
            refuse(issuer, found, why, caller).await
        }
        (Err(PasswordError::TooLong), found) => {
            refuse(issuer, found, Refusal::TooLong, caller).await
        }
        (Err(PasswordError::Busy { retry_after }), _) => {
            issuer.throttle.withdrawn(reserved).await?;
            Ok(Err(SignInRefusal::Busy(retry_after)))
        }
        (Err(error), _) => Err(error.into()),
    }
}

/// Notes a refusal: the same statement whatever its reason (`security.md` R61, R125).
async fn refuse(
    issuer: &Issuer,
    found: Option<User>,
    why: Refusal,
    caller: Caller,
) -> Result<Result<User, SignInRefusal>, Fault> {
    let event = Event::SignInRefused { user: found.map(|user| user.id), why };
    audit::record(&issuer.store, caller.row(issuer, Actor::Anonymous, &event)).await?;
    Ok(Err(SignInRefusal::Wrong))
}

/// Tells the trail that tries of an account are held back: once in a while, so that nobody can flood
/// it. A name that nobody has takes the same way (`security.md` R61).
pub(super) async fn note_throttled(
    issuer: &Issuer,
    account: Digest,
    identifier: Option<Identifier>,
    caller: Caller,
) -> Result<(), Fault> {
    if !issuer.throttle.is_news(account, caller.network).await {
        return Ok(());
    }
    let found = match identifier {
        Some(name) => {
            issuer.store.read(move |db| users::find_user_by_identifier(db, &name)).await?
        }
        None => None,
    };
    let event = Event::SignInThrottled { user: found.map(|user| user.id) };
    audit::record(&issuer.store, caller.row(issuer, Actor::Anonymous, &event)).await
}

/// Hashes again with the present parameters (`security.md` R55). A full queue is no reason to
/// keep anybody out.
async fn rehash(issuer: &Issuer, user: &User, password: &Secret<String>) -> Result<(), Fault> {
    let salt = issuer.entropy.bytes();
    let Ok(hash) = issuer.passwords.hash(password.clone(), salt).await else { return Ok(()) };
    let Some(before) = user.password_hash.clone() else { return Ok(()) };
    let id = user.id;
    issuer
        .store
        .write("rehash password", move |db| {
            users::replace_password_hash(db, id, &before, hash.as_str())
        })
        .await?;
    Ok(())
}

/// A right password: it makes a session, or waits in the interaction for a second factor when the
/// person has one or must have one.
pub(super) async fn accept(
    issuer: &Issuer,
    mut visit: Visit,
    reason: SignInReason,
    user: User,
    how: How,
    caller: Caller,
) -> Result<Reply, Fault> {
    let now = visit.now;
    let factors = factors::find(issuer, user.id).await?;
    if !factor_policy::owes_second_factor(issuer, &visit, reason, &user, &factors) {
        let offers_passkey =
            how.can_keep_passkey && passkeys::is_to_be_offered(issuer, user.id, now).await?;
        let proof = Proof::by_password(user.id, how.is_remembered, now);
        return open_session(issuer, visit, reason, user, (proof, offers_passkey), caller).await;
    }
    let shown = caller.row(issuer, Actor::User(user.id), &Event::PasswordShown { user: user.id });
    audit::record(&issuer.store, shown).await?;
    let first_factor =
        Some(FirstFactor { user: user.id, at: now, is_remembered: how.is_remembered });
    let evidence = visit.row.evidence.fresh(now);
    let evidence = Evidence { first_factor, enrolling: None, authentication: None, ..evidence };
    save(issuer, &mut visit, evidence).await?;
    advance(issuer, visit, Arrival::AfterForm).await
}

/// Turns the proof into a session with a new cookie, ends those it replaces, and goes on, by way of
/// the offer of a passkey when there is one to be made.
pub(super) async fn open_session(
    issuer: &Issuer,
    mut visit: Visit,
    reason: SignInReason,
    user: User,
    (proof, offers_passkey): (Proof, bool),
    caller: Caller,
) -> Result<Reply, Fault> {
    let (now, is_remembered) = (visit.now, proof.is_remembered);
    let secret = issuer.entropy.bytes::<32>();
    let mut effect = rules::sign_in(
        &visit.browser.signed_in,
        reason,
        proof,
        &issuer.settings.sessions,
        Digest::of(&secret),
        now,
        issuer.entropy.as_ref(),
    );
    effect.session.seen_from = visit.browser.seen_from.clone();
    let evidence = Evidence {
        authentication: Some(Authentication { session: effect.session.id, user: user.id, at: now }),
        offers_passkey,
        ..Evidence::default()
    };
    store_effect(issuer, &visit, &effect, &evidence, caller).await?;
    let cookie = SessionCookie::new(effect.session.id, secret);
    let lifetime = is_remembered.then_some(BROWSER_COOKIE_FOR);
    let cookies = visit.browser.with_active(cookie.clone(), &effect.ended, lifetime);
    // A browser that is in use stays known.
    let cookies = CookieChanges { browser: Some(visit.key.to_text()), ..cookies };
    visit.browser.put_first(
        SignedIn { session: Arc::new(effect.session), user: Arc::new(user) },
        cookie,
        &effect.ended,
    );
    visit.row.evidence = evidence;
    let reply = advance(issuer, visit, Arrival::AfterForm).await?;
    Ok(Reply { cookies: cookies.then(reply.cookies), ..reply })
}

async fn store_effect(
    issuer: &Issuer,
    visit: &Visit,
    effect: &SignInEffect,
    evidence: &Evidence,
    caller: Caller,
) -> Result<(), Fault> {
    let (id, now) = (visit.row.id, visit.now);
    let (user, session) = (effect.session.user, effect.session.id);
    let event = Event::SignedIn { user, session, amr: effect.session.amr.clone() };
    let row = caller.row(issuer, Actor::User(user), &event);
    let noted = row.clone();
    // Who is signed in here already is no news.
    let sight = match effect.is_renewal {
        true => None,
        false => Some(known_browsers::look(issuer, &visit.key, user, caller).await?),
    };
    let is_told = !effect.ended.is_empty() || sight.as_ref().is_some_and(Sight::is_told);
    let (effect, evidence) = (effect.clone(), evidence.clone());
    issuer
        .store
        .write("sign in", move |db| {
            if effect.is_renewal {
                sessions::renew_session(db, &effect.session)?;
            } else {
                sessions::insert_session(db, &effect.session)?;
            }
            for ended in &effect.ended {
                sessions::end_session(db, *ended, crate::domain::SessionEnd::Replaced, now)?;
            }
            if let Some(sight) = &sight {
                sight.note(db, now)?;
            }
            rows::record(db, &noted)?;
            interactions::update_evidence(db, id, &evidence)
        })
        .await?;
    audit::log(&row);
    if is_told {
        issuer.wake_outbox();
    }
    Ok(())
}
