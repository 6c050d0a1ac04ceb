//! Devices on which people are not asked for the second factor again.

use diesel::prelude::*;

use super::row::{Place, at};
use crate::base::{Digest, Timestamp, UserId};
use crate::domain::TrustedDevice;
use crate::store::db::each;
use crate::store::db::schema::trusted_devices;
use crate::store::{Db, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = trusted_devices)]
struct DeviceRow {
    digest: String,
    user_id: Vec<u8>,
    created_at: i64,
    expires_at: i64,
}

impl DeviceRow {
    fn into_device(self) -> Result<TrustedDevice, StoreError> {
        let place = Place::new("trusted_devices", &self.user_id);
        Ok(TrustedDevice {
            digest: place.digest("digest", &self.digest)?,
            user: place.user("user_id", &self.user_id)?,
            created_at: at(self.created_at),
            expires_at: at(self.expires_at),
        })
    }
}

/// Stores a device that a person trusts. With more than [`TrustedDevice::MAX`], the trust in the
/// oldest ends.
///
/// # Errors
/// When the store fails.
pub fn insert_device(db: &mut Db, device: &TrustedDevice) -> Result<(), StoreError> {
    let row = DeviceRow {
        digest: device.digest.to_text(),
        user_id: device.user.to_bytes(),
        created_at: device.created_at.as_millis(),
        expires_at: device.expires_at.as_millis(),
    };
    each!(db, c => diesel::insert_into(trusted_devices::table).values(&row).execute(c))?;
    let own = trusted_devices::table.filter(trusted_devices::user_id.eq(&row.user_id));
    let surplus: Vec<String> = each!(db, c => own
        .order((trusted_devices::created_at.desc(), trusted_devices::expires_at.desc()))
        .then_order_by(trusted_devices::digest)
        .select(trusted_devices::digest)
        .limit(i64::MAX)
        .offset(TrustedDevice::MAX)
        .load(c))?;
    if !surplus.is_empty() {
        let old = trusted_devices::table.filter(trusted_devices::digest.eq_any(&surplus));
        each!(db, c => diesel::delete(old).execute(c))?;
    }
    Ok(())
}

/// The devices with these digests that still count.
///
/// # Errors
/// When the store fails.
pub fn find_devices(
    db: &mut Db,
    digests: &[Digest],
    now: Timestamp,
) -> Result<Vec<TrustedDevice>, StoreError> {
    let digests: Vec<String> = digests.iter().map(|one| one.to_text()).collect();
    let rows: Vec<DeviceRow> = each!(db, c => trusted_devices::table
        .filter(trusted_devices::digest.eq_any(&digests))
        .filter(trusted_devices::expires_at.gt(now.as_millis()))
        .select(DeviceRow::as_select())
        .load(c))?;
    rows.into_iter().map(DeviceRow::into_device).collect()
}

/// The devices of a person that still count, the newest first.
///
/// # Errors
/// When the store fails.
pub fn list_devices(
    db: &mut Db,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<TrustedDevice>, StoreError> {
    let rows: Vec<DeviceRow> = each!(db, c => trusted_devices::table
        .filter(trusted_devices::user_id.eq(user.to_bytes()))
        .filter(trusted_devices::expires_at.gt(now.as_millis()))
        .order((trusted_devices::created_at.desc(), trusted_devices::digest))
        .select(DeviceRow::as_select())
        .load(c))?;
    rows.into_iter().map(DeviceRow::into_device).collect()
}

/// Removes a device of `user`. False when they have no such device.
///
/// # Errors
/// When the store fails.
pub fn delete_device(db: &mut Db, user: UserId, digest: &Digest) -> Result<bool, StoreError> {
    let own = trusted_devices::table
        .find(digest.to_text())
        .filter(trusted_devices::user_id.eq(user.to_bytes()));
    Ok(each!(db, c => diesel::delete(own).execute(c))? == 1)
}

/// Removes every device of a person, and says how many there were.
///
/// # Errors
/// When the store fails.
pub fn delete_devices_of_user(db: &mut Db, user: UserId) -> Result<usize, StoreError> {
    let own = trusted_devices::table.filter(trusted_devices::user_id.eq(user.to_bytes()));
    Ok(each!(db, c => diesel::delete(own).execute(c))?)
}

/// Removes devices that count no more, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn purge_devices(db: &mut Db, now: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let over: Vec<String> = each!(db, c => trusted_devices::table
        .filter(trusted_devices::expires_at.lt(now.as_millis()))
        .select(trusted_devices::digest)
        .limit(limit)
        .load(c))?;
    let over = trusted_devices::table.filter(trusted_devices::digest.eq_any(&over));
    Ok(each!(db, c => diesel::delete(over).execute(c))?)
}
