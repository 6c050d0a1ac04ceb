//! The way back in: a code or a link instead of a forgotten password.
//!
//! Nothing that a person sees tells whether there is such an account: the answer to a request is
//! given before any account is looked for (`security.md` R61). The step that sets the password
//! loads the proof and uses it up itself (R68). Second factors stay as they are (R69).

mod ask;
mod operator;
mod set;

pub use ask::{AskRefusal, ask};
pub use operator::make_link;
pub use set::{RecoveryRefusal, Shown, holder_of, set_password};

use crate::app::authorize::begin_for_browser;
use crate::app::browser::{Browser, BrowserKey, CookieChanges, Cookies};
use crate::app::interaction::{open, save};
use crate::app::outcome::{Outcome, Reply, Stop};
use crate::app::{Caller, Fault, Issuer};
use crate::domain::{Evidence, Purpose};

/// A browser at a page of this way. Nobody need be signed in.
pub struct Entered {
    browser: Browser,
    key: BrowserKey,
    /// The token of the page's form.
    pub csrf: String,
    /// The cookies that the page sets.
    pub cookies: CookieChanges,
}

/// Lets a browser in to look.
///
/// # Errors
/// When the store fails.
pub async fn enter(issuer: &Issuer, cookies: &Cookies) -> Result<Entered, Fault> {
    let browser = Browser::load(issuer, cookies, issuer.now()).await?;
    let (key, changes) = browser.key_or_new(issuer.entropy.as_ref());
    Ok(Entered { csrf: key.csrf_token(issuer), cookies: changes, browser, key })
}

/// Lets a form in that carries the token of this browser (`security.md` R87).
///
/// # Errors
/// When the store fails.
pub async fn enter_by_form(
    issuer: &Issuer,
    cookies: &Cookies,
    csrf: &str,
) -> Result<Result<Entered, Reply>, Fault> {
    let entered = enter(issuer, cookies).await?;
    let is_ours = entered.browser.key.is_some() && entered.key.accepts_csrf(issuer, csrf);
    Ok(if is_ours { Ok(entered) } else { Err(Reply::stop(Stop::Forged)) })
}

/// Where a person goes who has a new password: to the sign-in that they came from when this browser
/// began it, or else to a new one, with their name filled in.
///
/// # Errors
/// When the store fails.
pub async fn onward(
    issuer: &Issuer,
    entered: &Entered,
    cookies: &Cookies,
    (from, name): (&str, &str),
    caller: Caller,
) -> Result<Reply, Fault> {
    if fill_in(issuer, cookies, from, name).await? {
        return Ok(goto(from));
    }
    let begun =
        begin_for_browser(issuer, Purpose::OwnPages, &entered.browser, caller.network).await?;
    if let Outcome::Goto(path) = &begun.outcome {
        fill_in(issuer, cookies, path.trim_start_matches("/i/"), name).await?;
    }
    Ok(begun)
}

fn goto(interaction: &str) -> Reply {
    Reply { outcome: Outcome::Goto(format!("/i/{interaction}")), cookies: CookieChanges::default() }
}

/// Fills the name in at a sign-in of this browser; false when it is none, or is over.
async fn fill_in(
    issuer: &Issuer,
    cookies: &Cookies,
    address: &str,
    name: &str,
) -> Result<bool, Fault> {
    let Ok(mut visit) = open(issuer, address, cookies).await? else { return Ok(false) };
    if visit.row.finished.is_some() {
        return Ok(false);
    }
    let evidence = visit.row.evidence.fresh(visit.now);
    let evidence = Evidence { identifier: Some(name.to_owned()), ..evidence };
    save(issuer, &mut visit, evidence).await?;
    Ok(true)
}
