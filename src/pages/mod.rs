//! The pages: view models for the templates, the words in each language, and the files they load.
//! It knows nothing of HTTP.

mod account;
mod account_security;
mod activity;
pub mod assets;
mod check_session;
mod connected_apps;
mod deletion;
mod email;
mod errors;
mod export;
mod gallery;
mod home;
mod interaction;
mod invitation;
mod locale;
mod mail;
mod profile;
#[cfg(test)]
mod pseudo;
mod recovery;
mod second_factor;
mod setup;
mod shell;
mod sign_up;
mod strength;
mod words;

pub use account::{
    AccountNotice, AccountPage, DeviceView, NewPasswordError, PasswordPage, SessionView,
    SessionsPage,
};
pub use account_security::{
    NewPasskeyError, NewPasskeyPage, PasskeyLine, PasskeyPage, PasskeysPage, RemovePasskeyPage,
    RemoveTotpPage, SecurityPage, TotpPage,
};
pub use activity::{ActivityDay, ActivityKind, ActivityPage, ActivityView, DisownPage};
pub use check_session::CheckSessionPage;
pub use connected_apps::{ConnectedAppView, ConnectedAppsPage};
pub use deletion::{DeletePage, DeletionPendingPage};
pub use email::{EmailDonePage, EmailError, EmailGonePage, EmailLinkPage, EmailPage};
pub use errors::{Difference, ErrorKind, ErrorPage, RequestProblemPage, RequestRule};
pub use export::ExportPage;
pub use gallery::gallery;
pub use home::{AppTile, LandingPage, SignOutPage, SignedOutPage};
pub use interaction::{
    ChooserPage, ConsentPage, FormPostPage, HandOffPage, PasskeyOfferPage, PasskeyView, ScopeView,
    SignInError, SignInPage, SignInReason,
};
pub use invitation::InvitationPage;
pub use locale::{Locale, negotiate};
pub use mail::{Mail, MailFactor, MailFrame, MailsPage, SentMail, WrittenMail, mail_gallery};
pub use profile::{ProfileError, ProfileField, ProfilePage};
pub use recovery::{NewPasswordPage, RecoverError, RecoverPage, RecoveryGonePage};
pub use second_factor::{
    CodeError, CodeKind, CodePage, DuePasswordPage, NewPasskeyView, PasskeyConfirmPage, QrView,
    RecoveryCodesPage, SetUpError, TotpSetupPage, WayKind, WayView, WaysPage, qr_code,
};
pub use setup::{FirstPasskeyView, SetupChecks, SetupError, SetupOverPage, SetupPage};
pub use shell::{AccountView, AppView, Shell};
pub use sign_up::{
    SignUpAddressError, SignUpDonePage, SignUpError, SignUpGonePage, SignUpPage, SignUpPersonPage,
};
pub use strength::TypedPassword;

/// A page could not be rendered.
#[derive(Debug, thiserror::Error)]
#[error("rendering: {0}")]
pub struct RenderError(#[from] askama::Error);

/// A page that renders to HTML.
pub trait Page {
    /// The whole document.
    ///
    /// # Errors
    /// When the template fails, which it does only when memory ends.
    fn render(&self) -> Result<String, RenderError>;
}

/// Every view model is a template, and its page is what the template gives.
macro_rules! page {
    ($($page:ty),*) => {
        $(impl $crate::pages::Page for $page {
            fn render(&self) -> Result<String, $crate::pages::RenderError> {
                Ok(askama::Template::render(self)?)
            }
        })*
    };
}
use page;

/// `Retry-After` in words: minutes from one minute on.
fn wait_in_words(words: words::Words, wait: std::time::Duration) -> String {
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    if seconds < 60 {
        words.count("wait-seconds", seconds)
    } else {
        words.count("wait-minutes", seconds.div_ceil(60))
    }
}
