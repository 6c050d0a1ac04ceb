//! The audit trail: rows are added by the transaction that makes them true, sealed once, and
//! never removed (`security.md` R125).

use diesel::prelude::*;

use super::row::{Place, at};
use crate::base::{AuditId, Timestamp};
use crate::domain::{AuditRecord, Seal};
use crate::store::db::each;
use crate::store::db::schema::audit;
use crate::store::{Db, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit)]
struct AuditRow {
    id: Vec<u8>,
    at: i64,
    event: String,
    outcome: String,
    actor_kind: String,
    actor_id: Option<String>,
    target_kind: Option<String>,
    target_id: Option<String>,
    network: Option<String>,
    reference: Option<String>,
    details: String,
    place: Option<i64>,
    previous_hash: Option<String>,
    hash: Option<String>,
    mac: Option<String>,
}

impl AuditRow {
    fn of(record: &AuditRecord) -> Self {
        let (target_kind, target_id) = record.target.clone().unzip();
        Self {
            id: record.id.to_bytes(),
            at: record.at.as_millis(),
            event: record.event.clone(),
            outcome: record.outcome.clone(),
            actor_kind: record.actor_kind.clone(),
            actor_id: record.actor_id.clone(),
            target_kind,
            target_id,
            network: record.network.clone(),
            reference: record.reference.clone(),
            details: record.details.clone(),
            place: None,
            previous_hash: None,
            hash: None,
            mac: None,
        }
    }

    fn into_record(self) -> Result<AuditRecord, StoreError> {
        let row = Place::new("audit", &self.id);
        let seal = match (self.place, &self.previous_hash, &self.hash, &self.mac) {
            (None, None, None, None) => None,
            (Some(place), Some(previous), Some(hash), Some(mac)) => Some(Seal {
                place,
                previous: row.digest("previous_hash", previous)?,
                hash: row.digest("hash", hash)?,
                mac: row.digest("mac", mac)?,
            }),
            _ => return Err(row.corrupt("place")),
        };
        Ok(AuditRecord {
            id: row.audit("id", &self.id)?,
            at: at(self.at),
            event: self.event,
            outcome: self.outcome,
            actor_kind: self.actor_kind,
            actor_id: self.actor_id,
            target: self.target_kind.zip(self.target_id),
            network: self.network,
            reference: self.reference,
            details: self.details,
            seal,
        })
    }
}

fn records(rows: Vec<AuditRow>) -> Result<Vec<AuditRecord>, StoreError> {
    rows.into_iter().map(AuditRow::into_record).collect()
}

/// Adds a row. It belongs into the transaction of the change that it tells of.
///
/// # Errors
/// When the store fails.
pub fn record(db: &mut Db, record: &AuditRecord) -> Result<(), StoreError> {
    let row = AuditRow::of(record);
    each!(db, c => diesel::insert_into(audit::table).values(&row).execute(c))?;
    Ok(())
}

/// The row that was sealed last.
///
/// # Errors
/// When the store fails.
pub fn find_head(db: &mut Db) -> Result<Option<Seal>, StoreError> {
    let rows: Vec<AuditRow> = each!(db, c => audit::table
        .filter(audit::place.is_not_null())
        .order(audit::place.desc())
        .limit(1)
        .select(AuditRow::as_select())
        .load(c))?;
    Ok(records(rows)?.pop().and_then(|record| record.seal))
}

/// The rows that have no place yet, in the order of their ids, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn list_unsealed(db: &mut Db, limit: i64) -> Result<Vec<AuditRecord>, StoreError> {
    let rows: Vec<AuditRow> = each!(db, c => audit::table
        .filter(audit::place.is_null())
        .order(audit::id)
        .limit(limit)
        .select(AuditRow::as_select())
        .load(c))?;
    records(rows)
}

/// When one of `events` last happened to what `target` names, as far as the trail goes back.
///
/// # Errors
/// When the store fails.
pub fn last_at(
    db: &mut Db,
    events: &[&str],
    target: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let last: Option<i64> = each!(db, c => audit::table
        .filter(audit::target_id.eq(target).and(audit::event.eq_any(events)))
        .select(diesel::dsl::max(audit::at))
        .first(c))?;
    Ok(last.map(at))
}

/// Gives a row its place. One conditional statement and a unique index: of several processes, one
/// seals a row, and one takes a place. The transaction of the other is tried again, and finds the
/// new head.
///
/// # Errors
/// [`StoreError::Conflict`] when another process was quicker; when the store fails.
pub fn seal(db: &mut Db, id: AuditId, seal: &Seal) -> Result<(), StoreError> {
    let open = audit::table.find(id.to_bytes()).filter(audit::place.is_null());
    let values = (
        audit::place.eq(Some(seal.place)),
        audit::previous_hash.eq(Some(seal.previous.to_text())),
        audit::hash.eq(Some(seal.hash.to_text())),
        audit::mac.eq(Some(seal.mac.to_text())),
    );
    let sealed: Result<usize, StoreError> =
        each!(db, c => diesel::update(open).set(values).execute(c)).map_err(StoreError::from);
    match sealed {
        Ok(1) => Ok(()),
        Ok(_) | Err(StoreError::Unique(_)) => Err(StoreError::Conflict),
        Err(error) => Err(error),
    }
}

/// Sealed rows after `place`, in the order of their places, at most `limit`.
///
/// # Errors
/// When the store fails, or the seal of a row cannot be read.
pub fn list_sealed(db: &mut Db, place: i64, limit: i64) -> Result<Vec<AuditRecord>, StoreError> {
    let rows: Vec<AuditRow> = each!(db, c => audit::table
        .filter(audit::place.gt(place))
        .order(audit::place)
        .limit(limit)
        .select(AuditRow::as_select())
        .load(c))?;
    records(rows)
}

/// How many rows have no place yet.
///
/// # Errors
/// When the store fails.
pub fn count_unsealed(db: &mut Db) -> Result<i64, StoreError> {
    Ok(each!(db, c => audit::table.filter(audit::place.is_null()).count().get_result(c))?)
}

/// How many rows have no place yet, and when the oldest of them happened, in milliseconds.
///
/// # Errors
/// When the store fails.
pub fn oldest_unsealed(db: &mut Db) -> Result<(i64, Option<i64>), StoreError> {
    Ok(each!(db, c => audit::table
        .filter(audit::place.is_null())
        .select((diesel::dsl::count_star(), diesel::dsl::min(audit::at)))
        .first(c))?)
}

/// Which rows of the trail are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those that this account or client did, or that were done to it.
    pub party: Option<String>,
    /// Those at this instant and later.
    pub since: Option<Timestamp>,
}

/// Which rows of one account's trail are wanted. Each bound is one of the index.
#[derive(Debug, Clone)]
pub struct OfAccount {
    /// The account's id, in text.
    pub account: String,
    /// What may have happened to it.
    pub suffered: Vec<&'static str>,
    /// What it may have done to something else.
    pub done: Vec<&'static str>,
    /// Rows with this id and later ones.
    pub since: AuditId,
    /// Rows before this one; all when there is none.
    pub before: Option<AuditId>,
}

/// The rows of one account, the newest first, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn list_of_account(
    db: &mut Db,
    wanted: &OfAccount,
    limit: i64,
) -> Result<Vec<AuditRecord>, StoreError> {
    let since = wanted.since.to_bytes();
    // No id has more than sixteen bytes of ones.
    let before = wanted.before.map_or_else(|| vec![0xff; 16], AuditId::to_bytes);
    // Two walks along two indexes: one with an "or" would be along none.
    let mut rows: Vec<AuditRow> = each!(db, c => audit::table
        .filter(audit::target_id.eq(&wanted.account).and(audit::event.eq_any(&wanted.suffered)))
        .filter(audit::id.ge(&since).and(audit::id.lt(&before)))
        .order(audit::id.desc())
        .limit(limit)
        .select(AuditRow::as_select())
        .load(c))?;
    let done: Vec<AuditRow> = each!(db, c => audit::table
        .filter(audit::actor_id.eq(&wanted.account).and(audit::event.eq_any(&wanted.done)))
        .filter(audit::id.ge(&since).and(audit::id.lt(&before)))
        .order(audit::id.desc())
        .limit(limit)
        .select(AuditRow::as_select())
        .load(c))?;
    rows.extend(done);
    rows.sort_by(|one, other| other.id.cmp(&one.id));
    rows.dedup_by(|one, other| one.id == other.id);
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    records(rows)
}

/// The last rows, the oldest of them first, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn list_last(db: &mut Db, wanted: &Wanted, limit: i64) -> Result<Vec<AuditRecord>, StoreError> {
    let since = wanted.since.map_or(i64::MIN, Timestamp::as_millis);
    let rows: Vec<AuditRow> = match &wanted.party {
        None => each!(db, c => audit::table
            .filter(audit::at.ge(since))
            .order(audit::id.desc())
            .limit(limit)
            .select(AuditRow::as_select())
            .load(c))?,
        Some(party) => each!(db, c => audit::table
            .filter(audit::at.ge(since))
            .filter(audit::actor_id.eq(party).or(audit::target_id.eq(party)))
            .order(audit::id.desc())
            .limit(limit)
            .select(AuditRow::as_select())
            .load(c))?,
    };
    let mut found = records(rows)?;
    found.reverse();
    Ok(found)
}
