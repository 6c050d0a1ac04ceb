//! What happened to an account of late, and "this wasn't me".

use askama::Template;

use super::words::Words;
use super::{Shell, page};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the sentence of the same name")]
pub enum ActivityKind {
    SignedIn,
    SignedInByPassword,
    SignedInByCode,
    SignedInByPasskey,
    SignedInByBoth,
    PasswordShown,
    SignInRefused,
    PasswordRefused,
    PasskeyRefused,
    FactorRefused,
    Throttled,
    Disowned,
    TotpAdded,
    TotpRemoved,
    FactorsResetByAdmin,
    CodesMade,
    DeviceTrusted,
    DeviceTrustEnded,
    PasskeyAdded,
    PasskeyRenamed,
    PasskeyRemoved,
    SessionsEnded,
    SignedOut,
    AccountMade,
    AccountMadeByAdmin,
    Disabled,
    Enabled,
    PasswordSet,
    PasswordSetByAdmin,
    RecoveryAsked,
    RecoveryRefused,
    RecoveryLinkMade,
    PasswordRecovered,
    EmailAsked,
    EmailRefused,
    EmailVerified,
    EmailChanged,
    GroupsSet,
    ProfileChanged,
    DataExported,
    DeletionAsked,
    DeletionWithdrawn,
    AppAllowed,
    AppRemoved,
}

impl ActivityKind {
    /// Whether somebody came in, or was about to: that may have been somebody else.
    const fn is_sign_in(self) -> bool {
        matches!(
            self,
            Self::SignedIn
                | Self::SignedInByPassword
                | Self::SignedInByCode
                | Self::SignedInByPasskey
                | Self::SignedInByBoth
                | Self::PasswordShown
        )
    }

    /// The sentence of an event that is about no app.
    const fn key(self) -> &'static str {
        match self {
            Self::SignedIn => "activity-signed-in",
            Self::SignedInByPassword => "activity-signed-in-password",
            Self::SignedInByCode => "activity-signed-in-code",
            Self::SignedInByPasskey => "activity-signed-in-passkey",
            Self::SignedInByBoth => "activity-signed-in-both",
            Self::PasswordShown => "activity-password-shown",
            Self::SignInRefused => "activity-refused",
            Self::PasswordRefused => "activity-password-refused",
            Self::PasskeyRefused => "activity-passkey-refused",
            Self::FactorRefused => "activity-factor-refused",
            Self::Throttled => "activity-throttled",
            Self::Disowned => "activity-disowned",
            Self::TotpAdded => "activity-totp-added",
            Self::TotpRemoved => "activity-totp-removed",
            Self::FactorsResetByAdmin => "activity-factors-reset",
            Self::CodesMade => "activity-codes-made",
            Self::DeviceTrusted => "activity-device-trusted",
            Self::DeviceTrustEnded => "activity-device-ended",
            Self::PasskeyAdded => "activity-passkey-added",
            Self::PasskeyRenamed => "activity-passkey-renamed",
            Self::PasskeyRemoved => "activity-passkey-removed",
            Self::SessionsEnded => "activity-sessions-ended",
            Self::SignedOut => "activity-signed-out",
            Self::AccountMade => "activity-made",
            Self::AccountMadeByAdmin => "activity-made-admin",
            Self::Disabled => "activity-disabled",
            Self::Enabled => "activity-enabled",
            Self::PasswordSet => "activity-password-set",
            Self::PasswordSetByAdmin => "activity-password-set-admin",
            Self::RecoveryAsked => "activity-recovery-asked",
            Self::RecoveryRefused => "activity-recovery-refused",
            Self::RecoveryLinkMade => "activity-recovery-link",
            Self::PasswordRecovered => "activity-password-recovered",
            Self::EmailAsked => "activity-email-asked",
            Self::EmailRefused => "activity-email-refused",
            Self::EmailVerified => "activity-email-verified",
            Self::EmailChanged => "activity-email-changed",
            Self::GroupsSet => "activity-groups",
            Self::ProfileChanged => "activity-profile",
            Self::DataExported => "activity-exported",
            Self::DeletionAsked => "activity-deletion",
            Self::DeletionWithdrawn => "activity-kept",
            Self::AppAllowed => "activity-app-allowed",
            Self::AppRemoved => "activity-app-removed",
        }
    }
}

/// What happened, the newest first.
#[derive(Template)]
#[template(path = "account/activity.html")]
pub struct ActivityPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The days, the newest first.
    pub days: Vec<ActivityDay>,
    /// The address of the next page, when there is one.
    pub older: Option<String>,
    /// Whether this is the first page.
    pub is_newest: bool,
}

/// What happened on one day.
#[derive(Debug, Clone)]
pub struct ActivityDay {
    /// The day in UTC, as `2026-11-24`.
    pub day: String,
    /// What happened, the newest first.
    pub lines: Vec<ActivityView>,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct ActivityView {
    /// When, in UTC (RFC 3339).
    pub at: String,
    /// What.
    pub kind: ActivityKind,
    /// The app's name, where it was about one.
    pub app: String,
    /// A guess at the browser; may be empty.
    pub device: String,
    /// The network; may be empty.
    pub network: String,
}

impl ActivityView {
    fn text(&self, words: &Words) -> String {
        match self.kind {
            ActivityKind::AppAllowed => words.with("activity-app-allowed", "app", &self.app),
            ActivityKind::AppRemoved => words.with("activity-app-removed", "app", &self.app),
            kind => words.t(kind.key()),
        }
    }

    fn is_sign_in(&self) -> bool {
        self.kind.is_sign_in()
    }
}

/// What happens when somebody says that a sign-in was not theirs.
#[derive(Template)]
#[template(path = "account/disown.html")]
pub struct DisownPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// Whether there is a password, which is then to be chosen anew.
    pub has_password: bool,
}

page!(ActivityPage, DisownPage);
