use std::time::Duration;

use askama::Template;

use super::words::Words;
use super::{Shell, page, wait_in_words};

/// The e-mail address of an account, and the way to another one.
#[derive(Template)]
#[template(path = "account/email.html")]
pub struct EmailPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the forms ours (field `csrf`).
    pub csrf: String,
    /// The address of the account.
    pub address: Option<String>,
    /// Whether somebody proved that it is theirs.
    pub is_verified: bool,
    /// Whether a mail can be sent; without it there are no forms.
    pub can_mail: bool,
    /// The address that a code was sent to and that waits for it (field `code`).
    pub pending: Option<String>,
    /// What stands in the field for another address (`email`).
    pub typed: String,
    /// What is wrong with what was typed.
    pub error: Option<EmailError>,
}

/// What is wrong with what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailError {
    /// It is no address.
    Address,
    /// It is the address of the account already, and confirmed.
    Unchanged,
    /// There is no code.
    Incomplete,
    /// The code is wrong, or does not count any more.
    Code,
    /// Another account has the address by now.
    Taken,
    /// Too many tries; when the next may be.
    TooMany(Duration),
}

/// Asks whoever opened a link from a mail whether its address is to be that of an account.
#[derive(Template)]
#[template(path = "email/link.html")]
pub struct EmailLinkPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// The name of the account.
    pub username: String,
    /// The address.
    pub address: String,
}

/// An address that a link confirmed.
#[derive(Template)]
#[template(path = "email/done.html")]
pub struct EmailDonePage {
    /// What every page shows around its own part.
    pub shell: Shell,
}

/// A link that confirms nothing.
#[derive(Template)]
#[template(path = "email/gone.html")]
pub struct EmailGonePage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// Whether that is because another account has the address by now.
    pub is_taken: bool,
}

impl EmailPage {
    fn error_text(&self, words: &Words) -> Option<String> {
        Some(match self.error? {
            EmailError::Address => words.t("setup-error-email"),
            EmailError::Unchanged => words.t("email-error-same"),
            EmailError::Incomplete => words.t("email-error-incomplete"),
            EmailError::Code => words.t("recover-error-code"),
            EmailError::Taken => words.t("email-error-taken"),
            EmailError::TooMany(wait) => {
                words.with("error-too-many-tries", "wait", &wait_in_words(*words, wait))
            }
        })
    }

    fn state(&self, words: &Words) -> String {
        words.t(if self.is_verified { "email-confirmed" } else { "email-unconfirmed" })
    }

    /// The address that waits for nothing but a first code.
    fn unconfirmed(&self) -> Option<&String> {
        self.address.as_ref().filter(|_| !self.is_verified && self.pending.is_none())
    }

    fn is_code_wrong(&self) -> bool {
        matches!(self.error, Some(EmailError::Incomplete | EmailError::Code))
    }

    fn is_address_wrong(&self) -> bool {
        matches!(self.error, Some(EmailError::Address | EmailError::Unchanged))
    }
}

page!(EmailPage, EmailLinkPage, EmailDonePage, EmailGonePage);
