//! What people have allowed.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::row::{Place, at, to_json};
use crate::base::{ClientRowId, UserId};
use crate::domain::Consent;
use crate::store::db::each;
use crate::store::db::schema::consents;
use crate::store::{Db, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = consents)]
pub(super) struct ConsentRow {
    id: Vec<u8>,
    user_id: Vec<u8>,
    client_id: Vec<u8>,
    scopes: String,
    created_at: i64,
    updated_at: i64,
}

impl ConsentRow {
    pub(super) fn into_consent(self) -> Result<Consent, StoreError> {
        let place = Place::new("consents", &self.id);
        Ok(Consent {
            id: place.consent("id", &self.id)?,
            user: place.user("user_id", &self.user_id)?,
            client: place.client("client_id", &self.client_id)?,
            scopes: place.json("scopes", &self.scopes)?,
            created_at: at(self.created_at),
            updated_at: at(self.updated_at),
        })
    }
}

/// What `user` has allowed `client`.
///
/// # Errors
/// When the store fails.
pub fn find_consent(
    db: &mut Db,
    user: UserId,
    client: ClientRowId,
) -> Result<Option<Consent>, StoreError> {
    let row: Option<ConsentRow> = each!(db, c => consents::table
        .filter(consents::user_id.eq(user.to_bytes()).and(consents::client_id.eq(client.to_bytes())))
        .select(ConsentRow::as_select())
        .first(c)
        .optional())?;
    row.map(ConsentRow::into_consent).transpose()
}

/// Stores a consent, in place of the one before if there is one.
///
/// # Errors
/// When the store fails.
pub fn put_consent(db: &mut Db, consent: &Consent) -> Result<(), StoreError> {
    let row = ConsentRow {
        id: consent.id.to_bytes(),
        user_id: consent.user.to_bytes(),
        client_id: consent.client.to_bytes(),
        scopes: to_json(&consent.scopes)?,
        created_at: consent.created_at.as_millis(),
        updated_at: consent.updated_at.as_millis(),
    };
    each!(db, c => diesel::insert_into(consents::table)
        .values(&row)
        .on_conflict((consents::user_id, consents::client_id))
        .do_update()
        .set((
            consents::scopes.eq(excluded(consents::scopes)),
            consents::updated_at.eq(excluded(consents::updated_at)),
        ))
        .execute(c))?;
    Ok(())
}

/// Removes a consent. What was given under it is taken back by
/// [`withdraw`](super::connected_apps::withdraw), and nobody else comes here.
pub(super) fn delete_consent(
    db: &mut Db,
    user: UserId,
    client: ClientRowId,
) -> Result<bool, StoreError> {
    let own = consents::table.filter(
        consents::user_id.eq(user.to_bytes()).and(consents::client_id.eq(client.to_bytes())),
    );
    Ok(each!(db, c => diesel::delete(own).execute(c))? == 1)
}
