//! Pushed authorization requests (RFC 9126).

use diesel::prelude::*;

use super::row::{Place, at, maybe_at, to_json};
use crate::base::{PushedRequestId, Timestamp};
use crate::domain::PushedRequest;
use crate::store::db::each;
use crate::store::db::schema::pushed_requests;
use crate::store::{Db, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = pushed_requests)]
struct PushedRow {
    id: Vec<u8>,
    client_id: Vec<u8>,
    secret_digest: String,
    parameters: String,
    is_signed: bool,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

impl PushedRow {
    fn of(pushed: &PushedRequest) -> Result<Self, StoreError> {
        Ok(Self {
            id: pushed.id.to_bytes(),
            client_id: pushed.client.to_bytes(),
            secret_digest: pushed.secret_digest.to_text(),
            parameters: to_json(&pushed.parameters)?,
            is_signed: pushed.is_signed,
            created_at: pushed.created_at.as_millis(),
            expires_at: pushed.expires_at.as_millis(),
            used_at: pushed.used_at.map(Timestamp::as_millis),
        })
    }

    fn into_pushed(self) -> Result<PushedRequest, StoreError> {
        let place = Place::new("pushed_requests", &self.id);
        Ok(PushedRequest {
            id: place.pushed_request("id", &self.id)?,
            client: place.client("client_id", &self.client_id)?,
            secret_digest: place.digest("secret_digest", &self.secret_digest)?,
            parameters: place.json("parameters", &self.parameters)?,
            is_signed: self.is_signed,
            created_at: at(self.created_at),
            expires_at: at(self.expires_at),
            used_at: maybe_at(self.used_at),
        })
    }
}

/// Stores a pushed request.
///
/// # Errors
/// When the store fails.
pub fn insert_pushed_request(db: &mut Db, pushed: &PushedRequest) -> Result<(), StoreError> {
    let row = PushedRow::of(pushed)?;
    each!(db, c => diesel::insert_into(pushed_requests::table).values(&row).execute(c))?;
    Ok(())
}

/// A pushed request by its id, used or not.
///
/// # Errors
/// When the store fails.
pub fn find_pushed_request(
    db: &mut Db,
    id: PushedRequestId,
) -> Result<Option<PushedRequest>, StoreError> {
    let row: Option<PushedRow> = each!(db, c => pushed_requests::table
        .find(id.to_bytes()).select(PushedRow::as_select()).first(c).optional())?;
    row.map(PushedRow::into_pushed).transpose()
}

/// Uses a pushed request up by one conditional statement: of any number of answers to it, one
/// goes out. False when it had been used before.
///
/// # Errors
/// When the store fails.
pub fn use_pushed_request(
    db: &mut Db,
    id: PushedRequestId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let unused =
        pushed_requests::table.find(id.to_bytes()).filter(pushed_requests::used_at.is_null());
    let used = pushed_requests::used_at.eq(Some(now.as_millis()));
    Ok(each!(db, c => diesel::update(unused).set(used).execute(c))? == 1)
}

/// Removes pushed requests that ended before `before`, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn purge_pushed_requests(
    db: &mut Db,
    before: Timestamp,
    limit: i64,
) -> Result<usize, StoreError> {
    let over: Vec<Vec<u8>> = each!(db, c => pushed_requests::table
        .filter(pushed_requests::expires_at.lt(before.as_millis()))
        .select(pushed_requests::id)
        .limit(limit)
        .load(c))?;
    let over = pushed_requests::table.filter(pushed_requests::id.eq_any(&over));
    Ok(each!(db, c => diesel::delete(over).execute(c))?)
}
