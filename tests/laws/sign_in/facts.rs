//! What the reference model knows of a browser, a tab and an account.

use super::steps::{Ask, Who};

pub(super) const EVIDENCE_FOR: u64 = 60 * 60;
pub(super) const INTERACTION_FOR: u64 = 24 * 60 * 60;
pub(super) const REPLAY_FOR: u64 = 60;
pub(super) const IDLE: u64 = 12 * 60 * 60;
pub(super) const ABSOLUTE: u64 = 24 * 60 * 60;
/// Failures that cost nothing.
pub(super) const FREE: u32 = 5;

/// What a browser sees after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    SignIn,
    Code,
    Recovery,
    Passkey,
    SetUp,
    RecoveryCodes,
    Choose,
    Consent,
    /// A way to the app with a code that is worth this.
    Granted(Grant),
    /// A way to the app with an error.
    Refused(&'static str),
    /// A page that says why it does not go on here.
    Stop,
    Account(Who),
    SignedOut,
}

/// With what somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worth {
    Password,
    PasswordAndCode,
    Passkey,
}

impl Worth {
    pub(super) fn acr(self) -> &'static str {
        match self {
            Self::Password => "urn:tessera:acr:1",
            Self::PasswordAndCode => "urn:tessera:acr:2",
            Self::Passkey => "phr",
        }
    }
}

/// What a code must be worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) who: Who,
    pub(super) auth_time: u64,
    pub(super) worth: Worth,
    /// The session it was made in: its end is the end of the code.
    pub(super) session: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Session {
    pub(super) id: u32,
    pub(super) who: Who,
    pub(super) auth_time: u64,
    pub(super) worth: Worth,
    pub(super) seen: u64,
    pub(super) idle_ends: u64,
    pub(super) ends: u64,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    pub(super) first_factor: Option<(Who, u64)>,
    pub(super) signed_in: Option<(u32, u64)>,
    pub(super) chosen: Option<(u32, u64)>,
    pub(super) wants_other: bool,
    pub(super) allowed: Option<(Who, u64)>,
    pub(super) restarted: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Interaction {
    pub(super) owner: usize,
    pub(super) ask: Ask,
    pub(super) asked_at: u64,
    pub(super) begun: u64,
    pub(super) evidence: Evidence,
    pub(super) finished: Option<(Grant, u64)>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Account {
    pub(super) has_app: bool,
    pub(super) has_passkey: bool,
    pub(super) last_step: u64,
    pub(super) spare_codes: u32,
    pub(super) wrong_passwords: u32,
    pub(super) wrong_codes: u32,
    pub(super) has_allowed: bool,
}

/// What is due in an interaction. Places are those of the browser's sessions.
#[derive(Clone, Copy)]
pub(super) enum Due {
    /// A password; of the account at this place, if the app wants it confirmed.
    SignIn(Option<usize>),
    Second(Who, Proven),
    SetUp(Who, Proven),
    Choose,
    Consent(usize),
    Finish(usize),
}

/// What there is already when a second factor is due.
#[derive(Clone, Copy)]
pub(super) enum Proven {
    /// A password of that time, typed for the account at this place if there is one.
    Password(u64, Option<usize>),
    Session(usize),
}

pub(super) fn touch(session: &mut Session, now: u64) {
    if now >= session.seen + 60 {
        (session.seen, session.idle_ends) = (now, now + IDLE);
    }
}

pub(super) fn level(session: &Session) -> u8 {
    if session.worth == Worth::Password { 1 } else { 2 }
}

/// A passkey cannot be demanded of everybody: who asks for one gets two factors.
pub(super) fn demanded(ask: &Ask) -> u8 {
    let levels = ask.acr.unwrap_or_default().split(' ').filter_map(|acr| match acr {
        "urn:tessera:acr:1" => Some(1),
        "urn:tessera:acr:2" | "phr" => Some(2),
        _ => None,
    });
    levels.min().unwrap_or(0)
}

pub(super) fn is_stale(interaction: &Interaction, session: &Session) -> bool {
    let age = interaction.asked_at.saturating_sub(session.auth_time);
    let is_too_old = interaction.ask.max_age.is_some_and(|max| max == 0 || age > max);
    interaction.ask.prompt == Some("login") || is_too_old
}
