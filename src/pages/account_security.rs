//! The pages about how a person signs in.

use askama::Template;

use super::words::Words;
use super::{Shell, page};

/// The ways in, at a glance.
#[derive(Template)]
#[template(path = "account/security.html")]
pub struct SecurityPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The e-mail address, and whether it is confirmed.
    pub email: Option<(String, bool)>,
    /// Whether there is a password.
    pub has_password: bool,
    /// When it was set, in UTC (RFC 3339), if that is known.
    pub password_set_at: Option<String>,
    /// The names of the passkeys.
    pub passkeys: Vec<String>,
    /// Since when there is an authenticator app, in UTC (RFC 3339).
    pub totp_since: Option<String>,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// Whether the authenticator app was removed just now.
    pub is_totp_removed: bool,
    /// Whether the e-mail address was confirmed just now.
    pub is_email_confirmed: bool,
}

impl SecurityPage {
    fn codes_left(&self, words: &Words) -> String {
        words.count("security-codes-left", u128::from(self.recovery_codes))
    }

    fn is_password_alone(&self) -> bool {
        self.has_password && self.passkeys.is_empty() && self.totp_since.is_none()
    }
}

/// The passkeys.
#[derive(Template)]
#[template(path = "account/passkeys.html")]
pub struct PasskeysPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<PasskeyLine>,
    /// Whether there can be any at this address.
    pub can_be_added: bool,
    /// For `signalAllAcceptedCredentials`, as JSON.
    pub accepted: Option<String>,
    /// For `signalCurrentUserDetails`, as JSON.
    pub details: Option<String>,
    /// Whether one was added, renamed or removed just now.
    pub is_done: bool,
    /// Whether everybody else was shut out just now, so that each passkey should be looked at.
    pub is_to_be_reviewed: bool,
}

/// One passkey of the list.
#[derive(Clone)]
pub struct PasskeyLine {
    /// What the address of its page names it by.
    pub id: String,
    /// What its person calls it.
    pub name: String,
    /// When it was made, in UTC (RFC 3339).
    pub created: String,
    /// When it last signed in, in UTC (RFC 3339).
    pub last_used: Option<String>,
    /// Whether it was copied to other devices of its person.
    pub is_synced: bool,
}

/// Why a passkey was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewPasskeyError {
    /// It did not prove itself, or the page was too old.
    Refused,
    /// There are as many as there may be.
    TooMany,
}

/// A new passkey.
#[derive(Template)]
#[template(path = "account/passkey_new.html")]
pub struct NewPasskeyPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// The options for `navigator.credentials`, as JSON.
    pub options: String,
    /// Comes back with the answer (field `ticket`).
    pub ticket: String,
    /// Why the last one was not added.
    pub error: Option<NewPasskeyError>,
}

impl NewPasskeyPage {
    fn error_text(&self, words: &Words) -> Option<String> {
        Some(match self.error? {
            NewPasskeyError::Refused => words.t("passkey-enrol-refused"),
            NewPasskeyError::TooMany => words.t("passkey-too-many"),
        })
    }
}

/// One passkey: its name, and the way to its end.
#[derive(Template)]
#[template(path = "account/passkey.html")]
pub struct PasskeyPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the form ours.
    pub csrf: String,
    /// What its address names it by.
    pub id: String,
    /// What its person calls it.
    pub name: String,
}

/// The question whether a passkey shall go.
#[derive(Template)]
#[template(path = "account/passkey_remove.html")]
pub struct RemovePasskeyPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the form ours.
    pub csrf: String,
    /// What its address names it by.
    pub id: String,
    /// What its person calls it.
    pub name: String,
    /// Whether it is the last way in, and stays.
    pub is_last: bool,
}

/// The authenticator app.
#[derive(Template)]
#[template(path = "account/totp.html")]
pub struct TotpPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the form ours.
    pub csrf: String,
    /// Since when it is set up, in UTC (RFC 3339).
    pub since: String,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
}

impl TotpPage {
    fn codes_left(&self, words: &Words) -> String {
        words.count("security-codes-left", u128::from(self.recovery_codes))
    }
}

/// The question whether the authenticator app shall go.
#[derive(Template)]
#[template(path = "account/totp_remove.html")]
pub struct RemoveTotpPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the form ours.
    pub csrf: String,
}

page!(SecurityPage, PasskeysPage, NewPasskeyPage, PasskeyPage, RemovePasskeyPage, TotpPage);
page!(RemoveTotpPage);
