//! The logos of clients: fetched once, kept as small PNGs.

use diesel::prelude::*;

use super::row::{Place, at, number};
use crate::base::{ClientRowId, Digest, Timestamp};
use crate::domain::DueLogo;
use crate::store::db::each;
use crate::store::db::schema::client_logos;
use crate::store::{Db, StoreError};

/// Notes where a client's logo lies now. It is due at once when that is another place.
pub(super) fn want_logo(
    db: &mut Db,
    client: ClientRowId,
    source: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let own = client_logos::table.find(client.to_bytes());
    let Some(source) = source else {
        each!(db, c => diesel::delete(own).execute(c))?;
        return Ok(());
    };
    let other = own.filter(client_logos::source.ne(source));
    each!(db, c => diesel::delete(other).execute(c))?;
    let row = (
        client_logos::client_id.eq(client.to_bytes()),
        client_logos::source.eq(source),
        client_logos::due_at.eq(Some(now.as_millis())),
        client_logos::tries.eq(0),
    );
    each!(db, c => diesel::insert_into(client_logos::table).values(row)
        .on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Logos that are due, those that wait longest first.
///
/// # Errors
/// When the store fails.
pub fn list_due_logos(db: &mut Db, now: Timestamp, limit: i64) -> Result<Vec<DueLogo>, StoreError> {
    type Row = (Vec<u8>, String, Option<i64>, i32);
    let rows: Vec<Row> = each!(db, c => client_logos::table
        .filter(client_logos::due_at.le(now.as_millis()))
        .order(client_logos::due_at)
        .select((
            client_logos::client_id,
            client_logos::source,
            client_logos::due_at,
            client_logos::tries,
        ))
        .limit(limit)
        .load(c))?;
    let read = |(client, source, due_at, tries): Row| {
        let place = Place::new("client_logos", &client);
        Ok(DueLogo {
            client: place.client("client_id", &client)?,
            source,
            due_at: due_at.map(at).ok_or_else(|| place.corrupt("due_at"))?,
            tries: place.count("tries", tries)?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Takes a logo on, by one conditional statement: of any number of processes one fetches it. When
/// nothing comes of that, it is due again at `again_at`.
///
/// # Errors
/// When the store fails.
pub fn claim_logo(db: &mut Db, due: &DueLogo, again_at: Timestamp) -> Result<bool, StoreError> {
    let same = client_logos::table
        .find(due.client.to_bytes())
        .filter(client_logos::source.eq(&due.source))
        .filter(client_logos::due_at.eq(due.due_at.as_millis()));
    let taken = (
        client_logos::due_at.eq(Some(again_at.as_millis())),
        client_logos::tries.eq(number(due.tries.saturating_add(1))),
    );
    Ok(each!(db, c => diesel::update(same).set(taken).execute(c))? == 1)
}

/// Keeps a logo that was fetched, unless the client has named another since.
///
/// # Errors
/// When the store fails.
pub fn keep_logo(
    db: &mut Db,
    due: &DueLogo,
    digest: &Digest,
    png: &[u8],
) -> Result<bool, StoreError> {
    let same = client_logos::table
        .find(due.client.to_bytes())
        .filter(client_logos::source.eq(&due.source));
    let kept = (
        client_logos::digest.eq(Some(digest.to_text())),
        client_logos::png.eq(Some(png)),
        client_logos::due_at.eq(None::<i64>),
    );
    Ok(each!(db, c => diesel::update(same).set(kept).execute(c))? == 1)
}

/// The digest of a client's logo, when it has one.
///
/// # Errors
/// When the store fails.
pub fn find_logo_digest(db: &mut Db, client: ClientRowId) -> Result<Option<Digest>, StoreError> {
    let text: Option<Option<String>> = each!(db, c => client_logos::table
        .find(client.to_bytes())
        .select(client_logos::digest)
        .first(c)
        .optional())?;
    let place = Place::new("client_logos", client.as_bytes());
    text.flatten().map(|text| place.digest("digest", &text)).transpose()
}

/// A logo by its digest.
///
/// # Errors
/// When the store fails.
pub fn find_logo(db: &mut Db, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
    let png: Option<Option<Vec<u8>>> = each!(db, c => client_logos::table
        .filter(client_logos::digest.eq(digest.to_text()))
        .select(client_logos::png)
        .first(c)
        .optional())?;
    Ok(png.flatten())
}
