use std::sync::Arc;

use tessera::base::{GrantId, SystemEntropy};
use tessera::domain::{Client, Grant, Session, SessionEnd, User};
use tessera::store::{Store, clients, grants, session_clients, session_grants, sessions, users};

use super::backends::Bench;
use super::records::{HOUR, MINUTE, NOW, client, digest, grant, session, user};

/// A user, a client, a session, and a grant that is stored in it.
async fn with_grant(bench: &Bench) -> (User, Client, Session, Grant) {
    let (ada, app) = (user("ada"), client("app"));
    let here = session(&ada);
    let granted = grant(&here, &app);
    let all = (ada, app, here, granted);
    let stored = all.clone();
    let is_stored = bench
        .write(move |db| {
            users::insert_user(db, &stored.0)?;
            clients::insert_client(db, &stored.1)?;
            sessions::insert_session(db, &stored.2)?;
            session_grants::insert_grant_of_live_session(db, &stored.3, None, NOW)
        })
        .await;
    assert!(is_stored);
    all
}

async fn redeem(store: &Store, id: GrantId) -> bool {
    store.write("test", move |db| grants::redeem_code(db, id, &digest("code"), NOW)).await.unwrap()
}

pub(super) async fn a_grant_is_found_as_stored(bench: Bench) {
    let (ada, _, here, granted) = with_grant(&bench).await;
    let id = granted.id;
    assert_eq!(bench.read(move |db| grants::find_grant(db, id)).await, Some(granted.clone()));
    let found = bench.store.grant(id).await.unwrap().unwrap();
    let facts = bench.store.facts_of(found).await.unwrap();
    assert_eq!((&*facts.grant, facts.session.as_deref()), (&granted, Some(&here)));
    assert_eq!((facts.user.as_deref(), facts.consent), (Some(&ada), None));
}

pub(super) async fn no_grant_is_found_that_was_not_stored(bench: Bench) {
    let id = GrantId::new(NOW, &SystemEntropy);
    assert_eq!(bench.read(move |db| grants::find_grant(db, id)).await, None);
    assert_eq!(bench.store.grant(id).await.unwrap(), None);
    assert!(!redeem(&bench.store, id).await);
    assert!(!bench.write(move |db| grants::revoke_grant(db, id, NOW)).await);
    bench.write(move |db| grants::count_wrong_verifier(db, id, NOW)).await;
}

pub(super) async fn redeem_code_twice(bench: Bench) {
    let (.., granted) = with_grant(&bench).await;
    assert!(redeem(&bench.store, granted.id).await);
    assert!(!redeem(&bench.store, granted.id).await);
    let found = bench.read(move |db| grants::find_grant(db, granted.id)).await.unwrap();
    assert!(found.is_live(NOW));
    assert_eq!(found.code.unwrap().used_at, Some(NOW));
}

pub(super) async fn a_code_is_worth_nothing_when_wrong_late_or_taken_back(bench: Bench) {
    let (.., granted) = with_grant(&bench).await;
    let id = granted.id;
    let attempt = move |code: &'static str, at| {
        move |db: &mut _| grants::redeem_code(db, id, &digest(code), at)
    };
    assert!(!bench.write(attempt("other", NOW)).await);
    assert!(!bench.write(attempt("code", NOW + MINUTE)).await);
    assert!(bench.write(move |db| grants::revoke_grant(db, id, NOW)).await);
    assert!(!bench.write(move |db| grants::revoke_grant(db, id, NOW)).await);
    assert!(!bench.write(attempt("code", NOW)).await);
    let found = bench.read(move |db| grants::find_grant(db, id)).await.unwrap();
    assert_eq!((found.code.unwrap().used_at, found.revoked_at), (None, Some(NOW)));
}

pub(super) async fn of_fifty_who_redeem_one_wins(bench: Bench) {
    let (.., granted) = with_grant(&bench).await;
    let second = bench.second();
    let attempts: Vec<_> = (0..50)
        .map(|number| {
            let store = if number % 2 == 0 { bench.store.clone() } else { second.clone() };
            tokio::spawn(async move { redeem(&store, granted.id).await })
        })
        .collect();
    let mut winners = 0;
    for attempt in attempts {
        winners += usize::from(attempt.await.unwrap());
    }
    assert_eq!(winners, 1);
}

pub(super) async fn the_third_wrong_verifier_takes_the_code_back(bench: Bench) {
    let (.., granted) = with_grant(&bench).await;
    let id = granted.id;
    for counted in 1..=3 {
        bench.write(move |db| grants::count_wrong_verifier(db, id, NOW)).await;
        let found = bench.read(move |db| grants::find_grant(db, id)).await.unwrap();
        assert_eq!(found.revoked_at.is_some(), counted == 3);
        assert_eq!(found.code.unwrap().wrong_verifiers, counted);
    }
    assert!(!redeem(&bench.store, id).await);
}

pub(super) async fn a_wrong_verifier_after_the_code_harms_nobody(bench: Bench) {
    let (.., granted) = with_grant(&bench).await;
    let id = granted.id;
    assert!(redeem(&bench.store, id).await);
    for _ in 0..4 {
        bench.write(move |db| grants::count_wrong_verifier(db, id, NOW)).await;
    }
    let found = bench.read(move |db| grants::find_grant(db, id)).await.unwrap();
    assert_eq!((found.code.unwrap().wrong_verifiers, found.revoked_at), (0, None));
}

pub(super) async fn a_session_that_ends_takes_its_grants_along(bench: Bench) {
    let (_, app, here, granted) = with_grant(&bench).await;
    let id = here.id;
    bench.write(move |db| sessions::end_session(db, id, SessionEnd::SignedOut, NOW)).await;
    assert!(!redeem(&bench.store, granted.id).await);
    let found = bench.read(move |db| grants::find_grant(db, granted.id)).await.unwrap();
    assert_eq!(found.revoked_at, Some(NOW));
    let late = grant(&here, &app);
    let late_id = late.id;
    let insert =
        move |db: &mut _| session_grants::insert_grant_of_live_session(db, &late, None, NOW);
    assert!(!bench.write(insert).await);
    assert_eq!(bench.read(move |db| grants::find_grant(db, late_id)).await, None);
}

pub(super) async fn a_grant_notes_the_use_of_its_session_and_its_client(bench: Bench) {
    let (_, app, here, _) = with_grant(&bench).await;
    let (id, later) = (here.id, NOW + MINUTE);
    let find = async || {
        let (found, _) = bench.read(move |db| sessions::find_session(db, id)).await.unwrap();
        (found.last_seen_at, found.idle_expires_at, found.ended)
    };
    for (touched, seen_at, idle) in
        [(None, NOW, here.idle_expires_at), (Some(later + HOUR), later, later + HOUR)]
    {
        let granted = Arc::new(grant(&here, &app));
        assert!(bench.store.add_grant(Arc::clone(&granted), touched, later).await.unwrap());
        let (wanted, id) = (granted.code.clone(), granted.id);
        let found = bench.read(move |db| grants::find_grant(db, id)).await;
        assert_eq!(found.map(|grant| grant.code), Some(wanted));
        assert_eq!(find().await, (seen_at, idle, None));
    }
    let told = bench.read(move |db| session_clients::list_clients_of_session(db, id)).await;
    assert_eq!(told.len(), 1, "an app is told once that the session ends");
    bench.write(move |db| sessions::end_session(db, id, SessionEnd::SignedOut, later)).await;
    let (late, much_later) = (Arc::new(grant(&here, &app)), later + HOUR);
    let added = bench.store.add_grant(Arc::clone(&late), Some(much_later + HOUR), much_later).await;
    assert!(!added.unwrap());
    assert_eq!(find().await, (later, later + HOUR, Some((later, SessionEnd::SignedOut))));
    assert_eq!(bench.read(move |db| grants::find_grant(db, late.id)).await, None);
}

pub(super) async fn ending_all_sessions_takes_every_grant_along(bench: Bench) {
    let (ada, _, _, granted) = with_grant(&bench).await;
    let user = ada.id;
    bench.write(move |db| sessions::end_sessions_of_user(db, user, SessionEnd::Revoked, NOW)).await;
    assert!(!redeem(&bench.store, granted.id).await);
}

/// Grants that are asked for while the session ends: none survives it.
pub(super) async fn no_grant_slips_past_a_sign_out(bench: Bench) {
    let (_, app, here, _) = with_grant(&bench).await;
    let second = bench.second();
    let inserts: Vec<_> = (0..20)
        .map(|number| {
            let (store, granted) = (second.clone(), grant(&here, &app));
            let touched = (number % 2 == 0).then_some(NOW + HOUR);
            tokio::spawn(async move {
                let id = granted.id;
                store.add_grant(Arc::new(granted), touched, NOW).await.unwrap();
                id
            })
        })
        .collect();
    let id = here.id;
    bench.write(move |db| sessions::end_session(db, id, SessionEnd::SignedOut, NOW)).await;
    for insert in inserts {
        let id = insert.await.unwrap();
        let found = bench.read(move |db| grants::find_grant(db, id)).await;
        assert!(found.is_none_or(|grant| grant.revoked_at.is_some()));
    }
}

pub(super) async fn grants_are_purged_up_to_a_limit(bench: Bench) {
    let (_, app, here, live) = with_grant(&bench).await;
    for _ in 0..5 {
        let mut over = grant(&here, &app);
        over.expires_at = NOW + MINUTE;
        bench
            .write(move |db| session_grants::insert_grant_of_live_session(db, &over, None, NOW))
            .await;
    }
    let later = NOW + 2 * MINUTE;
    for removed in [3, 2, 0] {
        assert_eq!(bench.write(move |db| grants::purge_grants(db, later, 3)).await, removed);
    }
    assert!(bench.read(move |db| grants::find_grant(db, live.id)).await.is_some());
    assert_eq!(bench.write(|db| grants::purge_grants(db, NOW + 2 * HOUR, 3)).await, 1);
}
