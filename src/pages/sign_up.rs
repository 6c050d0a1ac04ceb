//! The pages for an account of one's own.

use std::time::Duration;

use askama::Template;

use super::account::NewPasswordError;
use super::words::Words;
use super::{AppView, Shell, page, wait_in_words};

/// Asks for the address that the account is to have.
#[derive(Template)]
#[template(path = "sign_up/address.html")]
pub struct SignUpPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The app that asks; none for our own pages.
    pub app: Option<AppView>,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// What stands in the field (`email`).
    pub email: String,
    /// The sign-in page, for who has an account.
    pub sign_in_href: String,
    /// The address of the account chooser, when there is something to choose.
    pub back_to_accounts: Option<String>,
    /// What is wrong.
    pub error: Option<SignUpAddressError>,
}

/// Why nothing is sent, whoever has the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUpAddressError {
    /// It is no address.
    Address,
    /// Nobody at its domain may make an account.
    Domain,
    /// Too many requests; when the next may be.
    TooMany(Duration),
}

impl SignUpPage {
    fn error_text(&self, words: &Words) -> Option<String> {
        Some(match self.error? {
            SignUpAddressError::Address => words.t("setup-error-email"),
            SignUpAddressError::Domain => words.t("sign-up-error-domain"),
            SignUpAddressError::TooMany(wait) => {
                words.with("error-too-many-tries", "wait", &wait_in_words(*words, wait))
            }
        })
    }

    fn is_field_wrong(&self) -> bool {
        matches!(self.error, Some(SignUpAddressError::Address | SignUpAddressError::Domain))
    }
}

/// What is wrong with what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUpError {
    /// A field is empty.
    Incomplete,
    /// The name cannot be.
    Name,
    /// The code is wrong, or does not count any more.
    Code,
    /// Somebody has this address since it was asked for.
    Taken,
    /// The password cannot be.
    Password(NewPasswordError),
    /// Too many tries; when the next may be.
    TooMany(Duration),
    /// Too much to do; when to try again.
    Busy(Duration),
}

impl SignUpError {
    fn text(self, words: Words) -> String {
        match self {
            Self::Incomplete => words.t("recover-error-incomplete"),
            Self::Name => words.t("setup-error-name"),
            Self::Code => words.t("recover-error-code"),
            Self::Taken => words.t("sign-up-error-taken"),
            Self::Password(problem) => problem.text(words),
            Self::TooMany(wait) => {
                words.with("error-too-many-tries", "wait", &wait_in_words(words, wait))
            }
            Self::Busy(wait) => words.with("error-busy", "wait", &wait_in_words(words, wait)),
        }
    }
}

/// Asks for a name and a password of whoever shows a code or a link.
#[derive(Template)]
#[template(path = "sign_up/person.html")]
pub struct SignUpPersonPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The app that asks; none for our own pages, and for a link.
    pub app: Option<AppView>,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// The page that sends a code again; none when a link was shown.
    pub code_again: Option<String>,
    /// The address, which is the username as well.
    pub email: String,
    /// What stands in the field (`name`).
    pub name: String,
    /// The least number of characters of a password.
    pub min_length: usize,
    /// The sign-in page.
    pub sign_in_href: String,
    /// What is wrong.
    pub error: Option<SignUpError>,
}

impl SignUpPersonPage {
    fn heading(&self, words: &Words) -> String {
        words.t(if self.code_again.is_some() { "recover-sent-heading" } else { "sign-up-heading" })
    }

    fn error_text(&self, words: &Words) -> Option<String> {
        self.error.map(|error| error.text(*words))
    }

    fn hint(&self, words: &Words) -> String {
        words.count("account-new-password-hint", self.min_length as u128)
    }

    fn is_wrong(&self, field: &str) -> bool {
        match self.error {
            Some(SignUpError::Incomplete) => true,
            Some(SignUpError::Code) => field == "code",
            Some(SignUpError::Name) => field == "name",
            Some(SignUpError::Password(_)) => field == "password",
            _ => false,
        }
    }
}

/// The account is there: its person goes on where they began.
#[derive(Template)]
#[template(path = "sign_up/done.html")]
pub struct SignUpDonePage {
    /// What every page shows around its own part.
    pub shell: Shell,
}

/// A link that makes no account any more.
#[derive(Template)]
#[template(path = "sign_up/gone.html")]
pub struct SignUpGonePage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// Whether it was that of an invitation.
    pub is_invitation: bool,
}

page!(SignUpPage, SignUpPersonPage, SignUpDonePage, SignUpGonePage);
