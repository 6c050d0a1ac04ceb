//! `/account`: a person's own account. Every page and form enters by [`enter`]: who is not signed
//! in signs in first and comes back to the same page.

mod activity;
mod apps;
mod deletion;
mod disown;
mod email;
mod export;
mod passkeys;
mod password;
mod profile;
mod recent;
mod security;
mod sessions;
mod totp;

pub use crate::app::landing::AppEntry;
pub use crate::domain::AccountPage;
pub use activity::{Activity, ActivityLine, activity};
pub use apps::{ConnectedApp, connected_apps, own_apps, remove_app};
pub(super) use deletion::keep;
pub use deletion::{ask_deletion, keep_account};
pub use disown::disown;
pub use email::{
    EmailLink, EmailRefusal, EmailState, ask_email, confirm_email_by_code, confirm_email_by_link,
    email_link, email_state,
};
pub use export::export;
pub use passkeys::{
    OwnPasskeys, add_passkey, ask_passkey, find_passkey, list_passkeys, remove_passkey,
    rename_passkey,
};
pub(super) use password::choose_password;
pub use password::{NewPassword, PasswordRefusal, change_password, least_length};
pub use profile::{Profile, ProfileProblem, change_profile, profile};
pub use recent::{RECENT_FOR, RecentSignIn};
pub use security::{Security, security};
pub use sessions::{SessionLine, end_sessions, list_sessions};
pub use totp::{SetUp, TotpAsk, ask_totp, make_recovery_codes, remove_totp, set_up_totp};

use crate::app::authorize::begin_for_browser;
use crate::app::browser::{Browser, BrowserKey, CookieChanges, Cookies};
use crate::app::interaction::account_info;
use crate::app::outcome::{AccountInfo, Outcome, Reply, Stop};
use crate::app::trusted_devices::BrowserDevices;
use crate::app::{Caller, Fault, Issuer, factor_policy};
use crate::base::{Timestamp, UserId};
use crate::domain::{Actor, AuditRecord, DELETION_DELAY, Event, Purpose, User};
use crate::rules::authorize::SignedIn;
use crate::store::{Touched, sessions as queries};

/// A person at a page of their own account.
pub struct Entered {
    browser: Browser,
    key: BrowserKey,
    now: Timestamp,
    caller: Caller,
    /// The token of every form on the page.
    pub csrf: String,
    /// The accounts of this browser, the active one first; never empty.
    pub accounts: Vec<AccountInfo>,
    /// The cookies that the page sets.
    pub cookies: CookieChanges,
}

/// Lets the active account of the browser in, if its session is worth what the operator demands of
/// its person (`security.md` R80), or begins a sign-in that leads back to `page`.
///
/// # Errors
/// When the store fails.
pub async fn enter(
    issuer: &Issuer,
    cookies: &Cookies,
    page: AccountPage,
    caller: Caller,
) -> Result<Result<Entered, Reply>, Fault> {
    let now = issuer.now();
    let browser = Browser::load(issuer, cookies, now).await?;
    let active = browser
        .signed_in
        .first()
        .filter(|active| factor_policy::is_enough(issuer, &browser, active));
    let Some(active) = active else {
        return begin_for_browser(issuer, Purpose::Account(page), &browser, caller.network)
            .await
            .map(Err);
    };
    if let Some(only) = only_page(&active.user).filter(|only| *only != page) {
        return Ok(Err(Reply::plain(Outcome::Goto(only.path().to_owned()))));
    }
    if let Some(idle) = issuer.settings.sessions.touched(&active.session, now) {
        let id = active.session.id;
        let touch = issuer.store.write_touching(Touched::Session(id), "touch session", move |db| {
            queries::touch_session(db, id, now, idle)
        });
        touch.await?;
    }
    let (key, changes) = browser.key_or_new(issuer.entropy.as_ref());
    Ok(Ok(Entered {
        csrf: key.csrf_token(issuer),
        accounts: browser.signed_in.iter().map(|one| account_info(&one.user)).collect(),
        cookies: changes,
        browser,
        key,
        now,
        caller,
    }))
}

/// The one page that an account has: where its person chooses the new password that is due, or where
/// they may keep an account that is to be deleted.
fn only_page(user: &User) -> Option<AccountPage> {
    if user.owes_new_password() {
        return Some(AccountPage::Password);
    }
    user.delete_after.map(|_| AccountPage::Delete)
}

/// Lets a form in as well, if it carries the token of this browser (`security.md` R87).
///
/// # Errors
/// When the store fails.
pub async fn enter_by_form(
    issuer: &Issuer,
    cookies: &Cookies,
    page: AccountPage,
    caller: Caller,
    csrf: &str,
) -> Result<Result<Entered, Reply>, Fault> {
    Ok(match enter(issuer, cookies, page, caller).await? {
        Ok(entered) if !entered.key.accepts_csrf(issuer, csrf) => Err(Reply::stop(Stop::Forged)),
        other => other,
    })
}

/// After how many days an account goes whose person asked for that.
pub const DELETION_DAYS: u128 = DELETION_DELAY.as_secs() as u128 / (24 * 60 * 60);

impl Entered {
    fn active(&self) -> Result<&SignedIn, Fault> {
        self.browser.signed_in.first().ok_or(Fault::Broken("an account page without an account"))
    }

    /// The row that says that this person does `event` now.
    fn row(&self, issuer: &Issuer, user: UserId, event: &Event) -> AuditRecord {
        self.caller.row(issuer, Actor::User(user), event)
    }

    /// Languages that are wanted, as [`Browser::languages`] gives them.
    pub fn languages(&self) -> Option<String> {
        self.browser.languages(None)
    }

    pub(super) fn user(&self) -> Result<UserId, Fault> {
        self.active().map(|active| active.user.id)
    }

    /// Whether nothing else opens before its person has chosen a new password.
    pub fn owes_new_password(&self) -> bool {
        self.browser.signed_in.first().is_some_and(|active| active.user.owes_new_password())
    }

    /// Whether there is a password.
    pub fn has_password(&self) -> bool {
        self.browser.signed_in.first().is_some_and(|active| active.user.password_hash.is_some())
    }

    /// What this browser holds as a trusted device.
    pub(super) fn devices(&self) -> &BrowserDevices {
        &self.browser.devices
    }

    /// Makes the account with this username the active one; one that is not in this browser
    /// changes nothing.
    pub fn switch(&self, username: &str) -> CookieChanges {
        let mut accounts = self.accounts.iter();
        match accounts.position(|account| account.username == username) {
            Some(index) => self.browser.with_first(index),
            None => CookieChanges::default(),
        }
    }
}
