//! The pages of the first run.

use std::time::Duration;

use askama::Template;

use super::account::NewPasswordError;
use super::words::Words;
use super::{Shell, page, wait_in_words};

/// What is wrong with what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupError {
    /// The username cannot be.
    Username,
    /// The e-mail address cannot be.
    Email,
    /// The name cannot be.
    Name,
    /// Another account has the username or the address.
    Taken,
    /// Neither a passkey nor a password.
    NoWayIn,
    /// The passkey could not be made.
    Passkey,
    /// The password cannot be.
    Password(NewPasswordError),
    /// Too much to do; when to try again.
    Busy(Duration),
}

impl SetupError {
    pub(super) fn text(self, words: Words) -> String {
        match self {
            Self::Username => words.t("setup-error-username"),
            Self::Email => words.t("setup-error-email"),
            Self::Name => words.t("setup-error-name"),
            Self::Taken => words.t("setup-error-taken"),
            Self::NoWayIn => words.t("setup-error-no-way-in"),
            Self::Passkey => words.t("setup-error-passkey"),
            Self::Password(problem) => problem.text(words),
            Self::Busy(wait) => words.with("error-busy", "wait", &wait_in_words(words, wait)),
        }
    }
}

/// What the server saw of the way that the browser came.
#[derive(Debug, Clone)]
pub struct SetupChecks {
    /// The configured address.
    pub public_url: String,
    /// This page at the configured address, when the browser came by another one.
    pub right_address: Option<String>,
    /// Whether the browser holds the connection for protected: https, or this machine.
    pub is_protected: bool,
}

/// The question for a passkey.
#[derive(Debug, Clone)]
pub struct FirstPasskeyView {
    /// The options for `navigator.credentials`, as JSON.
    pub options: String,
    /// Comes back with the answer.
    pub ticket: String,
    /// Whom the question is about.
    pub subject: String,
}

/// The form that makes the first administrator.
#[derive(Template)]
#[template(path = "setup/setup.html")]
pub struct SetupPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// How the browser came.
    pub checks: SetupChecks,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours.
    pub csrf: String,
    /// What was typed.
    pub username: String,
    /// What was typed.
    pub email: String,
    /// What was typed.
    pub name: String,
    /// The question for a passkey; none where there can be none.
    pub passkey: Option<FirstPasskeyView>,
    /// The least number of characters of a password.
    pub min_length: usize,
    /// What is wrong.
    pub error: Option<SetupError>,
}

impl SetupPage {
    fn error_text(&self, words: &Words) -> Option<String> {
        self.error.map(|error| error.text(*words))
    }

    fn is_wrong(&self, field: &str) -> bool {
        match self.error {
            Some(SetupError::Username) => field == "username",
            Some(SetupError::Email) => field == "email",
            Some(SetupError::Name) => field == "name",
            Some(SetupError::Taken) => matches!(field, "username" | "email"),
            Some(SetupError::Password(_)) => field == "password",
            _ => false,
        }
    }

    fn hint(&self, words: &Words) -> String {
        words.count("account-new-password-hint", self.min_length as u128)
    }
}

/// The page of a link that does not count.
#[derive(Template)]
#[template(path = "setup/over.html")]
pub struct SetupOverPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// Whether there is an administrator.
    pub is_set_up: bool,
}

page!(SetupPage, SetupOverPage);
