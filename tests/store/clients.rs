use tessera::base::{ClientRowId, SystemEntropy};
use tessera::store::{StoreError, clients};

use super::backends::Bench;
use super::records::{NOW, client};

pub(super) async fn a_client_is_found_as_stored(bench: Bench) {
    let app = client("app");
    let (id, stored) = (app.id, app.clone());
    bench.write(move |db| clients::insert_client(db, &stored)).await;
    assert_eq!(bench.read(move |db| clients::find_client(db, id)).await, Some(app.clone()));
    let found = bench.read(|db| clients::find_client_by_client_id(db, "app")).await;
    assert_eq!(found, Some(app.clone()));
    let names = ["unknown".to_owned(), "app".to_owned()];
    let found = bench.read(move |db| clients::find_client_by_any_id(db, &names)).await;
    assert_eq!(found, Some(app.clone()));
    assert_eq!(bench.read(clients::list_clients).await, [app]);
}

pub(super) async fn no_client_is_found_in_an_empty_store(bench: Bench) {
    let nobody = ClientRowId::new(NOW, &SystemEntropy);
    assert_eq!(bench.read(move |db| clients::find_client(db, nobody)).await, None);
    assert_eq!(bench.read(|db| clients::find_client_by_client_id(db, "app")).await, None);
    assert_eq!(bench.read(|db| clients::find_client_by_any_id(db, &[])).await, None);
    assert_eq!(bench.read(clients::list_clients).await, []);
    assert_eq!(bench.read(clients::list_launchable_clients).await, []);
    assert!(!bench.read(|db| clients::is_origin_registered(db, "https://a.example")).await);
    assert!(!bench.write(move |db| clients::delete_client(db, nobody)).await);
    let never_stored = client("app");
    assert!(!bench.write(move |db| clients::update_client(db, &never_stored)).await);
}

pub(super) async fn a_client_id_is_taken_once(bench: Bench) {
    let (one, two) = (client("app"), client("app"));
    bench.write(move |db| clients::insert_client(db, &one)).await;
    let error = bench.refused(move |db| clients::insert_client(db, &two)).await;
    assert_eq!(error, StoreError::Unique("clients.client_id".to_owned()));
    // A name is compared byte for byte.
    let other = client("App");
    bench.write(move |db| clients::insert_client(db, &other)).await;
}

pub(super) async fn an_update_replaces_a_client_and_its_origins(bench: Bench) {
    let mut app = client("app");
    let stored = app.clone();
    bench.write(move |db| clients::insert_client(db, &stored)).await;
    let before = "https://app.example.com";
    assert!(bench.read(move |db| clients::is_origin_registered(db, before)).await);
    app.metadata.redirect_uris = vec!["https://moved.example.com/back".to_owned()];
    app.metadata.client_uri = None;
    app.secrets.previous = None;
    let changed = app.clone();
    assert!(bench.write(move |db| clients::update_client(db, &changed)).await);
    assert!(!bench.read(move |db| clients::is_origin_registered(db, before)).await);
    let after = "https://moved.example.com";
    assert!(bench.read(move |db| clients::is_origin_registered(db, after)).await);
    assert_eq!(bench.read(clients::list_clients).await, [app]);
    assert_eq!(bench.read(clients::list_launchable_clients).await, []);
}

pub(super) async fn a_disabled_client_opens_nothing(bench: Bench) {
    let mut off = client("off");
    off.disabled_at = Some(NOW);
    let on = client("on");
    let stored = (on.clone(), off.clone());
    bench
        .write(move |db| {
            clients::insert_client(db, &stored.0)?;
            clients::insert_client(db, &stored.1)
        })
        .await;
    assert_eq!(bench.read(clients::list_launchable_clients).await, std::slice::from_ref(&on));
    assert!(!bench.read(|db| clients::is_origin_registered(db, "https://off.example.com")).await);
    assert_eq!(bench.read(clients::list_clients).await, [off, on.clone()]);
    assert!(bench.write(move |db| clients::delete_client(db, on.id)).await);
    assert!(!bench.read(|db| clients::is_origin_registered(db, "https://on.example.com")).await);
}
