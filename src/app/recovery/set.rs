use std::time::Duration;

use crate::app::mail::Recipient;
use crate::app::proofs;
use crate::app::sign_in::note_throttled;
use crate::app::{Caller, Fault, Issuer, audit, passwords};
use crate::base::{Digest, Secret, UserId};
use crate::credentials::{PasswordError, PasswordProblem, PasswordRule};
use crate::domain::{
    Actor, AuditRecord, Event, Identifier, Letter, Proof, ProofKind, SessionEnd, User,
};
use crate::pages::Mail;
use crate::store::{Db, StoreError, audit as rows, outbox, proofs as queries, sessions, users};

/// What a person shows to set a new password.
#[derive(Clone, Copy)]
pub enum Shown<'a> {
    /// The random part of a link.
    Link(&'a str),
    /// A code, and the name that it was asked for with.
    Code {
        /// The name.
        name: &'a str,
        /// The code as it was typed.
        code: &'a str,
    },
}

/// Why no password is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryRefusal {
    /// A field is empty.
    Incomplete,
    /// The code is wrong, or does not count any more.
    WrongCode,
    /// The link does not count any more.
    Gone,
    /// The new password cannot be.
    Password(PasswordProblem),
    /// Too many tries; when the next may be.
    TooMany(Duration),
    /// Too much to do; when to try again.
    Busy(Duration),
}

/// The name of the account that a link is for, while it counts. To look changes nothing
/// (`security.md` R70).
///
/// # Errors
/// When the store fails.
pub async fn holder_of(issuer: &Issuer, link: &str) -> Result<Option<String>, Fault> {
    let found = find(issuer, link).await?;
    Ok(found.map(|(_, user)| user.username))
}

/// Sets a new password for whoever shows a proof, and says whose account it is. Sessions and grants
/// end, what else would set a password is cancelled, and a mail tells of it, all in the transaction
/// that uses the proof up (`security.md` R67–R69).
///
/// # Errors
/// When the store fails.
pub async fn set_password(
    issuer: &Issuer,
    shown: Shown<'_>,
    new: Secret<String>,
    caller: Caller,
) -> Result<Result<User, RecoveryRefusal>, Fault> {
    if new.expose().is_empty() {
        return Ok(Err(RecoveryRefusal::Incomplete));
    }
    if !passwords::may_judge(issuer, caller.network).await {
        return Ok(Err(RecoveryRefusal::TooMany(passwords::WINDOW)));
    }
    // What is wrong with any account costs no try of the code.
    if let Err(refusal) = judge(issuer, &new, Vec::new()).await? {
        return Ok(Err(refusal));
    }
    let (proof, user) = match shown {
        Shown::Link(link) => match find(issuer, link).await? {
            Some(found) => found,
            None => return Ok(Err(RecoveryRefusal::Gone)),
        },
        Shown::Code { name, code } => match prove(issuer, name, code, caller).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        },
    };
    if let Err(refusal) = judge(issuer, &new, passwords::own_words(&user)).await? {
        return Ok(Err(refusal));
    }
    match passwords::is_spent(&issuer.passwords, &user, &new).await {
        Ok(false) => {}
        Ok(true) => return Ok(Err(RecoveryRefusal::Password(PasswordProblem::Same))),
        Err(PasswordError::Busy { retry_after }) => {
            return Ok(Err(RecoveryRefusal::Busy(retry_after)));
        }
        Err(error) => return Err(error.into()),
    }
    let hash = match issuer.passwords.hash(new, issuer.entropy.bytes()).await {
        Ok(hash) => hash.as_str().to_owned(),
        Err(PasswordError::Busy { retry_after }) => {
            return Ok(Err(RecoveryRefusal::Busy(retry_after)));
        }
        Err(error) => return Err(error.into()),
    };
    let is_set = apply(issuer, &proof, &user, hash, caller).await?;
    Ok(match (is_set, shown) {
        (true, _) => Ok(user),
        (false, Shown::Link(_)) => Err(RecoveryRefusal::Gone),
        (false, Shown::Code { .. }) => Err(RecoveryRefusal::WrongCode),
    })
}

/// Judges the new password. Whoever has no proof yet must not learn whether an account has a second
/// factor, so the rule is that of an only one for everybody.
async fn judge(
    issuer: &Issuer,
    new: &Secret<String>,
    own_words: Vec<String>,
) -> Result<Result<(), RecoveryRefusal>, Fault> {
    match issuer.passwords.judge(new.clone(), PasswordRule::ONLY_FACTOR, own_words).await {
        Ok(judged) => Ok(judged.problem.map_or(Ok(()), |one| Err(RecoveryRefusal::Password(one)))),
        Err(PasswordError::Busy { retry_after }) => Ok(Err(RecoveryRefusal::Busy(retry_after))),
        Err(PasswordError::TooLong) => Ok(Err(RecoveryRefusal::Password(PasswordProblem::TooLong))),
        Err(error) => Err(error.into()),
    }
}

/// The proof behind a link that sets a password, and its account.
async fn find(issuer: &Issuer, link: &str) -> Result<Option<(Proof, User)>, Fault> {
    let (link, now) = (proofs::digest_of(link), issuer.now());
    let found = issuer.store.read(move |db| {
        let Some(proof) = queries::find_proof(db, &ProofKind::NEW_PASSWORD, &link, now)? else {
            return Ok(None);
        };
        let user = proof.user.map(|user| users::find_user(db, user)).transpose()?.flatten();
        Ok(user.filter(|user| counts_for(&proof, user)).map(|user| (proof, user)))
    });
    Ok(found.await?)
}

/// Whether a proof is still good for an account: one that was mailed is not when the account may
/// not be signed in to, or has another address by now.
fn counts_for(proof: &Proof, user: &User) -> bool {
    let is_at_address = proof.kind != ProofKind::Recovery || proof.address == user.email;
    user.is_enabled() && is_at_address
}

/// Judges a code. A name that nobody has takes the same way: one count, one look-up, one try, one
/// answer (`security.md` R61); the count is that of the sign-in (R57).
async fn prove(
    issuer: &Issuer,
    name: &str,
    code: &str,
    caller: Caller,
) -> Result<Result<(Proof, User), RecoveryRefusal>, Fault> {
    if name.trim().is_empty() || code.trim().is_empty() {
        return Ok(Err(RecoveryRefusal::Incomplete));
    }
    let now = issuer.now();
    let identifier = Identifier::parse(name).ok();
    let account = Digest::of(identifier.as_ref().map_or(name, Identifier::as_str).as_bytes());
    let reserved = match issuer.throttle.reserve(account, caller.network, now).await? {
        Ok(reserved) => reserved,
        Err(wait) => {
            note_throttled(issuer, account, identifier, caller).await?;
            return Ok(Err(RecoveryRefusal::TooMany(wait)));
        }
    };
    let found = match identifier {
        Some(name) => {
            issuer.store.read(move |db| users::find_user_by_identifier(db, &name)).await?
        }
        None => None,
    };
    let nobody = UserId::new(now, issuer.entropy.as_ref());
    let id = found.as_ref().map_or(nobody, |user| user.id).to_string();
    let tried = issuer
        .store
        .write("try recovery code", move |db| queries::try_code(db, ProofKind::Recovery, &id, now));
    match (tried.await?, found) {
        (Some(proof), Some(user))
            if proofs::is_code_of(issuer, &proof, code) && counts_for(&proof, &user) =>
        {
            issuer.throttle.succeeded(reserved).await?;
            Ok(Ok((proof, user)))
        }
        (_, found) => {
            let event = Event::RecoveryRefused { user: found.map(|user| user.id) };
            audit::record(&issuer.store, caller.row(issuer, Actor::Anonymous, &event)).await?;
            Ok(Err(RecoveryRefusal::WrongCode))
        }
    }
}

/// Uses the proof up and sets the password. False when another was quicker.
async fn apply(
    issuer: &Issuer,
    proof: &Proof,
    user: &User,
    hash: String,
    caller: Caller,
) -> Result<bool, Fault> {
    let now = issuer.now();
    let event = Event::PasswordRecovered { user: user.id, way: proof.kind.as_str() };
    let row = caller.row(issuer, Actor::User(user.id), &event);
    let notice = match (&issuer.post, Recipient::of(user)) {
        (Some(post), Some(to)) => {
            let to = Recipient { network: Some(caller.network.to_string()), ..to };
            Some(post.letter(&to, &Mail::PasswordChanged, now)?)
        }
        _ => None,
    };
    let change = Change { proof: proof.clone(), hash, notice, row: row.clone() };
    let set = issuer.store.write("recover account", move |db| change.apply(db));
    if !set.await? {
        return Ok(false);
    }
    audit::log(&row);
    issuer.wake_outbox();
    Ok(true)
}

/// Everything that one recovery changes.
struct Change {
    proof: Proof,
    hash: String,
    notice: Option<Letter>,
    row: AuditRecord,
}

impl Change {
    fn apply(&self, db: &mut Db) -> Result<bool, StoreError> {
        let now = self.row.at;
        let used = queries::use_proof(db, self.proof.kind, &self.proof.link_digest, now)?;
        let Some((proof, id)) = used.and_then(|proof| proof.user.map(|id| (proof, id))) else {
            return Ok(false);
        };
        // The account as it is now: it may have been disabled, or got another address.
        match users::find_user(db, id)? {
            Some(user) if counts_for(&proof, &user) => {}
            _ => return Ok(false),
        }
        users::set_user_password(db, id, &self.hash)?;
        sessions::end_sessions_of_user(db, id, SessionEnd::Revoked, now)?;
        if let Some(letter) = &self.notice {
            outbox::put_mail(db, letter, now)?;
        }
        rows::record(db, &self.row)?;
        Ok(true)
    }
}
