use std::time::Duration;

use askama::Template;

use super::words::Words;
use super::{AccountView, AppTile, Shell, page, wait_in_words};

/// A person's account: their apps, and what there is to look at and to change.
#[derive(Template)]
#[template(path = "account/home.html")]
pub struct AccountPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the forms ours (field `csrf`).
    pub csrf: String,
    /// Whose account it is.
    pub account: AccountView,
    /// The apps that they can open. Those without a safe address are left out.
    pub apps: Vec<AppTile>,
    /// What the apps were searched for.
    pub search: String,
    /// Other accounts that are signed in in this browser.
    pub others: Vec<AccountView>,
    /// What was done just now.
    pub notice: Option<AccountNotice>,
}

/// What was done just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountNotice {
    /// The password was changed.
    PasswordChanged,
    /// The account is not deleted after all.
    Kept,
}

impl AccountPage {
    fn open_apps(&self) -> Vec<&AppTile> {
        self.apps.iter().filter(|app| self.shell.may_link_to(&app.href)).collect()
    }

    fn notice_text(&self, words: &Words) -> Option<String> {
        Some(words.t(match self.notice? {
            AccountNotice::PasswordChanged => "account-password-done",
            AccountNotice::Kept => "delete-kept",
        }))
    }
}

/// The form for a new password.
#[derive(Template)]
#[template(path = "account/password.html")]
pub struct PasswordPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the form ours.
    pub csrf: String,
    /// For password managers, which must know whose password it is.
    pub username: String,
    /// Whether nothing else opens before there is a new one.
    pub is_due: bool,
    /// The least number of characters of a new password.
    pub min_length: usize,
    /// What is wrong with what was typed.
    pub error: Option<NewPasswordError>,
}

/// What is wrong with what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewPasswordError {
    /// A field is empty.
    Incomplete,
    /// The current password is wrong.
    Wrong,
    /// The new one has fewer characters than this.
    TooShort(usize),
    /// The new one has too many characters.
    TooLong,
    /// The new one is among the first that attackers try.
    Common,
    /// The new one is made of the person's names.
    Context,
    /// The new one is known from a breach.
    Breached,
    /// The new one is the old one.
    Same,
    /// Too many tries; when the next may be.
    TooMany(Duration),
    /// Too much to do; when to try again.
    Busy(Duration),
}

/// Where a person is signed in.
#[derive(Template)]
#[template(path = "account/sessions.html")]
pub struct SessionsPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the forms ours.
    pub csrf: String,
    /// The sessions, this one first.
    pub sessions: Vec<SessionView>,
    /// The trusted devices, the newest first.
    pub devices: Vec<DeviceView>,
    /// Whether some were ended just now.
    pub is_done: bool,
}

/// A device on which the second factor is not asked for again.
#[derive(Debug, Clone)]
pub struct DeviceView {
    /// What the form names it by.
    pub id: String,
    /// Whether it is this one.
    pub is_this: bool,
    /// Since when it is trusted, in UTC (RFC 3339).
    pub since: String,
    /// When its person is asked again, in UTC (RFC 3339).
    pub until: String,
}

/// One session.
#[derive(Debug, Clone)]
pub struct SessionView {
    /// What the form names it by.
    pub id: String,
    /// Whether it is the one of this page.
    pub is_this: bool,
    /// Whether it outlives the browser.
    pub is_remembered: bool,
    /// When it began, in UTC (RFC 3339).
    pub since: String,
    /// When it was last used, in UTC (RFC 3339).
    pub last_seen: String,
    /// A guess at its browser and system; may be empty.
    pub device: String,
    /// The network it came from; may be empty.
    pub network: String,
    /// The names of the apps that it signed in to.
    pub apps: Vec<String>,
}

impl NewPasswordError {
    /// The sentence for the person.
    pub(super) fn text(self, words: Words) -> String {
        match self {
            NewPasswordError::Incomplete => words.t("account-error-incomplete"),
            NewPasswordError::Wrong => words.t("account-error-wrong"),
            NewPasswordError::TooShort(min) => words.count("account-error-short", min as u128),
            NewPasswordError::TooLong => words.t("account-error-long"),
            NewPasswordError::Common => words.t("account-error-common"),
            NewPasswordError::Context => words.t("account-error-context"),
            NewPasswordError::Breached => words.t("account-error-breached"),
            NewPasswordError::Same => words.t("account-error-same"),
            NewPasswordError::TooMany(wait) => {
                words.with("error-too-many-tries", "wait", &wait_in_words(words, wait))
            }
            NewPasswordError::Busy(wait) => {
                words.with("error-busy", "wait", &wait_in_words(words, wait))
            }
        }
    }

    /// Whether it is the new password that cannot be.
    pub(super) fn is_of_the_new_one(self) -> bool {
        use NewPasswordError::{Breached, Common, Context, Same, TooLong, TooShort};
        matches!(self, TooShort(_) | TooLong | Common | Context | Breached | Same)
    }
}

impl PasswordPage {
    fn error_text(&self, words: &Words) -> Option<String> {
        self.error.map(|error| error.text(*words))
    }

    fn hint(&self, words: &Words) -> String {
        words.count("account-new-password-hint", self.min_length as u128)
    }

    fn is_current_wrong(&self) -> bool {
        matches!(self.error, Some(NewPasswordError::Incomplete | NewPasswordError::Wrong))
    }

    fn is_new_wrong(&self) -> bool {
        self.error.is_some_and(NewPasswordError::is_of_the_new_one)
    }
}

page!(AccountPage, PasswordPage, SessionsPage);
