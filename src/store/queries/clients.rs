//! Apps.

use std::time::Duration;

use diesel::prelude::*;

use super::client_logos::want_logo;
use super::row::{Place, at, maybe_at, to_json};
use crate::base::{ClientRowId, Digest, Timestamp};
use crate::domain::{Client, ClientOrigin, ClientSecrets};
use crate::store::db::schema::{client_origins, clients, grants};
use crate::store::db::{each, fixed, update};
use crate::store::{Db, StoreError};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = clients, treat_none_as_null = true)]
pub(super) struct ClientRow {
    id: Vec<u8>,
    client_id: String,
    metadata: String,
    secret_digest: Option<String>,
    previous_secret_digest: Option<String>,
    previous_secret_until: Option<i64>,
    is_launchable: bool,
    is_dynamic: bool,
    management_digest: Option<String>,
    sealed_secrets: Option<Vec<u8>>,
    used_at: Option<i64>,
    disabled_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl ClientRow {
    fn of(client: &Client) -> Result<Self, StoreError> {
        let previous = client.secrets.previous;
        let metadata = &client.metadata;
        Ok(Self {
            id: client.id.to_bytes(),
            client_id: client.client_id.clone(),
            metadata: to_json(metadata)?,
            secret_digest: client.secrets.current.map(Digest::to_text),
            previous_secret_digest: previous.map(|(digest, _)| digest.to_text()),
            previous_secret_until: previous.map(|(_, until)| until.as_millis()),
            // What registered itself is nobody's recommendation.
            is_launchable: !client.is_dynamic()
                && (metadata.client_uri.is_some() || metadata.initiate_login_uri.is_some()),
            is_dynamic: client.is_dynamic(),
            management_digest: match client.origin {
                ClientOrigin::Operator => None,
                ClientOrigin::Dynamic(digest) => Some(digest.to_text()),
            },
            sealed_secrets: client.sealed_secrets.clone(),
            used_at: client.used_at.map(Timestamp::as_millis),
            disabled_at: client.disabled_at.map(Timestamp::as_millis),
            created_at: client.created_at.as_millis(),
            updated_at: client.updated_at.as_millis(),
        })
    }

    pub(super) fn into_client(self) -> Result<Client, StoreError> {
        let place = Place::new("clients", &self.id);
        let digest =
            |column, text: Option<&String>| text.map(|text| place.digest(column, text)).transpose();
        let current = digest("secret_digest", self.secret_digest.as_ref())?;
        let previous = digest("previous_secret_digest", self.previous_secret_digest.as_ref())?;
        let origin = match (self.is_dynamic, self.management_digest.as_ref()) {
            (false, _) => ClientOrigin::Operator,
            (true, Some(text)) => ClientOrigin::Dynamic(place.digest("management_digest", text)?),
            (true, None) => return Err(place.corrupt("management_digest")),
        };
        Ok(Client {
            id: place.client("id", &self.id)?,
            metadata: place.json("metadata", &self.metadata)?,
            client_id: self.client_id,
            secrets: ClientSecrets {
                current,
                previous: previous.zip(maybe_at(self.previous_secret_until)),
            },
            sealed_secrets: self.sealed_secrets,
            origin,
            used_at: maybe_at(self.used_at),
            disabled_at: maybe_at(self.disabled_at),
            created_at: at(self.created_at),
            updated_at: at(self.updated_at),
        })
    }
}

/// Stores a new client.
///
/// # Errors
/// [`StoreError::Unique`] when its `client_id` is taken.
pub fn insert_client(db: &mut Db, client: &Client) -> Result<(), StoreError> {
    let row = ClientRow::of(client)?;
    each!(db, c => diesel::insert_into(clients::table).values(&row).execute(c))?;
    want_logo(db, client.id, client.metadata.logo_uri.as_deref(), client.created_at)?;
    insert_origins(db, client)
}

fn insert_origins(db: &mut Db, client: &Client) -> Result<(), StoreError> {
    for origin in client.web_origins() {
        let row =
            (client_origins::origin.eq(origin), client_origins::client_id.eq(client.id.to_bytes()));
        each!(db, c => diesel::insert_into(client_origins::table).values(&row).execute(c))?;
    }
    Ok(())
}

/// A client by its row id.
///
/// # Errors
/// When the store fails.
pub fn find_client(db: &mut Db, id: ClientRowId) -> Result<Option<Client>, StoreError> {
    let row: Option<ClientRow> = each!(db, c => clients::table
        .find(id.to_bytes()).select(ClientRow::as_select()).first(c).optional())?;
    row.map(ClientRow::into_client).transpose()
}

/// A client by its public name.
///
/// # Errors
/// When the store fails.
pub fn find_client_by_client_id(
    db: &mut Db,
    client_id: &str,
) -> Result<Option<Client>, StoreError> {
    let row: Option<ClientRow> = each!(db, c => clients::table
        .filter(clients::client_id.eq(client_id))
        .select(ClientRow::as_select())
        .first(c)
        .optional())?;
    row.map(ClientRow::into_client).transpose()
}

/// Every client, by its public name.
///
/// # Errors
/// When the store fails.
pub fn list_clients(db: &mut Db) -> Result<Vec<Client>, StoreError> {
    let rows: Vec<ClientRow> = each!(db, c => clients::table
        .order(clients::client_id).select(ClientRow::as_select()).load(c))?;
    rows.into_iter().map(ClientRow::into_client).collect()
}

/// The clients that the landing page can open, at most 200.
///
/// # Errors
/// When the store fails.
pub fn list_launchable_clients(db: &mut Db) -> Result<Vec<Client>, StoreError> {
    let rows: Vec<ClientRow> = each!(db, c => clients::table
        .filter(clients::is_launchable.eq(true).and(clients::disabled_at.is_null()))
        .order(clients::client_id)
        .limit(200)
        .select(ClientRow::as_select())
        .load(c))?;
    rows.into_iter().map(ClientRow::into_client).collect()
}

/// Stores a client's new values.
///
/// # Errors
/// When the store fails.
pub fn update_client(db: &mut Db, client: &Client) -> Result<bool, StoreError> {
    let row = ClientRow::of(client)?;
    let changed = each!(db, c => diesel::update(clients::table.find(client.id.to_bytes()))
        .set(&row).execute(c))?;
    let own = client_origins::table.filter(client_origins::client_id.eq(client.id.to_bytes()));
    each!(db, c => diesel::delete(own).execute(c))?;
    if changed == 1 {
        want_logo(db, client.id, client.metadata.logo_uri.as_deref(), client.updated_at)?;
        insert_origins(db, client)?;
    }
    Ok(changed == 1)
}

/// How long a noted use of a client stands before the next one is noted.
const NOTED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether there is nothing for [`note_use`] to do.
pub fn is_use_noted(client: &Client, now: Timestamp) -> bool {
    client.used_at.is_some_and(|used_at| used_at >= now - NOTED_FOR)
}

/// Notes that a client was used, once a day: those that registered themselves and never come back
/// are removed one day.
///
/// # Errors
/// When the store fails.
pub fn note_use(db: &mut Db, id: ClientRowId, now: Timestamp) -> Result<(), StoreError> {
    let stale = clients::table
        .find(id.to_bytes())
        .filter(clients::used_at.is_null().or(clients::used_at.lt((now - NOTED_FOR).as_millis())));
    let used = clients::used_at.eq(Some(now.as_millis()));
    each!(db, c => fixed!(update(stale, used)).execute(c))?;
    Ok(())
}

/// When a client that registered itself goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unused {
    /// It was made before this and never used.
    pub made_before: Timestamp,
    /// It was last used before this.
    pub used_before: Timestamp,
}

/// Removes clients that registered themselves and are not used, at most `limit`. One with a grant
/// that still counts stays.
///
/// # Errors
/// When the store fails.
pub fn purge_unused_clients(
    db: &mut Db,
    unused: Unused,
    now: Timestamp,
    limit: i64,
) -> Result<usize, StoreError> {
    let (made, used) = (unused.made_before.as_millis(), unused.used_before.as_millis());
    let is_unused = || {
        clients::used_at.lt(used).or(clients::used_at.is_null().and(clients::created_at.lt(made)))
    };
    let live = grants::table
        .filter(grants::client_id.eq(clients::id))
        .filter(grants::revoked_at.is_null().and(grants::expires_at.gt(now.as_millis())));
    let over: Vec<Vec<u8>> = each!(db, c => clients::table
        .filter(clients::is_dynamic.eq(true).and(is_unused()))
        .filter(diesel::dsl::not(diesel::dsl::exists(live)))
        .select(clients::id)
        .limit(limit)
        .load(c))?;
    // One that came to life since is looked at once more.
    let over = clients::table.filter(clients::id.eq_any(&over).and(is_unused()));
    Ok(each!(db, c => diesel::delete(over).execute(c))?)
}

/// Removes a client and all that hangs on it.
///
/// # Errors
/// When the store fails.
pub fn delete_client(db: &mut Db, id: ClientRowId) -> Result<bool, StoreError> {
    let changed = each!(db, c => diesel::delete(clients::table.find(id.to_bytes())).execute(c))?;
    Ok(changed == 1)
}

/// Whether an enabled client has a redirect URI at this web origin.
///
/// # Errors
/// When the store fails.
pub fn is_origin_registered(db: &mut Db, origin: &str) -> Result<bool, StoreError> {
    let query = client_origins::table
        .inner_join(clients::table)
        .filter(client_origins::origin.eq(origin).and(clients::disabled_at.is_null()));
    Ok(each!(db, c => diesel::select(diesel::dsl::exists(query)).get_result(c))?)
}
