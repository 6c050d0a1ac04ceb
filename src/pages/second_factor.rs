//! The pages of the second factor: showing one, and setting one up.

use std::time::Duration;

use askama::Template;
use qrcode::QrCode;
use qrcode::render::svg;

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
    pub qr_code: Option<String>,
    /// The key for typing it in.
    pub key: String,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
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

/// The picture of `uri` as an SVG element.
pub fn qr_code(uri: &str) -> Option<String> {
    let code = QrCode::new(uri.as_bytes()).ok()?;
    let document = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    let element = document.find("<svg")?;
    Some(document[element..].replacen("<svg ", "<svg role=\"img\" aria-labelledby=\"qr-name\" ", 1))
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
