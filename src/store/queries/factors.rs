//! Second factors. Whatever is used up is used up by one conditional statement (`security.md` R74,
//! R75).

use diesel::prelude::*;

use super::row::{Place, at};
use crate::base::{Digest, Timestamp, UserId};
use crate::domain::{Factors, TotpCredential};
use crate::store::db::each;
use crate::store::db::schema::{passkeys, recovery_codes, totp_credentials};
use crate::store::{Db, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = totp_credentials)]
struct TotpRow {
    user_id: Vec<u8>,
    sealed_seed: Vec<u8>,
    last_step: i64,
    label: String,
    confirmed_at: i64,
    used_at: i64,
}

impl TotpRow {
    fn into_credential(self) -> Result<TotpCredential, StoreError> {
        let place = Place::new("totp_credentials", &self.user_id);
        Ok(TotpCredential {
            user: place.user("user_id", &self.user_id)?,
            sealed_seed: self.sealed_seed,
            last_step: self.last_step,
            label: self.label,
            confirmed_at: at(self.confirmed_at),
            used_at: at(self.used_at),
        })
    }
}

/// The second factors of a person.
///
/// # Errors
/// When the store fails.
pub fn find_factors(db: &mut Db, user: UserId) -> Result<Factors, StoreError> {
    let row: Option<TotpRow> = each!(db, c => totp_credentials::table
        .find(user.to_bytes()).select(TotpRow::as_select()).first(c).optional())?;
    let left: i64 = each!(db, c => recovery_codes::table
        .filter(recovery_codes::user_id.eq(user.to_bytes()).and(recovery_codes::used_at.is_null()))
        .count()
        .get_result(c))?;
    let used: Vec<(i64, Option<i64>)> = each!(db, c => passkeys::table
        .filter(passkeys::user_id.eq(user.to_bytes()))
        .select((passkeys::created_at, passkeys::last_used_at))
        .load(c))?;
    Ok(Factors {
        totp: row.map(TotpRow::into_credential).transpose()?,
        passkey_used_at: used.into_iter().map(|(made, used)| at(used.unwrap_or(made))).max(),
        recovery_codes: u32::try_from(left).unwrap_or(0),
    })
}

/// Stores an authenticator app, unless the person has one: false then.
///
/// # Errors
/// When the store fails.
pub fn insert_totp(db: &mut Db, credential: &TotpCredential) -> Result<bool, StoreError> {
    let row = TotpRow {
        user_id: credential.user.to_bytes(),
        sealed_seed: credential.sealed_seed.clone(),
        last_step: credential.last_step,
        label: credential.label.clone(),
        confirmed_at: credential.confirmed_at.as_millis(),
        used_at: credential.used_at.as_millis(),
    };
    let inserted = each!(db, c => diesel::insert_into(totp_credentials::table)
        .values(&row)
        .on_conflict(totp_credentials::user_id)
        .do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}

/// Uses up a time step and all before it. False when it was used up already: of many who show the
/// same code one wins.
///
/// # Errors
/// When the store fails.
pub fn accept_totp_step(
    db: &mut Db,
    user: UserId,
    step: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let unused =
        totp_credentials::table.find(user.to_bytes()).filter(totp_credentials::last_step.lt(step));
    let values =
        (totp_credentials::last_step.eq(step), totp_credentials::used_at.eq(now.as_millis()));
    Ok(each!(db, c => diesel::update(unused).set(values).execute(c))? == 1)
}

/// Uses up a recovery code. False when the person has no such code, or used it before.
///
/// # Errors
/// When the store fails.
pub fn use_recovery_code(
    db: &mut Db,
    user: UserId,
    digest: &Digest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let unused = recovery_codes::table
        .find((user.to_bytes(), digest.to_text()))
        .filter(recovery_codes::used_at.is_null());
    let value = recovery_codes::used_at.eq(Some(now.as_millis()));
    Ok(each!(db, c => diesel::update(unused).set(value).execute(c))? == 1)
}

/// Replaces a person's recovery codes, used and unused ones.
///
/// # Errors
/// When the store fails.
pub fn replace_recovery_codes(
    db: &mut Db,
    user: UserId,
    digests: &[Digest],
    now: Timestamp,
) -> Result<(), StoreError> {
    let old = recovery_codes::table.filter(recovery_codes::user_id.eq(user.to_bytes()));
    each!(db, c => diesel::delete(old).execute(c))?;
    for digest in digests {
        let row = (
            recovery_codes::user_id.eq(user.to_bytes()),
            recovery_codes::digest.eq(digest.to_text()),
            recovery_codes::created_at.eq(now.as_millis()),
        );
        each!(db, c => diesel::insert_into(recovery_codes::table).values(row).execute(c))?;
    }
    Ok(())
}

/// Removes every second factor of a person, and the devices that were trusted by one. False when there was none.
///
/// # Errors
/// When the store fails.
pub fn delete_factors(db: &mut Db, user: UserId) -> Result<bool, StoreError> {
    let codes = recovery_codes::table.filter(recovery_codes::user_id.eq(user.to_bytes()));
    let codes = each!(db, c => diesel::delete(codes).execute(c))?;
    let totp = totp_credentials::table.find(user.to_bytes());
    let totp = each!(db, c => diesel::delete(totp).execute(c))?;
    super::trusted_devices::delete_devices_of_user(db, user)?;
    Ok(codes + totp > 0)
}
