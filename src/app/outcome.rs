//! What the browser-facing use cases lead to. `web` turns each into an answer.

use std::time::Duration;

use crate::app::account::PasswordRefusal;
use crate::app::browser::CookieChanges;
use crate::app::factors::{CodeRefusal, TotpOffer, Way};
use crate::app::passkeys::{EnrolRefusal, PasskeyAsk};
use crate::app::sign_up::{AskRefusal, SignUpRefusal};
use crate::base::{Digest, Timestamp};
use crate::credentials::RecoveryCode;
use crate::rules::authorize::RequestProblem;

/// An outcome and the cookies that go with it.
pub struct Reply {
    /// What should happen.
    pub outcome: Outcome,
    /// Cookies to set.
    pub cookies: CookieChanges,
}

/// What should happen.
pub enum Outcome {
    /// A page of ours explains what is wrong with the app's request. Nothing goes to the app.
    Problem(ProblemView),
    /// The browser goes back to the app.
    Return(AppReturn),
    /// The browser goes to a page of ours.
    Goto(String),
    /// A page of an interaction.
    Step(Box<StepView>),
    /// A page that ends or interrupts the way.
    Stop(Stop),
}

/// Something is wrong with a request, and it cannot be told to the app.
pub struct ProblemView {
    /// What.
    pub problem: RequestProblem,
    /// The app's name, when it is known.
    pub app_name: Option<String>,
}

/// The way back to an app. It can only be made from a trusted return.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AppReturn {
    /// How the answer travels.
    pub delivery: Delivery,
    /// The app's name.
    pub app_name: String,
    /// Whether a person acted on a page of ours on the way: then a redirect could be blocked by
    /// that page's `form-action`, and a hand-off page takes its place.
    pub is_after_form: bool,
    /// Whether the person must say so before the browser goes there.
    #[serde(default)]
    pub needs_click: bool,
}

/// How an answer travels.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Delivery {
    /// In the address.
    Location(String),
    /// In a form that the browser posts.
    Form {
        /// Where.
        action: String,
        /// What.
        fields: Vec<(String, String)>,
    },
}

/// A page of an interaction, and what it shows.
pub struct StepView {
    /// The interaction's address part.
    pub id: String,
    /// The token of the form.
    pub csrf: String,
    /// The app that asks; none for our own pages.
    pub app: Option<AppInfo>,
    /// Languages that are wanted, as [`Browser::languages`](super::browser::Browser::languages) gives them.
    pub languages: Option<String>,
    /// Which page.
    pub step: Step,
}

/// The app, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppInfo {
    /// Its name, as it says itself.
    pub name: String,
    /// Where the answer really goes.
    pub host: String,
    /// Its logo's digest, when we have one.
    pub logo: Option<Digest>,
    /// Whether it registered itself: nobody vouches for its name and logo.
    pub is_unverified: bool,
    /// Its privacy policy.
    pub policy_uri: Option<String>,
    /// Its terms.
    pub tos_uri: Option<String>,
}

/// An account, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountInfo {
    /// Name for people.
    pub name: String,
    /// Name for signing in.
    pub username: String,
    /// E-mail address.
    pub email: Option<String>,
}

/// A page of an interaction.
pub enum Step {
    /// Sign in.
    SignIn(SignInStep),
    /// Tell an address, for an account of one's own.
    SignUp(SignUpStep),
    /// Show the code that was mailed there, and say the rest.
    SignUpCode(SignUpCodeStep),
    /// Make a passkey, or not now.
    OfferPasskey(PasskeyOfferStep),
    /// Choose an account.
    Choose(Vec<AccountInfo>),
    /// Show a second factor.
    Factor(FactorStep),
    /// Choose another way to show one.
    Ways(WaysStep),
    /// Set up a second factor.
    Enrol(EnrolStep),
    /// Recovery codes, which are shown this once.
    RecoveryCodes(Vec<RecoveryCode>),
    /// Allow or deny.
    Consent(ConsentStep),
    /// Choose a new password.
    NewPassword(NewPasswordStep),
    /// Keep the account, whose person asked for its deletion.
    Keep(KeepStep),
}

/// The page that asks for a new password, before which nothing opens.
pub struct NewPasswordStep {
    /// Whose.
    pub account: AccountInfo,
    /// The least number of characters.
    pub min_length: usize,
    /// Why the page is shown again.
    pub refusal: Option<PasswordRefusal>,
}

/// The page of an account that will be deleted.
pub struct KeepStep {
    /// Whose.
    pub account: AccountInfo,
    /// When it goes.
    pub delete_after: Timestamp,
}

/// The page that asks for a second factor.
pub struct FactorStep {
    /// Whose.
    pub account: AccountInfo,
    /// Whether a session is there already, and more is wanted.
    pub is_step_up: bool,
    /// What is asked for.
    pub question: FactorQuestion,
    /// Whether there is another way.
    pub has_other_way: bool,
    /// For how long this device may not be asked again; none when that is not offered.
    pub trust_for: Option<Duration>,
    /// Why the page is shown again.
    pub refusal: Option<CodeRefusal>,
}

/// What a person is asked for after their password.
pub enum FactorQuestion {
    /// A code of the authenticator app.
    Totp,
    /// A recovery code.
    RecoveryCode,
    /// A passkey, by this question to the browser.
    Passkey(PasskeyAsk),
}

/// The ways to show a second factor, to choose from.
pub struct WaysStep {
    /// Whose.
    pub account: AccountInfo,
    /// The ways, the one last used first.
    pub ways: Vec<Way>,
}

/// The page that sets up a second factor.
pub struct EnrolStep {
    /// Whose.
    pub account: AccountInfo,
    /// What an authenticator app is told.
    pub offer: TotpOffer,
    /// What a browser that can make a passkey is asked; none where there can be no passkeys.
    pub passkey: Option<PasskeyAsk>,
    /// Why the page is shown again.
    pub refusal: Option<SetUpRefusal>,
}

/// Why a second factor was not set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUpRefusal {
    /// The code does not show that the app has the key.
    Code,
    /// The passkey did not prove itself.
    Passkey,
}

/// The sign-in page.
#[derive(Default)]
pub struct SignInStep {
    /// What stands in the first field.
    pub identifier: String,
    /// The app asks to confirm; the account is given.
    pub is_confirmation: bool,
    /// They asked for another account, and may go back to the others.
    pub may_choose: bool,
    /// Whether they may make an account instead.
    pub may_sign_up: bool,
    /// What the tick box shows.
    pub is_remembered: bool,
    /// What a browser with passkeys is asked.
    pub passkey: Option<PasskeyAsk>,
    /// The relying party of that question.
    pub rp_id: Option<String>,
    /// The passkey that was tried and is not known here, in base64url.
    pub unknown_credential: Option<String>,
    /// Why the page is shown again.
    pub refusal: Option<SignInRefusal>,
}

/// The page that asks for an address.
pub struct SignUpStep {
    /// What stands in the field.
    pub email: String,
    /// Whether there are accounts to choose from.
    pub may_choose: bool,
    /// Why the page is shown again.
    pub refusal: Option<AskRefusal>,
}

/// The page that asks for the code, a name and a password.
pub struct SignUpCodeStep {
    /// The address that it was sent to.
    pub email: String,
    /// The name that was typed.
    pub name: String,
    /// Why the page is shown again.
    pub refusal: Option<SignUpRefusal>,
}

/// Why a sign-in was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInRefusal {
    /// A field is empty.
    Incomplete,
    /// Unknown, wrong or disabled: one answer for all.
    Wrong,
    /// Too many failures.
    TooMany(Duration),
    /// Too much to do.
    Busy(Duration),
    /// The page had been open too long.
    Stale,
    /// A passkey was not accepted: one answer for all reasons.
    Passkey,
}

/// The offer of a passkey.
pub struct PasskeyOfferStep {
    /// Whose it would be.
    pub account: AccountInfo,
    /// What the browser is asked.
    pub ask: PasskeyAsk,
    /// Why the page is shown again.
    pub refusal: Option<EnrolRefusal>,
}

/// The consent page.
pub struct ConsentStep {
    /// Who is asked.
    pub account: AccountInfo,
    /// What for: each scope, and whether it is new since last time.
    pub scopes: Vec<(String, bool)>,
    /// How long the app keeps its access when the person has signed out, if it does.
    pub keeps_access_for: Option<Duration>,
}

/// A page that ends or interrupts the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// There is no such interaction.
    NotFound,
    /// It is over, or belongs to another browser: the app's name and a way back, when known.
    Expired(Option<(String, String)>),
    /// The browser sent no cookie.
    CookieBlocked {
        /// Where to try again.
        retry: String,
    },
    /// The form did not come from our page.
    Forged,
    /// The app sends the browser round in circles.
    Loop {
        /// The app.
        app_name: String,
    },
    /// Too many requests from this network.
    TooMany(Duration),
}

impl Reply {
    /// An outcome that changes no cookie.
    pub fn plain(outcome: Outcome) -> Self {
        Self { outcome, cookies: CookieChanges::default() }
    }

    /// A page that ends the way.
    pub fn stop(stop: Stop) -> Self {
        Self::plain(Outcome::Stop(stop))
    }
}
