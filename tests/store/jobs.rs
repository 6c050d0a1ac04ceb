//! What a job may count on: it is done whole or not at all, whatever its neighbours do.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use diesel::connection::{Connection as _, InstrumentationEvent};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use tessera::base::{GrantId, SystemEntropy};
use tessera::domain::Grant;
use tessera::store::{
    Db, StoreError, clients, grants, session_grants, sessions, signing_keys, users,
};
use tokio::sync::oneshot;

use super::backends::{Backend, Bench, sql};
use super::records::{HOUR, NOW, client, digest, grant, session, signing_key, user};

fn failed() -> StoreError {
    StoreError::Failed("on purpose".to_owned())
}

/// A hundred jobs wait behind one, so that SQLite's writer takes them as one group.
pub(super) async fn a_job_that_fails_or_panics_is_undone_alone(bench: Bench) {
    let (release, gate) = oneshot::channel::<()>();
    let mut gate = Some(gate);
    let store = bench.store.clone();
    let first = tokio::spawn(async move {
        let wait = move |_: &mut Db| {
            gate.take().map_or(Ok(()), |gate| gate.blocking_recv().map_err(|_| failed()))
        };
        store.write("gate", wait).await
    });
    let jobs: Vec<_> = (0..100)
        .map(|number| {
            let (store, ada) = (bench.store.clone(), user(&format!("user_{number:02}")));
            tokio::spawn(async move {
                let change = move |db: &mut Db| {
                    users::insert_user(db, &ada)?;
                    match number % 4 {
                        1 => Err(failed()),
                        2 => panic!("on purpose"),
                        3 => users::insert_user(db, &ada),
                        _ => Ok(()),
                    }
                };
                store.write("one of a group", change).await
            })
        })
        .collect();
    // Let all of them join the line.
    tokio::time::sleep(Duration::from_millis(100)).await;
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    for (number, job) in jobs.into_iter().enumerate() {
        let ended = job.await.unwrap();
        assert_eq!(ended.is_ok(), number % 4 == 0, "{number}: {ended:?}");
    }
    let kept = bench.read(users::list_users).await;
    let kept: Vec<String> = kept.into_iter().map(|user| user.username).collect();
    let good: Vec<String> = (0..100).step_by(4).map(|n| format!("user_{n:02}")).collect();
    assert_eq!(kept, good);
}

pub(super) async fn a_panic_is_told_as_a_failure(bench: Bench) {
    let error = bench.refused(|_| -> Result<(), _> { panic!("on purpose") }).await;
    assert_eq!(error, StoreError::Failed("the job panicked".to_owned()));
    let read = bench.store.read(|_| -> Result<(), _> { panic!("on purpose") }).await;
    assert_eq!(read, Err(StoreError::Failed("the job panicked".to_owned())));
    assert_eq!(bench.read(users::count_users).await, 0);
}

pub(super) async fn a_write_outlives_its_caller(bench: Bench) {
    let (release, gate) = oneshot::channel::<()>();
    let mut gate = Some(gate);
    let ada = user("ada");
    let has_begun = Arc::new(AtomicU32::new(0));
    let (store, begun) = (bench.store.clone(), Arc::clone(&has_begun));
    let caller = tokio::spawn(async move {
        let change = move |db: &mut Db| {
            users::insert_user(db, &ada)?;
            begun.fetch_add(1, Ordering::SeqCst);
            gate.take().map_or(Ok(()), |gate| gate.blocking_recv().map_err(|_| failed()))
        };
        store.write("test", change).await
    });
    while has_begun.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    release.send(()).unwrap();
    while bench.read(users::count_users).await == 0 {
        tokio::task::yield_now().await;
    }
}

/// A conflict makes the store run the job again; PostgreSQL alone has them.
pub(super) async fn a_conflict_is_tried_again(bench: Bench) {
    if bench.backend != Backend::Postgres {
        return;
    }
    let mut runs = 0;
    let ada = user("ada");
    let runs = bench
        .write(move |db| {
            users::insert_user(db, &ada)?;
            runs += 1;
            if runs < 3 { Err(StoreError::Conflict) } else { Ok(runs) }
        })
        .await;
    assert_eq!(runs, 3);
    assert_eq!(bench.read(users::count_users).await, 1);
    let mut runs = 0;
    let error = bench
        .refused(move |_| -> Result<(), _> {
            runs += 1;
            assert!(runs <= 8);
            Err(StoreError::Conflict)
        })
        .await;
    assert_eq!(error, StoreError::Conflict);
}

/// A job that goes on after a refused statement is undone on PostgreSQL. It must not be told
/// that it succeeded.
pub(super) async fn success_is_told_only_of_what_was_kept(bench: Bench) {
    let (ada, twin) = (user("ada"), user("ada"));
    let result = bench
        .store
        .write("test", move |db| {
            users::insert_user(db, &ada)?;
            drop(users::insert_user(db, &twin));
            Ok(())
        })
        .await;
    assert_eq!(bench.read(users::count_users).await, i64::from(result.is_ok()));
    let after = user("after");
    bench.write(move |db| users::insert_user(db, &after)).await;
}

/// SQLite itself rolls back when the disk is full, in the middle of a group. Whatever is told of
/// the jobs of that group must then be true.
pub(super) async fn a_transaction_that_is_lost_is_told_to_all(bench: Bench) {
    let ((release, gate), (begin, begun)) = (oneshot::channel::<()>(), oneshot::channel::<()>());
    let mut gate = Some((gate, begin));
    let store = bench.store.clone();
    let first = tokio::spawn(async move {
        let wait = move |_: &mut Db| {
            let Some((gate, begin)) = gate.take() else { return Ok(()) };
            begin.send(()).map_err(|()| failed())?;
            gate.blocking_recv().map_err(|_| failed())
        };
        store.write("gate", wait).await
    });
    // Were it in one group with the others, it would be lost with them.
    begun.await.unwrap();
    let jobs: Vec<_> = (0..10)
        .map(|number| {
            let (store, name) = (bench.store.clone(), format!("user_{number}"));
            let one = user(&name);
            tokio::spawn(async move {
                let change = move |db: &mut Db| {
                    users::insert_user(db, &one)?;
                    if number == 5 {
                        sql(db, "ROLLBACK")?;
                        return Err(failed());
                    }
                    Ok(())
                };
                store.write("one of a group", change).await.ok().map(|()| name)
            })
        })
        .collect();
    // Let all of them join the line.
    tokio::time::sleep(Duration::from_millis(100)).await;
    release.send(()).unwrap();
    first.await.unwrap().ok();
    let mut told = Vec::new();
    for job in jobs {
        told.extend(job.await.unwrap());
    }
    let kept = bench.read(users::list_users).await;
    assert_eq!(kept.into_iter().map(|user| user.username).collect::<Vec<_>>(), told);
    let after = user("after");
    bench.write(move |db| users::insert_user(db, &after)).await;
}

pub(super) async fn readers_go_on_beside_a_writer(bench: Bench) {
    let stored = user("before");
    bench.write(move |db| users::insert_user(db, &stored)).await;
    let writes: Vec<_> = (0..50)
        .map(|number| {
            let (store, one) = (bench.store.clone(), user(&format!("user_{number}")));
            tokio::spawn(async move {
                store.write("test", move |db| users::insert_user(db, &one)).await
            })
        })
        .collect();
    let mut seen = 1;
    for _ in 0..50 {
        let now = bench.read(users::count_users).await;
        assert!(now >= seen);
        seen = now;
    }
    for write in writes {
        write.await.unwrap().unwrap();
    }
    assert_eq!(bench.read(users::count_users).await, 51);
}

pub(super) async fn a_value_that_cannot_be_read_is_named_with_its_place(bench: Bench) {
    use tessera::protocol::SigningAlgorithm::RS256;
    let (ada, key) = (user("ada"), signing_key(RS256, 0));
    let (user_id, key_id) = (ada.id, key.id);
    bench
        .write(move |db| {
            users::insert_user(db, &ada)?;
            signing_keys::insert_signing_key(db, &key)?;
            sql(db, "UPDATE users SET claims = '{'; UPDATE signing_keys SET algorithm = 'HS256'")
        })
        .await;
    let error = bench.store.read(move |db| users::find_user(db, user_id)).await.unwrap_err();
    let text = format!("table users, column claims, row {user_id}: the value cannot be read");
    assert_eq!(error.to_string(), text);
    let error = bench.store.read(signing_keys::list_signing_keys).await.map(drop).unwrap_err();
    let (table, column, id) = ("signing_keys", "algorithm", key_id.to_string());
    assert_eq!(error, StoreError::Corrupt { table, column, id });
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// What `PostgreSQL` keeps prepared for this connection of what begins so, without what asks.
fn prepared(db: &mut Db, beginning: &str) -> i64 {
    let Db::Pg(connection) = db else { panic!("not on PostgreSQL") };
    let all =
        "SELECT count(*) AS number FROM pg_prepared_statements WHERE starts_with(statement, $1)";
    let all = sql_query(all).bind::<Text, _>(beginning);
    all.get_result::<Found>(connection).unwrap().number
}

/// Writes down what diesel keeps prepared for this connection from now on.
fn listen(db: &mut Db, heard: &Arc<Mutex<Vec<String>>>) {
    let Db::Lite(connection) = db else { return };
    let heard = Arc::clone(heard);
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::CacheQuery { sql, .. } = event {
            heard.lock().unwrap().push(sql.to_owned());
        }
    });
}

/// diesel prepares an `UPDATE` anew each time: SQLite parses and plans it, and the server is asked twice.
pub(super) async fn what_each_sign_in_changes_is_prepared_once(bench: Bench) {
    let is_server = bench.backend == Backend::Postgres;
    let (ada, app) = (user("ada"), client("app"));
    let here = session(&ada);
    let granted = grant(&here, &app);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listened = Arc::clone(&heard);
    bench
        .write(move |db| {
            users::insert_user(db, &ada)?;
            clients::insert_client(db, &app)?;
            sessions::insert_session(db, &here)?;
            listen(db, &listened);
            let touched = Some(NOW + HOUR);
            let ways = [("one", None), ("two", touched), ("three", None), ("four", touched)];
            for (code, idle) in ways.map(|(code, idle)| (digest(code), idle)) {
                let mut grant = Grant { id: GrantId::new(NOW, &SystemEntropy), ..granted.clone() };
                grant.code.as_mut().unwrap().digest = code;
                assert!(session_grants::insert_grant_of_live_session(db, &grant, idle, NOW)?);
                assert!(grants::redeem_code(db, grant.id, &code, NOW)?);
                let refresh = grant.refresh.as_ref().unwrap();
                assert!(grants::rotate_refresh(db, &grant, refresh, 1, NOW)?);
                clients::note_use(db, app.id, NOW)?;
            }
            if is_server {
                assert_eq!(prepared(db, "WITH"), 2, "one holds the session and one touches it");
                assert_eq!(prepared(db, "UPDATE \"grants\""), 2, "one redeems and one rotates");
                assert_eq!(prepared(db, "UPDATE \"clients\""), 1);
            }
            Ok(())
        })
        .await;
    let heard = heard.lock().unwrap();
    let kept = |beginning: &str| heard.iter().filter(|text| text.starts_with(beginning)).count();
    if !is_server {
        assert_eq!(kept("UPDATE `sessions`"), 1, "{heard:?}");
        assert_eq!(kept("UPDATE `grants`"), 2, "one redeems and one rotates: {heard:?}");
        assert_eq!(kept("UPDATE `clients`"), 1, "{heard:?}");
        assert_eq!(kept("INSERT INTO `grants`"), 1, "{heard:?}");
        assert_eq!(kept("INSERT INTO `session_clients`"), 1, "{heard:?}");
    }
}

/// A statement with `LIMIT ?` is parsed anew for each value, unless plans are the same for all, which is
/// chosen when SQLite is built: `.cargo/config.toml`.
pub(super) async fn a_plan_is_the_same_for_all_values(bench: Bench) {
    if bench.backend == Backend::Postgres {
        return;
    }
    let is_built_so = |db: &mut Db| {
        let Db::Lite(connection) = db else { panic!("not on SQLite") };
        let asked = sql_query("SELECT sqlite_compileoption_used('ENABLE_QPSG') AS number");
        Ok(asked.get_result::<Found>(connection)?.number)
    };
    assert_eq!(bench.read(is_built_so).await, 1);
}
