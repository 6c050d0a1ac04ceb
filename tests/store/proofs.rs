use std::time::Duration;

use tessera::base::{Digest, Timestamp, UserId};
use tessera::domain::{Invited, Proof, ProofKind};
use tessera::store::{StoreError, proofs, users};

use super::backends::Bench;
use super::records::{NOW, user};

const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);

fn proof(kind: ProofKind, user: UserId, link: &str) -> Proof {
    Proof {
        kind,
        user: Some(user),
        address: Some("ada@example.com".to_owned()),
        link_digest: Digest::of(link.as_bytes()),
        code_digest: Some(Digest::of(b"code")),
        tries: 0,
        created_at: NOW,
        expires_at: NOW + HALF_AN_HOUR,
        used_at: None,
        invited: None,
    }
}

async fn put(bench: &Bench, proof: Proof) {
    bench.write(move |db| proofs::put_proof(db, &proof)).await;
}

/// A user with a proof behind the link `first`.
async fn prepared(bench: &Bench) -> UserId {
    let ada = user("ada");
    let id = ada.id;
    bench.write(move |db| users::insert_user(db, &ada)).await;
    put(bench, proof(ProofKind::Recovery, id, "first")).await;
    id
}

async fn find(bench: &Bench, link: &str, now: Timestamp) -> Option<Proof> {
    let link = Digest::of(link.as_bytes());
    bench.read(move |db| proofs::find_proof(db, &ProofKind::NEW_PASSWORD, &link, now)).await
}

async fn take(bench: &Bench, kind: ProofKind, link: &str, now: Timestamp) -> Option<Proof> {
    let link = Digest::of(link.as_bytes());
    bench.write(move |db| proofs::use_proof(db, kind, &link, now)).await
}

pub(super) async fn r67_a_proof_is_found_until_it_is_used_or_too_old(bench: Bench) {
    let id = prepared(&bench).await;
    let stored = proof(ProofKind::Recovery, id, "first");
    let end = stored.expires_at;
    assert_eq!(find(&bench, "first", end - Duration::from_millis(1)).await, Some(stored));
    assert_eq!(find(&bench, "first", end).await, None);
    assert_eq!(find(&bench, "other", NOW).await, None);
    assert_eq!(take(&bench, ProofKind::RecoveryLink, "first", NOW).await, None);
    assert_eq!(take(&bench, ProofKind::Recovery, "first", end).await, None);
    let used = take(&bench, ProofKind::Recovery, "first", NOW).await.unwrap();
    assert_eq!((used.user, used.used_at), (Some(id), Some(NOW)));
    assert_eq!(find(&bench, "first", NOW).await, None);
    assert_eq!(take(&bench, ProofKind::Recovery, "first", NOW).await, None);
}

pub(super) async fn r67_a_newer_proof_takes_the_place_of_the_older(bench: Bench) {
    let id = prepared(&bench).await;
    put(&bench, proof(ProofKind::RecoveryLink, id, "operator")).await;
    put(&bench, proof(ProofKind::Recovery, id, "second")).await;
    assert_eq!(take(&bench, ProofKind::Recovery, "first", NOW).await, None);
    assert!(find(&bench, "second", NOW).await.is_some());
    assert!(find(&bench, "operator", NOW).await.is_some());
    let cancel = move |db: &mut _| proofs::cancel_proofs(db, id, &[ProofKind::Recovery]);
    bench.write(cancel).await;
    assert_eq!(find(&bench, "second", NOW).await, None);
    assert!(find(&bench, "operator", NOW).await.is_some());
}

pub(super) async fn r67_a_new_password_cancels_what_would_set_another(bench: Bench) {
    let id = prepared(&bench).await;
    put(&bench, proof(ProofKind::RecoveryLink, id, "operator")).await;
    put(&bench, proof(ProofKind::EmailAddress, id, "address")).await;
    assert!(bench.write(move |db| users::set_user_password(db, id, "hash")).await);
    assert_eq!(find(&bench, "first", NOW).await, None);
    assert_eq!(find(&bench, "operator", NOW).await, None);
    assert_eq!(take(&bench, ProofKind::EmailAddress, "address", NOW).await, None);
}

pub(super) async fn r67_a_proved_address_cancels_what_the_one_before_got(bench: Bench) {
    let id = prepared(&bench).await;
    let bob = user("bob");
    bench.write(move |db| users::insert_user(db, &bob)).await;
    let stored = Proof { tries: 3, ..proof(ProofKind::EmailAddress, id, "address") };
    let end = stored.expires_at;
    put(&bench, stored.clone()).await;
    let open =
        move |now| move |db: &mut _| proofs::find_open_proof(db, ProofKind::EmailAddress, id, now);
    assert_eq!(bench.read(open(NOW)).await, Some(stored));
    assert_eq!(bench.read(open(end)).await, None);
    // Only what is the account's address is confirmed, and it cancels nothing.
    let confirm =
        |address: &'static str| move |db: &mut _| users::verify_user_email(db, id, address, NOW);
    assert!(!bench.write(confirm("bob@example.com")).await);
    assert!(bench.write(confirm("ada@example.com")).await);
    assert!(find(&bench, "first", NOW).await.is_some());
    let later = NOW + HALF_AN_HOUR;
    let taken = bench
        .store
        .write("test", move |db| users::set_user_email(db, id, "bob@example.com", later));
    assert!(matches!(taken.await, Err(StoreError::Unique(column)) if column.ends_with("email")));
    assert!(find(&bench, "first", NOW).await.is_some(), "all of it is undone");
    let free = move |db: &mut _| users::set_user_email(db, id, "ada@new.example", later);
    assert!(bench.write(free).await);
    assert_eq!(find(&bench, "first", NOW).await, None);
    assert!(take(&bench, ProofKind::EmailAddress, "address", NOW).await.is_some());
    assert_eq!(bench.read(open(NOW)).await, None);
    let found = bench.read(move |db| users::find_user(db, id)).await.unwrap();
    assert_eq!((found.email.as_deref(), found.is_email_verified), (Some("ada@new.example"), true));
    assert_eq!(found.updated_at, later);
}

pub(super) async fn r67_a_code_is_tried_ten_times_at_most(bench: Bench) {
    let id = prepared(&bench).await;
    let second = bench.second();
    let attempt = move |db: &mut _| proofs::try_code(db, ProofKind::Recovery, &id.to_string(), NOW);
    let many: Vec<_> = (0..50)
        .map(|number| {
            let store = if number % 2 == 0 { bench.store.clone() } else { second.clone() };
            tokio::spawn(async move { store.write("test", attempt).await.unwrap() })
        })
        .collect();
    let mut counted = 0;
    for one in many {
        counted += u32::from(one.await.unwrap().is_some());
    }
    assert_eq!(counted, Proof::MAX_TRIES);
    put(&bench, proof(ProofKind::Recovery, id, "second")).await;
    assert_eq!(bench.write(attempt).await.unwrap().tries, 1);
}

pub(super) async fn r67_of_fifty_who_use_one_proof_one_wins(bench: Bench) {
    prepared(&bench).await;
    let second = bench.second();
    let take =
        move |db: &mut _| proofs::use_proof(db, ProofKind::Recovery, &Digest::of(b"first"), NOW);
    let many: Vec<_> = (0..50)
        .map(|number| {
            let store = if number % 2 == 0 { bench.store.clone() } else { second.clone() };
            tokio::spawn(async move { store.write("test", take).await.unwrap() })
        })
        .collect();
    let mut used = 0;
    for one in many {
        used += usize::from(one.await.unwrap().is_some());
    }
    assert_eq!(used, 1);
}

pub(super) async fn r72_an_invitation_belongs_to_one_address(bench: Bench) {
    let invite = |address: &str, link: &str| Proof {
        kind: ProofKind::Invitation,
        user: None,
        address: Some(address.to_owned()),
        link_digest: Digest::of(link.as_bytes()),
        ..proof(ProofKind::Invitation, user("nobody").id, link)
    };
    put(&bench, invite("ada@example.com", "ada")).await;
    put(&bench, invite("bob@example.com", "bob")).await;
    put(&bench, invite("ada@example.com", "ada again")).await;
    assert_eq!(take(&bench, ProofKind::Invitation, "ada", NOW).await, None);
    for (link, address) in [("bob", "bob@example.com"), ("ada again", "ada@example.com")] {
        let used = take(&bench, ProofKind::Invitation, link, NOW).await.unwrap();
        assert_eq!(used.address.as_deref(), Some(address));
    }
}

pub(super) async fn r72_an_invitation_keeps_what_it_is_for_and_is_withdrawn_once(bench: Bench) {
    let invited = Invited {
        username: "eve".to_owned(),
        name: Some("Eve".to_owned()),
        groups: vec!["staff".to_owned()],
        is_admin: true,
        is_email_verified: false,
    };
    let invite = |address: &str| Proof {
        user: None,
        address: Some(address.to_owned()),
        code_digest: None,
        invited: Some(invited.clone()),
        ..proof(ProofKind::Invitation, user("nobody").id, address)
    };
    let (eve, bob) = (invite("eve@example.com"), invite("bob@example.com"));
    put(&bench, eve.clone()).await;
    put(&bench, bob.clone()).await;
    let open = |now| move |db: &mut _| proofs::list_open(db, ProofKind::Invitation, now);
    assert_eq!(bench.read(open(NOW)).await, [bob, eve.clone()]);
    assert!(bench.read(open(eve.expires_at)).await.is_empty());
    let withdraw = |holder: &'static str| {
        move |db: &mut _| proofs::withdraw_proof(db, ProofKind::Invitation, holder, NOW)
    };
    assert!(!bench.write(withdraw("eve@example.org")).await);
    assert!(bench.write(withdraw("eve@example.com")).await);
    assert!(!bench.write(withdraw("eve@example.com")).await);
    assert_eq!(take(&bench, ProofKind::Invitation, "eve@example.com", NOW).await, None);
    let used = take(&bench, ProofKind::Invitation, "bob@example.com", NOW).await.unwrap();
    assert_eq!(used.invited, Some(invited.clone()));
    assert!(!bench.write(withdraw("bob@example.com")).await);
}

pub(super) async fn proofs_are_purged_up_to_a_limit(bench: Bench) {
    let id = prepared(&bench).await;
    put(&bench, proof(ProofKind::RecoveryLink, id, "operator")).await;
    let purge = |now| move |db: &mut _| proofs::purge_proofs(db, now, 1);
    assert_eq!(bench.write(purge(NOW + HALF_AN_HOUR)).await, 0);
    let later = NOW + HALF_AN_HOUR + Duration::from_millis(1);
    for left in [1, 1, 0] {
        assert_eq!(bench.write(purge(later)).await, left);
    }
}
