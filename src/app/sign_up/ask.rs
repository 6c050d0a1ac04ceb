use std::sync::Arc;
use std::time::Duration;

use super::{address_page, admit};
use crate::app::browser::Cookies;
use crate::app::interaction::save;
use crate::app::mail::Recipient;
use crate::app::outcome::{Outcome, Reply};
use crate::app::proofs::{self, About, SIGN_UP_FOR};
use crate::app::{Caller, Fault, Issuer, audit};
use crate::base::Digest;
use crate::domain::{Actor, Event, Evidence, Identifier, ProofKind, User};
use crate::notify::is_mail_address;
use crate::pages::{Locale, Mail};
use crate::store::{audit as rows, outbox, proofs as queries, users};

/// What a person typed.
pub struct AskForm {
    /// Their address.
    pub email: String,
    /// The form's token.
    pub csrf: String,
}

/// Who asks, and in which language they read.
#[derive(Debug, Clone, Copy)]
struct Asker {
    caller: Caller,
    locale: Locale,
}

/// Why nothing is sent, whoever has the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskRefusal {
    /// It is no address.
    Address,
    /// Nobody at its domain may.
    Domain,
    /// Too many requests for this address, or from this network; when the next may be.
    TooMany(Duration),
}

/// Has a code and a link sent to an address, or, when it has an account, a mail that says so. All
/// that happens before the answer is a count and a note in the interaction, the same for every
/// address; the rest goes on behind it (`security.md` R61, R73).
///
/// `locale` gives the language of the page from those that are wanted.
///
/// # Errors
/// When the store or the keys fail.
pub async fn ask(
    issuer: &Arc<Issuer>,
    address: &str,
    cookies: &Cookies,
    form: AskForm,
    caller: Caller,
    locale: impl FnOnce(Option<&str>) -> Locale,
) -> Result<Reply, Fault> {
    let (mut visit, _) = match admit(issuer, address, cookies, Some(&form.csrf)).await? {
        Ok(admitted) => admitted,
        Err(reply) => return Ok(reply),
    };
    let typed = || Some(form.email.chars().take(254).collect());
    let email = match read(issuer, &form.email) {
        Ok(email) => email,
        Err(refusal) => return Ok(address_page(issuer, &visit, typed(), Some(refusal))),
    };
    // A count of its own, as for the way back in; it is never taken back.
    let counted = Digest::of(format!("sign-up/{}", email.as_str()).as_bytes());
    if let Err(wait) = issuer.throttle.reserve(counted, caller.network, issuer.now()).await? {
        let refusal = Some(AskRefusal::TooMany(wait));
        return Ok(address_page(issuer, &visit, typed(), refusal));
    }
    let signing_up = Some((email.as_str().to_owned(), visit.now));
    let evidence = Evidence { signing_up, ..visit.row.evidence.fresh(visit.now) };
    save(issuer, &mut visit, evidence).await?;
    let asker = Asker { caller, locale: locale(visit.languages().as_deref()) };
    let issuer = Arc::clone(issuer);
    tokio::spawn(async move {
        if let Err(fault) = send(&issuer, email, asker).await {
            tracing::warn!(%fault, "the mail of a sign-up could not be sent");
        }
    });
    Ok(Reply::plain(Outcome::Goto(format!("/i/{}/sign-up/code", visit.address))))
}

/// The address in the one form that lookups and counts share (`security.md` R62).
fn read(issuer: &Issuer, typed: &str) -> Result<Identifier, AskRefusal> {
    let email = Identifier::parse_email(typed).map_err(|_| AskRefusal::Address)?;
    if !is_mail_address(email.as_str()) {
        return Err(AskRefusal::Address);
    }
    if issuer.settings.sign_up.admits(&email) { Ok(email) } else { Err(AskRefusal::Domain) }
}

/// An address that has an account gets a proof as well, which nobody is told: so every later step
/// does the same for both.
async fn send(issuer: &Issuer, email: Identifier, asker: Asker) -> Result<(), Fault> {
    let named = email.clone();
    let found = issuer.store.read(move |db| users::find_user_by_identifier(db, &named)).await?;
    let user = found.as_ref().map(|user| user.id);
    let event = Event::SignUpAsked { user };
    let asked = asker.caller.row(issuer, Actor::Anonymous, &event);
    let about = About {
        kind: ProofKind::SignUp,
        user: None,
        address: Some(email.as_str().to_owned()),
        valid_for: SIGN_UP_FOR,
    };
    let (mut proof, link) = proofs::make(about, issuer.now(), issuer.entropy.as_ref());
    let code = proofs::add_code(issuer, &mut proof).to_text().expose().clone();
    let mail = if found.is_some() {
        Mail::AlreadyRegistered
    } else {
        let path = Some(format!("/sign-up/{}", link.expose()));
        Mail::VerificationCode { code, valid_for: SIGN_UP_FOR, path }
    };
    let to = recipient(email.as_str(), found.as_ref(), asker);
    let letter = issuer.letter(&to, &mail).await?;
    let (noted, now) = (asked.clone(), issuer.now());
    let stored = issuer.store.write("send sign-up", move |db| {
        // Without a mail the code of before still counts.
        if let Some(letter) = &letter {
            queries::put_proof(db, &proof)?;
            outbox::put_mail(db, letter, now)?;
        }
        rows::record(db, &noted)
    });
    stored.await?;
    audit::log(&asked);
    issuer.wake_outbox();
    Ok(())
}

/// Whoever reads the mail of the address. What an account says of its person is for its own
/// address alone.
fn recipient(address: &str, found: Option<&User>, asker: Asker) -> Recipient {
    let owner = found.filter(|user| user.email.as_deref() == Some(address));
    let to = owner.and_then(Recipient::of).unwrap_or_default();
    Recipient {
        address: address.to_owned(),
        locale: to.locale.or(Some(asker.locale)),
        network: Some(asker.caller.network.to_string()),
        ..to
    }
}
