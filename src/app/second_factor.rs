//! The second step of a sign-in: what was proven first waits in the interaction and opens nothing
//! (`security.md` R77), until a second factor makes a session of it.

use crate::app::browser::Cookies;
use crate::app::factors::{self, Enrolment, Way};
use crate::app::finish::Arrival;
use crate::app::interaction::{
    Due, Missing, Proven, Visit, account_info, advance, open, open_form, save,
};
use crate::app::outcome::{CodeStep, EnrolStep, Reply, Step};
use crate::app::sign_in::open_session;
use crate::app::{Caller, Fault, Issuer};
use crate::base::{Secret, from_base64url, to_base64url};
use crate::domain::Evidence;
use crate::rules::authorize::SignInReason;
use crate::rules::session::Proof;

/// What a person typed.
pub struct CodeForm {
    /// The code.
    pub code: Secret<String>,
    /// The form's token.
    pub csrf: String,
}

/// Shows the page for a recovery code, when a second factor is due.
///
/// # Errors
/// When the store or the keys fail.
pub async fn show_recovery(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
) -> Result<Reply, Fault> {
    let visit = match open(issuer, address, cookies).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    match due_unless_finished(issuer, &visit).await? {
        Some(Due::SecondFactor(missing)) => Ok(code_page(issuer, &visit, &missing, |step| {
            step.way = Way::RecoveryCode;
        })),
        _ => advance(issuer, visit, Arrival::AfterForm).await,
    }
}

/// Tries a code and goes on with the interaction.
///
/// # Errors
/// When the store or the keys fail.
pub async fn submit(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    form: CodeForm,
    way: Way,
    caller: Caller,
) -> Result<Reply, Fault> {
    let visit = match open_form(issuer, address, cookies, &form.csrf).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    let Some(Due::SecondFactor(missing)) = due_unless_finished(issuer, &visit).await? else {
        return advance(issuer, visit, Arrival::AfterForm).await;
    };
    let user = missing.user.id;
    match factors::check(issuer, user, way, &form.code, caller, visit.now).await? {
        Ok(()) => accept(issuer, visit, *missing, caller).await,
        Err(refusal) => Ok(code_page(issuer, &visit, &missing, |step| {
            step.way = way;
            step.refusal = Some(refusal);
        })),
    }
}

/// Sets up an authenticator app for a person who must have one, and goes on with the interaction
/// behind a page that shows the recovery codes once.
///
/// # Errors
/// When the store or the keys fail.
pub async fn enrol(
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
            let onward = accept(issuer, visit, *missing, caller).await?;
            Ok(Reply { cookies: onward.cookies, ..page })
        }
        Enrolment::WrongCode => enrol_page(issuer, visit, &missing, true).await,
        Enrolment::AlreadyThere => advance(issuer, visit, Arrival::AfterForm).await,
    }
}

async fn due_unless_finished(issuer: &Issuer, visit: &Visit) -> Result<Option<Due>, Fault> {
    if visit.row.replay(visit.now).is_some() {
        return Ok(None);
    }
    Ok(Some(visit.due(issuer).await?))
}

/// Makes a session of both factors.
async fn accept(
    issuer: &Issuer,
    visit: Visit,
    missing: Missing,
    caller: Caller,
) -> Result<Reply, Fault> {
    let (proof, reason) = match missing.proven {
        Proven::Password(first, reason) => (Proof::by_password_and_otp(&first), reason),
        Proven::Session(index) => {
            let session = &visit.account(index).session;
            (Proof::of_step_up(session), SignInReason::Confirm(index))
        }
    };
    open_session(issuer, visit, reason, missing.user, (proof, false), caller).await
}

/// The page that asks for a code, but for what `change` does.
pub(super) fn code_page(
    issuer: &Issuer,
    visit: &Visit,
    missing: &Missing,
    change: impl FnOnce(&mut CodeStep),
) -> Reply {
    let mut step = CodeStep {
        way: Way::Totp,
        account: account_info(&missing.user),
        is_step_up: matches!(missing.proven, Proven::Session(_)),
        has_recovery_codes: missing.factors.recovery_codes > 0,
        refusal: None,
    };
    change(&mut step);
    visit.page(issuer, Step::Code(step))
}

fn enrolling(visit: &Visit) -> Option<Vec<u8>> {
    from_base64url(visit.row.evidence.fresh(visit.now).enrolling.as_deref()?).ok()
}

/// The page that sets up an authenticator app. Its seed is made at the first look and stays with
/// the interaction, so that a reload shows the same.
pub(super) async fn enrol_page(
    issuer: &Issuer,
    mut visit: Visit,
    missing: &Missing,
    is_wrong: bool,
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
    let account = account_info(&missing.user);
    Ok(visit.page(issuer, Step::Enrol(EnrolStep { account, offer, is_wrong })))
}
