use std::time::Duration;

use askama::Template;

use super::words::Words;
use super::{AccountView, AppView, Shell, page, wait_in_words};

/// Why a person is asked to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInReason {
    /// The app asks to confirm.
    StepUp,
    /// The page had been open too long.
    StaleForm,
    /// They asked for another account.
    OtherAccount,
}

/// Why a sign-in was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInError {
    /// Unknown, wrong or disabled: one sentence for all.
    WrongCredentials,
    /// Too many failures.
    TooManyTries {
        /// When to try again.
        retry_after: Duration,
    },
    /// Too much to do.
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// A field is empty.
    SignInIncomplete,
}

/// The sign-in page.
#[derive(Template)]
#[template(path = "login/sign_in.html")]
pub struct SignInPage {
    /// Around it.
    pub shell: Shell,
    /// The app that asks.
    pub app: Option<AppView>,
    /// Where the form goes.
    pub action: String,
    /// The form's token.
    pub csrf: String,
    /// What stands in the first field.
    pub identifier: String,
    /// Whether the first field is given.
    pub is_identifier_fixed: bool,
    /// What the tick box shows.
    pub remember: bool,
    /// Why they are asked.
    pub reason: Option<SignInReason>,
    /// Why the page is shown again.
    pub error: Option<SignInError>,
    /// Back to the accounts that are signed in.
    pub back_to_accounts: Option<String>,
}

impl SignInPage {
    fn heading(&self, w: &Words) -> String {
        match (&self.app, self.reason) {
            (Some(app), Some(SignInReason::StepUp)) => w.with("confirm-heading", "app", &app.name),
            (None, Some(SignInReason::StepUp)) => w.t("confirm-heading-own"),
            (_, Some(SignInReason::OtherAccount)) => w.t("other-account"),
            _ => w.t("sign-in-heading"),
        }
    }

    fn title(&self, w: &Words) -> String {
        match &self.app {
            Some(app) => w.with("sign-in-title", "app", &app.name),
            None => w.t("sign-in-heading"),
        }
    }

    fn error_text(&self, w: &Words) -> Option<String> {
        Some(match self.error? {
            SignInError::WrongCredentials => w.t("error-wrong-credentials"),
            SignInError::SignInIncomplete => w.t("error-incomplete"),
            SignInError::TooManyTries { retry_after } => {
                w.with("error-too-many-tries", "wait", &wait_in_words(*w, retry_after))
            }
            SignInError::Busy { retry_after } => {
                w.with("error-busy", "wait", &wait_in_words(*w, retry_after))
            }
        })
    }

    /// Whether the fields themselves are at fault.
    fn is_field_error(&self) -> bool {
        matches!(self.error, Some(SignInError::WrongCredentials | SignInError::SignInIncomplete))
    }
}

/// The accounts of this browser to choose from.
#[derive(Template)]
#[template(path = "login/accounts.html")]
pub struct ChooserPage {
    /// Around it.
    pub shell: Shell,
    /// The app that asks.
    pub app: Option<AppView>,
    /// Where the form goes.
    pub action: String,
    /// The form's token.
    pub csrf: String,
    /// The accounts, the active one first.
    pub accounts: Vec<AccountView>,
    /// One account: "continue as".
    pub is_already_signed_in: bool,
}

/// A scope that is asked for.
#[derive(Debug, Clone)]
pub struct ScopeView {
    /// Its value.
    pub scope: String,
    /// Whether it is new since last time.
    pub is_new: bool,
}

impl ScopeView {
    /// The scope in plain words.
    fn text(&self, w: &Words) -> String {
        let key = match self.scope.as_str() {
            "openid" => "scope-openid",
            "profile" => "scope-profile",
            "email" => "scope-email",
            "phone" => "scope-phone",
            "address" => "scope-address",
            "groups" => "scope-groups",
            "offline_access" => "scope-offline-access",
            other => return w.with("scope-other", "scope", other),
        };
        w.t(key)
    }
}

/// Allow or deny.
#[derive(Template)]
#[template(path = "login/consent.html")]
pub struct ConsentPage {
    /// Around it.
    pub shell: Shell,
    /// The app that asks.
    pub app: AppView,
    /// Who is asked.
    pub account: AccountView,
    /// What for.
    pub scopes: Vec<ScopeView>,
    /// Where the form goes.
    pub action: String,
    /// The form's token.
    pub csrf: String,
    /// Where to choose another account.
    pub switch_action: String,
}

/// The way back to the app. The answer's `Refresh` header moves on by itself.
#[derive(Template)]
#[template(path = "login/hand_off.html")]
pub struct HandOffPage {
    /// Around it.
    pub shell: Shell,
    /// The app.
    pub app_name: Option<String>,
    /// Where.
    pub href: String,
}

/// The way back to the app by a form.
#[derive(Template)]
#[template(path = "login/form_post.html")]
pub struct FormPostPage {
    /// Around it.
    pub shell: Shell,
    /// The app.
    pub app_name: Option<String>,
    /// Where.
    pub action: String,
    /// What.
    pub fields: Vec<(String, String)>,
}

page!(SignInPage, ChooserPage, ConsentPage, HandOffPage, FormPostPage);
