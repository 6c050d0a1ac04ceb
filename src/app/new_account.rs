//! A new account with its first ways in: what the first run and an invitation share.

use std::time::Duration;

use crate::app::browser::{Browser, CookieChanges, SessionCookie};
use crate::app::known_browsers::{self, Sight};
use crate::app::passkeys::{self, PasskeyAsk};
use crate::app::{Caller, Fault, Issuer, factors, passwords};
use crate::base::{Digest, Secret, Subject, Timestamp};
use crate::credentials::{PasswordError, PasswordProblem, PasswordRule};
use crate::domain::{Actor, AuditRecord, Event, Passkey, SessionEnd, User};
use crate::rules::authorize::SignInReason;
use crate::rules::session::{self as rules, Proof, SignInEffect};
use crate::store::{
    Db, StoreError, audit as rows, factors as factor_rows, passkeys as passkey_rows, sessions,
    users,
};

pub use crate::credentials::RecoveryCode;

/// What a page holds that asks for the first way in.
pub struct WayForm {
    /// The token of the form.
    pub csrf: String,
    /// Who the new account will be for passkeys and apps.
    pub subject: String,
    /// The question for a passkey; none where there can be none.
    pub ask: Option<PasskeyAsk>,
    /// The cookies that the page sets.
    pub cookies: CookieChanges,
}

/// What a person typed, and what their browser made.
pub struct FirstWays {
    /// The password; may be empty when there is a passkey.
    pub password: Secret<String>,
    /// Whom the question for a passkey was about.
    pub subject: String,
    /// The ticket of that question.
    pub ticket: String,
    /// The new passkey, as `PublicKeyCredential.toJSON` writes it; empty without one.
    pub answer: Secret<String>,
    /// The passkey's name.
    pub passkey_name: String,
}

/// Why there is no way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayRefusal {
    /// Neither a passkey nor a password.
    NoWayIn,
    /// The passkey does not hold.
    Passkey,
    /// The password cannot be.
    Password(PasswordProblem),
    /// Too much to do; when to try again.
    Busy(Duration),
}

/// An account with its ways in, checked and not stored.
pub(super) struct NewAccount {
    pub(super) user: User,
    pub(super) passkey: Option<Passkey>,
    /// They stand in for the passkey after a password.
    pub(super) codes: Vec<RecoveryCode>,
}

/// The form for a new account. `context` names the page for a subject: a passkey that is made there
/// counts for both alone. `somebody` is what the page knows of the person.
pub(super) fn form(
    issuer: &Issuer,
    browser: &Browser,
    context: impl FnOnce(&str) -> String,
    somebody: User,
) -> Result<WayForm, Fault> {
    let (key, cookies) = browser.key_or_new(issuer.entropy.as_ref());
    let subject = somebody.subject.as_str().to_owned();
    let ask = passkeys::begin_first(issuer, &context(&subject), &somebody)?;
    Ok(WayForm { csrf: key.csrf_token(issuer), subject, ask, cookies })
}

/// Gives `user` the ways in that its person chose. The passkey comes last, because its question
/// counts once.
pub(super) async fn prepare(
    issuer: &Issuer,
    mut user: User,
    ways: FirstWays,
    context: impl FnOnce(&str) -> String,
) -> Result<Result<NewAccount, WayRefusal>, Fault> {
    let (has_passkey, password) = (!ways.answer.expose().is_empty(), ways.password);
    if password.expose().is_empty() && !has_passkey {
        return Ok(Err(WayRefusal::NoWayIn));
    }
    if !password.expose().is_empty() {
        match hash(issuer, &user, password).await {
            Ok(Ok(hash)) => user.password_hash = Some(hash),
            Ok(Err(problem)) => return Ok(Err(WayRefusal::Password(problem))),
            Err(PasswordError::Busy { retry_after }) => {
                return Ok(Err(WayRefusal::Busy(retry_after)));
            }
            Err(PasswordError::TooLong) => {
                return Ok(Err(WayRefusal::Password(PasswordProblem::TooLong)));
            }
            Err(error) => return Err(error.into()),
        }
    }
    if !has_passkey {
        return Ok(Ok(NewAccount { user, passkey: None, codes: Vec::new() }));
    }
    let Ok(subject) = Subject::from_text(&ways.subject) else {
        return Ok(Err(WayRefusal::Passkey));
    };
    let context = context(subject.as_str());
    user.subject = subject;
    let answer = (ways.ticket.as_str(), ways.answer.expose().as_str());
    let made = passkeys::finish_first(issuer, &context, &user, answer, &ways.passkey_name).await?;
    let Some(passkey) = made else { return Ok(Err(WayRefusal::Passkey)) };
    let has_password = user.password_hash.is_some();
    let codes = if has_password { factors::generate_codes(issuer) } else { Vec::new() };
    Ok(Ok(NewAccount { user, passkey: Some(passkey), codes }))
}

/// The hash of a password that may be.
async fn hash(
    issuer: &Issuer,
    user: &User,
    password: Secret<String>,
) -> Result<Result<String, PasswordProblem>, PasswordError> {
    let (pool, rule) = (&issuer.passwords, PasswordRule::ONLY_FACTOR);
    if let Err(problem) = passwords::check(pool, rule, user, &password).await? {
        return Ok(Err(problem));
    }
    let hash = pool.hash(password, issuer.entropy.bytes()).await?;
    Ok(Ok(hash.as_str().to_owned()))
}

/// Everything of a new account that one transaction stores: its ways in, the session that its
/// person gets in this browser, and the rows of the audit trail.
#[derive(Clone)]
pub(super) struct Arrival {
    user: User,
    passkey: Option<Passkey>,
    codes: Vec<Digest>,
    effect: SignInEffect,
    /// The browser, which is then one that the account knows.
    sight: Option<Sight>,
    rows: Vec<AuditRecord>,
}

impl Arrival {
    /// The arrival of `account`, which `how` let happen.
    pub(super) fn of(
        issuer: &Issuer,
        browser: &Browser,
        account: &NewAccount,
        how: Event,
        caller: Caller,
    ) -> (Self, SessionCookie) {
        let (effect, cookie) = session(issuer, browser, account);
        let (user, session) = (account.user.id, &effect.session);
        let mut events = vec![how, Event::UserCreated { user }];
        events.extend(
            account.passkey.iter().map(|one| Event::PasskeyAdded { user, passkey: one.id }),
        );
        if !account.codes.is_empty() {
            events.push(Event::RecoveryCodesMade { user });
        }
        events.push(Event::SignedIn { user, session: session.id, amr: session.amr.clone() });
        let rows = events.iter().map(|event| caller.row(issuer, Actor::User(user), event));
        let arrival = Self {
            rows: rows.collect(),
            user: account.user.clone(),
            passkey: account.passkey.clone(),
            codes: account.codes.iter().map(|code| code.digest(user)).collect(),
            sight: browser.key.as_ref().map(|key| known_browsers::first(issuer, key, user)),
            effect,
        };
        (arrival, cookie)
    }

    /// The rows of the audit trail, to be logged when they are stored.
    pub(super) fn rows(&self) -> &[AuditRecord] {
        &self.rows
    }

    /// The cookies of the browser that is signed in by it.
    pub(super) fn cookies(&self, browser: &Browser, cookie: SessionCookie) -> CookieChanges {
        browser.with_active(cookie, &self.effect.ended, None)
    }

    /// Stores all of it.
    pub(super) fn apply(&self, db: &mut Db, now: Timestamp) -> Result<(), StoreError> {
        users::insert_user(db, &self.user)?;
        if let Some(passkey) = &self.passkey {
            if !passkey_rows::insert_passkey(db, passkey)? {
                return Err(StoreError::Unique("passkeys.credential_id".to_owned()));
            }
            if !self.codes.is_empty() {
                factor_rows::replace_recovery_codes(db, self.user.id, &self.codes, now)?;
            }
        }
        sessions::insert_session(db, &self.effect.session)?;
        for ended in &self.effect.ended {
            sessions::end_session(db, *ended, SessionEnd::Replaced, now)?;
        }
        self.sight.iter().try_for_each(|sight| sight.note(db, now))?;
        self.rows.iter().try_for_each(|row| rows::record(db, row))
    }
}

/// The session that the new person gets in this browser.
fn session(
    issuer: &Issuer,
    browser: &Browser,
    account: &NewAccount,
) -> (SignInEffect, SessionCookie) {
    let (now, id) = (issuer.now(), account.user.id);
    let proof = match account.passkey {
        Some(_) => Proof::by_passkey(id, false, now),
        None => Proof::by_password(id, false, now),
    };
    let secret = issuer.entropy.bytes::<32>();
    let effect = rules::sign_in(
        &browser.signed_in,
        SignInReason::OtherAccount,
        proof,
        &issuer.settings.sessions,
        Digest::of(&secret),
        now,
        issuer.entropy.as_ref(),
    );
    let cookie = SessionCookie::new(effect.session.id, secret);
    (effect, cookie)
}
