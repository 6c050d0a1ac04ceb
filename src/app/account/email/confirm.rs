use super::super::Entered;
use super::{EmailRefusal, at_address};
use crate::app::mail::{self, Recipient, masked};
use crate::app::{Caller, Fault, Issuer, audit, proofs};
use crate::base::Digest;
use crate::domain::{Actor, AuditRecord, Event, Letter, Proof, ProofKind, User};
use crate::pages::Mail;
use crate::store::{Db, StoreError, audit as rows, proofs as queries, users};

/// What a link is about.
pub struct EmailLink {
    /// The name of the account that asked.
    pub username: String,
    /// The address that is proved.
    pub address: String,
}

/// What a link is about, while it counts. To look changes nothing (`security.md` R70).
///
/// # Errors
/// When the store fails.
pub async fn email_link(issuer: &Issuer, link: &str) -> Result<Option<EmailLink>, Fault> {
    let found = find(issuer, link).await?;
    let told = |(proof, user): (Proof, User)| {
        Some(EmailLink { username: user.username, address: proof.address? })
    };
    Ok(found.and_then(told))
}

/// Proves an address by the link that was sent there, on whatever device it was opened. It signs
/// nobody in, and the account is the one that asked, whoever is signed in here.
///
/// # Errors
/// When the store fails.
pub async fn confirm_email_by_link(
    issuer: &Issuer,
    link: &str,
    caller: Caller,
) -> Result<Result<(), EmailRefusal>, Fault> {
    match find(issuer, link).await? {
        // Who opens it has shown that they read the mail, and not who they are.
        Some((proof, user)) => {
            confirm(issuer, proof, user, ("link", Actor::Anonymous), caller).await
        }
        None => Ok(Err(EmailRefusal::Gone)),
    }
}

/// Proves an address by the code that was sent there, typed by the person who asked. Failures count
/// as those of the sign-in (`security.md` R57).
///
/// # Errors
/// When the store fails.
pub async fn confirm_email_by_code(
    issuer: &Issuer,
    entered: &Entered,
    typed: &str,
) -> Result<Result<(), EmailRefusal>, Fault> {
    let user = User::clone(&entered.active()?.user);
    if typed.trim().is_empty() {
        return Ok(Err(EmailRefusal::Incomplete));
    }
    let (id, now, caller) = (user.id, entered.now, entered.caller);
    let account = Digest::of(user.username.as_bytes());
    let reserved = match issuer.throttle.reserve(account, caller.network, now).await? {
        Ok(reserved) => reserved,
        Err(wait) => return Ok(Err(EmailRefusal::TooMany(wait))),
    };
    let holder = id.to_string();
    let try_code = move |db: &mut _| queries::try_code(db, ProofKind::EmailAddress, &holder, now);
    let tried = issuer.store.write("try code for an address", try_code).await?;
    match tried.filter(|proof| proofs::is_code_of(issuer, proof, typed)) {
        Some(proof) => {
            // A code says nothing of the password: what failed before goes on counting.
            issuer.throttle.withdrawn(reserved).await?;
            let confirmed = confirm(issuer, proof, user, ("code", Actor::User(id)), caller).await?;
            Ok(confirmed.map_err(|refusal| match refusal {
                EmailRefusal::Gone => EmailRefusal::WrongCode,
                other => other,
            }))
        }
        None => {
            let row = entered.row(issuer, id, &Event::EmailRefused { user: id });
            audit::record(&issuer.store, row).await?;
            Ok(Err(EmailRefusal::WrongCode))
        }
    }
}

/// The proof behind a link, and the account that asked.
async fn find(issuer: &Issuer, link: &str) -> Result<Option<(Proof, User)>, Fault> {
    let (link, now) = (proofs::digest_of(link), issuer.now());
    let found = issuer.store.read(move |db| {
        let Some(proof) = queries::find_proof(db, &[ProofKind::EmailAddress], &link, now)? else {
            return Ok(None);
        };
        let user = proof.user.map(|user| users::find_user(db, user)).transpose()?.flatten();
        Ok(user.filter(may_change).map(|user| (proof, user)))
    });
    Ok(found.await?)
}

/// Whether an account is one whose address may change: not one that is switched off or on its way
/// out.
fn may_change(user: &User) -> bool {
    user.is_enabled() && user.delete_after.is_none()
}

async fn confirm(
    issuer: &Issuer,
    proof: Proof,
    user: User,
    (way, actor): (&'static str, Actor),
    caller: Caller,
) -> Result<Result<(), EmailRefusal>, Fault> {
    let Some(address) = proof.address.clone() else { return Ok(Err(EmailRefusal::Gone)) };
    let id = user.id;
    let is_new = user.email.as_ref() != Some(&address);
    let event = if is_new {
        Event::EmailChanged { user: id, way }
    } else {
        Event::EmailVerified { user: id, way }
    };
    let row = caller.row(issuer, actor, &event);
    let letters = if is_new { notices(issuer, &user, &address, caller)? } else { Vec::new() };
    let change = Change { proof, address, user, letters, row: row.clone() };
    match issuer.store.write("confirm address", move |db| change.apply(db)).await {
        Ok(true) => {
            audit::log(&row);
            issuer.wake_outbox();
            Ok(Ok(()))
        }
        Ok(false) => Ok(Err(EmailRefusal::Gone)),
        // The address came to another account since it was asked for: all of it is undone.
        Err(StoreError::Unique(_)) => Ok(Err(EmailRefusal::Taken)),
        Err(error) => Err(error.into()),
    }
}

/// The mails that tell of another address, to it and to the one before (`security.md` R71). They are
/// not counted: each stands for a proof that was, and nobody may suppress them by asking for others.
fn notices(
    issuer: &Issuer,
    before: &User,
    address: &str,
    caller: Caller,
) -> Result<Vec<Letter>, Fault> {
    let Some(post) = &issuer.post else { return Ok(Vec::new()) };
    let mut letters = Vec::new();
    if let Some(to) = Recipient::of(before) {
        let to = Recipient { network: Some(caller.network.to_string()), ..to };
        // Others may read the mailbox of before: its owner knows the new one, and they need not.
        let told = Mail::EmailChangedFrom { new: masked(address) };
        letters.push(post.letter(&to, &told, issuer.now())?);
    }
    let to = at_address(before, address, caller);
    letters.push(post.letter(&to, &Mail::EmailChangedTo, issuer.now())?);
    Ok(letters)
}

/// Everything that one proved address changes.
struct Change {
    proof: Proof,
    address: String,
    /// The account as it was when the mails were written.
    user: User,
    letters: Vec<Letter>,
    row: AuditRecord,
}

impl Change {
    fn apply(&self, db: &mut Db) -> Result<bool, StoreError> {
        let (id, now) = (self.user.id, self.row.at);
        users::hold_user(db, id)?;
        let is_as_before = |user: &User| user.email == self.user.email && may_change(user);
        if !users::find_user(db, id)?.as_ref().is_some_and(is_as_before) {
            return Ok(false);
        }
        let used = queries::use_proof(db, self.proof.kind, &self.proof.link_digest, now)?;
        if used.is_none() {
            return Ok(false);
        }
        if self.user.email.as_ref() == Some(&self.address) {
            users::verify_user_email(db, id, &self.address, now)?;
        } else {
            users::set_user_email(db, id, &self.address, now)?;
        }
        for letter in &self.letters {
            mail::put(db, Some(letter), now)?;
        }
        rows::record(db, &self.row)?;
        Ok(true)
    }
}
