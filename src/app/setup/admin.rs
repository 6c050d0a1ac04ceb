use std::time::Duration;

use super::{SetupForm, digest, form, over, passkey_context, remove_link};
use crate::app::browser::{Browser, CookieChanges, Cookies, SessionCookie};
use crate::app::known_browsers::{self, Sight};
use crate::app::passwords;
use crate::app::users::{Profile, UserProblem};
use crate::app::{Caller, Fault, Issuer, audit, factors, passkeys};
use crate::base::{Digest, Secret, Subject};
use crate::credentials::{PasswordError, PasswordProblem, PasswordRule, RecoveryCode};
use crate::domain::{Actor, AuditRecord, Event, Passkey, SessionEnd, User};
use crate::protocol::StandardClaims;
use crate::rules::authorize::SignInReason;
use crate::rules::session::{self as rules, Proof, SignInEffect};
use crate::store::{
    Db, StoreError, audit as rows, factors as factor_rows, passkeys as passkey_rows, sessions,
    setup, users as user_rows,
};

/// What a person typed, and what their browser made.
pub struct AdminForm {
    /// The form's token.
    pub csrf: String,
    /// Name for signing in.
    pub username: String,
    /// E-mail address.
    pub email: String,
    /// Full name; may be empty.
    pub name: String,
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

/// Why no account is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupRefusal {
    /// The username cannot be.
    Username,
    /// The e-mail address cannot be.
    Email,
    /// The name cannot be.
    Name,
    /// Another account has the username or the address.
    Taken,
    /// Neither a passkey nor a password.
    NoWayIn,
    /// The passkey does not hold.
    Passkey,
    /// The password cannot be.
    Password(PasswordProblem),
    /// Too much to do; when to try again.
    Busy(Duration),
}

/// What came of the form.
pub enum Made {
    /// There is an administrator, who is signed in here. The codes are to be shown once.
    Admin(CookieChanges, Vec<RecoveryCode>),
    /// Something cannot be, and the link still counts.
    Refused(SetupRefusal, SetupForm),
    /// The link does not count. Whether there is an administrator.
    Over(bool),
    /// The form is none of this browser's.
    Forged,
}

/// A new administrator with their ways in, checked and not stored.
struct Admin {
    user: User,
    passkey: Option<Passkey>,
    codes: Vec<RecoveryCode>,
}

/// Makes the first administrator with what the link allows once, and signs them in.
///
/// # Errors
/// When the store fails.
pub async fn create_admin(
    issuer: &Issuer,
    token: &str,
    cookies: &Cookies,
    typed: AdminForm,
    caller: Caller,
) -> Result<Made, Fault> {
    let browser = Browser::load(issuer, cookies, issuer.now()).await?;
    let is_own = browser.key.as_ref().is_some_and(|key| key.accepts_csrf(issuer, &typed.csrf));
    if !is_own {
        return Ok(Made::Forged);
    }
    if let Some(is_set_up) = over(issuer, token).await? {
        return Ok(Made::Over(is_set_up));
    }
    let admin = match prepare(issuer, token, typed).await? {
        Ok(admin) => admin,
        Err(refusal) => return Ok(Made::Refused(refusal, form(issuer, token, &browser)?)),
    };
    let (effect, cookie) = session(issuer, &browser, &admin);
    let sight = browser.key.as_ref().map(|key| known_browsers::first(issuer, key, admin.user.id));
    match store(issuer, token, &admin, (&effect, sight), caller).await {
        Ok(true) => {}
        Ok(false) => return Ok(Made::Over(over(issuer, token).await?.unwrap_or(false))),
        Err(StoreError::Unique(_)) => {
            return Ok(Made::Refused(SetupRefusal::Taken, form(issuer, token, &browser)?));
        }
        Err(error) => return Err(error.into()),
    }
    if let Err(error) = remove_link(&issuer.settings.setup_link_file) {
        tracing::warn!(%error, "the used setup link could not be removed from its file");
    }
    Ok(Made::Admin(browser.with_active(cookie, &effect.ended, None), admin.codes))
}

/// Checks everything. The passkey comes last, because its question counts once.
async fn prepare(
    issuer: &Issuer,
    token: &str,
    typed: AdminForm,
) -> Result<Result<Admin, SetupRefusal>, Fault> {
    let mut user = match check_names(issuer, &typed) {
        Ok(user) => user,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (has_passkey, password) = (!typed.answer.expose().is_empty(), typed.password);
    if password.expose().is_empty() && !has_passkey {
        return Ok(Err(SetupRefusal::NoWayIn));
    }
    if !password.expose().is_empty() {
        match hash(issuer, &user, password).await {
            Ok(Ok(hash)) => user.password_hash = Some(hash),
            Ok(Err(problem)) => return Ok(Err(SetupRefusal::Password(problem))),
            Err(PasswordError::Busy { retry_after }) => {
                return Ok(Err(SetupRefusal::Busy(retry_after)));
            }
            Err(PasswordError::TooLong) => {
                return Ok(Err(SetupRefusal::Password(PasswordProblem::TooLong)));
            }
            Err(error) => return Err(error.into()),
        }
    }
    if !has_passkey {
        return Ok(Ok(Admin { user, passkey: None, codes: Vec::new() }));
    }
    let Ok(subject) = Subject::from_text(&typed.subject) else {
        return Ok(Err(SetupRefusal::Passkey));
    };
    let context = passkey_context(token, subject.as_str());
    user.subject = subject;
    let answer = (typed.ticket.as_str(), typed.answer.expose().as_str());
    let made = passkeys::finish_first(issuer, &context, &user, answer, &typed.passkey_name).await?;
    Ok(match made {
        Some(passkey) => {
            // They stand in for the passkey after a password, and open nothing without one.
            let has_password = user.password_hash.is_some();
            let codes = if has_password { factors::generate_codes(issuer) } else { Vec::new() };
            Ok(Admin { user, passkey: Some(passkey), codes })
        }
        None => Err(SetupRefusal::Passkey),
    })
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

/// The account without its ways in.
fn check_names(issuer: &Issuer, typed: &AdminForm) -> Result<User, SetupRefusal> {
    let name = Some(typed.name.trim().to_owned()).filter(|name| !name.is_empty());
    let profile = Profile {
        username: &typed.username,
        email: &typed.email,
        is_email_verified: false,
        is_admin: true,
        groups: &[],
        claims: StandardClaims { name, ..StandardClaims::default() },
    };
    match profile.into_user(issuer.clock.as_ref(), issuer.entropy.as_ref()) {
        Ok(user) => Ok(user),
        Err(UserProblem::Invalid(problems)) => {
            let is_about = |member| problems.iter().any(|problem| problem.member == member);
            Err(match () {
                () if is_about("username") => SetupRefusal::Username,
                () if is_about("email") => SetupRefusal::Email,
                () => SetupRefusal::Name,
            })
        }
        Err(_) => Err(SetupRefusal::Username),
    }
}

/// The session that the new administrator gets in this browser.
fn session(issuer: &Issuer, browser: &Browser, admin: &Admin) -> (SignInEffect, SessionCookie) {
    let (now, id) = (issuer.now(), admin.user.id);
    let proof = match admin.passkey {
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

/// Everything in one transaction: false, and nothing is changed, when the link does not count.
async fn store(
    issuer: &Issuer,
    token: &str,
    admin: &Admin,
    (effect, sight): (&SignInEffect, Option<Sight>),
    caller: Caller,
) -> Result<bool, StoreError> {
    let (link, now, id) = (digest(token), issuer.now(), admin.user.id);
    let digests: Vec<Digest> = admin.codes.iter().map(|code| code.digest(id)).collect();
    let notes = notes(issuer, admin, effect, caller);
    let (user, passkey, effect, noted) =
        (admin.user.clone(), admin.passkey.clone(), effect.clone(), notes.clone());
    let made = issuer.store.write("make the first administrator", move |db: &mut Db| {
        if user_rows::has_admin(db)? || !setup::use_setup_link(db, &link, now)? {
            return Ok(false);
        }
        user_rows::insert_user(db, &user)?;
        if let Some(passkey) = &passkey {
            if !passkey_rows::insert_passkey(db, passkey)? {
                return Err(StoreError::Unique("passkeys.credential_id".to_owned()));
            }
            if !digests.is_empty() {
                factor_rows::replace_recovery_codes(db, id, &digests, now)?;
            }
        }
        sessions::insert_session(db, &effect.session)?;
        for ended in &effect.ended {
            sessions::end_session(db, *ended, SessionEnd::Replaced, now)?;
        }
        sight.iter().try_for_each(|sight| sight.note(db, now))?;
        noted.iter().try_for_each(|row| rows::record(db, row))?;
        Ok(true)
    });
    let is_made = made.await?;
    if is_made {
        notes.iter().for_each(audit::log);
    }
    Ok(is_made)
}

/// The rows of the audit trail.
fn notes(
    issuer: &Issuer,
    admin: &Admin,
    effect: &SignInEffect,
    caller: Caller,
) -> Vec<AuditRecord> {
    let (user, session) = (admin.user.id, &effect.session);
    let mut events = vec![Event::SetupFinished { user }, Event::UserCreated { user }];
    if let Some(passkey) = &admin.passkey {
        events.push(Event::PasskeyAdded { user, passkey: passkey.id });
    }
    if !admin.codes.is_empty() {
        events.push(Event::RecoveryCodesMade { user });
    }
    events.push(Event::SignedIn { user, session: session.id, amr: session.amr.clone() });
    events.iter().map(|event| caller.row(issuer, Actor::User(user), event)).collect()
}
