//! Grants: one row from the code to the last token.

use diesel::prelude::*;

use super::row::{Place, at, maybe_at, number, to_json};
use crate::base::{ClientRowId, Digest, GrantId, Timestamp, UserId};
use crate::domain::{CodeState, Grant, GrantedBy, RefreshState};
use crate::protocol::pkce::CodeChallenge;
use crate::store::db::schema::grants;
use crate::store::db::{each, fixed, update};
use crate::store::{Db, StoreError};

/// Wrong verifiers that destroy a code (RFC 9700 §4.8.2 leaves the number to us).
const MAX_WRONG_VERIFIERS: i32 = 3;

#[derive(Queryable, Selectable, Insertable)]
// What is not there is written as NULL, so that the statement is the same for every grant.
#[diesel(table_name = grants, treat_none_as_default_value = false)]
pub(super) struct GrantRow {
    pub(super) id: Vec<u8>,
    pub(super) user_id: Option<Vec<u8>>,
    pub(super) client_id: Vec<u8>,
    pub(super) session_id: Option<Vec<u8>>,
    pub(super) scopes: String,
    pub(super) resources: String,
    pub(super) claims: String,
    pub(super) nonce: Option<String>,
    pub(super) auth_time: Option<i64>,
    pub(super) acr: Option<String>,
    pub(super) amr: Option<String>,
    pub(super) code_digest: Option<String>,
    pub(super) redirect_uri: Option<String>,
    pub(super) code_challenge: Option<String>,
    pub(super) code_expires_at: Option<i64>,
    pub(super) code_used_at: Option<i64>,
    pub(super) wrong_verifiers: i32,
    pub(super) generation: i32,
    pub(super) is_offline: bool,
    pub(super) rotated_at: String,
    pub(super) refresh_idle_expires_at: Option<i64>,
    pub(super) refresh_expires_at: Option<i64>,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
    pub(super) revoked_at: Option<i64>,
}

impl GrantRow {
    pub(super) fn of(grant: &Grant) -> Result<Self, StoreError> {
        let (person, code) = (grant.person.as_ref(), grant.code.as_ref());
        let challenge = code.and_then(|code| code.challenge.as_ref());
        let refresh = grant.refresh.as_ref();
        let rotated_at = refresh.map_or(&[] as &[Timestamp], |refresh| &refresh.rotated_at);
        Ok(Self {
            id: grant.id.to_bytes(),
            user_id: person.map(|person| person.user.to_bytes()),
            client_id: grant.client.to_bytes(),
            session_id: person.map(|person| person.session.to_bytes()),
            scopes: to_json(&grant.scopes)?,
            resources: to_json(&grant.resources)?,
            claims: to_json(&grant.claims)?,
            nonce: grant.nonce.clone(),
            auth_time: person.map(|person| person.auth_time.as_millis()),
            acr: person.map(|person| person.acr.clone()),
            amr: person.map(|person| to_json(&person.amr)).transpose()?,
            code_digest: code.map(|code| code.digest.to_text()),
            redirect_uri: code.map(|code| code.redirect_uri.clone()),
            code_challenge: challenge.map(|one| one.as_str().to_owned()),
            code_expires_at: code.map(|code| code.expires_at.as_millis()),
            code_used_at: code.and_then(|code| code.used_at).map(Timestamp::as_millis),
            wrong_verifiers: code.map_or(0, |code| number(code.wrong_verifiers)),
            generation: number(grant.generation),
            is_offline: grant.is_offline(),
            rotated_at: instants_to_json(rotated_at)?,
            refresh_idle_expires_at: refresh.map(|refresh| refresh.idle_expires_at.as_millis()),
            refresh_expires_at: refresh.map(|refresh| refresh.expires_at.as_millis()),
            created_at: grant.created_at.as_millis(),
            expires_at: grant.expires_at.as_millis(),
            revoked_at: grant.revoked_at.map(Timestamp::as_millis),
        })
    }

    pub(super) fn into_grant(self) -> Result<Grant, StoreError> {
        let place = Place::new("grants", &self.id);
        Ok(Grant {
            id: place.grant("id", &self.id)?,
            client: place.client("client_id", &self.client_id)?,
            person: self.person(&place)?,
            scopes: place.json("scopes", &self.scopes)?,
            resources: place.json("resources", &self.resources)?,
            claims: place.json("claims", &self.claims)?,
            code: self.code(&place)?,
            generation: place.count("generation", self.generation)?,
            refresh: self.refresh(&place)?,
            nonce: self.nonce,
            created_at: at(self.created_at),
            expires_at: at(self.expires_at),
            revoked_at: maybe_at(self.revoked_at),
        })
    }

    fn person(&self, place: &Place) -> Result<Option<GrantedBy>, StoreError> {
        let Some(user) = &self.user_id else { return Ok(None) };
        let session = self.session_id.as_ref().ok_or_else(|| place.corrupt("session_id"))?;
        Ok(Some(GrantedBy {
            user: place.user("user_id", user)?,
            session: place.session("session_id", session)?,
            auth_time: at(self.auth_time.ok_or_else(|| place.corrupt("auth_time"))?),
            acr: self.acr.clone().ok_or_else(|| place.corrupt("acr"))?,
            amr: place.json("amr", self.amr.as_deref().unwrap_or_default())?,
        }))
    }

    fn code(&self, place: &Place) -> Result<Option<CodeState>, StoreError> {
        let Some(digest) = &self.code_digest else { return Ok(None) };
        let challenge = self.code_challenge.as_deref().map(CodeChallenge::parse).transpose();
        let expires_at = self.code_expires_at.ok_or_else(|| place.corrupt("code_expires_at"))?;
        Ok(Some(CodeState {
            digest: place.digest("code_digest", digest)?,
            challenge: challenge.map_err(|_| place.corrupt("code_challenge"))?,
            redirect_uri: self.redirect_uri.clone().ok_or_else(|| place.corrupt("redirect_uri"))?,
            expires_at: at(expires_at),
            used_at: maybe_at(self.code_used_at),
            wrong_verifiers: place.count("wrong_verifiers", self.wrong_verifiers)?,
        }))
    }

    fn refresh(&self, place: &Place) -> Result<Option<RefreshState>, StoreError> {
        let Some(expires_at) = self.refresh_expires_at else { return Ok(None) };
        let idle = self.refresh_idle_expires_at;
        let rotated_at: Vec<i64> = place.json("rotated_at", &self.rotated_at)?;
        Ok(Some(RefreshState {
            is_offline: self.is_offline,
            rotated_at: rotated_at.into_iter().map(at).collect(),
            idle_expires_at: at(idle.ok_or_else(|| place.corrupt("refresh_idle_expires_at"))?),
            expires_at: at(expires_at),
        }))
    }
}

fn instants_to_json(instants: &[Timestamp]) -> Result<String, StoreError> {
    to_json(&instants.iter().map(|at| at.as_millis()).collect::<Vec<_>>())
}

/// Stores a new grant of a client that speaks for itself.
///
/// # Errors
/// When the store fails.
pub fn insert_grant(db: &mut Db, grant: &Grant) -> Result<(), StoreError> {
    let row = GrantRow::of(grant)?;
    each!(db, c => fixed!(diesel::insert_into(grants::table).values(&row)).execute(c))?;
    Ok(())
}

/// A grant by its id.
///
/// # Errors
/// When the store fails.
pub fn find_grant(db: &mut Db, id: GrantId) -> Result<Option<Grant>, StoreError> {
    let row: Option<GrantRow> = each!(db, c => grants::table
        .find(id.to_bytes()).select(GrantRow::as_select()).first(c).optional())?;
    row.map(GrantRow::into_grant).transpose()
}

/// Renews a grant: the next generation begins, if nobody else began it and the grant still counts.
/// `refresh` holds the new limits and the instants of the last rotations.
///
/// # Errors
/// When the store fails.
pub fn rotate_refresh(
    db: &mut Db,
    before: &Grant,
    refresh: &RefreshState,
    generation: u32,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let millis = now.as_millis();
    let unchanged = grants::table.find(before.id.to_bytes()).filter(
        grants::generation
            .eq(number(before.generation))
            .and(grants::revoked_at.is_null())
            .and(grants::refresh_expires_at.gt(millis))
            .and(grants::refresh_idle_expires_at.gt(millis)),
    );
    let values = (
        grants::generation.eq(number(generation)),
        grants::rotated_at.eq(instants_to_json(&refresh.rotated_at)?),
        grants::refresh_idle_expires_at.eq(Some(refresh.idle_expires_at.as_millis())),
    );
    Ok(each!(db, c => fixed!(update(unchanged, values)).execute(c))? == 1)
}

/// Redeems a code by one conditional statement, before any token exists: of any number of
/// attempts, on any number of replicas, at most one is told that it did.
///
/// # Errors
/// When the store fails.
pub fn redeem_code(
    db: &mut Db,
    id: GrantId,
    digest: &Digest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let now = now.as_millis();
    let unused = grants::table.find(id.to_bytes()).filter(
        grants::code_digest
            .eq(digest.to_text())
            .and(grants::code_used_at.is_null())
            .and(grants::code_expires_at.gt(now))
            .and(grants::revoked_at.is_null()),
    );
    let used = grants::code_used_at.eq(Some(now));
    Ok(each!(db, c => fixed!(update(unused, used)).execute(c))? == 1)
}

/// Counts a wrong verifier; the third takes the code back.
///
/// # Errors
/// When the store fails.
pub fn count_wrong_verifier(db: &mut Db, id: GrantId, now: Timestamp) -> Result<(), StoreError> {
    let unused = grants::table.find(id.to_bytes()).filter(grants::code_used_at.is_null());
    let more = grants::wrong_verifiers.eq(grants::wrong_verifiers + 1);
    each!(db, c => diesel::update(unused).set(more).execute(c))?;
    let spoilt = grants::table.find(id.to_bytes()).filter(
        grants::wrong_verifiers
            .ge(MAX_WRONG_VERIFIERS)
            .and(grants::code_used_at.is_null())
            .and(grants::revoked_at.is_null()),
    );
    let revoked = grants::revoked_at.eq(Some(now.as_millis()));
    each!(db, c => diesel::update(spoilt).set(revoked).execute(c))?;
    Ok(())
}

/// Closes a code that came too late: from now on it is late by any clock.
///
/// # Errors
/// When the store fails.
pub fn close_late_code(db: &mut Db, id: GrantId) -> Result<(), StoreError> {
    let unused = grants::table.find(id.to_bytes()).filter(grants::code_used_at.is_null());
    let closed = grants::code_expires_at.eq(Some(0_i64));
    each!(db, c => diesel::update(unused).set(closed).execute(c))?;
    Ok(())
}

/// Takes everything of a grant back. False when that had happened before.
///
/// # Errors
/// When the store fails.
pub fn revoke_grant(db: &mut Db, id: GrantId, now: Timestamp) -> Result<bool, StoreError> {
    let live = grants::table.find(id.to_bytes()).filter(grants::revoked_at.is_null());
    let revoked = grants::revoked_at.eq(Some(now.as_millis()));
    Ok(each!(db, c => diesel::update(live).set(revoked).execute(c))? == 1)
}

/// Takes back everything that a user gave to any app.
///
/// # Errors
/// When the store fails.
pub fn revoke_grants_of_user(db: &mut Db, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let live =
        grants::table.filter(grants::user_id.eq(user.to_bytes()).and(grants::revoked_at.is_null()));
    let revoked = grants::revoked_at.eq(Some(now.as_millis()));
    each!(db, c => diesel::update(live).set(revoked).execute(c))?;
    Ok(())
}

/// Takes back everything that a user gave to one app, and says how many grants that were.
pub(super) fn revoke_grants_of_user_and_client(
    db: &mut Db,
    user: UserId,
    client: ClientRowId,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let live = grants::table
        .filter(grants::user_id.eq(user.to_bytes()).and(grants::client_id.eq(client.to_bytes())))
        .filter(grants::revoked_at.is_null());
    let revoked = grants::revoked_at.eq(Some(now.as_millis()));
    Ok(each!(db, c => diesel::update(live).set(revoked).execute(c))?)
}

/// Removes grants of which nothing counts any more, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn purge_grants(db: &mut Db, now: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let over: Vec<Vec<u8>> = each!(db, c => grants::table
        .filter(grants::expires_at.lt(now.as_millis()))
        .select(grants::id)
        .limit(limit)
        .load(c))?;
    Ok(each!(db, c => diesel::delete(grants::table.filter(grants::id.eq_any(&over))).execute(c))?)
}
