//! The life of a signing key (`security.md` R52): it is published, then it signs, then it is kept
//! for as long as anything it signed may live, and then it goes. Its name never returns, because
//! it is made of the key itself.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::base::{SigningKeyId, Timestamp};
use crate::domain::SigningKeyRecord;
use crate::protocol::SigningAlgorithm;

/// How long a key is published before it signs: relying parties keep a key set for up to a day,
/// and some fetch it no more often. The minute is for processes and caches that hear of it late.
pub const PUBLISHED_AHEAD: Duration = Duration::from_secs(25 * 60 * 60 + 60);

/// The next key is made this much earlier than it must be, for a server that is away just then.
const SPARE: Duration = Duration::from_secs(60 * 60);

/// How long a key stays published after the last thing it signed has expired.
pub const KEPT_AFTER: Duration = Duration::from_secs(25 * 60 * 60);

/// After this long every process has read a change of the keys. A key that is to sign at once
/// waits for it, so that none signs with a key that another one does not publish yet.
pub const SETTLED_AFTER: Duration = Duration::from_millis(1500);

/// What the installation wants of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RotationSettings {
    /// How long a key signs before the next one takes over.
    pub every: Duration,
    /// How long the longest-lived thing counts that a key signs.
    pub longest_token: Duration,
}

/// Why the keys are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// Time goes by.
    OnSchedule,
    /// The operator wants the next key published now.
    Next,
    /// The operator wants another key to sign now.
    Now,
}

/// A key to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewKey {
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// Its place in the line of this algorithm's keys. Of several processes that make a key for
    /// one place, one wins.
    pub place: u32,
    /// From when on it signs.
    pub active_from: Timestamp,
}

/// What is to be done with the keys of one algorithm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The key to be made.
    pub make: Option<NewKey>,
    /// The published key that is to sign from an earlier instant on.
    pub hasten: Option<(SigningKeyId, Timestamp)>,
    /// Keys that sign no more, and when they leave the published set.
    pub retire: Vec<(SigningKeyId, Timestamp)>,
    /// Keys whose time is over.
    pub remove: Vec<SigningKeyId>,
}

impl Plan {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is to be done at `now` with the keys of `algorithm`, which must have one that signs.
pub fn plan(
    records: &[SigningKeyRecord],
    algorithm: SigningAlgorithm,
    rotation: Rotation,
    now: Timestamp,
    settings: RotationSettings,
) -> Plan {
    let mut plan = Plan::default();
    let line = line(records, algorithm);
    let successor_from = signer(records, algorithm, now)
        .and_then(|signer| takes_over(signer, rotation, now, settings));
    let next = line.iter().rfind(|key| key.active_from > now);
    match (successor_from, next) {
        (None, _) => plan.make = missing(records, algorithm, now),
        (Some(active_from), None) => {
            plan.make = Some(NewKey { algorithm, place: next_place(&line), active_from });
        }
        // A key that is published already is better than one that nobody has seen.
        (Some(active_from), Some(next)) if next.active_from > active_from => {
            plan.hasten = Some((next.id, active_from));
        }
        (Some(_), Some(_)) => {}
    }
    for (key, successor) in line.iter().zip(line.iter().skip(1)) {
        if key.retired_at.is_none() && successor.active_from <= now {
            let last_signature = successor.active_from;
            plan.retire.push((key.id, last_signature + settings.longest_token + KEPT_AFTER));
        }
    }
    let over = line.iter().filter(|key| key.retired_at.is_some_and(|at| at <= now));
    plan.remove = over.map(|key| key.id).collect();
    plan
}

/// The key to be made when none signs with `algorithm` at `now`. Nobody waits for it.
pub fn missing(
    records: &[SigningKeyRecord],
    algorithm: SigningAlgorithm,
    now: Timestamp,
) -> Option<NewKey> {
    let place = next_place(&line(records, algorithm));
    let is_missing = signer(records, algorithm, now).is_none();
    is_missing.then_some(NewKey { algorithm, place, active_from: now })
}

/// When the next key is to take over from `signer`; none when it is too early to say.
fn takes_over(
    signer: &SigningKeyRecord,
    rotation: Rotation,
    now: Timestamp,
    settings: RotationSettings,
) -> Option<Timestamp> {
    match rotation {
        Rotation::Now => Some(now + SETTLED_AFTER),
        Rotation::Next => Some(now + PUBLISHED_AHEAD),
        Rotation::OnSchedule => {
            let due = signer.active_from + settings.every;
            let is_time = due <= now + PUBLISHED_AHEAD + SPARE;
            is_time.then(|| due.max(now + PUBLISHED_AHEAD))
        }
    }
}

/// The algorithms that have keys.
pub fn in_use(records: &[SigningKeyRecord]) -> BTreeSet<SigningAlgorithm> {
    records.iter().map(|record| record.algorithm).collect()
}

/// The key that signs with `algorithm` at `now`: the newest whose time has come.
pub fn signer(
    records: &[SigningKeyRecord],
    algorithm: SigningAlgorithm,
    now: Timestamp,
) -> Option<&SigningKeyRecord> {
    let is_in_force = |key: &&SigningKeyRecord| key.active_from <= now && key.retired_at.is_none();
    line(records, algorithm).into_iter().rfind(is_in_force)
}

/// The keys of one algorithm in the order in which they take over.
fn line(records: &[SigningKeyRecord], algorithm: SigningAlgorithm) -> Vec<&SigningKeyRecord> {
    let mut line: Vec<_> = records.iter().filter(|key| key.algorithm == algorithm).collect();
    line.sort_by(|a, b| order(a).cmp(&order(b)));
    line
}

fn next_place(line: &[&SigningKeyRecord]) -> u32 {
    line.iter().map(|key| key.place).max().unwrap_or(0).saturating_add(1)
}

fn order(key: &SigningKeyRecord) -> (Timestamp, Timestamp, &str) {
    (key.active_from, key.created_at, &key.kid)
}

#[cfg(test)]
mod tests;
