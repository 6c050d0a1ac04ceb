//! Requests that wait for their person.

use diesel::prelude::*;

use super::row::{Place, at, maybe_at, to_json};
use crate::base::{Digest, InteractionId, Timestamp};
use crate::domain::{Evidence, Finished, Interaction, REPLAY_FOR};
use crate::store::db::each;
use crate::store::db::schema::interactions;
use crate::store::{Db, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = interactions)]
struct InteractionRow {
    id: Vec<u8>,
    address_digest: String,
    browser_digest: String,
    network_digest: String,
    purpose: String,
    evidence: String,
    is_proven: bool,
    created_at: i64,
    expires_at: i64,
    finished: Option<Vec<u8>>,
    finished_at: Option<i64>,
}

impl InteractionRow {
    fn of(row: &Interaction) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.to_bytes(),
            address_digest: row.address_digest.to_text(),
            browser_digest: row.browser_digest.to_text(),
            network_digest: row.network_digest.to_text(),
            purpose: to_json(&row.purpose)?,
            evidence: to_json(&row.evidence)?,
            is_proven: row.evidence.authentication.is_some(),
            created_at: row.created_at.as_millis(),
            expires_at: row.expires_at.as_millis(),
            finished: row.finished.as_ref().map(|finished| finished.sealed.clone()),
            finished_at: row.finished.as_ref().map(|finished| finished.at.as_millis()),
        })
    }

    fn into_interaction(self) -> Result<Interaction, StoreError> {
        let place = Place::new("interactions", &self.id);
        let finished = self.finished.zip(maybe_at(self.finished_at));
        Ok(Interaction {
            id: place.interaction("id", &self.id)?,
            address_digest: place.digest("address_digest", &self.address_digest)?,
            browser_digest: place.digest("browser_digest", &self.browser_digest)?,
            network_digest: place.digest("network_digest", &self.network_digest)?,
            purpose: place.json("purpose", &self.purpose)?,
            evidence: place.json("evidence", &self.evidence)?,
            created_at: at(self.created_at),
            expires_at: at(self.expires_at),
            finished: finished.map(|(sealed, at)| Finished { sealed, at }),
        })
    }
}

/// Stores a new interaction.
///
/// # Errors
/// When the store fails.
pub fn insert_interaction(db: &mut Db, interaction: &Interaction) -> Result<(), StoreError> {
    let row = InteractionRow::of(interaction)?;
    each!(db, c => diesel::insert_into(interactions::table).values(&row).execute(c))?;
    Ok(())
}

/// An interaction by its id.
///
/// # Errors
/// When the store fails.
pub fn find_interaction(db: &mut Db, id: InteractionId) -> Result<Option<Interaction>, StoreError> {
    let row: Option<InteractionRow> = each!(db, c => interactions::table
        .find(id.to_bytes()).select(InteractionRow::as_select()).first(c).optional())?;
    row.map(InteractionRow::into_interaction).transpose()
}

/// Binds an interaction to a browser, if it still belongs to `from`: of two browsers one wins.
///
/// # Errors
/// When the store fails.
pub fn claim_interaction(
    db: &mut Db,
    id: InteractionId,
    from: &Digest,
    to: &Digest,
) -> Result<bool, StoreError> {
    let row = interactions::table
        .find(id.to_bytes())
        .filter(interactions::browser_digest.eq(from.to_text()));
    let changed = each!(db, c => diesel::update(row)
        .set(interactions::browser_digest.eq(to.to_text())).execute(c))?;
    Ok(changed == 1)
}

/// Stores what was proven within an interaction.
///
/// # Errors
/// When the store fails.
pub fn update_evidence(
    db: &mut Db,
    id: InteractionId,
    evidence: &Evidence,
) -> Result<(), StoreError> {
    let json = to_json(evidence)?;
    let values = (
        interactions::evidence.eq(&json),
        interactions::is_proven.eq(evidence.authentication.is_some()),
    );
    each!(db, c => diesel::update(interactions::table.find(id.to_bytes())).set(values).execute(c))?;
    Ok(())
}

/// Keeps the sealed answer, unless another was kept within the last minute: of two posts one
/// wins.
///
/// # Errors
/// When the store fails.
pub fn finish_interaction(
    db: &mut Db,
    id: InteractionId,
    sealed: &[u8],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let earlier = (now - REPLAY_FOR).as_millis();
    let row = interactions::table
        .find(id.to_bytes())
        .filter(interactions::finished_at.is_null().or(interactions::finished_at.le(earlier)));
    let values = (
        interactions::finished.eq(Some(sealed)),
        interactions::finished_at.eq(Some(now.as_millis())),
    );
    let changed = each!(db, c => diesel::update(row).set(values).execute(c))?;
    Ok(changed == 1)
}

/// How many interactions without a sign-in one network has begun since `since`.
///
/// # Errors
/// When the store fails.
pub fn count_unproven(db: &mut Db, network: &Digest, since: Timestamp) -> Result<u64, StoreError> {
    let count: i64 = each!(db, c => interactions::table
        .filter(interactions::network_digest.eq(network.to_text())
            .and(interactions::created_at.gt(since.as_millis()))
            .and(interactions::is_proven.eq(false)))
        .count()
        .get_result(c))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Removes interactions that were over before `before`, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn purge_interactions(db: &mut Db, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let over: Vec<Vec<u8>> = each!(db, c => interactions::table
        .filter(interactions::expires_at.lt(before.as_millis()))
        .select(interactions::id)
        .limit(limit)
        .load(c))?;
    let over = interactions::table.filter(interactions::id.eq_any(&over));
    Ok(each!(db, c => diesel::delete(over).execute(c))?)
}
