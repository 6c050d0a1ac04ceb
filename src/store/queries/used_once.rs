//! Values that count once, or no longer: client assertions that were accepted, and single access
//! tokens that were taken back. Only their digests are kept, until they would have expired.

use diesel::prelude::*;

use super::row::Place;
use crate::base::{Digest, Timestamp};
use crate::store::db::each;
use crate::store::db::schema::{revocations, used_assertions};
use crate::store::{Db, StoreError};

/// Uses a client assertion up (`security.md` R41, R42). False when it had been used before, on
/// whichever process.
///
/// # Errors
/// When the store fails.
pub fn use_assertion(
    db: &mut Db,
    assertion: &Digest,
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    let row = (
        used_assertions::digest.eq(assertion.to_text()),
        used_assertions::expires_at.eq(expires_at.as_millis()),
    );
    let inserted = each!(db, c => diesel::insert_into(used_assertions::table).values(row)
        .on_conflict_do_nothing().execute(c))?;
    Ok(inserted == 1)
}

/// Takes a single access token back. Once is enough.
///
/// # Errors
/// When the store fails.
pub fn revoke_token(db: &mut Db, token: &Digest, expires_at: Timestamp) -> Result<(), StoreError> {
    let row = (
        revocations::token_digest.eq(token.to_text()),
        revocations::expires_at.eq(expires_at.as_millis()),
    );
    each!(db, c => diesel::insert_into(revocations::table).values(row)
        .on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Whether a single access token was taken back.
///
/// # Errors
/// When the store fails.
pub fn is_token_revoked(db: &mut Db, token: &Digest) -> Result<bool, StoreError> {
    let found = revocations::table.find(token.to_text());
    Ok(each!(db, c => diesel::select(diesel::dsl::exists(found)).get_result(c))?)
}

/// Single access tokens that were taken back, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn list_revoked_tokens(db: &mut Db, limit: usize) -> Result<Vec<Digest>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<String> = each!(db, c => revocations::table
        .select(revocations::token_digest)
        .limit(limit)
        .load(c))?;
    let place = Place::new("revocations", &[]);
    rows.iter().map(|row| place.digest("token_digest", row)).collect()
}

/// Removes what has expired anyway, at most `limit` of each.
///
/// # Errors
/// When the store fails.
pub fn purge_used_once(db: &mut Db, now: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let millis = now.as_millis();
    let assertions: Vec<String> = each!(db, c => used_assertions::table
        .filter(used_assertions::expires_at.lt(millis))
        .select(used_assertions::digest)
        .limit(limit)
        .load(c))?;
    let tokens: Vec<String> = each!(db, c => revocations::table
        .filter(revocations::expires_at.lt(millis))
        .select(revocations::token_digest)
        .limit(limit)
        .load(c))?;
    let assertions = used_assertions::table.filter(used_assertions::digest.eq_any(&assertions));
    let tokens = revocations::table.filter(revocations::token_digest.eq_any(&tokens));
    Ok(each!(db, c => diesel::delete(assertions).execute(c))?
        + each!(db, c => diesel::delete(tokens).execute(c))?)
}
