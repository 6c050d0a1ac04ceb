use tessera::base::{PasskeyId, SystemEntropy, UserId};
use tessera::domain::Passkey;
use tessera::store::passkeys::Added;
use tessera::store::{passkeys, users};

use super::backends::Bench;
use super::records::{HOUR, MINUTE, NOW, digest, user};

fn passkey(user: UserId, credential_id: &str) -> Passkey {
    Passkey {
        id: PasskeyId::new(NOW, &SystemEntropy),
        user,
        credential_id: credential_id.as_bytes().to_vec(),
        credential: "{}".to_owned(),
        name: "Laptop".to_owned(),
        sign_count: 1,
        is_backup_eligible: true,
        is_backed_up: false,
        created_at: NOW,
        last_used_at: None,
        count_fell_at: None,
    }
}

async fn person(bench: &Bench, name: &str) -> UserId {
    let user = user(name);
    let id = user.id;
    bench.write(move |db| users::insert_user(db, &user)).await;
    id
}

pub(super) async fn a_passkey_belongs_to_one_person(bench: Bench) {
    let (ada, bob) = (person(&bench, "ada").await, person(&bench, "bob").await);
    let one = passkey(ada, "key");
    let row = one.clone();
    assert!(bench.write(move |db| passkeys::insert_passkey(db, &row)).await);
    let taken = passkey(bob, "key");
    assert!(!bench.write(move |db| passkeys::insert_passkey(db, &taken)).await);
    assert_eq!(bench.read(|db| passkeys::find_passkey(db, b"key")).await, Some(one.clone()));
    assert_eq!(
        bench.read(move |db| passkeys::list_passkeys(db, ada)).await,
        std::slice::from_ref(&one)
    );
    assert!(!bench.write(move |db| passkeys::rename_passkey(db, bob, one.id, "Mine")).await);
    assert!(!bench.write(move |db| passkeys::delete_passkey(db, bob, one.id)).await);
    assert!(bench.write(move |db| passkeys::rename_passkey(db, ada, one.id, "Phone")).await);
    assert_eq!(bench.read(move |db| passkeys::list_passkeys(db, ada)).await[0].name, "Phone");
    assert!(bench.write(move |db| passkeys::delete_passkey(db, ada, one.id)).await);
    assert_eq!(bench.read(|db| passkeys::find_passkey(db, b"key")).await, None);
}

pub(super) async fn r78_of_two_uses_with_one_counter_one_is_kept(bench: Bench) {
    let ada = person(&bench, "ada").await;
    let one = passkey(ada, "key");
    let (row, id) = (one.clone(), one.id);
    bench.write(move |db| passkeys::insert_passkey(db, &row)).await;
    let used = Passkey { sign_count: 2, last_used_at: Some(NOW + MINUTE), ..one };
    let row = used.clone();
    assert!(bench.write(move |db| passkeys::update_used_passkey(db, &row, 1)).await);
    let late = used.clone();
    assert!(!bench.write(move |db| passkeys::update_used_passkey(db, &late, 1)).await);
    bench.write(move |db| passkeys::record_fallen_count(db, id, NOW + HOUR)).await;
    let kept = bench.read(|db| passkeys::find_passkey(db, b"key")).await.unwrap();
    assert_eq!(kept, Passkey { count_fell_at: Some(NOW + HOUR), ..used });
}

pub(super) async fn r78_of_fifty_answers_to_one_challenge_one_counts(bench: Bench) {
    let other = bench.second();
    let tries = (0..50).map(|number| {
        let store = if number % 2 == 0 { other.clone() } else { bench.second() };
        let used = move |db: &mut _| passkeys::use_challenge(db, &digest("one"), NOW + HOUR);
        async move { store.write("use challenge", used).await.unwrap() }
    });
    let won = futures_util::future::join_all(tries).await;
    assert_eq!(won.into_iter().filter(|is_won| *is_won).count(), 1);
    let purge = |at| bench.write(move |db| passkeys::purge_challenges(db, at, 10));
    assert_eq!((purge(NOW + HOUR).await, purge(NOW + HOUR + MINUTE).await), (0, 1));
}

pub(super) async fn who_declined_a_passkey_last_said_so_then(bench: Bench) {
    let ada = person(&bench, "ada").await;
    let declined = || bench.read(move |db| passkeys::passkey_declined_at(db, ada));
    assert_eq!(declined().await, None);
    for at in [NOW, NOW + HOUR] {
        bench.write(move |db| passkeys::decline_passkey(db, ada, at)).await;
        assert_eq!(declined().await, Some(at));
    }
}

pub(super) async fn of_many_passkeys_added_at_once_as_many_stay_as_may_be(bench: Bench) {
    let ada = person(&bench, "ada").await;
    for number in 0..18 {
        let one = passkey(ada, &format!("key {number}"));
        let added = bench.write(move |db| passkeys::add_passkey(db, &one, 20)).await;
        assert_eq!(added, Added::Yes);
    }
    let tries = (18..30).map(|number| {
        let (store, one) = (bench.second(), passkey(ada, &format!("key {number}")));
        let add = move |db: &mut _| passkeys::add_passkey(db, &one, 20);
        async move { store.write("add passkey", add).await.unwrap() }
    });
    let added = futures_util::future::join_all(tries).await;
    assert_eq!(added.iter().filter(|one| **one == Added::Yes).count(), 2, "{added:?}");
    assert!(added.iter().all(|one| *one != Added::Known));
    assert_eq!(bench.read(move |db| passkeys::list_passkeys(db, ada)).await.len(), 20);
}
