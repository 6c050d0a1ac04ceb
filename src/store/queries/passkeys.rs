//! Passkeys, the challenges that were answered, and who did not want one.

use diesel::prelude::*;

use super::row::{Place, at, maybe_at};
use crate::base::{Digest, PasskeyId, Timestamp, UserId};
use crate::domain::Passkey;
use crate::store::db::each;
use crate::store::db::schema::{declined_passkeys, passkeys, webauthn_challenges};
use crate::store::{Db, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = passkeys)]
struct PasskeyRow {
    id: Vec<u8>,
    user_id: Vec<u8>,
    credential_id: Vec<u8>,
    credential: String,
    name: String,
    sign_count: i64,
    is_backup_eligible: bool,
    is_backed_up: bool,
    created_at: i64,
    last_used_at: Option<i64>,
    count_fell_at: Option<i64>,
}

impl PasskeyRow {
    fn of(passkey: &Passkey) -> Self {
        Self {
            id: passkey.id.to_bytes(),
            user_id: passkey.user.to_bytes(),
            credential_id: passkey.credential_id.clone(),
            credential: passkey.credential.clone(),
            name: passkey.name.clone(),
            sign_count: i64::from(passkey.sign_count),
            is_backup_eligible: passkey.is_backup_eligible,
            is_backed_up: passkey.is_backed_up,
            created_at: passkey.created_at.as_millis(),
            last_used_at: passkey.last_used_at.map(Timestamp::as_millis),
            count_fell_at: passkey.count_fell_at.map(Timestamp::as_millis),
        }
    }

    fn into_passkey(self) -> Result<Passkey, StoreError> {
        let place = Place::new("passkeys", &self.id);
        Ok(Passkey {
            id: place.passkey("id", &self.id)?,
            user: place.user("user_id", &self.user_id)?,
            credential_id: self.credential_id,
            credential: self.credential,
            name: self.name,
            sign_count: u32::try_from(self.sign_count).map_err(|_| place.corrupt("sign_count"))?,
            is_backup_eligible: self.is_backup_eligible,
            is_backed_up: self.is_backed_up,
            created_at: at(self.created_at),
            last_used_at: maybe_at(self.last_used_at),
            count_fell_at: maybe_at(self.count_fell_at),
        })
    }
}

/// Stores a new passkey. False when its credential id is known already, whoever has it (WebAuthn
/// Level 3 §7.1, step 26).
///
/// # Errors
/// When the store fails.
pub fn insert_passkey(db: &mut Db, passkey: &Passkey) -> Result<bool, StoreError> {
    let row = PasskeyRow::of(passkey);
    let inserted = each!(db, c => diesel::insert_into(passkeys::table).values(&row)
        .on_conflict(passkeys::credential_id).do_nothing().execute(c))?;
    Ok(inserted == 1)
}

/// What became of a passkey that was to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is stored.
    Yes,
    /// Its credential id is known already.
    Known,
    /// Its person has as many as there may be.
    TooMany,
}

/// Stores a new passkey of somebody who has fewer than `most`. The account is held meanwhile: of two
/// that are added at once, the second counts the first.
///
/// # Errors
/// When the store fails.
pub fn add_passkey(db: &mut Db, passkey: &Passkey, most: i64) -> Result<Added, StoreError> {
    super::users::hold_user(db, passkey.user)?;
    let own = passkeys::table.filter(passkeys::user_id.eq(passkey.user.to_bytes()));
    let count: i64 = each!(db, c => own.count().get_result(c))?;
    if count >= most {
        return Ok(Added::TooMany);
    }
    Ok(if insert_passkey(db, passkey)? { Added::Yes } else { Added::Known })
}

/// A passkey by the id that its authenticator gave it.
///
/// # Errors
/// When the store fails.
pub fn find_passkey(db: &mut Db, credential_id: &[u8]) -> Result<Option<Passkey>, StoreError> {
    let row: Option<PasskeyRow> = each!(db, c => passkeys::table
        .filter(passkeys::credential_id.eq(credential_id))
        .select(PasskeyRow::as_select()).first(c).optional())?;
    row.map(PasskeyRow::into_passkey).transpose()
}

/// The passkeys of a person, the oldest first.
///
/// # Errors
/// When the store fails.
pub fn list_passkeys(db: &mut Db, user: UserId) -> Result<Vec<Passkey>, StoreError> {
    let rows: Vec<PasskeyRow> = each!(db, c => passkeys::table
        .filter(passkeys::user_id.eq(user.to_bytes()))
        .order(passkeys::id)
        .select(PasskeyRow::as_select()).load(c))?;
    rows.into_iter().map(PasskeyRow::into_passkey).collect()
}

/// Keeps what a passkey showed when it signed in. `before` is the counter that it was judged
/// against: of two assertions with one counter, one is kept. False for the other.
///
/// # Errors
/// When the store fails.
pub fn update_used_passkey(db: &mut Db, used: &Passkey, before: u32) -> Result<bool, StoreError> {
    let row = PasskeyRow::of(used);
    let unchanged = passkeys::table.find(row.id).filter(passkeys::sign_count.eq(i64::from(before)));
    let set = (
        passkeys::credential.eq(row.credential),
        passkeys::sign_count.eq(row.sign_count),
        passkeys::is_backup_eligible.eq(row.is_backup_eligible),
        passkeys::is_backed_up.eq(row.is_backed_up),
        passkeys::last_used_at.eq(row.last_used_at),
    );
    Ok(each!(db, c => diesel::update(unchanged).set(set).execute(c))? == 1)
}

/// Records that a passkey showed a counter that did not grow (`security.md` R78).
///
/// # Errors
/// When the store fails.
pub fn record_fallen_count(db: &mut Db, id: PasskeyId, now: Timestamp) -> Result<(), StoreError> {
    let set = passkeys::count_fell_at.eq(Some(now.as_millis()));
    each!(db, c => diesel::update(passkeys::table.find(id.to_bytes())).set(set).execute(c))?;
    Ok(())
}

/// Gives a passkey of `user` another name. False when they have no such passkey.
///
/// # Errors
/// When the store fails.
pub fn rename_passkey(
    db: &mut Db,
    user: UserId,
    id: PasskeyId,
    name: &str,
) -> Result<bool, StoreError> {
    let own = passkeys::table.find(id.to_bytes()).filter(passkeys::user_id.eq(user.to_bytes()));
    Ok(each!(db, c => diesel::update(own).set(passkeys::name.eq(name)).execute(c))? == 1)
}

/// Removes a passkey of `user`, and the devices that may be trusted by it. False when they have no such passkey.
///
/// # Errors
/// When the store fails.
pub fn delete_passkey(db: &mut Db, user: UserId, id: PasskeyId) -> Result<bool, StoreError> {
    let own = passkeys::table.find(id.to_bytes()).filter(passkeys::user_id.eq(user.to_bytes()));
    let is_removed = each!(db, c => diesel::delete(own).execute(c))? == 1;
    if is_removed {
        super::trusted_devices::delete_devices_of_user(db, user)?;
    }
    Ok(is_removed)
}

/// Uses a challenge up by one conditional statement: of any number of answers to it, one is looked
/// at (`security.md` R24, R78). False when there was one before, on whichever process.
///
/// # Errors
/// When the store fails.
pub fn use_challenge(
    db: &mut Db,
    challenge: &Digest,
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    let row = (
        webauthn_challenges::digest.eq(challenge.to_text()),
        webauthn_challenges::expires_at.eq(expires_at.as_millis()),
    );
    let inserted = each!(db, c => diesel::insert_into(webauthn_challenges::table).values(row)
        .on_conflict_do_nothing().execute(c))?;
    Ok(inserted == 1)
}

/// Removes challenges that have expired anyway, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn purge_challenges(db: &mut Db, now: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let over: Vec<String> = each!(db, c => webauthn_challenges::table
        .filter(webauthn_challenges::expires_at.lt(now.as_millis()))
        .select(webauthn_challenges::digest)
        .limit(limit)
        .load(c))?;
    let over = webauthn_challenges::table.filter(webauthn_challenges::digest.eq_any(&over));
    Ok(each!(db, c => diesel::delete(over).execute(c))?)
}

/// Remembers that a person did not want a passkey now.
///
/// # Errors
/// When the store fails.
pub fn decline_passkey(db: &mut Db, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let declined = declined_passkeys::declined_at.eq(now.as_millis());
    let row = (declined_passkeys::user_id.eq(user.to_bytes()), declined);
    each!(db, c => diesel::insert_into(declined_passkeys::table).values(row)
        .on_conflict(declined_passkeys::user_id).do_update().set(declined).execute(c))?;
    Ok(())
}

/// When a person last did not want a passkey.
///
/// # Errors
/// When the store fails.
pub fn passkey_declined_at(db: &mut Db, user: UserId) -> Result<Option<Timestamp>, StoreError> {
    let declined = declined_passkeys::table.find(user.to_bytes());
    let found: Option<i64> = each!(db, c => declined
        .select(declined_passkeys::declined_at).first(c).optional())?;
    Ok(maybe_at(found))
}
