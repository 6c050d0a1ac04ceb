//! What was really shown, by whom and where: kept apart from the model, which could share a mistake
//! with the code it judges.

use serde_json::{Value, json};

use super::steps::{Ask, BROWSERS, Who};

/// One right proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    by: usize,
    who: Who,
    at: u64,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Password,
    Code,
    Passkey,
}

/// Every right password, code and consent.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    shown: Vec<Shown>,
    allowed: Vec<Who>,
    /// How much had been shown when a browser last signed out.
    before: [usize; BROWSERS],
}

impl Ledger {
    pub(super) fn password(&mut self, by: usize, who: Who, at: u64) {
        self.shown.push(Shown { by, who, at, what: What::Password });
    }

    pub(super) fn code(&mut self, by: usize, who: Who, at: u64) {
        self.shown.push(Shown { by, who, at, what: What::Code });
    }

    pub(super) fn passkey(&mut self, by: usize, who: Who, at: u64) {
        self.shown.push(Shown { by, who, at, what: What::Passkey });
    }

    pub(super) fn allowed(&mut self, who: Who) {
        self.allowed.push(who);
    }

    pub(super) fn signed_out(&mut self, by: usize) {
        self.before[by] = self.shown.len();
    }

    /// Whether `who` finished a sign-in in this browser after it last signed out. A password waits
    /// in its interaction, so it may be older than that; the code that follows it may not.
    fn is_signed_in(&self, by: usize, who: Who) -> bool {
        let has = |shown: &[Shown], what: What| {
            shown.iter().any(|one| one.by == by && one.who == who && one.what == what)
        };
        let since = &self.shown[self.before[by]..];
        let has_code = has(since, What::Code) && has(&self.shown, What::Password);
        let needs_code = who == Who::Bob;
        has_code || has(since, What::Passkey) || (!needs_code && has(since, What::Password))
    }

    /// Whether a page of the account may be shown.
    pub(super) fn opens_account(&self, by: usize, who: Who) -> Result<(), String> {
        let is_whole = self.is_signed_in(by, who);
        is_whole.then_some(()).ok_or_else(|| format!("{who:?}'s account without a sign-in"))
    }

    /// Whether somebody has shown a password or a passkey in this browser, as every page past the
    /// first needs.
    pub(super) fn is_past_password(&self, by: usize) -> Result<(), String> {
        let is_past = self.shown.iter().any(|one| one.by == by && one.what != What::Code);
        is_past.then_some(()).ok_or_else(|| "a later page without a password".to_owned())
    }

    /// Whether an ID token says no more than was shown, and what the app demanded.
    pub(super) fn proves(
        &self,
        by: usize,
        who: Who,
        (ask, asked_at): (&Ask, u64),
        claims: &Value,
    ) -> Result<(), String> {
        let auth_time = claims["auth_time"].as_u64().ok_or("no auth_time")?;
        let first = |what: What| self.shown.contains(&Shown { by, who, at: auth_time, what });
        let has_since = |what: What| {
            let mut own = self.shown.iter().filter(|one| one.by == by && one.who == who);
            own.any(|one| one.what == what && one.at >= auth_time)
        };
        let acr = claims["acr"].as_str().unwrap_or_default();
        let (is_one, is_passkey) = (acr == "urn:tessera:acr:1", acr == "phr");
        let (acr_2, is_two) = (acr == "urn:tessera:acr:2", !is_one);
        let amr = match acr {
            "phr" if claims["amr"][0] == "pwd" => json!(["pwd", "pop", "user", "mfa"]),
            "phr" => json!(["pop", "user", "mfa"]),
            "urn:tessera:acr:2" => json!(["pwd", "otp", "mfa"]),
            _ => json!(["pwd"]),
        };
        let has_password = claims["amr"][0] != "pwd" || first(What::Password);
        let wants_two = ask.acr.is_some_and(|acr| acr.ends_with("acr:2") || acr == "phr");
        let is_old = |max: u64| auth_time + max < asked_at;
        let is_too_old =
            ask.max_age.is_some_and(is_old) || (ask.prompt == Some("login") && is_old(0));
        for (is_right, what) in [
            (has_password, "a password at auth_time"),
            (first(What::Password) || first(What::Passkey), "a proof at auth_time"),
            (self.is_signed_in(by, who), "a sign-in since the last sign-out"),
            (!acr_2 || has_since(What::Code), "a code behind acr"),
            (!is_passkey || has_since(What::Passkey), "a passkey behind acr"),
            (is_one || acr_2 || is_passkey, "an acr that there is"),
            (claims["amr"] == amr, "amr that fits acr"),
            (!wants_two || is_two, "the acr that was demanded"),
            (who != Who::Bob || acr_2, "the second factor of who has one"),
            (!is_too_old, "a fresh sign-in, as demanded"),
            (ask.is_first_party || self.allowed.contains(&who), "a consent"),
        ] {
            if !is_right {
                return Err(format!("a code for {who:?} without {what}: {claims} {self:?}"));
            }
        }
        Ok(())
    }
}
