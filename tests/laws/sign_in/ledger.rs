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
    is_code: bool,
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
        self.shown.push(Shown { by, who, at, is_code: false });
    }

    pub(super) fn code(&mut self, by: usize, who: Who, at: u64) {
        self.shown.push(Shown { by, who, at, is_code: true });
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
        let has = |shown: &[Shown], is_code: bool| {
            shown.iter().any(|one| one.by == by && one.who == who && one.is_code == is_code)
        };
        let since = &self.shown[self.before[by]..];
        let has_code = has(since, true) && has(&self.shown, false);
        has_code || (who == Who::Ada && has(since, false))
    }

    /// Whether a page of the account may be shown.
    pub(super) fn opens_account(&self, by: usize, who: Who) -> Result<(), String> {
        let is_whole = self.is_signed_in(by, who);
        is_whole.then_some(()).ok_or_else(|| format!("{who:?}'s account without a sign-in"))
    }

    /// Whether somebody has shown a password in this browser, as every page past the first needs.
    pub(super) fn is_past_password(&self, by: usize) -> Result<(), String> {
        let is_past = self.shown.iter().any(|one| one.by == by && !one.is_code);
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
        let password = Shown { by, who, at: auth_time, is_code: false };
        let mut codes = self.shown.iter().filter(|one| one.is_code && one.by == by);
        let has_code = codes.any(|one| one.who == who && one.at >= auth_time);
        let acr_2 = claims["acr"] == "urn:tessera:acr:2";
        let amr = if acr_2 { json!(["pwd", "otp", "mfa"]) } else { json!(["pwd"]) };
        let wants_two = ask.acr.is_some_and(|acr| acr.ends_with("acr:2") || acr == "phr");
        let is_old = |max: u64| auth_time + max < asked_at;
        let is_too_old =
            ask.max_age.is_some_and(is_old) || (ask.prompt == Some("login") && is_old(0));
        for (is_right, what) in [
            (self.shown.contains(&password), "a password at auth_time"),
            (self.is_signed_in(by, who), "a sign-in since the last sign-out"),
            (!acr_2 || has_code, "a code behind acr"),
            (acr_2 || claims["acr"] == "urn:tessera:acr:1", "an acr that passwords can have"),
            (claims["amr"] == amr, "amr that fits acr"),
            (!wants_two || acr_2, "the acr that was demanded"),
            (who == Who::Ada || acr_2, "the second factor of who has one"),
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
