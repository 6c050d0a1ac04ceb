//! The pages of the second factor: showing one, and setting one up.

use std::time::Duration;

use askama::Template;
use qrcode::{Color, QrCode};

use super::words::Words;
use super::{AccountView, AppView, Shell, page, wait_in_words};

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
    /// The page for the other kind of code, when that would do.
    pub other_way: Option<String>,
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
    /// Whether the last code was wrong.
    pub is_wrong: bool,
}

impl TotpSetupPage {
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

page!(CodePage, TotpSetupPage, RecoveryCodesPage);
