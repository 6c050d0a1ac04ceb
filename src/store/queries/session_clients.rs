//! Which apps a session signed in to. They are told when it ends.

use diesel::prelude::*;

use super::clients::ClientRow;
use crate::base::{ClientRowId, SessionId, Timestamp};
use crate::domain::Client;
use crate::store::db::schema::{clients, session_clients};
use crate::store::db::{each, fixed};
use crate::store::{Db, StoreError};

/// Notes that `session` signed in to `client`; once is enough.
///
/// # Errors
/// When the store fails.
pub fn note_client_of_session(
    db: &mut Db,
    session: SessionId,
    client: ClientRowId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = (
        session_clients::session_id.eq(session.to_bytes()),
        session_clients::client_id.eq(client.to_bytes()),
        session_clients::first_at.eq(now.as_millis()),
    );
    each!(db, c => fixed!(diesel::insert_into(session_clients::table).values(row)
        .on_conflict_do_nothing()).execute(c))?;
    Ok(())
}

/// The clients that `session` signed in to, the first one first.
///
/// # Errors
/// When the store fails.
pub fn list_clients_of_session(db: &mut Db, session: SessionId) -> Result<Vec<Client>, StoreError> {
    let rows: Vec<ClientRow> = each!(db, c => session_clients::table
        .inner_join(clients::table)
        .filter(session_clients::session_id.eq(session.to_bytes()))
        .order((session_clients::first_at, session_clients::client_id))
        .select(ClientRow::as_select())
        .load(c))?;
    rows.into_iter().map(ClientRow::into_client).collect()
}
