use std::time::Duration;

use crate::app::proofs;
use crate::app::users::Profile;
use crate::app::{Caller, Fault, Issuer, audit, passwords};
use crate::base::{Digest, Secret};
use crate::credentials::{PasswordError, PasswordProblem, PasswordRule};
use crate::domain::{Actor, AuditRecord, Event, Identifier, Proof, ProofKind, User};
use crate::protocol::StandardClaims;
use crate::rules::claims_input;
use crate::store::{Db, StoreError, audit as rows, proofs as queries, users};

/// What shows that a person reads the mail of their address.
#[derive(Clone, Copy)]
pub enum Shown<'a> {
    /// The random part of a link.
    Link(&'a str),
    /// A code, and the address that it was asked for with.
    Code {
        /// The address in its normal form.
        address: &'a str,
        /// The code as it was typed.
        code: &'a str,
    },
}

/// What a person says of themselves.
pub struct Person<'a> {
    /// Their full name.
    pub name: &'a str,
    /// The new password.
    pub password: Secret<String>,
}

/// Why no account is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUpRefusal {
    /// A field is empty.
    Incomplete,
    /// The name cannot be.
    Name,
    /// The code is wrong, or does not count any more.
    WrongCode,
    /// The link does not count any more.
    Gone,
    /// Somebody has this address since it was asked for.
    Taken,
    /// The password cannot be.
    Password(PasswordProblem),
    /// Too many tries; when the next may be.
    TooMany(Duration),
    /// Too much to do; when to try again.
    Busy(Duration),
}

/// The address that a link proves, while it counts. To look changes nothing (`security.md` R70).
///
/// # Errors
/// When the store fails.
pub async fn address_of(issuer: &Issuer, link: &str) -> Result<Option<String>, Fault> {
    Ok(find(issuer, link).await?.and_then(|proof| proof.address))
}

/// Makes the account of whoever shows a proof: its address is proven and is its username as well.
///
/// # Errors
/// When the store fails.
pub async fn create(
    issuer: &Issuer,
    shown: Shown<'_>,
    person: Person<'_>,
    caller: Caller,
) -> Result<Result<User, SignUpRefusal>, Fault> {
    let claims = match claims(person.name) {
        Ok(claims) => claims,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if person.password.expose().is_empty() {
        return Ok(Err(SignUpRefusal::Incomplete));
    }
    if !passwords::may_judge(issuer, caller.network).await {
        return Ok(Err(SignUpRefusal::TooMany(passwords::WINDOW)));
    }
    // What is wrong with any account costs no try of the code.
    if let Err(refusal) = judge(issuer, &person.password, Vec::new()).await? {
        return Ok(Err(refusal));
    }
    let proof = match prove(issuer, shown, caller).await? {
        Ok(proof) => proof,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(user) = account(issuer, &proof, claims) else { return Ok(Err(gone(shown))) };
    if let Err(refusal) = judge(issuer, &person.password, passwords::own_words(&user)).await? {
        return Ok(Err(refusal));
    }
    let hash = match issuer.passwords.hash(person.password, issuer.entropy.bytes()).await {
        Ok(hash) => hash.as_str().to_owned(),
        Err(PasswordError::Busy { retry_after }) => {
            return Ok(Err(SignUpRefusal::Busy(retry_after)));
        }
        Err(error) => return Err(error.into()),
    };
    let user = User { password_hash: Some(hash), ..user };
    let way = if matches!(shown, Shown::Link(_)) { "link" } else { "code" };
    match apply(issuer, proof, &user, way, caller).await {
        Ok(true) => Ok(Ok(user)),
        Ok(false) => Ok(Err(gone(shown))),
        Err(StoreError::Unique(_)) => Ok(Err(SignUpRefusal::Taken)),
        Err(error) => Err(error.into()),
    }
}

fn gone(shown: Shown<'_>) -> SignUpRefusal {
    match shown {
        Shown::Link(_) => SignUpRefusal::Gone,
        Shown::Code { .. } => SignUpRefusal::WrongCode,
    }
}

fn claims(name: &str) -> Result<StandardClaims, SignUpRefusal> {
    let name = name.trim();
    if name.is_empty() {
        return Err(SignUpRefusal::Incomplete);
    }
    let claims = StandardClaims { name: Some(name.to_owned()), ..StandardClaims::default() };
    if claims_input::check(&claims).is_empty() { Ok(claims) } else { Err(SignUpRefusal::Name) }
}

async fn judge(
    issuer: &Issuer,
    password: &Secret<String>,
    own_words: Vec<String>,
) -> Result<Result<(), SignUpRefusal>, Fault> {
    let rule = PasswordRule::ONLY_FACTOR;
    match issuer.passwords.judge(password.clone(), rule, own_words).await {
        Ok(judged) => Ok(judged.problem.map_or(Ok(()), |one| Err(SignUpRefusal::Password(one)))),
        Err(PasswordError::Busy { retry_after }) => Ok(Err(SignUpRefusal::Busy(retry_after))),
        Err(PasswordError::TooLong) => Ok(Err(SignUpRefusal::Password(PasswordProblem::TooLong))),
        Err(error) => Err(error.into()),
    }
}

async fn prove(
    issuer: &Issuer,
    shown: Shown<'_>,
    caller: Caller,
) -> Result<Result<Proof, SignUpRefusal>, Fault> {
    match shown {
        Shown::Link(link) => Ok(find(issuer, link).await?.ok_or(SignUpRefusal::Gone)),
        Shown::Code { address, code } => prove_code(issuer, address, code, caller).await,
    }
}

async fn find(issuer: &Issuer, link: &str) -> Result<Option<Proof>, Fault> {
    if !issuer.lets_sign_up() {
        return Ok(None);
    }
    let (link, now) = (proofs::digest_of(link), issuer.now());
    let found =
        issuer.store.read(move |db| queries::find_proof(db, &[ProofKind::SignUp], &link, now));
    Ok(found.await?.filter(|proof| owner(issuer, proof).is_some()))
}

/// Judges a code: one count, one try, one answer, whoever has the address (`security.md` R61). The
/// count is that of the sign-in with it (R57).
async fn prove_code(
    issuer: &Issuer,
    address: &str,
    code: &str,
    caller: Caller,
) -> Result<Result<Proof, SignUpRefusal>, Fault> {
    if code.trim().is_empty() {
        return Ok(Err(SignUpRefusal::Incomplete));
    }
    let now = issuer.now();
    let account = Digest::of(address.as_bytes());
    let reserved = match issuer.throttle.reserve(account, caller.network, now).await? {
        Ok(reserved) => reserved,
        Err(wait) => return Ok(Err(SignUpRefusal::TooMany(wait))),
    };
    let holder = address.to_owned();
    let tried = issuer.store.write("try sign-up code", move |db| {
        queries::try_code(db, ProofKind::SignUp, &holder, now)
    });
    match tried.await? {
        Some(proof) if proofs::is_code_of(issuer, &proof, code) => {
            issuer.throttle.succeeded(reserved).await?;
            Ok(Ok(proof))
        }
        _ => {
            let refused = caller.row(issuer, Actor::Anonymous, &Event::SignUpRefused);
            audit::record(&issuer.store, refused).await?;
            Ok(Err(SignUpRefusal::WrongCode))
        }
    }
}

/// The address of a proof, if the operator lets its owner make an account now.
fn owner<'a>(issuer: &Issuer, proof: &'a Proof) -> Option<&'a str> {
    let address = proof.address.as_deref()?;
    let email = Identifier::parse_email(address).ok()?;
    issuer.settings.sign_up.admits(&email).then_some(address)
}

/// The account that a proof is good for; none when its owner may make none.
fn account(issuer: &Issuer, proof: &Proof, claims: StandardClaims) -> Option<User> {
    let address = owner(issuer, proof)?;
    let profile = Profile {
        username: address,
        email: address,
        is_email_verified: true,
        is_admin: false,
        groups: &[],
        claims,
    };
    profile.into_user(issuer.clock.as_ref(), issuer.entropy.as_ref()).ok()
}

/// Uses the proof up and makes the account. False when another was quicker.
async fn apply(
    issuer: &Issuer,
    proof: Proof,
    user: &User,
    way: &'static str,
    caller: Caller,
) -> Result<bool, StoreError> {
    let id = user.id;
    let events = [Event::SignedUp { user: id, way }, Event::UserCreated { user: id }];
    let rows = events.map(|event| caller.row(issuer, Actor::User(id), &event));
    let change = Change { proof, user: user.clone(), rows: rows.clone() };
    let is_made = issuer.store.write("sign up", move |db| change.apply(db)).await?;
    if is_made {
        rows.iter().for_each(audit::log);
    }
    Ok(is_made)
}

/// Everything that one sign-up changes.
struct Change {
    proof: Proof,
    user: User,
    rows: [AuditRecord; 2],
}

impl Change {
    fn apply(&self, db: &mut Db) -> Result<bool, StoreError> {
        let link = &self.proof.link_digest;
        if queries::use_proof(db, ProofKind::SignUp, link, self.user.created_at)?.is_none() {
            return Ok(false);
        }
        users::insert_user(db, &self.user)?;
        self.rows.iter().try_for_each(|row| rows::record(db, row))?;
        Ok(true)
    }
}
