//! Browsers that accounts signed in with, the newest few of each.

use diesel::prelude::*;

use super::row::{Place, at};
use crate::base::{Digest, Timestamp, UserId};
use crate::domain::KnownBrowser;
use crate::store::db::each;
use crate::store::db::schema::known_browsers;
use crate::store::{Db, StoreError};

/// Notes that an account signed in with a browser, and says whether it never had. More than
/// [`KnownBrowser::MAX`] are not kept.
///
/// # Errors
/// When the store fails.
pub fn note_browser(
    db: &mut Db,
    user: UserId,
    digest: &Digest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let seen_at = known_browsers::seen_at.eq(now.as_millis());
    let known = known_browsers::table.find((user.to_bytes(), digest.to_text()));
    if each!(db, c => diesel::update(known).set(seen_at).execute(c))? > 0 {
        return Ok(false);
    }
    let row = (
        known_browsers::user_id.eq(user.to_bytes()),
        known_browsers::digest.eq(digest.to_text()),
        seen_at,
    );
    // Of two sign-ins at once in one browser, one is the first.
    let inserted = each!(db, c => diesel::insert_into(known_browsers::table).values(row)
        .on_conflict_do_nothing().execute(c))?;
    let surplus: Vec<String> = each!(db, c => known_browsers::table
        .filter(known_browsers::user_id.eq(user.to_bytes()))
        .order((known_browsers::seen_at.desc(), known_browsers::digest))
        .select(known_browsers::digest)
        .limit(i64::MAX)
        .offset(KnownBrowser::MAX)
        .load(c))?;
    if !surplus.is_empty() {
        let own = known_browsers::table.filter(known_browsers::user_id.eq(user.to_bytes()));
        let old = own.filter(known_browsers::digest.eq_any(&surplus));
        each!(db, c => diesel::delete(old).execute(c))?;
    }
    Ok(inserted == 1)
}

/// The browsers that an account signed in with, the one used last first.
///
/// # Errors
/// When the store fails.
pub fn list_browsers(db: &mut Db, user: UserId) -> Result<Vec<KnownBrowser>, StoreError> {
    let rows: Vec<(String, i64)> = each!(db, c => known_browsers::table
        .filter(known_browsers::user_id.eq(user.to_bytes()))
        .order((known_browsers::seen_at.desc(), known_browsers::digest))
        .select((known_browsers::digest, known_browsers::seen_at))
        .load(c))?;
    let place = Place::new("known_browsers", user.as_bytes());
    let browser = |(digest, seen_at): (String, i64)| {
        Ok(KnownBrowser { digest: place.digest("digest", &digest)?, seen_at: at(seen_at) })
    };
    rows.into_iter().map(browser).collect()
}

/// Forgets every browser of an account but this one: the others are new when they come again.
///
/// # Errors
/// When the store fails.
pub fn forget_other_browsers(db: &mut Db, user: UserId, kept: &Digest) -> Result<(), StoreError> {
    let others = known_browsers::table
        .filter(known_browsers::user_id.eq(user.to_bytes()))
        .filter(known_browsers::digest.ne(kept.to_text()));
    each!(db, c => diesel::delete(others).execute(c))?;
    Ok(())
}
