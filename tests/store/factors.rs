use tessera::base::{Digest, UserId};
use tessera::domain::{Factors, TotpCredential};
use tessera::store::{factors, users};

use super::backends::Bench;
use super::records::{NOW, user};

fn credential(user: UserId) -> TotpCredential {
    TotpCredential {
        user,
        sealed_seed: vec![1, 2, 3],
        last_step: 100,
        label: "Phone".to_owned(),
        confirmed_at: NOW,
        used_at: NOW,
    }
}

/// A user with an authenticator app and two recovery codes.
async fn prepared(bench: &Bench) -> UserId {
    let ada = user("ada");
    let id = ada.id;
    bench
        .write(move |db| {
            users::insert_user(db, &ada)?;
            assert!(factors::insert_totp(db, &credential(id))?);
            factors::replace_recovery_codes(db, id, &[Digest::of(b"a"), Digest::of(b"b")], NOW)
        })
        .await;
    id
}

pub(super) async fn factors_are_found_as_stored_and_removed(bench: Bench) {
    let id = prepared(&bench).await;
    let found = bench.write(move |db| factors::find_factors(db, id)).await;
    assert_eq!(
        found,
        Factors { totp: Some(credential(id)), passkey_used_at: None, recovery_codes: 2 }
    );
    assert!(found.are_set_up());
    assert!(!bench.write(move |db| factors::insert_totp(db, &credential(id))).await);
    assert!(bench.write(move |db| factors::delete_factors(db, id)).await);
    assert!(!bench.write(move |db| factors::delete_factors(db, id)).await);
    let found = bench.write(move |db| factors::find_factors(db, id)).await;
    assert_eq!(found, Factors::default());
}

pub(super) async fn r74_of_fifty_who_show_one_code_one_wins(bench: Bench) {
    let id = prepared(&bench).await;
    let second = bench.second();
    let many: Vec<_> = (0..50)
        .map(|number| {
            let store = if number % 2 == 0 { bench.store.clone() } else { second.clone() };
            let accept = move |db: &mut _| factors::accept_totp_step(db, id, 101, NOW);
            tokio::spawn(async move { store.write("test", accept).await.unwrap() })
        })
        .collect();
    let mut accepted = 0;
    for one in many {
        accepted += usize::from(one.await.unwrap());
    }
    assert_eq!(accepted, 1);
    for (step, is_accepted) in [(100, false), (101, false), (102, true), (101, false)] {
        let accept = move |db: &mut _| factors::accept_totp_step(db, id, step, NOW);
        assert_eq!(bench.write(accept).await, is_accepted, "{step}");
    }
}

pub(super) async fn r75_of_fifty_who_use_one_recovery_code_one_wins(bench: Bench) {
    let id = prepared(&bench).await;
    let second = bench.second();
    let take = move |db: &mut _| factors::use_recovery_code(db, id, &Digest::of(b"a"), NOW);
    let many: Vec<_> = (0..50)
        .map(|number| {
            let store = if number % 2 == 0 { bench.store.clone() } else { second.clone() };
            tokio::spawn(async move { store.write("test", take).await.unwrap() })
        })
        .collect();
    let mut used = 0;
    for one in many {
        used += usize::from(one.await.unwrap());
    }
    assert_eq!(used, 1);
    let found = bench.write(move |db| factors::find_factors(db, id)).await;
    assert_eq!(found.recovery_codes, 1);
    let replace =
        move |db: &mut _| factors::replace_recovery_codes(db, id, &[Digest::of(b"c")], NOW);
    bench.write(replace).await;
    let old = move |db: &mut _| factors::use_recovery_code(db, id, &Digest::of(b"b"), NOW);
    assert!(!bench.write(old).await);
}
