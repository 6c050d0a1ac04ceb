//! Several processes on one database, and a database from its first moment on.

use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use tessera::store::{Location, Migrate, Store, StoreError, ping, schema_facts, users};
use tokio::task::JoinHandle;

use super::backends::{Backend, Bench, service, sql};
use super::records::user;

fn durable() -> impl Iterator<Item = (Backend, Location)> {
    [Backend::SqliteFile, Backend::Postgres]
        .into_iter()
        .filter_map(|backend| backend.new_location().map(|location| (backend, location)))
}

pub(super) async fn a_write_of_another_process_is_seen(bench: Bench) {
    let (second, ada) = (bench.second(), user("ada"));
    bench.read(ping).await;
    second.write("test", move |db| users::insert_user(db, &ada)).await.unwrap();
    assert_eq!(bench.read(users::count_users).await, 1);
    let bob = user("bob");
    bench.write(move |db| users::insert_user(db, &bob)).await;
    assert_eq!(second.read(users::count_users).await, Ok(2));
}

#[test]
fn what_is_pending_is_told_and_nothing_is_changed() {
    for (backend, location) in durable() {
        let pending = Store::pending_migrations(&location).unwrap();
        let all = [
            "0001_first",
            "0002_provider",
            "0005_factors",
            "0006_passkeys",
            "0007_mail",
            "0008_audit",
            "0010_account",
            "0011_policy",
            "0013_proofs",
            "0014_setup",
            "0015_invitations",
            "0017_activity",
            "0018_grants_of_session",
        ];
        assert_eq!(pending, all, "{backend:?}");
        assert_eq!(Store::pending_migrations(&location).unwrap(), pending);
        if let Location::SqliteFile(path) = &location {
            assert!(!path.exists());
            std::fs::write(path, "").unwrap();
            assert_eq!(Store::pending_migrations(&location).unwrap(), pending);
            assert_eq!(std::fs::metadata(path).unwrap().len(), 0);
        }
        let error = Store::open(&location, Migrate::Refuse).map(drop).unwrap_err();
        assert!(error.to_string().contains("run tessera migrate first"), "{error}");
        assert!(error.to_string().contains(&pending[0]), "{error}");
        drop(Store::open(&location, Migrate::Now).unwrap());
        assert!(Store::pending_migrations(&location).unwrap().is_empty());
        drop(Store::open(&location, Migrate::Refuse).unwrap());
    }
}

#[tokio::test]
async fn migrating_again_keeps_what_is_there() {
    for (backend, location) in durable() {
        let ada = user("ada");
        let store = Store::open(&location, Migrate::Now).unwrap();
        store.write("test", move |db| users::insert_user(db, &ada)).await.unwrap();
        drop(store);
        let store = Store::open(&location, Migrate::Now).unwrap();
        assert_eq!(store.read(users::count_users).await, Ok(1), "{backend:?}");
    }
}

#[test]
fn processes_that_start_together_migrate_once() {
    for round in 0..10 {
        for (backend, location) in durable() {
            let starts: Vec<_> = (0..4)
                .map(|_| {
                    let location = location.clone();
                    std::thread::spawn(move || Store::open(&location, Migrate::Now).map(drop))
                })
                .collect();
            for start in starts {
                assert_eq!(start.join().unwrap(), Ok(()), "{backend:?}, round {round}");
            }
        }
    }
}

#[tokio::test]
async fn both_engines_have_the_same_schema() {
    let lite = Store::open(&Location::SqliteMemory, Migrate::Now).unwrap();
    let lite = lite.read(schema_facts).await.unwrap();
    assert!(lite.len() > 80, "{lite:?}");
    assert!(lite.contains(&"users.id not null key".to_owned()));
    assert!(lite.contains(&"index users_username_once".to_owned()));
    let Some(location) = Backend::Postgres.new_location() else { return };
    let postgres = Store::open(&location, Migrate::Now).unwrap();
    assert_eq!(postgres.read(schema_facts).await.unwrap(), lite);
}

#[test]
fn a_database_that_cannot_be_reached_is_told_without_its_password() {
    let nowhere = Location::SqliteFile("/nowhere/tessera.db".into());
    let error = Store::open(&nowhere, Migrate::Now).map(drop).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    for url in ["postgres://me:hunter2@127.0.0.1:1/x", "postgres://me:hunter2@[bad"] {
        let location = Location::Postgres(url.to_owned());
        let error = Store::open(&location, Migrate::Now).map(drop).unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

/// SQLite has one writer. One that another process holds back answers that it is busy.
#[tokio::test]
async fn a_file_that_another_process_holds_is_busy() {
    let location = Backend::SqliteFile.new_location().unwrap();
    let (one, other) = (
        Store::open(&location, Migrate::Now).unwrap(),
        Store::open(&location, Migrate::Now).unwrap(),
    );
    let (release, gate) = tokio::sync::oneshot::channel::<()>();
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (mut gate, mut begun) = (Some(gate), Some(begun));
    let holder = tokio::spawn(async move {
        one.write("hold", move |_| {
            if let (Some(begun), Some(gate)) = (begun.take(), gate.take()) {
                begun.send(()).unwrap();
                gate.blocking_recv().unwrap();
            }
            Ok(())
        })
        .await
    });
    has_begun.await.unwrap();
    let (ada, again) = (user("ada"), user("ada"));
    assert_eq!(other.read(users::count_users).await, Ok(0), "readers go on");
    let refused = other.write("test", move |db| users::insert_user(db, &ada)).await;
    assert_eq!(refused, Err(StoreError::Busy));
    release.send(()).unwrap();
    holder.await.unwrap().unwrap();
    other.write("test", move |db| users::insert_user(db, &again)).await.unwrap();
    assert_eq!(other.read(users::count_users).await, Ok(1));
}

/// The server closes every connection, as it does when it starts anew.
#[tokio::test]
async fn lost_connections_are_replaced_unnoticed() {
    if service("TESSERA_TEST_POSTGRES").is_none() {
        return;
    }
    let location = Backend::Postgres.new_location().unwrap();
    let store = Store::open(&location, Migrate::Now).unwrap();
    let many = |store: &Store| {
        let calls = (0..16).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.read(|db| sql(db, "SELECT pg_sleep(0.05)")).await })
        });
        calls.collect::<Vec<_>>()
    };
    for call in many(&store) {
        call.await.unwrap().unwrap();
    }
    let others = Store::open(&location, Migrate::Refuse).unwrap();
    others.read(|db| sql(db, CLOSE_OTHERS)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    for number in 0..16 {
        let one = user(&format!("user_{number}"));
        store.write("test", move |db| users::insert_user(db, &one)).await.unwrap();
    }
    others.read(|db| sql(db, CLOSE_OTHERS)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    for call in many(&store) {
        call.await.unwrap().unwrap();
    }
    assert_eq!(store.read(users::count_users).await, Ok(16));
}

const CLOSE_OTHERS: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
     WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// Two transactions that wait for each other: PostgreSQL ends one, whatever words it has for it,
/// and that one is run again once the other has had the time to wake and go on. If it were run
/// again at once, it could take its row anew before that, and both would wait for each other again.
#[tokio::test]
async fn a_deadlock_is_tried_again_after_a_pause() {
    if service("TESSERA_TEST_POSTGRES").is_none() {
        return;
    }
    let location = Backend::Postgres.new_location().unwrap();
    let store = Store::open(&location, Migrate::Now).unwrap();
    store
        .write("test", |db| sql(db, "CREATE TABLE pair (id int); INSERT INTO pair VALUES (1), (2)"))
        .await
        .unwrap();
    let both = Arc::new(Barrier::new(2));
    let (one, other) = (update_pair(&store, &both, [1, 2]), update_pair(&store, &both, [2, 1]));
    let pauses = [one.await.unwrap().unwrap(), other.await.unwrap().unwrap()].concat();
    assert!(!pauses.is_empty(), "neither was ended");
    assert!(pauses.iter().all(|pause| *pause >= Duration::from_millis(20)), "{pauses:?}");
}

/// Updates both rows in the order given, in a transaction that meets the other one between its
/// first two statements. Tells how long it paused before each time that it was run again.
fn update_pair(
    store: &Store,
    both: &Arc<Barrier>,
    [first, second]: [i32; 2],
) -> JoinHandle<Result<Vec<Duration>, StoreError>> {
    let (store, both) = (store.clone(), Arc::clone(both));
    let (mut failed, mut pauses) = (None, Vec::new());
    let update = |id| format!("UPDATE pair SET id = id WHERE id = {id}");
    tokio::spawn(async move {
        let updating = store.write("test", move |db| {
            pauses.extend(failed.take().map(|failed: Instant| failed.elapsed()));
            sql(db, &update(first))?;
            if pauses.is_empty() {
                both.wait();
            }
            let updated = sql(db, &update(second));
            failed = Some(Instant::now());
            updated.map(|()| pauses.clone())
        });
        updating.await
    })
}

/// A lock that somebody else holds, and a statement that takes too long: the store is busy.
#[tokio::test]
async fn a_limit_of_the_server_is_told_as_busy() {
    if service("TESSERA_TEST_POSTGRES").is_none() {
        return;
    }
    let location = Backend::Postgres.new_location().unwrap();
    let store = Store::open(&location, Migrate::Now).unwrap();
    let refused =
        store.read(|db| sql(db, "SET statement_timeout = '5s'; SELECT pg_sleep(30)")).await;
    assert_eq!(refused, Err(StoreError::Busy));
    let refused = store.read(|db| sql(db, "SELECT nonsense")).await;
    assert!(matches!(refused, Err(StoreError::Unexplained(_))), "{refused:?}");
    store.read(ping).await.unwrap();
}
