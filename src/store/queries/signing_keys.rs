//! Signing keys, the private part sealed.

use std::str::FromStr as _;

use diesel::prelude::*;

use super::row::{Place, at, maybe_at, number};
use crate::base::{SigningKeyId, Timestamp};
use crate::domain::{SigningKeyRecord, SigningKeyTimes};
use crate::protocol::SigningAlgorithm;
use crate::store::db::each;
use crate::store::db::schema::signing_keys;
use crate::store::{Db, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys)]
struct SigningKeyRow {
    id: Vec<u8>,
    kid: String,
    algorithm: String,
    place: i32,
    sealed_private: Vec<u8>,
    public_jwk: String,
    created_at: i64,
    active_from: i64,
    retired_at: Option<i64>,
}

impl SigningKeyRow {
    fn into_record(self) -> Result<SigningKeyRecord, StoreError> {
        let place = Place::new("signing_keys", &self.id);
        Ok(SigningKeyRecord {
            id: place.signing_key("id", &self.id)?,
            algorithm: SigningAlgorithm::from_str(&self.algorithm)
                .map_err(|_| place.corrupt("algorithm"))?,
            place: place.count("place", self.place)?,
            kid: self.kid,
            sealed_private: self.sealed_private,
            public_jwk: self.public_jwk,
            created_at: at(self.created_at),
            active_from: at(self.active_from),
            retired_at: maybe_at(self.retired_at),
        })
    }
}

/// Stores a key, unless another process has put one in the same place: false then.
///
/// # Errors
/// When the store fails.
pub fn insert_signing_key(db: &mut Db, record: &SigningKeyRecord) -> Result<bool, StoreError> {
    let row = SigningKeyRow {
        id: record.id.to_bytes(),
        kid: record.kid.clone(),
        algorithm: record.algorithm.as_str().to_owned(),
        place: number(record.place),
        sealed_private: record.sealed_private.clone(),
        public_jwk: record.public_jwk.clone(),
        created_at: record.created_at.as_millis(),
        active_from: record.active_from.as_millis(),
        retired_at: record.retired_at.map(Timestamp::as_millis),
    };
    let inserted = each!(db, c => diesel::insert_into(signing_keys::table)
        .values(&row)
        .on_conflict((signing_keys::algorithm, signing_keys::place))
        .do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}

/// Every key, the oldest first.
///
/// # Errors
/// When the store fails.
pub fn list_signing_keys(db: &mut Db) -> Result<Vec<SigningKeyRecord>, StoreError> {
    let rows: Vec<SigningKeyRow> = each!(db, c => signing_keys::table
        .order((signing_keys::created_at, signing_keys::kid))
        .select(SigningKeyRow::as_select())
        .load(c))?;
    rows.into_iter().map(SigningKeyRow::into_record).collect()
}

/// What may change of every key, the oldest first.
///
/// # Errors
/// When the store fails.
pub fn list_key_times(db: &mut Db) -> Result<Vec<SigningKeyTimes>, StoreError> {
    let rows: Vec<(String, i64, Option<i64>)> = each!(db, c => signing_keys::table
        .order((signing_keys::created_at, signing_keys::kid))
        .select((signing_keys::kid, signing_keys::active_from, signing_keys::retired_at))
        .load(c))?;
    let times = rows.into_iter().map(|(kid, active_from, retired_at)| SigningKeyTimes {
        kid,
        active_from: at(active_from),
        retired_at: maybe_at(retired_at),
    });
    Ok(times.collect())
}

/// Lets a key sign from `from` on, when that is earlier than it was to: whether it is.
///
/// # Errors
/// When the store fails.
pub fn hasten_signing_key(
    db: &mut Db,
    key: SigningKeyId,
    from: Timestamp,
) -> Result<bool, StoreError> {
    let hastened = each!(db, c => diesel::update(signing_keys::table)
        .filter(signing_keys::id.eq(key.to_bytes()))
        .filter(signing_keys::active_from.gt(from.as_millis()))
        .set(signing_keys::active_from.eq(from.as_millis()))
        .execute(c))?;
    Ok(hastened == 1)
}

/// Notes when a key leaves the published set. What was noted first stands: whether it was this.
///
/// # Errors
/// When the store fails.
pub fn retire_signing_key(
    db: &mut Db,
    key: SigningKeyId,
    leaves: Timestamp,
) -> Result<bool, StoreError> {
    let retired = each!(db, c => diesel::update(signing_keys::table)
        .filter(signing_keys::id.eq(key.to_bytes()))
        .filter(signing_keys::retired_at.is_null())
        .set(signing_keys::retired_at.eq(leaves.as_millis()))
        .execute(c))?;
    Ok(retired == 1)
}

/// Removes a key: whether it was there.
///
/// # Errors
/// When the store fails.
pub fn delete_signing_key(db: &mut Db, key: SigningKeyId) -> Result<bool, StoreError> {
    let deleted = each!(db, c => diesel::delete(signing_keys::table)
        .filter(signing_keys::id.eq(key.to_bytes()))
        .execute(c))?;
    Ok(deleted == 1)
}
