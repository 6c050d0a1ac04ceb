//! The e-mail address of an account: proved, or exchanged for another one that is proved.
//!
//! An address counts only once a code or a link that was sent there came back: until then nothing of
//! the account changes (`security.md` R71). Whoever asks learns nothing of other accounts: for an
//! address that another one has, the answer is the same and its owner gets the mail.

mod confirm;

pub use confirm::{EmailLink, confirm_email_by_code, confirm_email_by_link, email_link};

use std::time::Duration;

use super::{Entered, RecentSignIn};
use crate::app::mail::{self, Recipient};
use crate::app::proofs::{self, ADDRESS_FOR, About};
use crate::app::{Caller, Fault, Issuer, audit};
use crate::base::Digest;
use crate::domain::{Event, Identifier, Letter, Proof, ProofKind, User};
use crate::pages::Mail;
use crate::store::{audit as rows, proofs as queries, users};

/// Mails within [`TAKEN_WINDOW`] that tell the owner of an address that others ask for it: these
/// must not use up what may be mailed there.
const MAX_TAKEN: u64 = 3;
const TAKEN_WINDOW: Duration = Duration::from_secs(60 * 60);

/// Why an address is not asked for, or not proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailRefusal {
    /// It is no address.
    Address,
    /// It is the account's, and proved.
    Unchanged,
    /// There is no code.
    Incomplete,
    /// The code is wrong, or does not count any more.
    WrongCode,
    /// The link does not count any more.
    Gone,
    /// Another account has the address by now.
    Taken,
    /// Too many tries; when the next may be.
    TooMany(Duration),
}

/// The address of the active account.
pub struct EmailState {
    /// The address.
    pub address: Option<String>,
    /// Whether somebody proved that it is theirs.
    pub is_verified: bool,
    /// The address that a code was asked for, while it counts.
    pub pending: Option<String>,
}

/// How it stands with the address of the active account.
///
/// # Errors
/// When the store fails.
pub async fn email_state(issuer: &Issuer, entered: &Entered) -> Result<EmailState, Fault> {
    let user = &entered.active()?.user;
    let (id, now) = (user.id, entered.now);
    let find = move |db: &mut _| queries::find_open_proof(db, ProofKind::EmailAddress, id, now);
    Ok(EmailState {
        address: user.email.clone(),
        is_verified: user.is_email_verified,
        pending: issuer.store.read(find).await?.and_then(|proof| proof.address),
    })
}

/// Has a code and a link sent to an address: the one of the active account that was not proved yet,
/// or the one that shall be its address. They take the place of those sent before. Each request
/// counts, whatever comes of it (`security.md` R73).
///
/// # Errors
/// When the store fails.
pub async fn ask_email(
    issuer: &Issuer,
    entered: &Entered,
    _: &RecentSignIn,
    typed: &str,
) -> Result<Result<(), EmailRefusal>, Fault> {
    let user = &entered.active()?.user;
    let Ok(address) = Identifier::parse_email(typed) else {
        return Ok(Err(EmailRefusal::Address));
    };
    if user.is_email_verified && user.email.as_deref() == Some(address.as_str()) {
        return Ok(Err(EmailRefusal::Unchanged));
    }
    let account = Digest::of(format!("email/{}", user.id).as_bytes());
    // It is never taken back: every request counts.
    let reserved = issuer.throttle.reserve(account, entered.caller.network, entered.now).await?;
    if let Err(wait) = reserved {
        return Ok(Err(EmailRefusal::TooMany(wait)));
    }
    send(issuer, entered, address).await.map(Ok)
}

async fn send(issuer: &Issuer, entered: &Entered, address: Identifier) -> Result<(), Fault> {
    let (user, now) = (&entered.active()?.user, entered.now);
    let name = address.clone();
    let owner = issuer.store.read(move |db| users::find_user_by_identifier(db, &name)).await?;
    // For an address that another account has there is a proof as well, and nobody hears its code:
    // pages and times are the same.
    let (proof, mail) = written(issuer, user, address.as_str(), entered);
    let letter = match owner.filter(|owner| owner.id != user.id) {
        Some(owner) => tell_owner(issuer, &owner, entered.caller).await?,
        None => {
            let to = at_address(user, address.as_str(), entered.caller);
            issuer.letter(&to, &mail).await?
        }
    };
    let row = entered.row(issuer, user.id, &Event::EmailAsked { user: user.id });
    let noted = row.clone();
    let stored = issuer.store.write("ask for an address", move |db| {
        queries::put_proof(db, &proof)?;
        mail::put(db, letter.as_ref(), now)?;
        rows::record(db, &noted)
    });
    stored.await?;
    audit::log(&row);
    issuer.wake_outbox();
    Ok(())
}

fn written(issuer: &Issuer, user: &User, address: &str, entered: &Entered) -> (Proof, Mail) {
    let about = About {
        kind: ProofKind::EmailAddress,
        user: Some(user.id),
        address: Some(address.to_owned()),
        valid_for: ADDRESS_FOR,
    };
    let (mut proof, link) = proofs::make(about, entered.now, issuer.entropy.as_ref());
    let code = proofs::add_code(issuer, &mut proof).to_text().expose().clone();
    let path = Some(format!("/email/{}", link.expose()));
    (proof, Mail::VerificationCode { code, valid_for: ADDRESS_FOR, path })
}

/// The owner of `user`, at this address.
fn at_address(user: &User, address: &str, caller: Caller) -> Recipient {
    let moved = User { email: Some(address.to_owned()), ..user.clone() };
    let to = Recipient::of(&moved).unwrap_or_default();
    Recipient { network: Some(caller.network.to_string()), ..to }
}

/// Tells the owner of an address that it was asked for, from another account. It counts on no
/// account: a stranger must not use up what may be mailed about this one.
async fn tell_owner(
    issuer: &Issuer,
    owner: &User,
    caller: Caller,
) -> Result<Option<Letter>, Fault> {
    let count = format!("mails:taken:{}", owner.id);
    if issuer.throttle.count(&count, TAKEN_WINDOW).await > MAX_TAKEN {
        return Ok(None);
    }
    let Some(to) = Recipient::of(owner) else { return Ok(None) };
    let network = Some(caller.network.to_string());
    issuer.letter(&Recipient { user: None, network, ..to }, &Mail::AddressAskedFor).await
}
