use std::time::Duration;

use tessera::base::{ClientRowId, SessionId, Timestamp, UserId};
use tessera::domain::{Client, Delivery, DeliveryState, Lane, Message, SessionEnd};
use tessera::store::{clients, outbox, session_clients, sessions, users};

use super::backends::Bench;
use super::records::{HOUR, MINUTE, NOW, client, session, user};

const LEASE: Duration = Duration::from_secs(10);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

struct Scene {
    user: UserId,
    session: SessionId,
    notes: ClientRowId,
    photos: ClientRowId,
}

fn listening(client_id: &str) -> Client {
    let mut made = client(client_id);
    let uri = format!("https://{client_id}.example.com/out");
    made.metadata.backchannel_logout_uri = Some(uri);
    made
}

/// A session that signed in to two apps that listen and one that does not.
async fn scene(bench: &Bench, username: &str) -> Scene {
    let ada = user(username);
    let here = session(&ada);
    let apps = [format!("{username}-notes"), format!("{username}-photos")];
    let apps = [listening(&apps[0]), listening(&apps[1]), client(&format!("{username}-deaf"))];
    let made = Scene { user: ada.id, session: here.id, notes: apps[0].id, photos: apps[1].id };
    bench
        .write(move |db| {
            users::insert_user(db, &ada)?;
            sessions::insert_session(db, &here)?;
            for app in &apps {
                clients::insert_client(db, app)?;
                session_clients::note_client_of_session(db, here.id, app.id, NOW)?;
            }
            Ok(())
        })
        .await;
    made
}

async fn sign_out(bench: &Bench, session: SessionId, at: Timestamp) -> bool {
    bench.write(move |db| sessions::end_session(db, session, SessionEnd::SignedOut, at)).await
}

async fn all(bench: &Bench) -> Vec<Delivery> {
    bench.read(|db| outbox::list_deliveries(db, true)).await
}

/// Takes what is due at `now`, as a server does.
async fn take(bench: &Bench, now: Timestamp) -> Vec<Delivery> {
    let due = bench.read(move |db| outbox::list_due(db, now, &[], 100)).await;
    let ids: Vec<_> = due.into_iter().map(|(id, _)| id).collect();
    bench.write(move |db| outbox::take_due(db, &ids, now, now + LEASE)).await
}

pub(super) async fn an_ended_session_is_told_once_to_each_app_that_listens(bench: Bench) {
    let scene = scene(&bench, "ada").await;
    assert!(sign_out(&bench, scene.session, NOW).await);
    assert!(!sign_out(&bench, scene.session, NOW + MINUTE).await);
    let user = scene.user;
    let end = move |db: &mut _| sessions::end_sessions_of_user(db, user, SessionEnd::Revoked, NOW);
    assert_eq!(bench.write(end).await, 0);
    let all = all(&bench).await;
    let mut told: Vec<ClientRowId> = all.iter().filter_map(|one| one.message.client()).collect();
    told.sort();
    let mut listening = [scene.notes, scene.photos];
    listening.sort();
    assert_eq!(told, listening);
    for one in all {
        let client = one.message.client().unwrap();
        let message =
            Message::BackchannelLogout { client, session: scene.session, user: scene.user };
        let state = DeliveryState::Waiting(NOW);
        let wanted =
            Delivery { id: one.id, message, created_at: NOW, tries: 0, state, problem: None };
        assert_eq!(one, wanted);
    }
}

pub(super) async fn a_session_that_ran_out_is_told_when_its_account_is_lost(bench: Bench) {
    let ada = scene(&bench, "ada").await;
    let later = NOW + 400 * DAY;
    assert!(sign_out(&bench, ada.session, later).await);
    assert_eq!(all(&bench).await, []);
    let bob = scene(&bench, "bob").await.user;
    let end = move |db: &mut _| sessions::end_sessions_of_user(db, bob, SessionEnd::Revoked, later);
    assert_eq!(bench.write(end).await, 1);
    assert_eq!(all(&bench).await.len(), 2);
}

pub(super) async fn a_delivery_outlives_the_account_and_goes_with_the_client(bench: Bench) {
    let scene = scene(&bench, "ada").await;
    sign_out(&bench, scene.session, NOW).await;
    let user = scene.user;
    assert!(bench.write(move |db| users::delete_user(db, user)).await);
    assert_eq!(all(&bench).await.len(), 2);
    let notes = scene.notes;
    assert!(bench.write(move |db| clients::delete_client(db, notes)).await);
    let left: Vec<ClientRowId> =
        all(&bench).await.iter().filter_map(|one| one.message.client()).collect();
    assert_eq!(left, [scene.photos]);
}

pub(super) async fn of_many_processes_one_gets_each_delivery(bench: Bench) {
    let scene = scene(&bench, "ada").await;
    sign_out(&bench, scene.session, NOW).await;
    let stores = [bench.store.clone(), bench.second()];
    let due = bench.read(|db| outbox::list_due(db, NOW, &[], 100)).await;
    let ids: Vec<_> = due.into_iter().map(|(id, _)| id).collect();
    let takes = (0..20).map(|number| {
        let (store, ids) = (stores[number % 2].clone(), ids.clone());
        tokio::spawn(async move {
            let take = move |db: &mut _| outbox::take_due(db, &ids, NOW, NOW + LEASE);
            store.write("test", take).await.unwrap().len()
        })
    });
    let mut taken = 0;
    for take in takes.collect::<Vec<_>>() {
        taken += take.await.unwrap();
    }
    assert_eq!(taken, 2);
    assert!(all(&bench).await.iter().all(|one| one.tries == 1));
}

pub(super) async fn a_lease_that_ends_makes_it_due_again(bench: Bench) {
    let scene = scene(&bench, "ada").await;
    sign_out(&bench, scene.session, NOW).await;
    assert_eq!(take(&bench, NOW).await.len(), 2);
    assert_eq!(take(&bench, NOW + LEASE / 2).await, []);
    let again = take(&bench, NOW + LEASE).await;
    assert_eq!(again.iter().map(|one| one.tries).collect::<Vec<_>>(), [2, 2]);
    assert!(again.iter().all(|one| one.state == DeliveryState::Waiting(NOW + 2 * LEASE)));
}

pub(super) async fn a_busy_client_is_left_out(bench: Bench) {
    let scene = scene(&bench, "ada").await;
    sign_out(&bench, scene.session, NOW).await;
    let due =
        |busy: Vec<Lane>, limit| bench.read(move |db| outbox::list_due(db, NOW, &busy, limit));
    assert_eq!(due(vec![], 1).await.len(), 1);
    let (notes, photos) = (Lane::Client(scene.notes), Lane::Client(scene.photos));
    let free = due(vec![notes], 100).await;
    assert_eq!(free.iter().map(|(_, lane)| *lane).collect::<Vec<_>>(), [photos]);
    assert_eq!(due(vec![notes, photos], 100).await, []);
}

pub(super) async fn how_it_went_is_kept(bench: Bench) {
    let scene = scene(&bench, "ada").await;
    sign_out(&bench, scene.session, NOW).await;
    let taken = take(&bench, NOW).await;
    let (one, other) = (taken[0].id, taken[1].id);
    bench
        .write(move |db| {
            outbox::note_delivered(db, one, NOW)?;
            outbox::note_failed(db, other, Some(NOW + MINUTE), "it took too long", NOW)
        })
        .await;
    let find = async |id| all(&bench).await.into_iter().find(|found| found.id == id).unwrap();
    assert_eq!(find(one).await.state, DeliveryState::Delivered(NOW));
    let failed = find(other).await;
    assert_eq!(failed.state, DeliveryState::Waiting(NOW + MINUTE));
    assert_eq!(failed.problem.as_deref(), Some("it took too long"));
    bench.write(move |db| outbox::note_failed(db, other, None, "gone", NOW + DAY)).await;
    assert_eq!(find(other).await.state, DeliveryState::GivenUp(NOW + DAY));
    assert_eq!(take(&bench, NOW + 2 * DAY).await, []);
    // What is over stays so, but for one who asks for another try.
    bench.write(move |db| outbox::note_delivered(db, other, NOW + 2 * DAY)).await;
    assert_eq!(find(other).await.state, DeliveryState::GivenUp(NOW + DAY));
    assert_eq!(bench.read(|db| outbox::list_deliveries(db, false)).await, [find(other).await]);
    let retry = |id| bench.write(move |db| outbox::retry(db, id, NOW + 2 * DAY));
    assert_eq!(retry(Some(one)).await, 0);
    assert_eq!(retry(Some(other)).await, 1);
    assert_eq!(retry(None).await, 1);
    assert_eq!(take(&bench, NOW + 2 * DAY).await[0].id, other);
}

pub(super) async fn deliveries_are_purged_up_to_a_limit(bench: Bench) {
    for username in ["ada", "bob"] {
        let scene = scene(&bench, username).await;
        sign_out(&bench, scene.session, NOW).await;
    }
    let taken = take(&bench, NOW).await;
    let ids: Vec<_> = taken.iter().map(|one| one.id).collect();
    bench
        .write(move |db| ids[..3].iter().try_for_each(|id| outbox::note_delivered(db, *id, NOW)))
        .await;
    assert_eq!(bench.write(|db| outbox::purge_outbox(db, NOW, 10)).await, 0);
    for removed in [2, 1, 0] {
        let purge = |db: &mut _| outbox::purge_outbox(db, NOW + HOUR, 2);
        assert_eq!(bench.write(purge).await, removed);
    }
    assert_eq!(all(&bench).await.len(), 1);
}
