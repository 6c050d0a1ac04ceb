//! Consecutive failures of an account. They are kept with the account's data, because a restart
//! must not give an attacker new tries.

use std::time::Duration;

use diesel::prelude::*;

use crate::base::{Digest, Timestamp};
use crate::store::db::each;
use crate::store::db::schema::login_failures;
use crate::store::{Db, StoreError};

/// Failures that cost nothing (`contract.md`).
const FREE: i32 = 5;
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// After this long without a failure the row may go.
const FORGET_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether an attempt may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// Yes. It counts as a failure until it is taken back.
    Allowed,
    /// Not before `until`.
    Blocked {
        /// When the next attempt may be made.
        until: Timestamp,
    },
}

/// How long the account must wait after its `failures`th failure: nothing for the first five,
/// then a second, doubling to a quarter of an hour.
fn wait_after(failures: i32) -> Duration {
    match failures - FREE {
        ..=-1 => Duration::ZERO,
        over => Duration::from_secs(1_u64.checked_shl(over.unsigned_abs()).unwrap_or(u64::MAX))
            .min(LONGEST),
    }
}

/// Counts an attempt before it is made, in one conditional statement: a parallel burst gets no
/// more tries than a patient attacker.
///
/// # Errors
/// When the store fails; [`StoreError::Conflict`] when others keep getting in the way.
pub fn reserve_attempt(
    db: &mut Db,
    account: &Digest,
    now: Timestamp,
) -> Result<Attempt, StoreError> {
    const TRIES: usize = 64;
    let key = account.to_text();
    for _ in 0..TRIES {
        let found: Option<(i32, i64)> = each!(db, c => login_failures::table
            .find(&key)
            .select((login_failures::failures, login_failures::blocked_until))
            .first(c)
            .optional())?;
        let (before, blocked_until) = found.unwrap_or((0, 0));
        if now.as_millis() < blocked_until {
            return Ok(Attempt::Blocked { until: Timestamp::from_millis(blocked_until) });
        }
        if count(db, &key, before, now)? {
            return Ok(Attempt::Allowed);
        }
    }
    Err(StoreError::Conflict)
}

/// Writes the next count, if nobody else has since.
fn count(db: &mut Db, key: &str, before: i32, now: Timestamp) -> Result<bool, StoreError> {
    let failures = before.saturating_add(1);
    let row = (
        login_failures::account_digest.eq(key),
        login_failures::failures.eq(failures),
        login_failures::blocked_until.eq((now + wait_after(failures)).as_millis()),
        login_failures::last_failed_at.eq(now.as_millis()),
    );
    if before == 0 {
        let inserted = each!(db, c => diesel::insert_into(login_failures::table)
            .values(row)
            .on_conflict(login_failures::account_digest)
            .do_nothing()
            .execute(c))?;
        if inserted == 1 {
            return Ok(true);
        }
    }
    let unchanged = login_failures::table.find(key).filter(login_failures::failures.eq(before));
    let values = (
        login_failures::failures.eq(failures),
        login_failures::blocked_until.eq((now + wait_after(failures)).as_millis()),
        login_failures::last_failed_at.eq(now.as_millis()),
    );
    Ok(each!(db, c => diesel::update(unchanged).set(values).execute(c))? == 1)
}

/// Takes one attempt back that was never made.
///
/// # Errors
/// When the store fails.
pub fn withdraw_attempt(db: &mut Db, account: &Digest) -> Result<(), StoreError> {
    let counted =
        login_failures::table.find(account.to_text()).filter(login_failures::failures.gt(0));
    let values = (
        login_failures::failures.eq(login_failures::failures - 1),
        login_failures::blocked_until.eq(0),
    );
    each!(db, c => diesel::update(counted).set(values).execute(c))?;
    Ok(())
}

/// Forgets an account's failures after its owner signed in.
///
/// # Errors
/// When the store fails.
pub fn clear_failures(db: &mut Db, account: &Digest) -> Result<(), StoreError> {
    each!(db, c => diesel::delete(login_failures::table.find(account.to_text())).execute(c))?;
    Ok(())
}

/// Removes rows whose last failure is a day old, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn purge_failures(db: &mut Db, now: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let before = (now - FORGET_AFTER).as_millis();
    let old: Vec<String> = each!(db, c => login_failures::table
        .filter(login_failures::last_failed_at.lt(before))
        .select(login_failures::account_digest)
        .limit(limit)
        .load(c))?;
    let old = login_failures::table.filter(login_failures::account_digest.eq_any(&old));
    Ok(each!(db, c => diesel::delete(old).execute(c))?)
}
