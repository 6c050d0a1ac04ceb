//! Sessions.

use diesel::prelude::*;

use super::outbox::tell_clients_of_session;
use super::row::{Place, at, to_json};
use super::users::UserRow;
use crate::base::{SessionId, Timestamp, UserId};
use crate::domain::{SeenFrom, Session, SessionEnd, User};
use crate::store::db::schema::{grants, memberships, sessions, users};
use crate::store::db::{each, fixed, update};
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

/// A session with its user, whether it still counts or not.
///
/// # Errors
/// When the store fails.
pub fn find_session(db: &mut Db, id: SessionId) -> Result<Option<(Session, User)>, StoreError> {
    let rows: Vec<(SessionRow, UserRow, Option<String>)> = each!(db, c => sessions::table
        .inner_join(users::table.left_join(memberships::table))
        .filter(sessions::id.eq(id.to_bytes()))
        .order(memberships::group_name)
        .select((
            SessionRow::as_select(),
            UserRow::as_select(),
            memberships::group_name.nullable(),
        ))
        .load(c))?;
    let mut rows = rows.into_iter();
    let Some((session, user, first)) = rows.next() else { return Ok(None) };
    let groups = first.into_iter().chain(rows.filter_map(|(_, _, group)| group)).collect();
    Ok(Some((session.into_session()?, user.into_user(groups)?)))
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

/// Whether a session was not ended.
pub(super) fn is_live(db: &mut Db, id: SessionId) -> Result<bool, StoreError> {
    let live = sessions::table.find(id.to_bytes()).filter(sessions::ended_at.is_null());
    Ok(each!(db, c => live.count().get_result::<i64>(c))? == 1)
}

/// Notes that a session was used. False when it has ended.
///
/// # Errors
/// When the store fails.
pub fn touch_session(
    db: &mut Db,
    id: SessionId,
    now: Timestamp,
    idle_expires_at: Timestamp,
) -> Result<bool, StoreError> {
    let live = sessions::table.find(id.to_bytes()).filter(sessions::ended_at.is_null());
    let values = (
        sessions::last_seen_at.eq(now.as_millis()),
        sessions::idle_expires_at.eq(idle_expires_at.as_millis()),
    );
    Ok(each!(db, c => fixed!(update(live, values)).execute(c))? == 1)
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
