//! The link of the first run (`security.md` R64). There is one at most.

use diesel::prelude::*;

use crate::base::{Digest, Timestamp};
use crate::store::db::each;
use crate::store::db::schema::setup_links;
use crate::store::{Db, StoreError};

/// The one place that there is for a link.
const PLACE: i32 = 1;

/// Stores a link in place of the one before, used or not.
///
/// # Errors
/// When the store fails.
pub fn replace_setup_link(
    db: &mut Db,
    digest: &Digest,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let values = (
        setup_links::digest.eq(digest.to_text()),
        setup_links::expires_at.eq(expires_at.as_millis()),
        setup_links::used_at.eq(None::<i64>),
    );
    each!(db, c => diesel::insert_into(setup_links::table)
        .values((setup_links::place.eq(PLACE), values.clone()))
        .on_conflict(setup_links::place)
        .do_update()
        .set(values)
        .execute(c))?;
    Ok(())
}

/// Whether this is the link that counts.
///
/// # Errors
/// When the store fails.
pub fn has_setup_link(db: &mut Db, digest: &Digest, now: Timestamp) -> Result<bool, StoreError> {
    let found: i64 = each!(db, c => setup_links::table
        .filter(setup_links::digest.eq(digest.to_text()))
        .filter(setup_links::expires_at.gt(now.as_millis()))
        .filter(setup_links::used_at.is_null())
        .count()
        .get_result(c))?;
    Ok(found == 1)
}

/// Uses a link up by one conditional statement: of many at once, one succeeds. False for the
/// others, and when the link is too old or was replaced.
///
/// # Errors
/// When the store fails.
pub fn use_setup_link(db: &mut Db, digest: &Digest, now: Timestamp) -> Result<bool, StoreError> {
    let open = setup_links::table
        .filter(setup_links::digest.eq(digest.to_text()))
        .filter(setup_links::expires_at.gt(now.as_millis()))
        .filter(setup_links::used_at.is_null());
    let value = setup_links::used_at.eq(Some(now.as_millis()));
    Ok(each!(db, c => diesel::update(open).set(value).execute(c))? == 1)
}
