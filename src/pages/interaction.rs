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
    /// A passkey was not accepted.
    PasskeyRefused,
}

/// What the sign-in page asks a browser with passkeys.
#[derive(Debug, Clone)]
pub struct PasskeyView {
    /// Where the answer is posted.
    pub action: String,
    /// The options for `navigator.credentials`, as JSON.
    pub options: String,
    /// Comes back with the answer (field `ticket`).
    pub ticket: String,
    /// The relying party.
    pub rp_id: String,
    /// A passkey that the browser should forget, in base64url.
    pub unknown_credential: Option<String>,
}

/// The offer of a passkey after a sign-in by password.
#[derive(Template)]
#[template(path = "login/passkey_offer.html")]
pub struct PasskeyOfferPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// Whose it would be.
    pub account: AccountView,
    /// Where the new passkey is posted.
    pub action: String,
    /// Where "not now" is posted.
    pub decline_action: String,
    /// The token that proves the forms ours (field `csrf`).
    pub csrf: String,
    /// The options for `navigator.credentials`, as JSON.
    pub options: String,
    /// Comes back with the answer (field `ticket`).
    pub ticket: String,
    /// Whether the last try was not accepted.
    pub is_refused: bool,
}

/// The sign-in page.
#[derive(Template)]
#[template(path = "login/sign_in.html")]
pub struct SignInPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The app that asks; none for our own pages.
    pub app: Option<AppView>,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// What stands in the first field (`username`).
    pub identifier: String,
    /// Whether that name is settled: the field is read-only, as in a step-up.
    pub is_identifier_fixed: bool,
    /// Whether "stay signed in" is ticked (field `remember`).
    pub remember: bool,
    /// Why they are asked, when it is not for the first time.
    pub reason: Option<SignInReason>,
    /// Why the last try was not accepted.
    pub error: Option<SignInError>,
    /// What a browser with passkeys is asked.
    pub passkey: Option<PasskeyView>,
    /// The address of the account chooser, when there is something to choose.
    pub back_to_accounts: Option<String>,
    /// The address for who forgot their password.
    pub recover_href: String,
    /// The address for who has no account, where people may make one.
    pub sign_up_href: Option<String>,
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
            SignInError::PasskeyRefused => w.t("passkey-refused"),
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
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The app that asks; none for our own pages.
    pub app: Option<AppView>,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// The accounts, the active one first.
    pub accounts: Vec<AccountView>,
    /// Whether to say "continue as" rather than "choose an account".
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
    pub(super) fn text(&self, w: &Words) -> String {
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

/// The question whether an app may use the account.
#[derive(Template)]
#[template(path = "login/consent.html")]
pub struct ConsentPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The app that asks.
    pub app: AppView,
    /// Whose account it is about.
    pub account: AccountView,
    /// What the app asks for, in this order.
    pub scopes: Vec<ScopeView>,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// The address of the account chooser.
    pub switch_action: String,
    /// For how many days at most the app keeps its access when the person has signed out; `None`
    /// when it ends with the session.
    pub keeps_access_for_days: Option<u128>,
}

/// What stands above the way back to an app: that it goes on by itself, or whether to go on.
fn hand_off_heading(w: Words, app: Option<&str>, is_asked: bool) -> String {
    match (app, is_asked) {
        (Some(app), true) => w.with("hand-off-ask-heading", "app", app),
        (Some(app), false) => w.with("hand-off-heading", "app", app),
        (None, _) => w.t("hand-off-heading-unknown"),
    }
}

/// The way back to the app. The answer's `Refresh` header moves on by itself.
#[derive(Template)]
#[template(path = "login/hand_off.html")]
pub struct HandOffPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The name of the app, when it is known.
    pub app_name: Option<String>,
    /// Its redirect URI with the answer. It may have a scheme of its own (RFC 8252 §7.1), so it is
    /// linked as it stands: only a checked redirect URI may come here.
    pub href: String,
    /// The host it goes to, when the person must decide whether to go there.
    pub host: Option<String>,
}

impl HandOffPage {
    fn heading(&self, w: &Words) -> String {
        hand_off_heading(*w, self.app_name.as_deref(), self.host.is_some())
    }
}

/// The way back to the app by a form (Form Post Response Mode §2). A module sends it at once;
/// without scripts its button does.
#[derive(Template)]
#[template(path = "login/form_post.html")]
pub struct FormPostPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The name of the app, when it is known.
    pub app_name: Option<String>,
    /// Its redirect URI.
    pub action: String,
    /// The parameters of the answer, by name.
    pub fields: Vec<(String, String)>,
    /// The host it goes to, when the person must decide whether to go there.
    pub host: Option<String>,
}

impl FormPostPage {
    fn heading(&self, w: &Words) -> String {
        hand_off_heading(*w, self.app_name.as_deref(), self.host.is_some())
    }
}

page!(SignInPage, PasskeyOfferPage, ChooserPage, ConsentPage, HandOffPage, FormPostPage);
