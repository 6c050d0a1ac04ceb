use tessera::base::{SessionId, SystemEntropy};
use tessera::domain::{Session, SessionEnd, User};
use tessera::store::{sessions, users};

use super::backends::Bench;
use super::records::{HOUR, MINUTE, NOW, digest, session, user};

async fn with_session(bench: &Bench, username: &str) -> (User, Session) {
    let ada = user(username);
    let here = session(&ada);
    let stored = (ada.clone(), here.clone());
    bench
        .write(move |db| {
            users::insert_user(db, &stored.0)?;
            sessions::insert_session(db, &stored.1)
        })
        .await;
    (ada, here)
}

async fn find(bench: &Bench, id: SessionId) -> Option<(Session, User)> {
    bench.read(move |db| sessions::find_session(db, id)).await
}

pub(super) async fn sessions_are_found_with_their_users(bench: Bench) {
    let (ada, of_ada) = with_session(&bench, "ada").await;
    let (bob, of_bob) = with_session(&bench, "bob").await;
    assert_eq!(find(&bench, of_ada.id).await, Some((of_ada, ada)));
    assert_eq!(find(&bench, of_bob.id).await, Some((of_bob, bob)));
    assert_eq!(find(&bench, SessionId::new(NOW, &SystemEntropy)).await, None);
}

pub(super) async fn a_session_is_touched_and_renewed(bench: Bench) {
    let (_, mut here) = with_session(&bench, "ada").await;
    let id = here.id;
    let later = NOW + MINUTE;
    bench.write(move |db| sessions::touch_session(db, id, later, later + HOUR)).await;
    here.last_seen_at = later;
    here.idle_expires_at = later + HOUR;
    assert_eq!(find(&bench, id).await.unwrap().0, here);
    here.secret_digest = digest("new secret");
    here.is_remembered = false;
    let renewed = here.clone();
    bench.write(move |db| sessions::renew_session(db, &renewed)).await;
    assert_eq!(find(&bench, id).await.unwrap().0, here);
}

pub(super) async fn a_session_ends_once_and_stays_ended(bench: Bench) {
    let (_, here) = with_session(&bench, "ada").await;
    let id = here.id;
    let end = |why, at| move |db: &mut _| sessions::end_session(db, id, why, at);
    assert!(bench.write(end(SessionEnd::SignedOut, NOW)).await);
    assert!(!bench.write(end(SessionEnd::Revoked, NOW + HOUR)).await);
    let ended = find(&bench, id).await.unwrap().0;
    assert_eq!(ended.ended, Some((NOW, SessionEnd::SignedOut)));
    bench.write(move |db| sessions::touch_session(db, id, NOW + HOUR, NOW + HOUR)).await;
    bench.refused(move |db| sessions::renew_session(db, &here)).await;
    assert_eq!(find(&bench, id).await.unwrap().0, ended);
}

pub(super) async fn every_session_of_one_user_ends(bench: Bench) {
    let (ada, first) = with_session(&bench, "ada").await;
    let (_, of_bob) = with_session(&bench, "bob").await;
    let second = session(&ada);
    let (id, stored) = (ada.id, second.clone());
    bench.write(move |db| sessions::insert_session(db, &stored)).await;
    let end = move |db: &mut _| sessions::end_sessions_of_user(db, id, SessionEnd::Revoked, NOW);
    assert_eq!(bench.write(end).await, 2);
    assert_eq!(bench.write(end).await, 0);
    for (id, ended) in [(first.id, true), (second.id, true), (of_bob.id, false)] {
        assert_eq!(find(&bench, id).await.unwrap().0.ended.is_some(), ended);
    }
}

pub(super) async fn sessions_are_purged_up_to_a_limit(bench: Bench) {
    let (ada, live) = with_session(&bench, "ada").await;
    for _ in 0..5 {
        let mut over = session(&ada);
        over.absolute_expires_at = NOW - HOUR;
        bench.write(move |db| sessions::insert_session(db, &over)).await;
    }
    for removed in [3, 2, 0] {
        assert_eq!(bench.write(|db| sessions::purge_sessions(db, NOW, 3)).await, removed);
    }
    assert!(find(&bench, live.id).await.is_some());
}
