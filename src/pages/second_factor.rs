//! The pages of the second factor: showing one, and setting one up.

use std::time::Duration;

use askama::Template;
use qrcode::{Color, QrCode};

use super::words::Words;
use super::{AccountView, AppView, NewPasswordError, Shell, page, wait_in_words};

/// Which code a page asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeKind {
    /// A code of an authenticator app.
    Totp,
    /// A recovery code.
    Recovery,
}

/// Why a code was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeError {
    /// Wrong, too old, or used before.
    Wrong,
    /// Too many failures.
    TooManyTries {
        /// When to try again.
        retry_after: Duration,
    },
}

/// The new password before which nothing opens.
#[derive(Template)]
#[template(path = "login/new_password.html")]
pub struct DuePasswordPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// Whose password.
    pub account: AccountView,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// The least number of characters.
    pub min_length: usize,
    /// What is wrong with what was typed.
    pub error: Option<NewPasswordError>,
}

impl DuePasswordPage {
    fn error_text(&self, words: &Words) -> Option<String> {
        Some(match self.error? {
            NewPasswordError::Incomplete => words.t("new-password-incomplete"),
            other => other.text(*words),
        })
    }

    fn hint(&self, words: &Words) -> String {
        words.count("account-new-password-hint", self.min_length as u128)
    }
}

/// The question for a code.
#[derive(Template)]
#[template(path = "login/code.html")]
pub struct CodePage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The app that asks; none for our own pages.
    pub app: Option<AppView>,
    /// Whose code.
    pub account: AccountView,
    /// Which code.
    pub kind: CodeKind,
    /// Whether they are signed in already, and the app wants more.
    pub is_step_up: bool,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// Why the last code was not accepted.
    pub error: Option<CodeError>,
    /// For how many days this device may not be asked again; none when that is not offered.
    pub trust_days: Option<u128>,
    /// The page with the other ways, when there are any.
    pub other_ways: Option<String>,
    /// The account chooser.
    pub switch_href: String,
}

impl CodePage {
    fn is_totp(&self) -> bool {
        self.kind == CodeKind::Totp
    }

    fn heading(&self, w: &Words) -> String {
        match (self.is_step_up, &self.app) {
            (true, Some(app)) => w.with("confirm-heading", "app", &app.name),
            _ if self.is_totp() => w.t("totp-heading"),
            _ => w.t("recovery-heading"),
        }
    }

    fn error_text(&self, w: &Words) -> Option<String> {
        Some(match self.error? {
            CodeError::Wrong if self.is_totp() => w.t("totp-wrong"),
            CodeError::Wrong => w.t("recovery-wrong"),
            CodeError::TooManyTries { retry_after } => {
                w.with("error-too-many-tries", "wait", &wait_in_words(*w, retry_after))
            }
        })
    }

    fn is_field_error(&self) -> bool {
        self.error == Some(CodeError::Wrong)
    }
}

/// The question for a passkey after the password.
#[derive(Template)]
#[template(path = "login/passkey_confirm.html")]
pub struct PasskeyConfirmPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The app that asks; none for our own pages.
    pub app: Option<AppView>,
    /// Whose passkey.
    pub account: AccountView,
    /// Whether they are signed in already, and the app wants more.
    pub is_step_up: bool,
    /// Where the answer is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// The options for `navigator.credentials`, as JSON.
    pub options: String,
    /// Comes back with the answer (field `ticket`).
    pub ticket: String,
    /// Why the last passkey was not accepted.
    pub error: Option<CodeError>,
    /// For how many days this device may not be asked again; none when that is not offered.
    pub trust_days: Option<u128>,
    /// The page with the other ways, when there are any.
    pub other_ways: Option<String>,
    /// The account chooser.
    pub switch_href: String,
}

impl PasskeyConfirmPage {
    fn heading(&self, w: &Words) -> String {
        match (self.is_step_up, &self.app) {
            (true, Some(app)) => w.with("confirm-heading", "app", &app.name),
            _ => w.t("passkey-confirm-heading"),
        }
    }

    fn error_text(&self, w: &Words) -> Option<String> {
        Some(match self.error? {
            CodeError::Wrong => w.t("passkey-confirm-refused"),
            CodeError::TooManyTries { retry_after } => {
                w.with("error-too-many-tries", "wait", &wait_in_words(*w, retry_after))
            }
        })
    }
}

/// The ways to show a second factor, to choose from.
#[derive(Template)]
#[template(path = "login/ways.html")]
pub struct WaysPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The app that asks; none for our own pages.
    pub app: Option<AppView>,
    /// Whose.
    pub account: AccountView,
    /// The ways, the one last used first.
    pub ways: Vec<WayView>,
}

/// One way.
#[derive(Debug, Clone)]
pub struct WayView {
    /// Which.
    pub kind: WayKind,
    /// Its page.
    pub href: String,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayKind {
    /// A passkey.
    Passkey,
    /// A code of an authenticator app.
    Totp,
    /// A recovery code.
    Recovery,
}

impl WayView {
    fn key(&self) -> &'static str {
        match self.kind {
            WayKind::Passkey => "way-passkey",
            WayKind::Totp => "way-totp",
            WayKind::Recovery => "way-recovery",
        }
    }

    fn text_key(&self) -> &'static str {
        match self.kind {
            WayKind::Passkey => "way-passkey-text",
            WayKind::Totp => "way-totp-text",
            WayKind::Recovery => "way-recovery-text",
        }
    }
}

/// Why a second factor was not set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUpError {
    /// The code was wrong.
    Code,
    /// The passkey could not be added.
    Passkey,
}

/// What a browser that can make a passkey is asked.
#[derive(Debug, Clone)]
pub struct NewPasskeyView {
    /// Where the new passkey is posted.
    pub action: String,
    /// The options for `navigator.credentials`, as JSON.
    pub options: String,
    /// Comes back with the answer (field `ticket`).
    pub ticket: String,
}

/// Setting up an authenticator app.
#[derive(Template)]
#[template(path = "login/totp_setup.html")]
pub struct TotpSetupPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The app that demands a second factor; none for our own pages.
    pub app: Option<AppView>,
    /// Whose.
    pub account: AccountView,
    /// The `otpauth:` address as a picture; none when it does not fit.
    pub qr_code: Option<QrView>,
    /// The key for typing it in.
    pub key: String,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// Comes back with the code (field `ticket`), where no interaction keeps the key.
    pub ticket: Option<String>,
    /// What a browser that can make a passkey is asked.
    pub passkey: Option<NewPasskeyView>,
    /// Why the page is shown again.
    pub error: Option<SetUpError>,
}

impl TotpSetupPage {
    fn is_wrong(&self) -> bool {
        self.error == Some(SetUpError::Code)
    }

    fn error_text(&self, w: &Words) -> Option<String> {
        Some(match self.error? {
            SetUpError::Code => w.t("totp-setup-wrong"),
            SetUpError::Passkey => w.t("passkey-enrol-refused"),
        })
    }

    /// The key in groups of four, which are easier to copy by eye.
    fn key_in_groups(&self) -> String {
        let letters: Vec<char> = self.key.chars().collect();
        letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
    }
}

/// A QR code for the templates to draw.
pub struct QrView {
    /// Modules in a row, with the quiet zone of four on each side.
    size: usize,
    /// The dark modules as an SVG path.
    path: String,
}

/// The picture of `uri`, when it fits into one.
pub fn qr_code(uri: &str) -> Option<QrView> {
    const QUIET: usize = 4;
    let code = QrCode::new(uri.as_bytes()).ok()?;
    let width = code.width();
    let colors = code.to_colors();
    let dark = colors.iter().enumerate().filter(|(_, color)| **color == Color::Dark);
    let squares = dark
        .map(|(place, _)| format!("M{} {}h1v1h-1z", place % width + QUIET, place / width + QUIET));
    Some(QrView { size: width + 2 * QUIET, path: squares.collect() })
}

/// Recovery codes, shown once.
#[derive(Template)]
#[template(path = "login/recovery_codes.html")]
pub struct RecoveryCodesPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The codes.
    pub codes: Vec<String>,
    /// Where the way goes on.
    pub onward: String,
}

impl RecoveryCodesPage {
    /// The codes as a text file in a `data:` address: they are nowhere to be fetched again.
    fn download(&self) -> String {
        format!("data:text/plain;charset=utf-8,{}", self.codes.join("%0A"))
    }
}

page!(DuePasswordPage);
page!(CodePage, PasskeyConfirmPage, WaysPage, TotpSetupPage, RecoveryCodesPage);
