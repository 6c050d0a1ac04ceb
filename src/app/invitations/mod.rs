//! Invitations: an account for one address, described by an operator and made by its person.
//!
//! What the account will be is stored with the invitation and never read from a form. The link that
//! is mailed holds a second random part that the one printed for the operator lacks: whoever shows
//! it has read the mail of the address, and only they have proven it (`security.md` R71, R72).

mod accept;

pub use accept::{Accepted, InvitationForm, InvitationRefusal, Offer, Shown, accept, show};

use std::time::Duration;

use crate::app::Operator;
use crate::app::audit::log;
use crate::app::mail::Recipient;
use crate::app::proofs::{self, About};
use crate::app::users::{Profile, UserProblem};
use crate::base::Secret;
use crate::domain::{Event, Identifier, Invited, Proof, ProofKind};
use crate::pages::Mail;
use crate::protocol::StandardClaims;
use crate::store::{Db, Store, StoreError, audit, outbox, proofs as queries, users};

/// How long an invitation counts.
pub const INVITATION_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// An account to be, as the operator wrote it.
pub struct NewInvitation {
    /// The address of the person.
    pub email: String,
    /// Name for signing in; the address when none is given.
    pub username: Option<String>,
    /// Full name; the person says it themselves when none is given.
    pub name: Option<String>,
    /// Groups it will be in.
    pub groups: Vec<String>,
    /// May open the console.
    pub is_admin: bool,
    /// Whether the operator knows that the address is the person's.
    pub is_email_verified: bool,
}

/// An invitation that was made.
pub struct MadeInvitation {
    /// It.
    pub proof: Proof,
    /// The path of the link to hand over, without the issuer.
    pub path: Secret<String>,
    /// Whether it is mailed as well.
    pub is_mailed: bool,
}

/// Makes an invitation in place of the one that the address had, and has it mailed when there is a
/// post office.
///
/// # Errors
/// When something of the account cannot be, is taken, or the store fails.
pub async fn invite(on: Operator<'_>, new: NewInvitation) -> Result<MadeInvitation, UserProblem> {
    let (email, invited) = described(on, &new)?;
    let now = on.clock.now();
    let about = About {
        kind: ProofKind::Invitation,
        user: None,
        address: Some(email.clone()),
        valid_for: INVITATION_FOR,
    };
    let (mut proof, link) = proofs::make(about, now, on.entropy);
    let event =
        Event::InvitationMade { groups: invited.groups.clone(), is_admin: invited.is_admin };
    let path = format!("/invitation/{}", link.expose());
    let letter = match on.post {
        None => None,
        Some(post) => {
            let seen = on.entropy.token();
            proof.code_digest = Some(proofs::digest_of(&seen));
            let name = invited.name.clone().unwrap_or_default();
            let to = Recipient { name, address: email, ..Recipient::default() };
            let mail =
                Mail::Invitation { path: format!("{path}.{seen}"), valid_for: INVITATION_FOR };
            Some(post.letter(&to, &mail, now)?)
        }
    };
    proof.invited = Some(invited);
    let row = on.occasion().of(&event);
    let (stored, noted, is_mailed) = (proof.clone(), row.clone(), letter.is_some());
    let made = on.store.write("invite", move |db: &mut Db| {
        if let Some(column) = taken(db, &stored)? {
            return Err(StoreError::Unique(column.to_owned()));
        }
        queries::put_proof(db, &stored)?;
        if let Some(letter) = &letter {
            outbox::put_mail(db, letter, now)?;
        }
        audit::record(db, &noted)
    });
    made.await?;
    log(&row);
    Ok(MadeInvitation { proof, path: Secret::new(path), is_mailed })
}

/// What the account will be, in its normal form: it is checked as it will be when it is made.
fn described(on: Operator<'_>, new: &NewInvitation) -> Result<(String, Invited), UserProblem> {
    let profile = Profile {
        username: new.username.as_deref().unwrap_or(&new.email),
        email: &new.email,
        is_email_verified: new.is_email_verified,
        is_admin: new.is_admin,
        groups: &new.groups,
        claims: StandardClaims { name: new.name.clone(), ..StandardClaims::default() },
    };
    let user = profile.into_user(on.clock, on.entropy)?;
    let invited = Invited {
        username: user.username,
        name: user.claims.name,
        groups: user.groups,
        is_admin: user.is_admin,
        is_email_verified: user.is_email_verified,
    };
    Ok((user.email.unwrap_or_default(), invited))
}

/// The column of a name that an account has already.
fn taken(db: &mut Db, proof: &Proof) -> Result<Option<&'static str>, StoreError> {
    let username = proof.invited.as_ref().map(|invited| invited.username.clone());
    let names = [("users.email", proof.address.clone()), ("users.username", username)];
    for (column, name) in names {
        let name = name.and_then(|name| Identifier::parse(&name).ok());
        let Some(name) = name else { continue };
        if users::find_user_by_identifier(db, &name)?.is_some() {
            return Ok(Some(column));
        }
    }
    Ok(None)
}

/// The invitations that still count, by address.
///
/// # Errors
/// When the store fails.
pub async fn list(on: Operator<'_>) -> Result<Vec<Proof>, UserProblem> {
    let now = on.clock.now();
    Ok(on.store.read(move |db| queries::list_open(db, ProofKind::Invitation, now)).await?)
}

/// Withdraws the invitation of an address.
///
/// # Errors
/// When it has none that counts, or the store fails.
pub async fn withdraw(on: Operator<'_>, email: &str) -> Result<(), UserProblem> {
    let email = Identifier::parse_email(email).map_err(|_| UserProblem::NotInvited)?;
    let row = on.occasion().of(&Event::InvitationWithdrawn);
    let (noted, now) = (row.clone(), on.clock.now());
    let withdrawn = on.store.write("withdraw invitation", move |db: &mut Db| {
        let is_withdrawn = queries::withdraw_proof(db, ProofKind::Invitation, email.as_str(), now)?;
        if is_withdrawn {
            audit::record(db, &noted)?;
        }
        Ok(is_withdrawn)
    });
    if !withdrawn.await? {
        return Err(UserProblem::NotInvited);
    }
    log(&row);
    Ok(())
}

/// The proof behind the random parts of a link, and whether they were mailed.
async fn find(
    store: &Store,
    link: &str,
    now: crate::base::Timestamp,
) -> Result<Option<(Proof, bool)>, StoreError> {
    let (token, seen) =
        link.split_once('.').map_or((link, None), |(token, seen)| (token, Some(seen)));
    let (digest, seen) = (proofs::digest_of(token), seen.map(proofs::digest_of));
    let kinds = [ProofKind::Invitation];
    let found = store.read(move |db| queries::find_proof(db, &kinds, &digest, now)).await?;
    Ok(found.and_then(|proof| match seen {
        None => Some((proof, false)),
        Some(seen) => (proof.code_digest == Some(seen)).then_some((proof, true)),
    }))
}
