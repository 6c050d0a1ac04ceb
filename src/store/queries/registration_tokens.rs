//! Initial access tokens (RFC 7591 §3).

use diesel::prelude::*;

use super::row::number;
use crate::base::{Digest, RegistrationTokenId, Timestamp};
use crate::domain::RegistrationTokenRecord;
use crate::store::db::each;
use crate::store::db::schema::registration_tokens::{self, dsl};
use crate::store::{Db, StoreError};

/// Stores a new token.
///
/// # Errors
/// When the store fails.
pub fn insert_registration_token(
    db: &mut Db,
    token: &RegistrationTokenRecord,
) -> Result<(), StoreError> {
    let row = (
        dsl::id.eq(token.id.to_bytes()),
        dsl::secret_digest.eq(token.secret_digest.to_text()),
        dsl::uses_left.eq(number(token.uses_left)),
        dsl::created_at.eq(token.created_at.as_millis()),
        dsl::expires_at.eq(token.expires_at.as_millis()),
    );
    each!(db, c => diesel::insert_into(registration_tokens::table).values(row).execute(c))?;
    Ok(())
}

/// Whether a token still counts. Only [`use_registration_token`] uses it.
///
/// # Errors
/// When the store fails.
pub fn is_registration_token_good(
    db: &mut Db,
    id: RegistrationTokenId,
    secret: &Digest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let good = dsl::registration_tokens
        .find(id.to_bytes())
        .filter(dsl::secret_digest.eq(secret.to_text()))
        .filter(dsl::uses_left.gt(0).and(dsl::expires_at.gt(now.as_millis())));
    Ok(each!(db, c => diesel::select(diesel::dsl::exists(good)).get_result(c))?)
}

/// Takes one use of a token by one conditional statement. False when none was left, it is over, or
/// the secret is not its own.
///
/// # Errors
/// When the store fails.
pub fn use_registration_token(
    db: &mut Db,
    id: RegistrationTokenId,
    secret: &Digest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let good = dsl::registration_tokens
        .find(id.to_bytes())
        .filter(dsl::secret_digest.eq(secret.to_text()))
        .filter(dsl::uses_left.gt(0).and(dsl::expires_at.gt(now.as_millis())));
    let one_less = dsl::uses_left.eq(dsl::uses_left - 1);
    Ok(each!(db, c => diesel::update(good).set(one_less).execute(c))? == 1)
}

/// Removes tokens that ended before `before`, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn purge_registration_tokens(
    db: &mut Db,
    before: Timestamp,
    limit: i64,
) -> Result<usize, StoreError> {
    let over: Vec<Vec<u8>> = each!(db, c => dsl::registration_tokens
        .filter(dsl::expires_at.lt(before.as_millis()))
        .select(dsl::id)
        .limit(limit)
        .load(c))?;
    let over = dsl::registration_tokens.filter(dsl::id.eq_any(&over));
    Ok(each!(db, c => diesel::delete(over).execute(c))?)
}
