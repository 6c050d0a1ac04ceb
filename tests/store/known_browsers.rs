use std::time::Duration;

use tessera::base::{Digest, UserId};
use tessera::store::{Db, known_browsers, users};

use super::backends::Bench;
use super::records::{NOW, digest, user};

async fn person(bench: &Bench, name: &str) -> UserId {
    let user = user(name);
    let id = user.id;
    bench.write(move |db| users::insert_user(db, &user)).await;
    id
}

async fn note(bench: &Bench, user: UserId, browser: Digest, seconds: u64) -> bool {
    let at = NOW + Duration::from_secs(seconds);
    bench.write(move |db| known_browsers::note_browser(db, user, &browser, at)).await
}

async fn known(bench: &Bench, user: UserId) -> Vec<Digest> {
    let list = move |db: &mut Db| known_browsers::list_browsers(db, user);
    bench.read(list).await.into_iter().map(|one| one.digest).collect()
}

pub(super) async fn a_browser_is_new_once_and_to_its_account(bench: Bench) {
    let (ada, bob) = (person(&bench, "ada").await, person(&bench, "bob").await);
    let (one, two) = (digest("one"), digest("two"));
    assert!(known(&bench, ada).await.is_empty());
    assert!(note(&bench, ada, one, 0).await);
    assert!(!note(&bench, ada, one, 1).await);
    assert!(note(&bench, bob, one, 1).await);
    assert!(note(&bench, ada, two, 2).await);
    assert_eq!(known(&bench, ada).await, [two, one]);
    assert!(!note(&bench, ada, one, 3).await);
    assert_eq!(known(&bench, ada).await, [one, two]);
    bench.write(move |db| known_browsers::forget_other_browsers(db, ada, &two)).await;
    assert_eq!((known(&bench, ada).await, known(&bench, bob).await), (vec![two], vec![one]));
    bench.write(move |db| users::delete_user(db, ada)).await;
    assert!(known(&bench, ada).await.is_empty());
}

pub(super) async fn the_newest_twenty_browsers_are_kept(bench: Bench) {
    let ada = person(&bench, "ada").await;
    for number in 0..25 {
        assert!(note(&bench, ada, digest(&format!("browser {number}")), number).await);
    }
    let newest: Vec<Digest> =
        (5..25).rev().map(|number| digest(&format!("browser {number}"))).collect();
    assert_eq!(known(&bench, ada).await, newest);
}

pub(super) async fn of_many_sign_ins_at_once_in_a_browser_one_is_the_first(bench: Bench) {
    let ada = person(&bench, "ada").await;
    let tries = (0..20).map(|_| {
        let store = bench.second();
        let note = move |db: &mut _| known_browsers::note_browser(db, ada, &digest("one"), NOW);
        async move { store.write("note browser", note).await.unwrap() }
    });
    let new = futures_util::future::join_all(tries).await;
    assert_eq!(new.into_iter().filter(|is_new| *is_new).count(), 1);
}
