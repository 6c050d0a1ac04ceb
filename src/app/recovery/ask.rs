use std::sync::Arc;
use std::time::Duration;

use crate::app::mail::Recipient;
use crate::app::proofs::{self, About, RECOVERY_FOR};
use crate::app::{Caller, Fault, Issuer, audit};
use crate::base::Digest;
use crate::domain::{Actor, Event, Identifier, Proof, ProofKind, User};
use crate::pages::Mail;
use crate::store::{audit as rows, outbox, proofs as queries, users};

/// Why nothing is sent, whoever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskRefusal {
    /// The field is empty.
    Incomplete,
    /// Too many requests for this name, or from this network; when the next may be.
    TooMany(Duration),
}

/// Has a code and a link sent to the person of this name, if there is one. All that happens before
/// the answer is a count, the same for every name; the rest goes on behind it, so that neither the
/// page nor its time tells of an account (`security.md` R61, R73).
///
/// # Errors
/// When the store fails.
pub async fn ask(
    issuer: &Arc<Issuer>,
    name: &str,
    caller: Caller,
) -> Result<Result<(), AskRefusal>, Fault> {
    if name.trim().is_empty() {
        return Ok(Err(AskRefusal::Incomplete));
    }
    let identifier = Identifier::parse(name).ok();
    let counted = identifier.as_ref().map_or(name, Identifier::as_str);
    // A count of its own: whoever asks for codes must not keep the owner from signing in (R58).
    let account = Digest::of(format!("recovery/{counted}").as_bytes());
    // It is never taken back: every request counts.
    if let Err(wait) = issuer.throttle.reserve(account, caller.network, issuer.now()).await? {
        return Ok(Err(AskRefusal::TooMany(wait)));
    }
    if let Some(identifier) = identifier {
        let issuer = Arc::clone(issuer);
        tokio::spawn(async move {
            if let Err(fault) = send(&issuer, identifier, caller).await {
                tracing::warn!(%fault, "a way back in could not be sent");
            }
        });
    }
    Ok(Ok(()))
}

async fn send(issuer: &Issuer, name: Identifier, caller: Caller) -> Result<(), Fault> {
    let found = issuer.store.read(move |db| users::find_user_by_identifier(db, &name)).await?;
    let user = found.as_ref().map(|user| user.id);
    let asked = caller.row(issuer, Actor::Anonymous, &Event::RecoveryAsked { user });
    let found = found.filter(User::is_enabled);
    let Some((user, to)) = found.and_then(|user| Recipient::of(&user).map(|to| (user, to))) else {
        return audit::record(&issuer.store, asked).await;
    };
    let (proof, mail) = written(issuer, &user);
    let to = Recipient { network: Some(caller.network.to_string()), ..to };
    let Some(letter) = issuer.letter(&to, &mail).await? else {
        return audit::record(&issuer.store, asked).await;
    };
    let (noted, now) = (asked.clone(), issuer.now());
    let stored = issuer.store.write("send recovery", move |db| {
        queries::put_proof(db, &proof)?;
        outbox::put_mail(db, &letter, now)?;
        rows::record(db, &noted)
    });
    stored.await?;
    audit::log(&asked);
    issuer.wake_outbox();
    Ok(())
}

fn written(issuer: &Issuer, user: &User) -> (Proof, Mail) {
    let about = About {
        kind: ProofKind::Recovery,
        user: Some(user.id),
        address: user.email.clone(),
        valid_for: RECOVERY_FOR,
    };
    let (mut proof, link) = proofs::make(about, issuer.now(), issuer.entropy.as_ref());
    let code = proofs::add_code(issuer, &mut proof).to_text().expose().clone();
    let path = Some(format!("/recover/link/{}", link.expose()));
    (proof, Mail::ResetCode { code, valid_for: RECOVERY_FOR, path })
}
