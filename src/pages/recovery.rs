use std::time::Duration;

use askama::Template;

use super::words::Words;
use super::{NewPasswordError, Shell, page, wait_in_words};

/// Asks who forgot their password.
#[derive(Template)]
#[template(path = "recovery/ask.html")]
pub struct RecoverPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// Whether a mail can be sent; without it there is no form.
    pub can_mail: bool,
    /// What stands in the field (`username`).
    pub identifier: String,
    /// The interaction that the person came from (field `from`); may be empty.
    pub from: String,
    /// What is wrong.
    pub error: Option<RecoverError>,
}

/// Why nothing is sent, whoever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoverError {
    /// The field is empty.
    Incomplete,
    /// Too many requests; when the next may be.
    TooMany(Duration),
}

/// Asks for a new password of whoever shows a code or a link.
#[derive(Template)]
#[template(path = "recovery/password.html")]
pub struct NewPasswordPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// Whether a code is asked for (field `code`): it was sent, if there is such an account.
    pub asks_code: bool,
    /// Whose password it is, as the person or the link says (field `username`).
    pub identifier: String,
    /// The interaction that the person came from (field `from`); may be empty.
    pub from: String,
    /// The least number of characters of a new password.
    pub min_length: usize,
    /// What is wrong with what was typed; [`NewPasswordError::Wrong`] is the code.
    pub error: Option<NewPasswordError>,
}

/// A link that does not count any more.
#[derive(Template)]
#[template(path = "recovery/gone.html")]
pub struct RecoveryGonePage {
    /// What every page shows around its own part.
    pub shell: Shell,
}

impl RecoverPage {
    fn error_text(&self, words: &Words) -> Option<String> {
        Some(match self.error? {
            RecoverError::Incomplete => words.t("recover-error-identifier"),
            RecoverError::TooMany(wait) => {
                words.with("error-too-many-tries", "wait", &wait_in_words(*words, wait))
            }
        })
    }

    fn back(&self) -> String {
        way_back(&self.from)
    }
}

impl NewPasswordPage {
    fn heading(&self, words: &Words) -> String {
        words.t(if self.asks_code { "recover-sent-heading" } else { "recover-password-heading" })
    }

    fn error_text(&self, words: &Words) -> Option<String> {
        Some(match self.error? {
            NewPasswordError::Incomplete => words.t("recover-error-incomplete"),
            NewPasswordError::Wrong => words.t("recover-error-code"),
            other => other.text(*words),
        })
    }

    fn hint(&self, words: &Words) -> String {
        words.count("account-new-password-hint", self.min_length as u128)
    }

    fn is_code_wrong(&self) -> bool {
        matches!(self.error, Some(NewPasswordError::Incomplete | NewPasswordError::Wrong))
    }

    fn is_new_wrong(&self) -> bool {
        self.error.is_some_and(NewPasswordError::is_of_the_new_one)
    }

    fn back(&self) -> String {
        way_back(&self.from)
    }
}

/// The sign-in that the person came from, or a new one.
fn way_back(from: &str) -> String {
    if from.is_empty() { "/sign-in".to_owned() } else { format!("/i/{from}") }
}

page!(RecoverPage, NewPasswordPage, RecoveryGonePage);
