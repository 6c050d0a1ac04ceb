//! The first run: a link, printed on the host, makes the first administrator (`security.md` R64).
//! There is no default account, and no page that is open to whoever comes first.

mod admin;
mod file;

use std::time::Duration;

pub use admin::{AdminForm, Made, SetupRefusal, create_admin};
pub use file::{keep_link, remove_link};

use crate::app::audit::{Operator, log};
use crate::app::browser::{Browser, Cookies};
use crate::app::new_account::{self, WayForm};
use crate::app::{Fault, Issuer};
use crate::base::{Digest, Secret, Subject, UserId};
use crate::domain::{Actor, Event, User};
use crate::protocol::StandardClaims;
use crate::store::{audit as rows, setup, users};

/// How long a link counts (`contract.md`, "Lifetimes").
pub const SETUP_LINK_FOR: Duration = Duration::from_secs(60 * 60);

/// Why no link is made.
#[derive(Debug, thiserror::Error)]
pub enum SetupProblem {
    /// There is somebody already.
    #[error("there is an administrator already: sign in as them at /account")]
    AlreadySetUp,
    /// It did not work on our side.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A new token for the link; the one before it counts no more.
///
/// # Errors
/// When there is an administrator already, or the store fails.
pub async fn new_link(on: Operator<'_>) -> Result<Secret<String>, SetupProblem> {
    let token = Secret::new(on.entropy.token());
    let (digest, expires_at) = (digest(token.expose()), on.clock.now() + SETUP_LINK_FOR);
    let row = on.occasion().of(&Event::SetupLinkMade);
    let noted = row.clone();
    let made = on.store.write("make a setup link", move |db| {
        if users::has_admin(db)? {
            return Ok(false);
        }
        setup::replace_setup_link(db, &digest, expires_at)?;
        rows::record(db, &noted)?;
        Ok(true)
    });
    if !made.await.map_err(Fault::from)? {
        return Err(SetupProblem::AlreadySetUp);
    }
    log(&row);
    Ok(token)
}

/// A token for the first start; none when anybody has an account.
///
/// # Errors
/// When the store fails.
pub async fn first_link(on: Operator<'_>) -> Result<Option<Secret<String>>, Fault> {
    if on.store.read(users::count_users).await? > 0 {
        return Ok(None);
    }
    match new_link(on).await {
        Ok(token) => Ok(Some(token)),
        Err(SetupProblem::AlreadySetUp) => Ok(None),
        Err(SetupProblem::Fault(fault)) => Err(fault),
    }
}

/// What stands at the address.
pub enum Shown {
    /// The form.
    Form(Box<WayForm>),
    /// The link was used, is too old or was replaced. Whether there is an administrator.
    Over(bool),
}

/// Looks at a link, which uses nothing up.
///
/// # Errors
/// When the store fails.
pub async fn show(issuer: &Issuer, token: &str, cookies: &Cookies) -> Result<Shown, Fault> {
    if let Some(is_set_up) = over(issuer, token).await? {
        return Ok(Shown::Over(is_set_up));
    }
    let browser = Browser::load(issuer, cookies, issuer.now()).await?;
    form(issuer, token, &browser).map(|form| Shown::Form(Box::new(form)))
}

/// Whether the link does not count: then, whether there is an administrator.
async fn over(issuer: &Issuer, token: &str) -> Result<Option<bool>, Fault> {
    let (digest, now) = (digest(token), issuer.now());
    let found = issuer.store.read(move |db| {
        let is_set_up = users::has_admin(db)?;
        Ok::<_, crate::store::StoreError>((setup::has_setup_link(db, &digest, now)?, is_set_up))
    });
    let (is_there, is_set_up) = found.await?;
    Ok((!is_there || is_set_up).then_some(is_set_up))
}

fn form(issuer: &Issuer, token: &str, browser: &Browser) -> Result<WayForm, Fault> {
    let subject = Subject::new(issuer.entropy.as_ref());
    let context = |subject: &str| passkey_context(token, subject);
    new_account::form(issuer, browser, context, somebody(issuer, &subject))
}

/// The page does not know yet how the person will call themselves: its module fills that in.
fn somebody(issuer: &Issuer, subject: &Subject) -> User {
    let now = issuer.now();
    User {
        id: UserId::new(now, issuer.entropy.as_ref()),
        subject: subject.clone(),
        username: "admin".to_owned(),
        email: None,
        is_email_verified: false,
        password_hash: None,
        claims: StandardClaims::default(),
        groups: Vec::new(),
        is_admin: true,
        disabled_at: None,
        delete_after: None,
        must_change_password: false,
        created_at: now,
        updated_at: now,
    }
}

/// A passkey that was made on this page counts for this link and this subject.
fn passkey_context(token: &str, subject: &str) -> String {
    format!("passkey/setup/{}/{subject}", digest(token).to_text())
}

fn digest(token: &str) -> Digest {
    Digest::of(token.as_bytes())
}

impl Issuer {
    /// What the server itself makes the link of the first run with.
    pub fn operator(&self) -> Operator<'_> {
        Operator {
            store: &self.store,
            clock: self.clock.as_ref(),
            entropy: self.entropy.as_ref(),
            actor: &Actor::Server,
            caller: None,
            post: None,
        }
    }
}
