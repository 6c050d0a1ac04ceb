use std::time::Duration;

use tessera::base::{Digest, PasskeyId, SystemEntropy, UserId};
use tessera::domain::TrustedDevice;
use tessera::store::{Db, StoreError, factors, passkeys, trusted_devices, users};

use super::backends::Bench;
use super::records::{NOW, user};

const LATER: Duration = Duration::from_secs(30 * 24 * 60 * 60);

fn device(user: UserId, value: &[u8]) -> TrustedDevice {
    TrustedDevice { digest: Digest::of(value), user, created_at: NOW, expires_at: NOW + LATER }
}

/// Two people; the first trusts two devices, the second one.
async fn prepared(bench: &Bench) -> (UserId, UserId) {
    let (ada, bob) = (user("ada"), user("bob"));
    let (first, second) = (ada.id, bob.id);
    bench
        .write(move |db| {
            users::insert_user(db, &ada)?;
            users::insert_user(db, &bob)?;
            trusted_devices::insert_device(db, &device(first, b"a"))?;
            trusted_devices::insert_device(db, &device(first, b"b"))?;
            trusted_devices::insert_device(db, &device(second, b"c"))
        })
        .await;
    (first, second)
}

pub(super) async fn trusted_devices_count_for_their_time_and_their_owner(bench: Bench) {
    let (ada, bob) = prepared(&bench).await;
    let held = [Digest::of(b"a"), Digest::of(b"c"), Digest::of(b"unknown")];
    let find = move |at| move |db: &mut Db| trusted_devices::find_devices(db, &held, at);
    let mut found = bench.write(find(NOW)).await;
    found.sort_by_key(|one| one.user != ada);
    assert_eq!(found, [device(ada, b"a"), device(bob, b"c")]);
    assert!(bench.write(find(NOW + LATER)).await.is_empty());
    let list = move |user| move |db: &mut Db| trusted_devices::list_devices(db, user, NOW);
    assert_eq!(bench.write(list(ada)).await.len(), 2);
    let end = |user| move |db: &mut Db| trusted_devices::delete_device(db, user, &Digest::of(b"c"));
    assert!(!bench.write(end(ada)).await, "R86: it is not theirs");
    assert!(bench.write(end(bob)).await);
    let purge = |at| move |db: &mut Db| trusted_devices::purge_devices(db, at, 10);
    assert_eq!(bench.write(purge(NOW)).await, 0);
    assert_eq!(bench.write(purge(NOW + LATER + LATER)).await, 2);
}

pub(super) async fn trust_ends_where_what_it_rests_on_is_changed(bench: Bench) {
    type Change = fn(&mut Db, UserId) -> Result<bool, StoreError>;
    let changes: [Change; 2] = [
        |db, user| users::set_user_password(db, user, "$argon2id$other"),
        |db, user| factors::delete_factors(db, user),
    ];
    let (ada, bob) = prepared(&bench).await;
    for change in changes {
        bench.write(move |db| change(db, ada)).await;
        let left = bench.write(move |db| trusted_devices::list_devices(db, ada, NOW)).await;
        assert!(left.is_empty());
        bench.write(move |db| trusted_devices::insert_device(db, &device(ada, b"d"))).await;
    }
    // A passkey that somebody does not have takes no trust along.
    let id = PasskeyId::new(NOW, &SystemEntropy);
    assert!(!bench.write(move |db| passkeys::delete_passkey(db, ada, id)).await);
    let left = bench.write(move |db| trusted_devices::list_devices(db, ada, NOW)).await;
    assert_eq!(left.len(), 1);
    let others = bench.write(move |db| trusted_devices::list_devices(db, bob, NOW)).await;
    assert_eq!(others.len(), 1);
}

pub(super) async fn of_many_trusted_devices_the_newest_twenty_count(bench: Bench) {
    let (ada, bob) = prepared(&bench).await;
    for number in 1..=25_u8 {
        let mut one = device(ada, &[number]);
        one.created_at = NOW + Duration::from_secs(u64::from(number));
        bench.write(move |db| trusted_devices::insert_device(db, &one)).await;
    }
    let list = move |user| move |db: &mut Db| trusted_devices::list_devices(db, user, NOW);
    let left = bench.write(list(ada)).await;
    let newest: Vec<Digest> = (6..=25_u8).rev().map(|number| Digest::of(&[number])).collect();
    assert_eq!(left.iter().map(|one| one.digest).collect::<Vec<_>>(), newest);
    assert_eq!(bench.write(list(bob)).await.len(), 1);
}
