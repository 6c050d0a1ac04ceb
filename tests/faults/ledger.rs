//! What apps were told, and so may rely on.

use std::collections::BTreeMap;

/// What an app holds of one sign-in.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// The code, which was redeemed.
    pub(super) code: String,
    pub(super) id_tokens: Vec<String>,
    pub(super) access_tokens: Vec<String>,
    /// The newest refresh token.
    pub(super) refresh_token: String,
    /// Whether the app was told that all of it is revoked.
    pub(super) is_revoked: bool,
}

/// Everything that was answered while a load ran.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) held: Vec<Held>,
    /// Codes whose redemption was not answered, and that turned out to be used.
    pub(super) lost: Vec<String>,
    /// The cookies of sessions that were signed out.
    pub(super) ended: Vec<BTreeMap<String, String>>,
    /// The password that was acknowledged last, and those before it.
    pub(super) passwords: Vec<String>,
    /// Answers, by their status; 0 stands for none.
    pub(super) answers: BTreeMap<u16, usize>,
}

impl Ledger {
    /// One ledger of two.
    pub(super) fn join(mut self, other: Self) -> Self {
        self.held.extend(other.held);
        self.lost.extend(other.lost);
        self.ended.extend(other.ended);
        self.passwords.extend(other.passwords);
        for (status, count) in other.answers {
            *self.answers.entry(status).or_default() += count;
        }
        self
    }

    pub(super) fn count(&mut self, status: u16) {
        *self.answers.entry(status).or_default() += 1;
    }

    /// Answers that were faults of the program.
    pub(super) fn faults(&self) -> usize {
        self.answers.range(500..).map(|(_, count)| count).sum()
    }

    /// What was done, in a line.
    pub(super) fn sum(&self) -> String {
        let tokens: usize = self.held.iter().map(|one| one.access_tokens.len()).sum();
        let revoked = self.held.iter().filter(|one| one.is_revoked).count();
        format!(
            "{} codes, {tokens} tokens, {revoked} revoked, {} lost, {} sign-outs, {} passwords, answers {:?}",
            self.held.len(),
            self.lost.len(),
            self.ended.len(),
            self.passwords.len(),
            self.answers
        )
    }
}
