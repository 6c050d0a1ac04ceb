//! The mails: what each says, as text and as HTML.

mod gallery;
mod preview;

use std::time::Duration;

use askama::Template;

use super::words::Words;
use super::{Locale, RenderError, wait_in_words};
use crate::base::Timestamp;

pub use gallery::mail_gallery;
pub use preview::{MailsPage, SentMail};

/// What a mail is about. Paths are of our own pages and begin with a slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mail {
    /// A code that proves that an address is the person's.
    VerificationCode {
        /// The code, as it is typed.
        code: String,
        /// How long it counts.
        valid_for: Duration,
        /// The page that takes the code, when a link may stand beside it.
        path: Option<String>,
    },
    /// A code that lets a person set a new password.
    ResetCode {
        /// The code, as it is typed.
        code: String,
        /// How long it counts.
        valid_for: Duration,
        /// The page that takes the code, when a link may stand beside it.
        path: Option<String>,
    },
    /// To the address of before: it is the account's no longer.
    EmailChangedFrom {
        /// The address of now.
        new: String,
    },
    /// To the address of now: it is the account's.
    EmailChangedTo,
    /// To an address that another account asked for.
    AddressAskedFor,
    /// The password is another one.
    PasswordChanged,
    /// Somebody signed in with a browser that the account has not seen before.
    NewSignIn,
    /// Their person said that a sign-in was not theirs, and all else ended.
    SignInDisowned,
    /// There is one more way to prove who it is.
    FactorAdded {
        /// Which.
        factor: MailFactor,
    },
    /// There is one less.
    FactorRemoved {
        /// Its name, as the person knew it.
        factor: MailFactor,
    },
    /// There are new recovery codes, and the old ones count no more.
    RecoveryCodesMade,
    /// A recovery code was used, and few are left.
    RecoveryCodesLow {
        /// How many.
        left: u32,
    },
    /// An app that registered itself may use the account.
    ConsentGiven {
        /// Its name, as it says itself.
        app: String,
    },
    /// The account is switched off.
    AccountDisabled,
    /// The account goes, because its person asked for that.
    DeletionAsked {
        /// When.
        at: Timestamp,
    },
    /// It stays after all.
    AccountKept,
    /// The account is gone.
    AccountDeleted,
    /// Somebody asked for an account at an address that has one.
    AlreadyRegistered,
    /// Somebody may make an account.
    Invitation {
        /// The page that takes the invitation.
        path: String,
        /// How long it counts.
        valid_for: Duration,
    },
}

/// What every mail shows around its own part.
#[derive(Debug, Clone)]
pub struct MailFrame {
    /// The language of every word.
    pub locale: Locale,
    /// The name of the service.
    pub brand: String,
    /// The issuer: every link begins with it, and with nothing that a request said (R66).
    pub issuer: String,
    /// What the person is called; may be empty.
    pub name: String,
    /// The address it goes to.
    pub to: String,
    /// When it happened.
    pub at: Timestamp,
    /// The browser and system it was done with, when they matter and are known.
    pub device: Option<String>,
    /// The network it came from, when it matters and is known.
    pub network: Option<String>,
}

/// A mail as it is sent.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WrittenMail {
    /// The address it goes to.
    pub to: String,
    /// The person's name; may be empty, or anything at all.
    pub name: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

impl std::fmt::Debug for WrittenMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WrittenMail(…)")
    }
}

impl Mail {
    /// The word for its kind, which is stored and shown.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::VerificationCode { .. } => "verification_code",
            Self::ResetCode { .. } => "reset_code",
            Self::EmailChangedFrom { .. } => "email_changed_from",
            Self::EmailChangedTo => "email_changed_to",
            Self::AddressAskedFor => "address_asked_for",
            Self::PasswordChanged => "password_changed",
            Self::NewSignIn => "new_sign_in",
            Self::SignInDisowned => "sign_in_disowned",
            Self::FactorAdded { .. } => "factor_added",
            Self::FactorRemoved { .. } => "factor_removed",
            Self::RecoveryCodesMade => "recovery_codes_made",
            Self::RecoveryCodesLow { .. } => "recovery_codes_low",
            Self::ConsentGiven { .. } => "consent_given",
            Self::AccountDisabled => "account_disabled",
            Self::DeletionAsked { .. } => "deletion_asked",
            Self::AccountKept => "account_kept",
            Self::AccountDeleted => "account_deleted",
            Self::AlreadyRegistered => "already_registered",
            Self::Invitation { .. } => "invitation",
        }
    }

    /// The whole mail.
    ///
    /// # Errors
    /// When a template fails, which it does only when memory ends.
    pub fn write(&self, frame: &MailFrame) -> Result<WrittenMail, RenderError> {
        let parts = self.parts(frame);
        let html = Html { parts: &parts }.render()?;
        let text = Text { parts: &parts }.render()?;
        let (to, name) = (frame.to.clone(), frame.name.clone());
        Ok(WrittenMail { to, name, subject: parts.subject, text, html })
    }

    fn parts<'a>(&'a self, frame: &'a MailFrame) -> Parts<'a> {
        let w = Words::plain(frame.locale);
        let link = |path: &str| format!("{}/{}", frame.issuer, path.trim_start_matches('/'));
        let code = |code: &'a str, path: &Option<String>| (Some(code), path.as_deref().map(link));
        let ((subject, text, after), (code, link)) = match self {
            Self::VerificationCode { code: sent, valid_for, path } => {
                let wait = how_long(w, *valid_for);
                let subject = w.with("mail-verify-subject", "code", sent);
                let text = w.with("mail-verify-text", "wait", &wait);
                ((subject, text, w.t("mail-not-asked")), code(sent, path))
            }
            Self::ResetCode { code: sent, valid_for, path } => {
                let wait = how_long(w, *valid_for);
                let subject = w.with("mail-reset-subject", "code", sent);
                let text = w.with("mail-reset-text", "wait", &wait);
                ((subject, text, w.t("mail-not-asked")), code(sent, path))
            }
            Self::Invitation { path, valid_for } => {
                let wait = how_long(w, *valid_for);
                let subject = w.with("mail-invitation-subject", "brand", &frame.brand);
                let text = w.with("mail-invitation-text", "wait", &wait);
                ((subject, text, w.t("mail-not-expected")), (None, Some(link(path))))
            }
            Self::AlreadyRegistered => {
                let (subject, text) = (w.t("mail-registered-subject"), w.t("mail-registered-text"));
                ((subject, text, w.t("mail-not-expected")), (None, Some(link("/sign-in"))))
            }
            _ => (self.notice(w, &frame.brand), (None, self.page().map(link))),
        };
        Parts { frame, w, subject, text, code, link, button: self.button(w), after }
    }

    /// The page of ours that a notice leads to; none for who has no account here any more.
    const fn page(&self) -> Option<&'static str> {
        match self {
            Self::AccountDeleted
            | Self::AccountDisabled
            | Self::EmailChangedFrom { .. }
            | Self::AddressAskedFor => None,
            // What they look for is there, behind a sign-in.
            Self::NewSignIn | Self::SignInDisowned => Some("/account/activity"),
            Self::RecoveryCodesLow { .. } => Some("/account/totp"),
            Self::ConsentGiven { .. } => Some("/account/apps"),
            Self::DeletionAsked { .. } => Some("/account/delete"),
            _ => Some("/account"),
        }
    }

    /// Subject, text, and what to do who knows nothing of it.
    fn notice(&self, w: Words, brand: &str) -> (String, String, String) {
        let not_you = w.t("mail-not-you");
        let ask = w.with("mail-ask-operator", "brand", brand);
        match self {
            Self::EmailChangedFrom { new } => (
                w.t("mail-email-changed-subject"),
                w.with("mail-email-changed-from", "address", new),
                ask,
            ),
            Self::EmailChangedTo => {
                (w.t("mail-email-changed-subject"), w.t("mail-email-changed-to"), not_you)
            }
            Self::PasswordChanged => {
                (w.t("mail-password-changed-subject"), w.t("mail-password-changed-text"), not_you)
            }
            Self::SignInDisowned => {
                (w.t("mail-disowned-subject"), w.t("mail-disowned-text"), not_you)
            }
            Self::FactorAdded { factor } => (
                w.t("mail-factor-added-subject"),
                w.with("mail-factor-added-text", "factor", &factor.name(w)),
                not_you,
            ),
            Self::FactorRemoved { factor } => (
                w.t("mail-factor-removed-subject"),
                w.with("mail-factor-removed-text", "factor", &factor.name(w)),
                not_you,
            ),
            Self::AccountDisabled => (w.t("mail-disabled-subject"), w.t("mail-disabled-text"), ask),
            Self::AccountDeleted => (w.t("mail-deleted-subject"), w.t("mail-deleted-text"), ask),
            Self::NewSignIn => {
                (w.t("mail-new-sign-in-subject"), w.t("mail-new-sign-in-text"), not_you)
            }
            _ => self.further_notice(w, not_you),
        }
    }

    /// The same for what is left.
    fn further_notice(&self, w: Words, not_you: String) -> (String, String, String) {
        match self {
            Self::AddressAskedFor => {
                (w.t("mail-taken-subject"), w.t("mail-taken-text"), w.t("mail-not-expected"))
            }
            Self::RecoveryCodesMade => {
                (w.t("mail-codes-made-subject"), w.t("mail-codes-made-text"), not_you)
            }
            Self::RecoveryCodesLow { left } => (
                w.t("mail-codes-low-subject"),
                w.with("mail-codes-low-text", "count", &left.to_string()),
                not_you,
            ),
            Self::ConsentGiven { app } => {
                (w.t("mail-consent-subject"), w.with("mail-consent-text", "app", app), not_you)
            }
            Self::DeletionAsked { at } => (
                w.t("mail-deletion-subject"),
                w.with("mail-deletion-text", "day", &at.minute_in_utc()),
                not_you,
            ),
            _ => (w.t("mail-kept-subject"), w.t("mail-kept-text"), not_you),
        }
    }

    fn button(&self, w: Words) -> String {
        match self {
            Self::VerificationCode { .. } => w.t("mail-verify-button"),
            Self::ResetCode { .. } => w.t("mail-reset-button"),
            Self::Invitation { .. } => w.t("mail-invitation-button"),
            Self::AlreadyRegistered => w.t("sign-in-button"),
            Self::RecoveryCodesLow { .. } => w.t("totp-new-codes"),
            Self::ConsentGiven { .. } => w.t("connected-heading"),
            Self::DeletionAsked { .. } => w.t("delete-keep"),
            Self::NewSignIn | Self::SignInDisowned => w.t("mail-activity-button"),
            _ => w.t("mail-account-button"),
        }
    }
}

/// A way to sign in, as mails name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailFactor {
    /// A passkey.
    Passkey,
    /// An authenticator app.
    Totp,
}

impl MailFactor {
    fn name(self, w: Words) -> String {
        w.t(match self {
            Self::Passkey => "way-passkey",
            Self::Totp => "way-totp",
        })
    }
}

/// How long something counts, in the largest unit that leaves little out.
fn how_long(words: Words, time: Duration) -> String {
    const HOUR: u64 = 60 * 60;
    match time.as_secs() {
        seconds if seconds >= 48 * HOUR => {
            words.count("mail-for-days", u128::from(seconds / (24 * HOUR)))
        }
        seconds if seconds >= 2 * HOUR => words.count("mail-for-hours", u128::from(seconds / HOUR)),
        _ => wait_in_words(words, time),
    }
}

/// What both forms of a mail are made of.
struct Parts<'a> {
    frame: &'a MailFrame,
    w: Words,
    subject: String,
    text: String,
    code: Option<&'a str>,
    link: Option<String>,
    button: String,
    after: String,
}

impl Parts<'_> {
    fn hello(&self) -> String {
        // In the text a name of several lines would look like lines of ours.
        let name = self.frame.name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            self.w.t("mail-hello-nobody")
        } else {
            self.w.with("mail-hello", "name", &name)
        }
    }

    /// When, with what and from where it happened: a label and its value.
    fn details(&self) -> Vec<(String, &str)> {
        let device = self.frame.device.as_deref().map(|device| (self.w.t("mail-device"), device));
        let network =
            self.frame.network.as_deref().map(|network| (self.w.t("mail-network"), network));
        device.into_iter().chain(network).collect()
    }

    fn when(&self) -> String {
        self.frame.at.minute_in_utc()
    }
}

#[derive(Template)]
#[template(path = "mail/mail.html")]
struct Html<'a> {
    parts: &'a Parts<'a>,
}

#[derive(Template)]
#[template(path = "mail/mail.txt")]
struct Text<'a> {
    parts: &'a Parts<'a>,
}
