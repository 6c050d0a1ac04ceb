//! A new grant in a session: stored only while that has not ended.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

use super::grants::{GrantRow, insert_grant};
use super::session_clients::note_client_of_session;
use super::sessions::{is_live, touch_session};
use crate::base::{ClientRowId, SessionId, Timestamp};
use crate::domain::Grant;
use crate::store::db::schema::{grants, session_clients, sessions};
use crate::store::db::{Executes, fixed};
use crate::store::{Db, StoreError};

mod with {
    diesel::table! {
        /// What the statement calls the session, when that has not ended: no row otherwise.
        live (id) {
            id -> Binary,
        }
    }
}
use with::live;

/// Stores a new grant, if its session has not ended meanwhile, and notes the session's use when
/// that moves its limit to `idle_expires_at`. The session's row is held first: a sign-out at the
/// same moment either comes before, and is seen, or waits and takes the grant back.
///
/// One statement on PostgreSQL, where each costs a journey.
///
/// # Errors
/// When the store fails.
pub fn insert_grant_of_live_session(
    db: &mut Db,
    grant: &Grant,
    idle_expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(person) = &grant.person else { return Ok(false) };
    let session = person.session;
    if let Db::Pg(connection) = db {
        let row = GrantRow::of(grant)?;
        let row = Rows { session, grant: &row, client: grant.client, now };
        return Ok(match idle_expires_at {
            Some(idle) => row.insert_touching(connection, idle)?,
            None => row.insert_holding(connection)?,
        });
    }
    // SQLite has one writer, and this is it: looking is enough.
    let is_live = match idle_expires_at {
        Some(idle) => touch_session(db, session, now, idle)?,
        None => is_live(db, session)?,
    };
    if is_live {
        insert_grant(db, grant)?;
        note_client_of_session(db, session, grant.client, now)?;
    }
    Ok(is_live)
}

/// What is written when the session lives.
struct Rows<'a> {
    session: SessionId,
    grant: &'a GrantRow,
    client: ClientRowId,
    now: Timestamp,
}

impl Rows<'_> {
    /// Where nothing is to be noted of the session, its row is locked.
    fn insert_holding(
        &self,
        connection: &mut impl Executes<Backend = Pg>,
    ) -> Result<bool, StoreError> {
        let live = sessions::table.find(self.session.to_bytes());
        let live = live.filter(sessions::ended_at.is_null()).select(sessions::id);
        Ok(fixed!(self.after(live.for_no_key_update())).execute(connection)? == 1)
    }

    /// Writing to the row locks it as well.
    fn insert_touching(
        &self,
        connection: &mut impl Executes<Backend = Pg>,
        idle_expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let live = sessions::table.find(self.session.to_bytes());
        let seen = (
            sessions::last_seen_at.eq(self.now.as_millis()),
            sessions::idle_expires_at.eq(idle_expires_at.as_millis()),
        );
        let live = diesel::update(live.filter(sessions::ended_at.is_null())).set(seen);
        Ok(fixed!(self.after(live.returning(sessions::id))).execute(connection)? == 1)
    }

    /// The rows, for what `live` finds.
    fn after<L: QueryFragment<Pg>>(&self, live: L) -> impl QueryFragment<Pg> {
        let noted = diesel::insert_into(session_clients::table)
            .values(live::table.select((
                live::id,
                self.client.to_bytes().into_sql::<Binary>(),
                self.now.as_millis().into_sql::<BigInt>(),
            )))
            .into_columns(session_clients::all_columns)
            .on_conflict_do_nothing();
        let row = self.grant;
        let granted = diesel::insert_into(grants::table)
            .values(live::table.select((
                row.id.as_sql::<Binary>(),
                row.user_id.as_sql::<Nullable<Binary>>(),
                row.client_id.as_sql::<Binary>(),
                row.session_id.as_sql::<Nullable<Binary>>(),
                row.scopes.as_sql::<Text>(),
                row.resources.as_sql::<Text>(),
                row.claims.as_sql::<Text>(),
                row.nonce.as_sql::<Nullable<Text>>(),
                row.auth_time.as_sql::<Nullable<BigInt>>(),
                row.acr.as_sql::<Nullable<Text>>(),
                row.amr.as_sql::<Nullable<Text>>(),
                row.code_digest.as_sql::<Nullable<Text>>(),
                row.redirect_uri.as_sql::<Nullable<Text>>(),
                row.code_challenge.as_sql::<Nullable<Text>>(),
                row.code_expires_at.as_sql::<Nullable<BigInt>>(),
                row.code_used_at.as_sql::<Nullable<BigInt>>(),
                row.wrong_verifiers.as_sql::<Integer>(),
                row.generation.as_sql::<Integer>(),
                row.is_offline.as_sql::<Bool>(),
                row.rotated_at.as_sql::<Text>(),
                row.refresh_idle_expires_at.as_sql::<Nullable<BigInt>>(),
                row.refresh_expires_at.as_sql::<Nullable<BigInt>>(),
                row.created_at.as_sql::<BigInt>(),
                row.expires_at.as_sql::<BigInt>(),
                row.revoked_at.as_sql::<Nullable<BigInt>>(),
            )))
            .into_columns(grants::all_columns);
        Granting { live, noted, granted }
    }
}

/// `WITH` that changes rows, which diesel does not know.
struct Granting<L, N, G> {
    live: L,
    noted: N,
    granted: G,
}

impl<L, N, G> QueryFragment<Pg> for Granting<L, N, G>
where
    L: QueryFragment<Pg>,
    N: QueryFragment<Pg>,
    G: QueryFragment<Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH live AS (");
        self.live.walk_ast(out.reborrow())?;
        out.push_sql("), noted AS (");
        self.noted.walk_ast(out.reborrow())?;
        out.push_sql(") ");
        self.granted.walk_ast(out.reborrow())
    }
}
