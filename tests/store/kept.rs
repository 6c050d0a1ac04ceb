use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tessera::domain::Client;
use tessera::store::{Store, Touched, clients, grants, session_grants, sessions, users};

use super::backends::Bench;
use super::records::{NOW, client, digest, grant, session, user};

async fn with_client(bench: &Bench) -> Client {
    let app = client("app");
    let stored = app.clone();
    bench.write(move |db| clients::insert_client(db, &stored)).await;
    app
}

async fn name_of(store: &Store) -> Option<String> {
    let found = store.client_named("app").await.unwrap()?;
    found.metadata.client_name.clone()
}

async fn rename(store: &Store, app: &Client, number: usize) {
    let mut renamed = app.clone();
    renamed.metadata.client_name = Some(format!("{number:04}"));
    store.write("rename", move |db| clients::update_client(db, &renamed)).await.unwrap();
}

pub(super) async fn a_change_of_ones_own_is_seen_at_once(bench: Bench) {
    let app = with_client(&bench).await;
    name_of(&bench.store).await;
    for number in 0..20 {
        rename(&bench.store, &app, number).await;
        assert_eq!(name_of(&bench.store).await, Some(format!("{number:04}")));
    }
    let gone = app.id;
    bench.write(move |db| clients::delete_client(db, gone)).await;
    assert_eq!(name_of(&bench.store).await, None);
    assert_eq!(bench.store.client(gone).await.unwrap(), None);
}

/// However reads and changes fall together, nobody who was told of a change reads what was before.
pub(super) async fn nothing_older_than_a_finished_change_is_ever_read(bench: Bench) {
    let app = with_client(&bench).await;
    rename(&bench.store, &app, 0).await;
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (store, done) = (bench.store.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                let mut newest = String::new();
                while !done.load(Ordering::Relaxed) {
                    let name = name_of(&store).await.unwrap();
                    assert!(name >= newest, "{name} after {newest}");
                    newest = name;
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for number in 1..200 {
        rename(&bench.store, &app, number).await;
        assert_eq!(name_of(&bench.store).await, Some(format!("{number:04}")));
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
}

/// What another process changed is seen within a second; whoever asks anew sees it at once.
pub(super) async fn a_change_of_another_process_is_seen_by_who_asks_anew(bench: Bench) {
    let app = with_client(&bench).await;
    name_of(&bench.store).await;
    rename(&bench.second(), &app, 7).await;
    assert_eq!(name_of(&bench.store.fresh()).await.as_deref(), Some("0007"));
    // And what was read anew is kept.
    assert_eq!(name_of(&bench.store).await.as_deref(), Some("0007"));
}

pub(super) async fn a_kept_grant_follows_its_redemption_and_its_end(bench: Bench) {
    let (ada, app) = (user("ada"), client("app"));
    let here = session(&ada);
    let granted = grant(&here, &app);
    let (id, stored) = (granted.id, granted.clone());
    let before = bench.store.before_grant();
    let insert = move |db: &mut _| {
        users::insert_user(db, &ada)?;
        clients::insert_client(db, &app)?;
        sessions::insert_session(db, &here)?;
        session_grants::insert_grant_of_live_session(db, &stored, None, NOW)
    };
    assert!(bench.store.write_touching(Touched::Nothing, "test", insert).await.unwrap());
    bench.store.keep_grant(&Arc::new(granted.clone()), before);
    let used_at = |grant: Arc<tessera::domain::Grant>| grant.code.as_ref().unwrap().used_at;
    assert_eq!(used_at(bench.store.grant(id).await.unwrap().unwrap()), None);
    let redeem = |grant| bench.store.redeem_code(grant, digest("code"), NOW);
    let unused = Arc::new(granted);
    let redeemed = redeem(Arc::clone(&unused)).await.unwrap().unwrap();
    assert_eq!(bench.read(move |db| grants::find_grant(db, id)).await.as_ref(), Some(&*redeemed));
    assert_eq!(used_at(redeemed), Some(NOW));
    assert_eq!(used_at(bench.store.grant(id).await.unwrap().unwrap()), Some(NOW));
    assert_eq!(redeem(unused).await.unwrap(), None);
    bench.write(move |db| grants::revoke_grant(db, id, NOW)).await;
    assert!(!bench.store.grant(id).await.unwrap().unwrap().is_live(NOW));
}
