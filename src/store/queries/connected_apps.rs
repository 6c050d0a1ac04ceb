//! What the apps of one person hold, and the end of it. Whoever takes a consent back takes back what
//! was given under it as well, in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::clients::ClientRow;
use super::consents::{ConsentRow, delete_consent};
use super::grants::{GrantRow, revoke_grants_of_user_and_client};
use super::outbox::tell_client_of_session;
use super::row::{Place, at};
use crate::base::{ClientRowId, Timestamp, UserId};
use crate::domain::HeldByApp;
use crate::store::db::each;
use crate::store::db::schema::{clients, consents, grants, session_clients, sessions};
use crate::store::{Db, StoreError};

/// Every app that has a consent or a grant of `user`, in no order.
///
/// # Errors
/// When the store fails.
pub fn list_held_by_apps(db: &mut Db, user: UserId) -> Result<Vec<HeldByApp>, StoreError> {
    let given: Vec<(ConsentRow, ClientRow)> = each!(db, c => consents::table
        .inner_join(clients::table)
        .filter(consents::user_id.eq(user.to_bytes()))
        .select((ConsentRow::as_select(), ClientRow::as_select()))
        .load(c))?;
    let granted: Vec<(GrantRow, ClientRow)> = each!(db, c => grants::table
        .inner_join(clients::table)
        .filter(grants::user_id.eq(user.to_bytes()))
        .select((GrantRow::as_select(), ClientRow::as_select()))
        .load(c))?;
    let mut held = BTreeMap::new();
    for (consent, client) in given {
        entry(&mut held, client)?.consent = Some(consent.into_consent()?);
    }
    for (grant, client) in granted {
        entry(&mut held, client)?.grants.push(grant.into_grant()?);
    }
    Ok(held.into_values().collect())
}

fn entry(
    held: &mut BTreeMap<Vec<u8>, HeldByApp>,
    row: ClientRow,
) -> Result<&mut HeldByApp, StoreError> {
    let client = row.into_client()?;
    let new = HeldByApp { client: client.clone(), consent: None, grants: Vec::new() };
    Ok(held.entry(client.id.to_bytes()).or_insert(new))
}

/// When `user` last signed in to which client, as far as the sessions that are kept tell.
///
/// # Errors
/// When the store fails.
pub fn list_client_uses(
    db: &mut Db,
    user: UserId,
) -> Result<Vec<(ClientRowId, Timestamp)>, StoreError> {
    let rows: Vec<(Vec<u8>, i64)> = each!(db, c => session_clients::table
        .inner_join(sessions::table)
        .filter(sessions::user_id.eq(user.to_bytes()))
        .select((session_clients::client_id, session_clients::first_at))
        .load(c))?;
    let use_of = |(client, first_at): (Vec<u8>, i64)| {
        Ok((Place::new("session_clients", &client).client("client_id", &client)?, at(first_at)))
    };
    rows.into_iter().map(use_of).collect()
}

/// Takes back what `user` allowed and gave to `client`: the consent goes, every code and token dies,
/// and the app is told, if it wants to be, as by a sign-out of each session that used it. False
/// when there was nothing to take back.
///
/// # Errors
/// When the store fails.
pub fn withdraw(
    db: &mut Db,
    user: UserId,
    client: ClientRowId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let had_consent = delete_consent(db, user, client)?;
    let revoked = revoke_grants_of_user_and_client(db, user, client, now)?;
    // A session that was ended has told its apps.
    let open: BTreeSet<Vec<u8>> = each!(db, c => session_clients::table
        .inner_join(sessions::table)
        .filter(session_clients::client_id.eq(client.to_bytes()))
        .filter(sessions::user_id.eq(user.to_bytes()).and(sessions::ended_at.is_null()))
        .select(session_clients::session_id)
        .load::<Vec<u8>>(c))?
    .into_iter()
    .collect();
    for id in &open {
        let session = Place::new("session_clients", id).session("session_id", id)?;
        tell_client_of_session(db, client, session, user, now)?;
        // It is no app of the session any more, until it is signed in to again.
        let row = session_clients::table.find((id, client.to_bytes()));
        each!(db, c => diesel::delete(row).execute(c))?;
    }
    Ok(had_consent || revoked > 0)
}
