use tessera::protocol::SigningAlgorithm::{ES256, RS256};
use tessera::store::signing_keys;

use super::backends::Bench;
use super::records::{HOUR, NOW, signing_key};

pub(super) async fn keys_are_listed_the_oldest_first(bench: Bench) {
    assert!(bench.read(signing_keys::list_signing_keys).await.is_empty());
    let (mut young, mut old) = (signing_key(RS256, 1), signing_key(RS256, 0));
    young.created_at = NOW + HOUR;
    old.retired_at = Some(NOW + HOUR);
    for record in [young.clone(), old.clone()] {
        assert!(bench.write(move |db| signing_keys::insert_signing_key(db, &record)).await);
    }
    assert!(bench.read(signing_keys::list_signing_keys).await == [old, young]);
}

pub(super) async fn a_key_is_hastened_and_never_put_off(bench: Bench) {
    let mut key = signing_key(RS256, 1);
    key.active_from = NOW + HOUR;
    let (record, id) = (key.clone(), key.id);
    bench.write(move |db| signing_keys::insert_signing_key(db, &record)).await;
    let hasten =
        async |id, to| bench.write(move |db| signing_keys::hasten_signing_key(db, id, to)).await;
    assert!(!hasten(id, NOW + 2 * HOUR).await, "later is no haste");
    assert!(hasten(id, NOW).await);
    assert!(!hasten(id, NOW).await, "once");
    assert!(!hasten(signing_key(RS256, 2).id, NOW).await, "there is no such key");
    key.active_from = NOW;
    assert_eq!(bench.read(signing_keys::list_key_times).await, [key.times()]);
}

pub(super) async fn when_a_key_leaves_is_noted_once(bench: Bench) {
    let (mut key, other) = (signing_key(RS256, 1), signing_key(ES256, 1));
    for record in [key.clone(), other.clone()] {
        bench.write(move |db| signing_keys::insert_signing_key(db, &record)).await;
    }
    let id = key.id;
    let retire =
        async |at| bench.write(move |db| signing_keys::retire_signing_key(db, id, at)).await;
    assert!(retire(NOW + HOUR).await);
    assert!(!retire(NOW + 2 * HOUR).await, "what was noted first stands");
    key.retired_at = Some(NOW + HOUR);
    let stored = bench.read(signing_keys::list_signing_keys).await;
    assert!(stored.contains(&key) && stored.contains(&other) && stored.len() == 2);
    assert!(bench.write(move |db| signing_keys::delete_signing_key(db, id)).await);
    assert!(!bench.write(move |db| signing_keys::delete_signing_key(db, id)).await);
    assert_eq!(bench.read(signing_keys::list_key_times).await, [other.times()]);
}

pub(super) async fn of_many_keys_for_one_place_one_is_kept(bench: Bench) {
    let second = bench.second();
    let inserts: Vec<_> = (0..10)
        .map(|number| {
            let store = if number % 2 == 0 { bench.store.clone() } else { second.clone() };
            let record = signing_key(ES256, 0);
            tokio::spawn(async move {
                let kid = record.kid.clone();
                let insert = move |db: &mut _| signing_keys::insert_signing_key(db, &record);
                store.write("test", insert).await.unwrap().then_some(kid)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for insert in inserts {
        winners.extend(insert.await.unwrap());
    }
    let kept = bench.read(signing_keys::list_signing_keys).await;
    let kept: Vec<String> = kept.into_iter().map(|record| record.kid).collect();
    assert_eq!(winners, kept);
    assert_eq!(kept.len(), 1);
    let elsewhere = signing_key(RS256, 0);
    assert!(bench.write(move |db| signing_keys::insert_signing_key(db, &elsewhere)).await);
}
