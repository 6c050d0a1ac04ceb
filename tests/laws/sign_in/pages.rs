//! How a page is told from the others.

use super::facts::Page;
use crate::support::Answer;

/// Which page it is.
pub(super) fn kind(answer: &Answer) -> Result<&'static str, String> {
    if answer.status.is_server_error() {
        return Err(format!("{} {}", answer.status, answer.body));
    }
    let is_away = answer.location().is_some_and(|to| !to.starts_with('/'));
    if is_away || (answer.has("handoff") && !answer.has("logged-out")) {
        return Ok(if answer.told("code").is_some() { "granted" } else { "refused" });
    }
    let marks = [
        ("login-submit", "sign-in"),
        ("totp-key", "set-up"),
        ("totp-submit", "code"),
        ("recovery-submit", "recovery"),
        ("passkey-sign-in", "passkey"),
        ("recovery-codes", "recovery codes"),
        ("consent-allow", "consent"),
        ("logged-out", "signed out"),
        ("error-page", "stop"),
        ("account-other", "choose"),
        ("sign-out", "account"),
    ];
    let found = marks.iter().find(|(id, _)| answer.has(id)).map(|(_, kind)| *kind);
    found.ok_or_else(|| format!("an unknown page: {} {}", answer.status, answer.body))
}

/// The same for what is expected.
pub(super) fn name_of(page: Page) -> &'static str {
    match page {
        Page::SignIn => "sign-in",
        Page::Code => "code",
        Page::Recovery => "recovery",
        Page::Passkey => "passkey",
        Page::SetUp => "set-up",
        Page::RecoveryCodes => "recovery codes",
        Page::Choose => "choose",
        Page::Consent => "consent",
        Page::Granted(_) => "granted",
        Page::Refused(_) => "refused",
        Page::Stop => "stop",
        Page::Account(_) => "account",
        Page::SignedOut => "signed out",
    }
}
