//! A PostgreSQL that took the place of another one (`reliability.md` P9). A standby that is promoted
//! may lack what was committed last, and with it that a code was used or a session signed out. Each
//! promotion begins a timeline of its own, which every new connection compares with the one that
//! was stood on before.

use std::sync::{Arc, Once, OnceLock};

use diesel::sql_types::{Nullable, Text};
use diesel::{OptionalExtension as _, QueryableByName, RunQueryDsl as _, sql_query};

use super::copy::{self, Renewal};
use super::db::each;
use super::{Db, StoreError};

/// The row of `meta` with the timeline that everything was committed on.
const KNOWN: &str = "INSERT INTO meta (name, value) VALUES ('postgres_timeline', $1) \
     ON CONFLICT (name) DO NOTHING";
/// Whoever else notices the same waits here, and finds it done.
const LOCKED: &str = "SELECT value AS told FROM meta WHERE name = 'postgres_timeline' FOR UPDATE";
const FIND: &str = "SELECT value AS told FROM meta WHERE name = 'postgres_timeline'";
const CHANGE: &str = "UPDATE meta SET value = $1 WHERE name = 'postgres_timeline'";
/// The first eight digits of a log file's name are the timeline. A standby names none.
const TIMELINE: &str = "SELECT CASE WHEN pg_is_in_recovery() THEN NULL \
     ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END AS told, \
     (SELECT value FROM meta WHERE name = 'postgres_timeline') AS known";

/// Makes what is done when a server took the place of another one.
pub(super) type MakeRenewal = Arc<dyn Fn() -> Renewal + Send + Sync>;

/// What is known of the server that is stood on.
#[derive(Default)]
pub(super) struct FailOvers {
    renewal: OnceLock<MakeRenewal>,
}

#[derive(QueryableByName)]
struct Timelines {
    #[diesel(sql_type = Nullable<Text>)]
    told: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    known: Option<String>,
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    told: String,
}

impl FailOvers {
    /// From now on every connection looks.
    pub(super) fn watch(&self, renewal: MakeRenewal) {
        // A second call would say the same.
        drop(self.renewal.set(renewal));
    }

    /// Looks where a connection leads. It must be in no transaction.
    ///
    /// # Errors
    /// When the server is a standby, or fails.
    pub(super) fn look(&self, db: &mut Db) -> Result<(), StoreError> {
        let Some(renewal) = self.renewal.get() else { return Ok(()) };
        let timelines: Timelines = match each!(&mut *db, c => sql_query(TIMELINE).get_result(c)) {
            Ok(timelines) => timelines,
            Err(error) => return unnamed(error.into(), find_known(db)?.is_some()),
        };
        let Some(told) = timelines.told else {
            return Err(StoreError::Unavailable("it is a standby, which takes no changes".into()));
        };
        if timelines.known.as_ref() != Some(&told) {
            copy::in_transaction(db, "BEGIN", |db| stand_on(db, &told, renewal))?;
        }
        Ok(())
    }
}

/// The timeline of before, if one was ever told.
fn find_known(db: &mut Db) -> Result<Option<String>, StoreError> {
    let known: Option<Told> = each!(db, c => sql_query(FIND).get_result(c).optional())?;
    Ok(known.map(|known| known.told))
}

/// Some servers that speak for PostgreSQL keep their log in another way: there nothing is noticed. One
/// that told its timeline before and does not now may be any other: nobody is served from it.
fn unnamed(error: StoreError, was_told_before: bool) -> Result<(), StoreError> {
    if was_told_before || !matches!(error, StoreError::Unexplained(_)) {
        return Err(error);
    }
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        tracing::warn!(%error, "this server does not tell its timeline: a fail-over goes unnoticed");
    });
    Ok(())
}

/// Ends what the server before may have ended already, once for all who notice.
fn stand_on(db: &mut Db, timeline: &str, renewal: &MakeRenewal) -> Result<(), StoreError> {
    let known = sql_query(KNOWN).bind::<Text, _>(timeline);
    each!(&mut *db, c => known.execute(c))?;
    let known: Told = each!(&mut *db, c => sql_query(LOCKED).get_result(c))?;
    if known.told == timeline {
        return Ok(());
    }
    tracing::error!(
        from = known.told,
        to = timeline,
        "another PostgreSQL took over and may lack what was committed last: everybody signs in anew"
    );
    copy::end_short_lived(db, &renewal())?;
    let change = sql_query(CHANGE).bind::<Text, _>(timeline);
    each!(db, c => change.execute(c))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_told_its_timeline_before_must_tell_it_again() {
        let refused = || StoreError::Unexplained("permission denied".to_owned());
        assert_eq!(unnamed(refused(), false), Ok(()));
        assert_eq!(unnamed(refused(), true), Err(refused()));
        let away = || StoreError::Unavailable("away".to_owned());
        assert_eq!(unnamed(away(), false), Err(away()));
    }
}
