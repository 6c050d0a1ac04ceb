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
