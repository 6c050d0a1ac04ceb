//! Self-registration: an account for whoever reads the mail of an address.
//!
//! Nothing that a person sees tells whether an address has an account already: what happens before
//! an answer is the same for each (`security.md` R61). The account is made by the transaction that
//! uses the proof of the address up, and by nothing else (R68). Each function asks first whether
//! anybody may sign up here at all (R65).

mod ask;
mod create;

pub use ask::{AskForm, AskRefusal, ask};
pub use create::{Person, Shown, SignUpRefusal, address_of, create};

use crate::app::browser::Cookies;
use crate::app::finish::Arrival;
use crate::app::interaction::{Due, Visit, advance, open, open_form};
use crate::app::outcome::{Outcome, Reply, SignUpCodeStep, SignUpStep, Step, Stop};
use crate::app::{Caller, Fault, Issuer, sign_in};
use crate::base::Secret;
use crate::domain::Evidence;
use crate::rules::authorize::SignInReason;
use crate::store::interactions;

/// What a person typed who shows the code from the mail.
pub struct CodeForm {
    /// The code.
    pub code: String,
    /// Their full name.
    pub name: String,
    /// The new password.
    pub password: Secret<String>,
    /// The form's token.
    pub csrf: String,
}

/// Shows the page that asks for an address.
///
/// # Errors
/// When the store or the keys fail.
pub async fn show(issuer: &Issuer, address: &str, cookies: &Cookies) -> Result<Reply, Fault> {
    match admit(issuer, address, cookies, None).await? {
        Ok((visit, _)) => Ok(address_page(issuer, &visit, None, None)),
        Err(reply) => Ok(reply),
    }
}

/// Shows the page that asks for the code; the one before it when no address was told.
///
/// # Errors
/// When the store or the keys fail.
pub async fn show_code(issuer: &Issuer, address: &str, cookies: &Cookies) -> Result<Reply, Fault> {
    match admit(issuer, address, cookies, None).await? {
        Ok((visit, _)) => Ok(match signing_up(&visit) {
            Some(email) => code_page(issuer, &visit, email, String::new(), None),
            None => address_page(issuer, &visit, None, None),
        }),
        Err(reply) => Ok(reply),
    }
}

/// Makes the account of whoever shows the code, signs them in as by their password, and goes on.
///
/// # Errors
/// When the store or the keys fail.
pub async fn by_code(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    form: CodeForm,
    caller: Caller,
) -> Result<Reply, Fault> {
    let (mut visit, reason) = match admit(issuer, address, cookies, Some(&form.csrf)).await? {
        Ok(admitted) => admitted,
        Err(reply) => return Ok(reply),
    };
    let Some(email) = signing_up(&visit) else {
        return Ok(address_page(issuer, &visit, None, None));
    };
    let shown = Shown::Code { address: &email, code: &form.code };
    let person = Person { name: &form.name, password: form.password };
    match create(issuer, shown, person, caller).await? {
        Ok(user) => {
            visit.row.evidence.signing_up = None;
            let how = sign_in::How { is_remembered: false, can_keep_passkey: false };
            sign_in::accept(issuer, visit, reason, user, how, caller).await
        }
        // The form was posted twice, and the first post was right.
        Err(SignUpRefusal::WrongCode) if has_moved_on(issuer, &visit).await? => {
            Ok(Reply::plain(Outcome::Goto(format!("/i/{}", visit.address))))
        }
        Err(refusal) => {
            let name = form.name.chars().take(255).collect();
            Ok(code_page(issuer, &visit, email, name, Some(refusal)))
        }
    }
}

/// Opens an interaction in which somebody must say who they are and may do so by a new account; what
/// is to be shown otherwise. With `csrf` the page's own form asks.
async fn admit(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    csrf: Option<&str>,
) -> Result<Result<(Visit, SignInReason), Reply>, Fault> {
    if !issuer.lets_sign_up() {
        return Ok(Err(Reply::stop(Stop::NotFound)));
    }
    let opened = match csrf {
        Some(csrf) => open_form(issuer, address, cookies, csrf).await?,
        None => open(issuer, address, cookies).await?,
    };
    let visit = match opened {
        Ok(visit) => visit,
        Err(reply) => return Ok(Err(reply)),
    };
    let is_over = visit.row.replay(visit.now).is_some();
    match visit.due(issuer).await? {
        Due::SignIn(reason) if !is_over && visit.may_sign_up(issuer, reason) => {
            Ok(Ok((visit, reason)))
        }
        _ => advance(issuer, visit, Arrival::AfterForm).await.map(Err),
    }
}

/// The address that was told in this interaction.
fn signing_up(visit: &Visit) -> Option<String> {
    visit.row.evidence.fresh(visit.now).signing_up.map(|(address, _)| address)
}

/// Whether another post of this interaction has proven who sits there meanwhile.
async fn has_moved_on(issuer: &Issuer, visit: &Visit) -> Result<bool, Fault> {
    let id = visit.row.id;
    let row = issuer.store.read(move |db| interactions::find_interaction(db, id)).await?;
    Ok(row.is_some_and(|row| {
        let Evidence { authentication, first_factor, .. } = row.evidence;
        authentication.is_some() || first_factor.is_some()
    }))
}

/// The page that asks for an address. It fills in what the app says of the person.
pub(super) fn address_page(
    issuer: &Issuer,
    visit: &Visit,
    typed: Option<String>,
    refusal: Option<AskRefusal>,
) -> Reply {
    let email = typed.or_else(|| signing_up(visit)).or_else(|| visit.hinted_address());
    let step =
        SignUpStep { email: email.unwrap_or_default(), may_choose: visit.may_choose(), refusal };
    visit.page(issuer, Step::SignUp(step))
}

fn code_page(
    issuer: &Issuer,
    visit: &Visit,
    email: String,
    name: String,
    refusal: Option<SignUpRefusal>,
) -> Reply {
    visit.page(issuer, Step::SignUpCode(SignUpCodeStep { email, name, refusal }))
}
