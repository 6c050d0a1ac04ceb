//! What can happen to two browsers of two tabs each, and how likely.

use std::fmt;

use proptest::prelude::*;

/// How many browsers there are.
pub(super) const BROWSERS: usize = 2;
/// How many tabs there are in all. A tab's browser is half its number.
pub(super) const TABS: usize = 4;

/// One thing that happens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// An app asks in a tab.
    Begin(usize, Ask),
    /// A browser opens the address of a tab, which may be a tab of the other browser.
    Look { by: usize, tab: usize },
    /// A browser follows a link of a tab's page: to another way, or to its accounts.
    Turn { by: usize, tab: usize, to: Link },
    /// A browser posts a form to the interaction of a tab, whatever page that tab shows.
    Post { by: usize, tab: usize, form: Form },
    /// The person does in a tab what its page asks for.
    Comply { tab: usize, who: Who },
    /// A browser begins the request of a tab anew, in its own tab of the same side.
    Restart { by: usize, tab: usize },
    /// A browser opens its account.
    Account(usize),
    /// A browser signs everybody out.
    SignOut(usize),
    /// So many seconds pass.
    Wait(u64),
}

/// What an app asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) is_first_party: bool,
    pub(super) prompt: Option<&'static str>,
    pub(super) max_age: Option<u64>,
    pub(super) acr: Option<&'static str>,
}

/// The accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// Has a password, and no second factor unless she sets one up.
    Ada,
    /// Has an authenticator app and recovery codes from the start.
    Bob,
    /// Has a password and a passkey.
    Eve,
}

/// A link of the interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    Recovery,
    Passkey,
    Accounts,
}

/// A form of the interaction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Password(Who, bool),
    /// A code of the account that the model thinks is asked, else of the one named.
    Totp(Who, Code),
    Recovery(Who, Code),
    /// An answer to the question that the tab showed, by Eve's passkey or by a wrong one.
    PasskeySignIn(bool),
    PasskeyConfirm(bool),
    SetUp(bool),
    Choose(usize),
    Other,
    Consent(bool),
    /// The form of this address, with nothing in it.
    Empty(&'static str),
}

/// What is typed as a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    Right,
    Wrong,
    Used,
}

impl fmt::Debug for Ask {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} app", if self.is_first_party { "first-party" } else { "third-party" })?;
        if let Some(prompt) = self.prompt {
            write!(out, ", prompt={prompt}")?;
        }
        if let Some(age) = self.max_age {
            write!(out, ", max_age={age}")?;
        }
        self.acr.map_or(Ok(()), |acr| write!(out, ", acr_values={acr}"))
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let right = |is_right: bool| if is_right { "right" } else { "wrong" };
        match self {
            Self::Password(who, is_right) => write!(out, "{who:?}'s {} password", right(*is_right)),
            Self::Totp(who, code) => write!(out, "{who:?}'s one-time password ({code:?})"),
            Self::Recovery(who, code) => write!(out, "{who:?}'s recovery code ({code:?})"),
            Self::PasskeySignIn(is_right) => {
                write!(out, "the {} passkey for a sign-in", right(*is_right))
            }
            Self::PasskeyConfirm(is_right) => {
                write!(out, "the {} passkey after the password", right(*is_right))
            }
            Self::SetUp(is_right) => write!(out, "the {} code of a new app", right(*is_right)),
            Self::Choose(index) => write!(out, "account {index}"),
            Self::Other => write!(out, "another account"),
            Self::Consent(is_allowed) => {
                write!(out, "{}", if *is_allowed { "allow" } else { "deny" })
            }
            Self::Empty(path) => write!(out, "nothing, at {path}"),
        }
    }
}

/// For people who read what failed.
impl fmt::Debug for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |tab: &usize| format!("tab {tab} of browser {}", tab / 2);
        match self {
            Self::Begin(tab, ask) => write!(out, "in {}: {ask:?}", place(tab)),
            Self::Look { by, tab } => write!(out, "browser {by} looks at {}", place(tab)),
            Self::Turn { by, tab, to } => {
                write!(out, "browser {by} goes to {to:?} in {}", place(tab))
            }
            Self::Post { by, tab, form } => {
                write!(out, "browser {by} posts to {}: {form:?}", place(tab))
            }
            Self::Comply { tab, who } => write!(out, "{who:?} does what {} asks", place(tab)),
            Self::Restart { by, tab } => write!(out, "browser {by} restarts {}", place(tab)),
            Self::Account(by) => write!(out, "browser {by} opens its account"),
            Self::SignOut(by) => write!(out, "browser {by} signs out"),
            Self::Wait(seconds) => write!(out, "{seconds} s pass"),
        }
    }
}

fn asks() -> impl Strategy<Value = Ask> {
    let prompt = prop_oneof![
        4 => Just(None),
        2 => Just(Some("none")),
        1 => Just(Some("login")),
        1 => Just(Some("consent")),
        1 => Just(Some("select_account")),
    ];
    let max_age = prop_oneof![4 => Just(None), 1 => Just(Some(0)), 1 => Just(Some(60)), 1 => Just(Some(3600))];
    let acr = prop_oneof![
        4 => Just(None),
        1 => Just(Some("urn:tessera:acr:1")),
        3 => Just(Some("urn:tessera:acr:2")),
        1 => Just(Some("phr")),
        1 => Just(Some("urn:nobody:knows urn:tessera:acr:2")),
        1 => Just(Some("urn:nobody:knows")),
    ];
    (any::<bool>(), prompt, max_age, acr).prop_map(|(is_first_party, prompt, max_age, acr)| Ask {
        is_first_party,
        prompt,
        max_age,
        acr,
    })
}

fn people() -> impl Strategy<Value = Who> {
    prop_oneof![Just(Who::Ada), Just(Who::Bob), Just(Who::Eve)]
}

fn codes() -> impl Strategy<Value = Code> {
    prop_oneof![2 => Just(Code::Right), 1 => Just(Code::Wrong), 1 => Just(Code::Used)]
}

fn forms() -> impl Strategy<Value = Form> {
    let addresses = vec![
        "sign-in",
        "totp",
        "recovery",
        "set-up-totp",
        "account",
        "consent",
        "passkey/sign-in",
        "passkey/confirm",
        "passkey/set-up",
        "passkey/enrol",
        "passkey/decline",
    ];
    prop_oneof![
        4 => (people(), prop::bool::weighted(0.7)).prop_map(|(who, right)| Form::Password(who, right)),
        2 => (people(), codes()).prop_map(|(who, code)| Form::Totp(who, code)),
        1 => (people(), codes()).prop_map(|(who, code)| Form::Recovery(who, code)),
        2 => any::<bool>().prop_map(Form::PasskeySignIn),
        2 => any::<bool>().prop_map(Form::PasskeyConfirm),
        1 => any::<bool>().prop_map(Form::SetUp),
        2 => (0_usize..3).prop_map(Form::Choose),
        1 => Just(Form::Other),
        2 => any::<bool>().prop_map(Form::Consent),
        1 => prop::sample::select(addresses).prop_map(Form::Empty),
    ]
}

/// A tab. Some are livelier than others, so that sequences get somewhere.
fn tabs() -> impl Strategy<Value = usize> {
    prop_oneof![5 => Just(0_usize), 2 => Just(1_usize), 2 => Just(2_usize), 1 => Just(3_usize)]
}

/// A tab, and a browser that is nearly always its own.
fn visits() -> impl Strategy<Value = (usize, usize)> {
    (tabs(), prop::bool::weighted(0.9))
        .prop_map(|(tab, is_own)| (if is_own { tab / 2 } else { 1 - tab / 2 }, tab))
}

/// A sequence of steps.
pub(super) fn sequences() -> impl Strategy<Value = Vec<Step>> {
    let wait = prop::sample::select(vec![5_u64, 30, 30, 70, 700, 3_700, 46_000]);
    let step = prop_oneof![
        5 => (tabs(), asks()).prop_map(|(tab, ask)| Step::Begin(tab, ask)),
        2 => visits().prop_map(|(by, tab)| Step::Look { by, tab }),
        1 => visits().prop_map(|(by, tab)| Step::Turn { by, tab, to: Link::Recovery }),
        1 => visits().prop_map(|(by, tab)| Step::Turn { by, tab, to: Link::Passkey }),
        1 => visits().prop_map(|(by, tab)| Step::Turn { by, tab, to: Link::Accounts }),
        7 => (visits(), forms()).prop_map(|((by, tab), form)| Step::Post { by, tab, form }),
        14 => (tabs(), people()).prop_map(|(tab, who)| Step::Comply { tab, who }),
        1 => visits().prop_map(|(by, tab)| Step::Restart { by, tab }),
        1 => (0..BROWSERS).prop_map(Step::Account),
        1 => (0..BROWSERS).prop_map(Step::SignOut),
        3 => wait.prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..40)
}
