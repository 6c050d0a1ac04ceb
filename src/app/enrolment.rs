//! Setting up a second factor within a sign-in, by a person who must have one. The password was
//! shown in the same interaction, and nothing is open before the new factor is shown as well
//! (`security.md` R77, R81).

use crate::app::browser::Cookies;
use crate::app::factors::{self, Enrolment, Way};
use crate::app::finish::Arrival;
use crate::app::interaction::{
    Due, EnrolForm, Missing, Visit, account_info, advance, open_form, save,
};
use crate::app::outcome::{EnrolStep, Reply, SetUpRefusal, Step};
use crate::app::second_factor::{CodeForm, Shown, accept, due_unless_finished};
use crate::app::{Caller, Fault, Issuer, passkeys};
use crate::base::{from_base64url, to_base64url};
use crate::domain::Evidence;

/// Sets up an authenticator app, and goes on with the interaction behind a page that shows the
/// recovery codes once.
///
/// # Errors
/// When the store or the keys fail.
pub async fn set_up_totp(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    form: CodeForm,
    caller: Caller,
) -> Result<Reply, Fault> {
    let visit = match open_form(issuer, address, cookies, &form.csrf).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    let due = due_unless_finished(issuer, &visit).await?;
    let (Some(Due::Enrol(missing)), Some(sealed)) = (due, enrolling(&visit)) else {
        return advance(issuer, visit, Arrival::AfterForm).await;
    };
    let (user, typed) = (missing.user.id, form.code.expose());
    match factors::confirm_totp(issuer, user, sealed, "", typed, caller).await? {
        Enrolment::Done(codes) => {
            let page = visit.page(issuer, Step::RecoveryCodes(codes));
            let shown = Shown { way: Way::Totp, trusts_device: false };
            let onward = accept(issuer, visit, *missing, shown, caller).await?;
            Ok(Reply { cookies: onward.cookies, ..page })
        }
        Enrolment::WrongCode => enrol_page(issuer, visit, &missing, Some(SetUpRefusal::Code)).await,
        Enrolment::AlreadyThere => advance(issuer, visit, Arrival::AfterForm).await,
    }
}

/// Adds a passkey. It is asked for right after: that one was made proves nothing without
/// attestation, and a session says only what was shown (`security.md` R79).
///
/// # Errors
/// When the store or the keys fail.
pub async fn set_up_passkey(
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
    let Some(Due::Enrol(missing)) = due_unless_finished(issuer, &visit).await? else {
        return advance(issuer, visit, Arrival::AfterForm).await;
    };
    let answer = (form.ticket.as_str(), form.answer.as_str());
    let made =
        passkeys::enrol(issuer, &visit.place(), &missing.user, answer, &form.name, caller).await?;
    match made {
        Ok(_) => advance(issuer, visit, Arrival::AfterForm).await,
        Err(_) => enrol_page(issuer, visit, &missing, Some(SetUpRefusal::Passkey)).await,
    }
}

fn enrolling(visit: &Visit) -> Option<Vec<u8>> {
    from_base64url(visit.row.evidence.fresh(visit.now).enrolling.as_deref()?).ok()
}

/// The page that sets up a second factor. The seed of an authenticator app is made at the first
/// look and stays with the interaction, so that a reload shows the same.
pub(super) async fn enrol_page(
    issuer: &Issuer,
    mut visit: Visit,
    missing: &Missing,
    refusal: Option<SetUpRefusal>,
) -> Result<Reply, Fault> {
    let sealed = match enrolling(&visit) {
        Some(sealed) => sealed,
        None => {
            let sealed = factors::begin_totp(issuer, missing.user.id);
            let enrolling = Some(to_base64url(&sealed));
            let evidence = Evidence { enrolling, ..visit.row.evidence.fresh(visit.now) };
            save(issuer, &mut visit, evidence).await?;
            sealed
        }
    };
    let offer = factors::totp_offer(issuer, &missing.user, &sealed)?;
    let passkey = passkeys::begin_enrolment(issuer, &visit.place(), &missing.user).await?;
    let account = account_info(&missing.user);
    Ok(visit.page(issuer, Step::Enrol(EnrolStep { account, offer, passkey, refusal })))
}
