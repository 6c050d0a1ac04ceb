use askama::Template;

use super::setup::{FirstPasskeyView, SetupError};
use super::words::Words;
use super::{Shell, page};

/// The form that makes the account of an invitation.
#[derive(Template)]
#[template(path = "sign_up/invitation.html")]
pub struct InvitationPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// The address that the invitation is for.
    pub email: String,
    /// The name to sign in with.
    pub username: String,
    /// The full name, as the invitation or the person says it.
    pub name: String,
    /// Whether the invitation says it: the field is read-only.
    pub is_name_fixed: bool,
    /// The question for a passkey; none where there can be none.
    pub passkey: Option<FirstPasskeyView>,
    /// The least number of characters of a password.
    pub min_length: usize,
    /// What is wrong.
    pub error: Option<SetupError>,
}

impl InvitationPage {
    fn error_text(&self, words: &Words) -> Option<String> {
        Some(match self.error? {
            SetupError::Taken => words.t("invitation-error-taken"),
            other => other.text(*words),
        })
    }

    fn is_wrong(&self, field: &str) -> bool {
        match self.error {
            Some(SetupError::Name) => field == "name",
            Some(SetupError::Password(_)) => field == "password",
            _ => false,
        }
    }

    fn hint(&self, words: &Words) -> String {
        words.count("account-new-password-hint", self.min_length as u128)
    }
}

page!(InvitationPage);
