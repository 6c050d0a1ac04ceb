//! Grants: one row from the code to the last token.

use diesel::prelude::*;

use super::row::{Place, at, maybe_at, number, to_json};
use super::sessions::SessionRow;
use super::users::find_user;
use crate::base::{Digest, GrantId, Timestamp};
use crate::domain::{CodeState, Grant, Session, User};
use crate::protocol::pkce::CodeChallenge;
use crate::store::db::each;
use crate::store::db::schema::{grants, sessions};
use crate::store::{Db, StoreError};

/// Wrong verifiers that destroy a code (RFC 9700 §4.8.2 leaves the number to us).
const MAX_WRONG_VERIFIERS: i32 = 3;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = grants)]
struct GrantRow {
    id: Vec<u8>,
    user_id: Vec<u8>,
    client_id: Vec<u8>,
    session_id: Vec<u8>,
    scopes: String,
    resources: String,
    nonce: Option<String>,
    auth_time: i64,
    acr: String,
    amr: String,
    code_digest: String,
    redirect_uri: String,
    code_challenge: Option<String>,
    code_expires_at: i64,
    code_used_at: Option<i64>,
    wrong_verifiers: i32,
    generation: i32,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
}

impl GrantRow {
    fn of(grant: &Grant) -> Result<Self, StoreError> {
        let code = &grant.code;
        Ok(Self {
            id: grant.id.to_bytes(),
            user_id: grant.user.to_bytes(),
            client_id: grant.client.to_bytes(),
            session_id: grant.session.to_bytes(),
            scopes: to_json(&grant.scopes)?,
            resources: to_json(&grant.resources)?,
            nonce: grant.nonce.clone(),
            auth_time: grant.auth_time.as_millis(),
            acr: grant.acr.clone(),
            amr: to_json(&grant.amr)?,
            code_digest: code.digest.to_text(),
            redirect_uri: code.redirect_uri.clone(),
            code_challenge: code.challenge.as_ref().map(|one| one.as_str().to_owned()),
            code_expires_at: code.expires_at.as_millis(),
            code_used_at: code.used_at.map(Timestamp::as_millis),
            wrong_verifiers: number(code.wrong_verifiers),
            generation: number(grant.generation),
            created_at: grant.created_at.as_millis(),
            expires_at: grant.expires_at.as_millis(),
            revoked_at: grant.revoked_at.map(Timestamp::as_millis),
        })
    }

    fn into_grant(self) -> Result<Grant, StoreError> {
        let place = Place::new("grants", &self.id);
        let challenge = self.code_challenge.as_deref().map(CodeChallenge::parse).transpose();
        let code = CodeState {
            digest: place.digest("code_digest", &self.code_digest)?,
            challenge: challenge.map_err(|_| place.corrupt("code_challenge"))?,
            redirect_uri: self.redirect_uri,
            expires_at: at(self.code_expires_at),
            used_at: maybe_at(self.code_used_at),
            wrong_verifiers: place.count("wrong_verifiers", self.wrong_verifiers)?,
        };
        Ok(Grant {
            id: place.grant("id", &self.id)?,
            user: place.user("user_id", &self.user_id)?,
            client: place.client("client_id", &self.client_id)?,
            session: place.session("session_id", &self.session_id)?,
            scopes: place.json("scopes", &self.scopes)?,
            resources: place.json("resources", &self.resources)?,
            nonce: self.nonce,
            auth_time: at(self.auth_time),
            acr: self.acr,
            amr: place.json("amr", &self.amr)?,
            code,
            generation: place.count("generation", self.generation)?,
            created_at: at(self.created_at),
            expires_at: at(self.expires_at),
            revoked_at: maybe_at(self.revoked_at),
        })
    }
}

/// Stores a new grant, if its session has not ended meanwhile. The session's row is written to
/// first: a sign-out at the same moment either comes before, and is seen, or waits and takes the
/// grant back.
///
/// # Errors
/// When the store fails.
pub fn insert_grant_of_live_session(
    db: &mut Db,
    grant: &Grant,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let live = sessions::table.find(grant.session.to_bytes()).filter(sessions::ended_at.is_null());
    // An assignment that changes nothing takes the row's lock.
    let same = sessions::acr.eq(sessions::acr);
    let is_live = each!(db, c => diesel::update(live).set(same).execute(c))? == 1;
    if is_live && now < grant.expires_at {
        let row = GrantRow::of(grant)?;
        each!(db, c => diesel::insert_into(grants::table).values(&row).execute(c))?;
    }
    Ok(is_live)
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

/// A grant with its session and its user.
///
/// # Errors
/// When the store fails.
pub fn find_grant_with_session_and_user(
    db: &mut Db,
    id: GrantId,
) -> Result<Option<(Grant, Session, User)>, StoreError> {
    let row: Option<(GrantRow, SessionRow)> = each!(db, c => grants::table
        .inner_join(sessions::table)
        .filter(grants::id.eq(id.to_bytes()))
        .select((GrantRow::as_select(), SessionRow::as_select()))
        .first(c)
        .optional())?;
    let Some((grant, session)) = row else { return Ok(None) };
    let (grant, session) = (grant.into_grant()?, session.into_session()?);
    Ok(find_user(db, grant.user)?.map(|user| (grant, session, user)))
}

/// Redeems a code by one conditional statement, before any token exists: of any number of
/// attempts, on any number of replicas, at most one gets the grant.
///
/// # Errors
/// When the store fails.
pub fn redeem_code(
    db: &mut Db,
    id: GrantId,
    digest: &Digest,
    now: Timestamp,
) -> Result<Option<Grant>, StoreError> {
    let now = now.as_millis();
    let unused = grants::table.find(id.to_bytes()).filter(
        grants::code_digest
            .eq(digest.to_text())
            .and(grants::code_used_at.is_null())
            .and(grants::code_expires_at.gt(now))
            .and(grants::revoked_at.is_null()),
    );
    let used = grants::code_used_at.eq(Some(now));
    let row: Option<GrantRow> = each!(db, c => diesel::update(unused)
        .set(used).returning(GrantRow::as_returning()).get_result(c).optional())?;
    row.map(GrantRow::into_grant).transpose()
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

/// Takes everything of a grant back. False when that had happened before.
///
/// # Errors
/// When the store fails.
pub fn revoke_grant(db: &mut Db, id: GrantId, now: Timestamp) -> Result<bool, StoreError> {
    let live = grants::table.find(id.to_bytes()).filter(grants::revoked_at.is_null());
    let revoked = grants::revoked_at.eq(Some(now.as_millis()));
    Ok(each!(db, c => diesel::update(live).set(revoked).execute(c))? == 1)
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
