use std::time::Duration;

use tessera::base::{ClientRowId, SystemEntropy};
use tessera::domain::ClientOrigin;
use tessera::store::clients::Unused;
use tessera::store::{StoreError, clients, grants, users};

use super::backends::Bench;
use super::records::{self, HOUR, NOW, client, grant, session, user};

pub(super) async fn a_client_is_found_as_stored(bench: Bench) {
    let app = client("app");
    let (id, stored) = (app.id, app.clone());
    bench.write(move |db| clients::insert_client(db, &stored)).await;
    assert_eq!(bench.read(move |db| clients::find_client(db, id)).await, Some(app.clone()));
    let found = bench.read(|db| clients::find_client_by_client_id(db, "app")).await;
    assert_eq!(found, Some(app.clone()));
    assert_eq!(bench.read(clients::list_clients).await, [app]);
}

pub(super) async fn no_client_is_found_in_an_empty_store(bench: Bench) {
    let nobody = ClientRowId::new(NOW, &SystemEntropy);
    assert_eq!(bench.read(move |db| clients::find_client(db, nobody)).await, None);
    assert_eq!(bench.read(|db| clients::find_client_by_client_id(db, "app")).await, None);
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
    let mut on = client("on");
    (on.origin, off.origin) = (ClientOrigin::Operator, ClientOrigin::Operator);
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

/// What registered itself is nobody's recommendation.
pub(super) async fn a_client_that_registered_itself_is_on_no_landing_page(bench: Bench) {
    let itself = client("itself");
    let mut made = client("made");
    made.origin = ClientOrigin::Operator;
    let stored = (itself, made.clone());
    bench
        .write(move |db| {
            clients::insert_client(db, &stored.0)?;
            clients::insert_client(db, &stored.1)
        })
        .await;
    assert_eq!(bench.read(clients::list_launchable_clients).await, [made]);
}

pub(super) async fn unused_clients_that_registered_themselves_are_purged(bench: Bench) {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let (ada, now) = (user("ada"), NOW + 200 * DAY);
    let used = |name: &str, days: Option<u32>| {
        let mut app = client(name);
        app.used_at = days.map(|days| now - days * DAY);
        app
    };
    let mut young = used("young", None);
    young.created_at = now - 6 * DAY;
    let mut made = used("made", None);
    made.origin = ClientOrigin::Operator;
    let alive = used("alive", Some(190));
    let mut grant = grant(&session(&ada), &alive);
    grant.expires_at = now + HOUR;
    let dead = used("dead", Some(190));
    let mut revoked = records::grant(&session(&ada), &dead);
    (revoked.expires_at, revoked.revoked_at) = (now + HOUR, Some(now));
    let all = [alive, dead, made, used("never", None), used("of-late", Some(170)), young];
    bench
        .write(move |db| {
            users::insert_user(db, &ada)?;
            for app in &all {
                clients::insert_client(db, app)?;
            }
            grants::insert_grant(db, &grant)?;
            grants::insert_grant(db, &revoked)
        })
        .await;
    let unused = Unused { made_before: now - 7 * DAY, used_before: now - 180 * DAY };
    let purge =
        |limit| bench.write(move |db| clients::purge_unused_clients(db, unused, now, limit));
    assert_eq!([purge(1).await, purge(9).await, purge(9).await], [1, 1, 0]);
    let left = bench.read(clients::list_clients).await;
    let left: Vec<&str> = left.iter().map(|app| app.client_id.as_str()).collect();
    assert_eq!(left, ["alive", "made", "of-late", "young"]);
}
