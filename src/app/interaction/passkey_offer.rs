//! The offer of a passkey after a sign-in by password.

use super::open::open_form;
use super::{Visit, advance, save};
use crate::app::browser::Cookies;
use crate::app::finish::Arrival;
use crate::app::outcome::{PasskeyOfferStep, Reply, Step};
use crate::app::passkeys::{self, EnrolRefusal};
use crate::app::{Caller, Fault, Issuer};
use crate::domain::{Evidence, User};
use crate::store::passkeys as rows;

/// What the browser made, and what its person calls it.
pub struct EnrolForm {
    /// The ticket of the page.
    pub ticket: String,
    /// The new credential, as `PublicKeyCredential.toJSON` writes it.
    pub answer: String,
    /// The passkey's name.
    pub name: String,
}

impl Visit {
    /// Who is to be offered a passkey: the person who just signed in here by password.
    pub(super) fn offered_to(&self) -> Option<&User> {
        let evidence = self.row.evidence.fresh(self.now);
        let made = evidence.authentication.filter(|_| evidence.offers_passkey)?;
        let signed_in = self.browser.signed_in.iter();
        signed_in.map(|one| (&*one.session, &*one.user)).find_map(|(session, user)| {
            let is_meant = session.id == made.session && user.id == made.user;
            // Who must choose a new password does so first.
            (is_meant && !user.owes_new_password()).then_some(user)
        })
    }

    /// What names this interaction to the question for a new passkey.
    pub(in crate::app) fn place(&self) -> String {
        self.row.id.to_string()
    }
}

/// The page that offers it; none where there can be no passkeys.
pub(super) async fn offer(
    issuer: &Issuer,
    visit: &Visit,
    refusal: Option<EnrolRefusal>,
) -> Result<Option<Reply>, Fault> {
    let Some(user) = visit.offered_to() else { return Ok(None) };
    let Some(ask) = passkeys::begin_enrolment(issuer, &visit.place(), user).await? else {
        return Ok(None);
    };
    let step = PasskeyOfferStep { account: super::account_info(user), ask, refusal };
    Ok(Some(visit.page(issuer, Step::OfferPasskey(step))))
}

/// Adds the passkey and goes on.
///
/// # Errors
/// When the store or the keys fail.
pub async fn enrol_passkey(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    csrf: &str,
    form: EnrolForm,
    caller: Caller,
) -> Result<Reply, Fault> {
    let visit = match open_form(issuer, address, cookies, csrf).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    let Some(user) = visit.offered_to() else {
        return advance(issuer, visit, Arrival::AfterForm).await;
    };
    let answer = (form.ticket.as_str(), form.answer.as_str());
    match passkeys::enrol(issuer, &visit.place(), user, answer, &form.name, caller).await? {
        Ok(_) => go_on(issuer, visit).await,
        Err(refusal) => match offer(issuer, &visit, Some(refusal)).await? {
            Some(reply) => Ok(reply),
            None => advance(issuer, visit, Arrival::AfterForm).await,
        },
    }
}

/// Remembers that they do not want one now, and goes on.
///
/// # Errors
/// When the store or the keys fail.
pub async fn decline_passkey(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    csrf: &str,
) -> Result<Reply, Fault> {
    let visit = match open_form(issuer, address, cookies, csrf).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    let Some(user) = visit.offered_to().map(|user| user.id) else {
        return advance(issuer, visit, Arrival::AfterForm).await;
    };
    let now = visit.now;
    issuer.store.write("decline passkey", move |db| rows::decline_passkey(db, user, now)).await?;
    go_on(issuer, visit).await
}

async fn go_on(issuer: &Issuer, mut visit: Visit) -> Result<Reply, Fault> {
    let evidence = Evidence { offers_passkey: false, ..visit.row.evidence.clone() };
    save(issuer, &mut visit, evidence).await?;
    advance(issuer, visit, Arrival::AfterForm).await
}
