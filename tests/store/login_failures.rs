use std::time::Duration;

use tessera::base::Timestamp;
use tessera::store::{Attempt, Store, login_failures};

use super::backends::Bench;
use super::records::{NOW, digest};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn reserve(store: &Store, account: &'static str, at: Timestamp) -> Attempt {
    let reserve = move |db: &mut _| login_failures::reserve_attempt(db, &digest(account), at);
    store.write("test", reserve).await.unwrap()
}

pub(super) async fn a_burst_gets_five_attempts(bench: Bench) {
    let second = bench.second();
    let burst: Vec<_> = (0..50)
        .map(|number| {
            let store = if number % 2 == 0 { bench.store.clone() } else { second.clone() };
            tokio::spawn(async move { reserve(&store, "ada", NOW).await })
        })
        .collect();
    let mut allowed = 0;
    for attempt in burst {
        match attempt.await.unwrap() {
            Attempt::Allowed => allowed += 1,
            Attempt::Blocked { until } => assert_eq!(until, NOW + Duration::from_secs(1)),
        }
    }
    assert_eq!(allowed, 5);
    assert_eq!(reserve(&bench.store, "bob", NOW).await, Attempt::Allowed);
}

pub(super) async fn the_wait_doubles_up_to_a_quarter_of_an_hour(bench: Bench) {
    for _ in 0..5 {
        assert_eq!(reserve(&bench.store, "ada", NOW).await, Attempt::Allowed);
    }
    let mut now = NOW;
    for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900] {
        let until = now + Duration::from_secs(seconds);
        let just_before = Timestamp::from_millis(until.as_millis() - 1);
        let blocked = Attempt::Blocked { until };
        assert_eq!(reserve(&bench.store, "ada", just_before).await, blocked, "{seconds}");
        assert_eq!(reserve(&bench.store, "ada", until).await, Attempt::Allowed, "{seconds}");
        now = until;
    }
}

pub(super) async fn an_attempt_that_was_not_made_is_given_back(bench: Bench) {
    let withdraw = |db: &mut _| login_failures::withdraw_attempt(db, &digest("ada"));
    bench.write(withdraw).await;
    for _ in 0..5 {
        assert_eq!(reserve(&bench.store, "ada", NOW).await, Attempt::Allowed);
    }
    bench.write(withdraw).await;
    assert_eq!(reserve(&bench.store, "ada", NOW).await, Attempt::Allowed);
    assert_ne!(reserve(&bench.store, "ada", NOW).await, Attempt::Allowed);
}

pub(super) async fn a_sign_in_clears_the_count(bench: Bench) {
    for _ in 0..2 {
        for _ in 0..5 {
            assert_eq!(reserve(&bench.store, "ada", NOW).await, Attempt::Allowed);
        }
        assert_ne!(reserve(&bench.store, "ada", NOW).await, Attempt::Allowed);
        bench.write(|db| login_failures::clear_failures(db, &digest("ada"))).await;
    }
}

pub(super) async fn failures_are_forgotten_after_a_day(bench: Bench) {
    for account in ["a", "b", "c"] {
        reserve(&bench.store, account, NOW).await;
    }
    reserve(&bench.store, "late", NOW + DAY).await;
    let purge = |at, limit| bench.write(move |db| login_failures::purge_failures(db, at, limit));
    assert_eq!(purge(NOW + DAY, 9).await, 0);
    let later = NOW + DAY + Duration::from_millis(1);
    for removed in [2, 1, 0] {
        assert_eq!(purge(later, 2).await, removed);
    }
}
