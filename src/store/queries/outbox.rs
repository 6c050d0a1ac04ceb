//! What must still be told to others. It is put in by the transaction that makes it true, and
//! taken out by whoever gets its lease.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::row::{Place, at, maybe_at};
use crate::base::{ClientRowId, OutboxId, SessionId, Timestamp, UserId};
use crate::domain::{Client, Delivery, DeliveryState, Lane, Letter, Message};
use crate::store::db::each;
use crate::store::db::schema::outbox;
use crate::store::{Db, StoreError};

use super::clients::find_client;
use super::session_clients::list_clients_of_session;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox)]
struct OutboxRow {
    id: Vec<u8>,
    kind: String,
    client_id: Option<Vec<u8>>,
    session_id: Option<Vec<u8>>,
    user_id: Option<Vec<u8>>,
    created_at: i64,
    due_at: Option<i64>,
    tries: i32,
    ended_at: Option<i64>,
    outcome: String,
    problem: Option<String>,
    recipient: Option<String>,
    sealed: Option<Vec<u8>>,
}

impl OutboxRow {
    /// A row that is due at once.
    fn new(id: OutboxId, message: Message, now: Timestamp) -> Self {
        let kind = message.kind().to_owned();
        let (session, user, recipient, sealed) = match &message {
            Message::BackchannelLogout { session, user, .. } => {
                (Some(*session), Some(*user), None, None)
            }
            Message::Mail(letter) => {
                (None, letter.user, Some(letter.recipient.clone()), Some(letter.sealed.clone()))
            }
        };
        let state = DeliveryState::Waiting(now);
        Self {
            id: id.to_bytes(),
            kind,
            client_id: message.client().map(ClientRowId::to_bytes),
            session_id: session.map(SessionId::to_bytes),
            user_id: user.map(UserId::to_bytes),
            recipient,
            sealed,
            created_at: now.as_millis(),
            due_at: Some(now.as_millis()),
            tries: 0,
            ended_at: None,
            outcome: state.as_str().to_owned(),
            problem: None,
        }
    }

    fn into_delivery(self) -> Result<Delivery, StoreError> {
        let place = Place::new("outbox", &self.id);
        Ok(Delivery {
            id: place.outbox("id", &self.id)?,
            message: self.message(&place)?,
            created_at: at(self.created_at),
            tries: place.count("tries", self.tries)?,
            state: self.state(&place)?,
            problem: self.problem,
        })
    }

    fn message(&self, place: &Place) -> Result<Message, StoreError> {
        if self.kind.starts_with(Message::MAIL) {
            return self.letter(place).map(Message::Mail);
        }
        let (Message::BACKCHANNEL_LOGOUT, Some(client), Some(session), Some(user)) =
            (self.kind.as_str(), &self.client_id, &self.session_id, &self.user_id)
        else {
            return Err(place.corrupt("kind"));
        };
        Ok(Message::BackchannelLogout {
            client: place.client("client_id", client)?,
            session: place.session("session_id", session)?,
            user: place.user("user_id", user)?,
        })
    }

    fn letter(&self, place: &Place) -> Result<Letter, StoreError> {
        let user = self.user_id.as_ref().map(|user| place.user("user_id", user));
        Ok(Letter {
            id: place.outbox("id", &self.id)?,
            kind: self.kind.clone(),
            user: user.transpose()?,
            recipient: self.recipient.clone().ok_or_else(|| place.corrupt("recipient"))?,
            sealed: self.sealed.clone().unwrap_or_default(),
        })
    }

    fn state(&self, place: &Place) -> Result<DeliveryState, StoreError> {
        let states = [
            maybe_at(self.due_at).map(DeliveryState::Waiting),
            maybe_at(self.ended_at).map(DeliveryState::Delivered),
            maybe_at(self.ended_at).map(DeliveryState::GivenUp),
        ];
        let mut states = states.into_iter().flatten();
        let state = states.find(|state| state.as_str() == self.outcome);
        state.ok_or_else(|| place.corrupt("outcome"))
    }
}

/// Puts in a logout token for each app of a session that ended just now and wants one
/// (Back-Channel Logout §2.2).
pub(super) fn tell_clients_of_session(
    db: &mut Db,
    session: SessionId,
    user: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    for client in list_clients_of_session(db, session)? {
        put_in_logout(db, &client, session, user, now)?;
    }
    Ok(())
}

/// Puts in a logout token for one app of a session that goes on: the person took back what they had
/// allowed the app.
pub(super) fn tell_client_of_session(
    db: &mut Db,
    client: ClientRowId,
    session: SessionId,
    user: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    match find_client(db, client)? {
        Some(client) => put_in_logout(db, &client, session, user, now),
        None => Ok(()),
    }
}

fn put_in_logout(
    db: &mut Db,
    client: &Client,
    session: SessionId,
    user: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    if client.metadata.backchannel_logout_uri.is_none() {
        return Ok(());
    }
    let message = Message::BackchannelLogout { client: client.id, session, user };
    let row = OutboxRow::new(OutboxId::of(now, session, client.id), message, now);
    each!(db, c => diesel::insert_into(outbox::table).values(&row).execute(c))?;
    Ok(())
}

/// Puts in a mail, in the transaction that makes it true. The one who calls wakes whoever delivers.
///
/// # Errors
/// When the store fails.
pub fn put_mail(db: &mut Db, letter: &Letter, now: Timestamp) -> Result<(), StoreError> {
    let row = OutboxRow::new(letter.id, Message::Mail(letter.clone()), now);
    each!(db, c => diesel::insert_into(outbox::table).values(&row).execute(c))?;
    Ok(())
}

/// What is due: the delivery and its lane, the longest due first, at most `limit`. Lanes that are
/// `busy` are left out.
///
/// # Errors
/// When the store fails.
pub fn list_due(
    db: &mut Db,
    now: Timestamp,
    busy: &[Lane],
    limit: i64,
) -> Result<Vec<(OutboxId, Lane)>, StoreError> {
    let are_mails_free = !busy.contains(&Lane::Mail);
    let clients = busy.iter().filter_map(|lane| match lane {
        Lane::Client(id) => Some(id.to_bytes()),
        Lane::Mail => None,
    });
    let clients: Vec<Vec<u8>> = clients.collect();
    // Mails have no client, and nothing compares with what is not there.
    let is_mail = outbox::client_id.is_null().nullable();
    let rows: Vec<OutboxRow> = each!(db, c => outbox::table
        .filter(outbox::due_at.le(now.as_millis()))
        .filter(is_mail.or(outbox::client_id.ne_all(&clients)))
        .filter(outbox::client_id.is_not_null().or(are_mails_free.into_sql::<Bool>()))
        .order((outbox::due_at, outbox::id))
        .limit(limit)
        .select(OutboxRow::as_select())
        .load(c))?;
    let found = rows.into_iter().map(OutboxRow::into_delivery);
    found.map(|row| row.map(|row| (row.id, row.message.lane()))).collect()
}

/// Takes deliveries that are due, until `until`: by then whoever took them reports, or they are
/// due again. One conditional statement: of any number of processes, one gets each.
///
/// # Errors
/// When the store fails.
pub fn take_due(
    db: &mut Db,
    ids: &[OutboxId],
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Delivery>, StoreError> {
    let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.to_bytes()).collect();
    let due = outbox::table.filter(outbox::id.eq_any(&ids).and(outbox::due_at.le(now.as_millis())));
    let taken = (outbox::due_at.eq(Some(until.as_millis())), outbox::tries.eq(outbox::tries + 1));
    let rows: Vec<OutboxRow> = each!(db, c => diesel::update(due)
        .set(taken).returning(OutboxRow::as_returning()).get_results(c))?;
    rows.into_iter().map(OutboxRow::into_delivery).collect()
}

/// Notes that a delivery arrived. What a mail said is erased.
///
/// # Errors
/// When the store fails.
pub fn note_delivered(db: &mut Db, id: OutboxId, now: Timestamp) -> Result<(), StoreError> {
    let waiting = outbox::table.find(id.to_bytes()).filter(outbox::ended_at.is_null());
    let erased = outbox::sealed.eq(None::<Vec<u8>>);
    each!(db, c => diesel::update(waiting).set(erased).execute(c))?;
    end(db, id, DeliveryState::Delivered(now), None)
}

/// Notes that a delivery failed: it is tried again at `next`, or never when there is none.
///
/// # Errors
/// When the store fails.
pub fn note_failed(
    db: &mut Db,
    id: OutboxId,
    next: Option<Timestamp>,
    problem: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(next) = next else { return end(db, id, DeliveryState::GivenUp(now), Some(problem)) };
    let waiting = outbox::table.find(id.to_bytes()).filter(outbox::ended_at.is_null());
    let values = (outbox::due_at.eq(Some(next.as_millis())), outbox::problem.eq(Some(problem)));
    each!(db, c => diesel::update(waiting).set(values).execute(c))?;
    Ok(())
}

fn end(
    db: &mut Db,
    id: OutboxId,
    state: DeliveryState,
    problem: Option<&str>,
) -> Result<(), StoreError> {
    let (DeliveryState::Waiting(at) | DeliveryState::Delivered(at) | DeliveryState::GivenUp(at)) =
        state;
    let waiting = outbox::table.find(id.to_bytes()).filter(outbox::ended_at.is_null());
    let values = (
        outbox::due_at.eq(None::<i64>),
        outbox::ended_at.eq(Some(at.as_millis())),
        outbox::outcome.eq(state.as_str()),
        outbox::problem.eq(problem),
    );
    each!(db, c => diesel::update(waiting).set(values).execute(c))?;
    Ok(())
}

/// Every delivery that is kept, the first one first; those that arrived only when asked for.
///
/// # Errors
/// When the store fails.
pub fn list_deliveries(db: &mut Db, with_delivered: bool) -> Result<Vec<Delivery>, StoreError> {
    let hidden = if with_delivered { "" } else { DELIVERED };
    let rows: Vec<OutboxRow> = each!(db, c => outbox::table
        .filter(outbox::outcome.ne(hidden))
        .order(outbox::id)
        .select(OutboxRow::as_select())
        .load(c))?;
    rows.into_iter().map(OutboxRow::into_delivery).collect()
}

/// How many deliveries wait, and when the oldest of them was put in, in milliseconds.
///
/// # Errors
/// When the store fails.
pub fn count_waiting(db: &mut Db) -> Result<(i64, Option<i64>), StoreError> {
    Ok(each!(db, c => outbox::table
        .filter(outbox::due_at.is_not_null())
        .select((diesel::dsl::count_star(), diesel::dsl::min(outbox::created_at)))
        .first(c))?)
}

const DELIVERED: &str = DeliveryState::Delivered(Timestamp::from_millis(0)).as_str();

/// Makes a delivery that has not arrived due at once, or all of them when `id` is none. One that
/// was given up gets one more try. Says how many there were.
///
/// # Errors
/// When the store fails.
pub fn retry(db: &mut Db, id: Option<OutboxId>, now: Timestamp) -> Result<usize, StoreError> {
    let values = (
        outbox::due_at.eq(Some(now.as_millis())),
        outbox::ended_at.eq(None::<i64>),
        outbox::outcome.eq(DeliveryState::Waiting(now).as_str()),
    );
    let missing = outbox::outcome.ne(DELIVERED);
    Ok(match id {
        None => {
            each!(db, c => diesel::update(outbox::table.filter(missing)).set(values).execute(c))?
        }
        Some(id) => {
            let one = outbox::table.find(id.to_bytes()).filter(missing);
            each!(db, c => diesel::update(one).set(values).execute(c))?
        }
    })
}

/// Removes deliveries that ended before `before`, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn purge_outbox(db: &mut Db, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let over: Vec<Vec<u8>> = each!(db, c => outbox::table
        .filter(outbox::ended_at.lt(before.as_millis()))
        .select(outbox::id)
        .limit(limit)
        .load(c))?;
    Ok(each!(db, c => diesel::delete(outbox::table.filter(outbox::id.eq_any(&over))).execute(c))?)
}
