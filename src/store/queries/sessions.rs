//! Sessions.

use diesel::prelude::*;

use super::outbox::tell_clients_of_session;
use super::row::{Place, at, to_json};
use super::users::{UserRow, with_groups};
use crate::base::{SessionId, Timestamp, UserId};
use crate::domain::{SeenFrom, Session, SessionEnd, User};
use crate::store::db::schema::{grants, sessions, users};
use crate::store::db::{each, fixed};
use crate::store::{Db, StoreError};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sessions, treat_none_as_null = true)]
pub(super) struct SessionRow {
    id: Vec<u8>,
    user_id: Vec<u8>,
    secret_digest: String,
    created_at: i64,
    authenticated_at: i64,
    amr: String,
    acr: String,
    is_remembered: bool,
    last_seen_at: i64,
    idle_expires_at: i64,
    absolute_expires_at: i64,
    ended_at: Option<i64>,
    ended_why: Option<String>,
    device: String,
    network: String,
}

impl SessionRow {
    fn of(session: &Session) -> Result<Self, StoreError> {
        Ok(Self {
            id: session.id.to_bytes(),
            user_id: session.user.to_bytes(),
            secret_digest: session.secret_digest.to_text(),
            created_at: session.created_at.as_millis(),
            authenticated_at: session.authenticated_at.as_millis(),
            amr: to_json(&session.amr)?,
            acr: session.acr.clone(),
            is_remembered: session.is_remembered,
            last_seen_at: session.last_seen_at.as_millis(),
            idle_expires_at: session.idle_expires_at.as_millis(),
            absolute_expires_at: session.absolute_expires_at.as_millis(),
            ended_at: session.ended.map(|(at, _)| at.as_millis()),
            ended_why: session.ended.map(|(_, why)| why.as_str().to_owned()),
            device: session.seen_from.device.clone(),
            network: session.seen_from.network.clone(),
        })
    }

    pub(super) fn into_session(self) -> Result<Session, StoreError> {
        let place = Place::new("sessions", &self.id);
        let ended = match (self.ended_at, self.ended_why.as_deref()) {
            (None, _) => None,
            (Some(ended_at), why) => {
                let why = why.and_then(SessionEnd::from_text);
                Some((at(ended_at), why.ok_or_else(|| place.corrupt("ended_why"))?))
            }
        };
        Ok(Session {
            id: place.session("id", &self.id)?,
            user: place.user("user_id", &self.user_id)?,
            secret_digest: place.digest("secret_digest", &self.secret_digest)?,
            created_at: at(self.created_at),
            authenticated_at: at(self.authenticated_at),
            amr: place.json("amr", &self.amr)?,
            acr: self.acr,
            is_remembered: self.is_remembered,
            last_seen_at: at(self.last_seen_at),
            idle_expires_at: at(self.idle_expires_at),
            absolute_expires_at: at(self.absolute_expires_at),
            ended,
            seen_from: SeenFrom { device: self.device, network: self.network },
        })
    }
}

/// Stores a new session.
///
/// # Errors
/// When the store fails.
pub fn insert_session(db: &mut Db, session: &Session) -> Result<(), StoreError> {
    let row = SessionRow::of(session)?;
    each!(db, c => diesel::insert_into(sessions::table).values(&row).execute(c))?;
    Ok(())
}

/// The sessions of these ids with their users, whether they still count or not.
///
/// # Errors
/// When the store fails.
pub fn find_sessions(db: &mut Db, ids: &[SessionId]) -> Result<Vec<(Session, User)>, StoreError> {
    let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.to_bytes()).collect();
    let rows: Vec<(SessionRow, UserRow)> = each!(db, c => sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq_any(&ids))
        .select((SessionRow::as_select(), UserRow::as_select()))
        .load(c))?;
    let (rows, owners): (Vec<SessionRow>, Vec<UserRow>) = rows.into_iter().unzip();
    let owners = with_groups(db, owners)?;
    rows.into_iter().zip(owners).map(|(row, owner)| Ok((row.into_session()?, owner))).collect()
}

/// Gives a session a new secret and new limits after its person proved again who they are. Only
/// one that was not ended: a sign-out is never undone.
///
/// # Errors
/// When the store fails, or the session was ended meanwhile.
pub fn renew_session(db: &mut Db, session: &Session) -> Result<(), StoreError> {
    let row = SessionRow::of(session)?;
    let live = sessions::table.find(session.id.to_bytes()).filter(sessions::ended_at.is_null());
    let changed = each!(db, c => diesel::update(live).set(&row).execute(c))?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Failed("the session was ended".to_owned())) }
}

/// Notes that a session was used.
///
/// # Errors
/// When the store fails.
pub fn touch_session(
    db: &mut Db,
    id: SessionId,
    now: Timestamp,
    idle_expires_at: Timestamp,
) -> Result<(), StoreError> {
    let live = sessions::table.find(id.to_bytes()).filter(sessions::ended_at.is_null());
    let values = (
        sessions::last_seen_at.eq(now.as_millis()),
        sessions::idle_expires_at.eq(idle_expires_at.as_millis()),
    );
    each!(db, c => fixed!(diesel::update(live).set(values)).execute(c))?;
    Ok(())
}

/// Ends a session, takes back what was granted in it (codes, access tokens, and refresh tokens
/// without offline access die with it) and puts in what its apps must be told. False when it had
/// ended before.
///
/// # Errors
/// When the store fails.
pub fn end_session(
    db: &mut Db,
    id: SessionId,
    why: SessionEnd,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let open = sessions::table.find(id.to_bytes()).filter(sessions::ended_at.is_null());
    let ended: Vec<SessionRow> = each!(db, c => diesel::update(open)
        .set((sessions::ended_at.eq(Some(now.as_millis())), sessions::ended_why.eq(Some(why.as_str()))))
        .returning(SessionRow::as_returning())
        .get_results(c))?;
    if let Some(session) = ended.first() {
        // The index of grants begins with their person.
        let given = grants::table
            .filter(grants::user_id.eq(&session.user_id).and(grants::session_id.eq(&session.id)))
            .filter(grants::revoked_at.is_null().and(grants::is_offline.eq(false)));
        let revoked = grants::revoked_at.eq(Some(now.as_millis()));
        each!(db, c => diesel::update(given).set(revoked).execute(c))?;
    }
    tell_apps(db, ended, why, now).map(|ended| ended == 1)
}

/// Ends every session of a user, takes back every grant, and puts in what apps must be told. Says
/// how many sessions it ended.
///
/// # Errors
/// When the store fails.
pub fn end_sessions_of_user(
    db: &mut Db,
    user: UserId,
    why: SessionEnd,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let open = sessions::table
        .filter(sessions::user_id.eq(user.to_bytes()).and(sessions::ended_at.is_null()));
    let ended: Vec<SessionRow> = each!(db, c => diesel::update(open)
        .set((sessions::ended_at.eq(Some(now.as_millis())), sessions::ended_why.eq(Some(why.as_str()))))
        .returning(SessionRow::as_returning())
        .get_results(c))?;
    let given =
        grants::table.filter(grants::user_id.eq(user.to_bytes()).and(grants::revoked_at.is_null()));
    let revoked = grants::revoked_at.eq(Some(now.as_millis()));
    each!(db, c => diesel::update(given).set(revoked).execute(c))?;
    tell_apps(db, ended, why, now)
}

/// The sessions of a user that count at `now`, the one used last first.
///
/// # Errors
/// When the store fails.
pub fn list_live_sessions(
    db: &mut Db,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<SessionRow> = each!(db, c => sessions::table
        .filter(sessions::user_id.eq(user.to_bytes()).and(sessions::ended_at.is_null()))
        .filter(sessions::idle_expires_at.gt(now.as_millis()))
        .filter(sessions::absolute_expires_at.gt(now.as_millis()))
        .order((sessions::last_seen_at.desc(), sessions::id))
        .select(SessionRow::as_select())
        .load(c))?;
    rows.into_iter().map(SessionRow::into_session).collect()
}

/// Every session of a user whose row is kept, whether it counts or not, the one used last first.
///
/// # Errors
/// When the store fails.
pub fn list_sessions_of_user(db: &mut Db, user: UserId) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<SessionRow> = each!(db, c => sessions::table
        .filter(sessions::user_id.eq(user.to_bytes()))
        .order((sessions::last_seen_at.desc(), sessions::id))
        .select(SessionRow::as_select())
        .load(c))?;
    rows.into_iter().map(SessionRow::into_session).collect()
}

/// Tells the apps of sessions that were `ended` just now, and says how many these are. A session
/// that had run out by itself is no news, but when its person loses the account: apps may keep
/// people signed in for longer than we do.
fn tell_apps(
    db: &mut Db,
    ended: Vec<SessionRow>,
    why: SessionEnd,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let count = ended.len();
    for row in ended {
        let session = Session { ended: None, ..row.into_session()? };
        if session.is_live(now) || why == SessionEnd::Revoked {
            tell_clients_of_session(db, session.id, session.user, now)?;
        }
    }
    Ok(count)
}

/// Removes sessions that were over before `before`, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn purge_sessions(db: &mut Db, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let over: Vec<Vec<u8>> = each!(db, c => sessions::table
        .filter(sessions::absolute_expires_at.lt(before.as_millis()))
        .select(sessions::id)
        .limit(limit)
        .load(c))?;
    Ok(
        each!(db, c => diesel::delete(sessions::table.filter(sessions::id.eq_any(&over))).execute(c))?,
    )
}
