//! The short-lived store: one contract, in memory and on Redis.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tessera::base::{Entropy, ManualClock, SystemEntropy};
use tessera::store::Ephemeral;

use super::backends::service;
use super::records::{HOUR, NOW};
use crate::support::{PrivateRedis, until};

const SHORT: Duration = Duration::from_millis(300);

struct Bench {
    store: Ephemeral,
    clock: Arc<ManualClock>,
    is_redis: bool,
}

type Case = (&'static str, fn(Bench) -> Pin<Box<dyn Future<Output = ()> + Send>>);

macro_rules! cases {
    ($($case:ident),* $(,)?) => {
        &[$((stringify!($case), |bench| Box::pin($case(bench)))),*]
    };
}

const CASES: &[Case] = cases! {
    a_counter_counts_and_never_falls_below_zero,
    a_counter_ends_with_its_first_use,
    a_burst_is_counted_to_the_last,
};

impl Bench {
    /// Lets time pass: the clock of this process, or the server's.
    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
        if self.is_redis {
            tokio::time::sleep(time).await;
        }
    }
}

/// A name that no other run uses.
fn key() -> String {
    let entropy: &dyn Entropy = &SystemEntropy;
    entropy.token()
}

async fn a_counter_counts_and_never_falls_below_zero(bench: Bench) {
    let key = key();
    for (delta, count) in [(1, 1), (5, 6), (-2, 4), (0, 4), (-9, 0), (-1, 0), (3, 3)] {
        assert_eq!(bench.store.bump(&key, delta, HOUR).await, count, "{delta}");
        assert_eq!(bench.store.count(&key).await, count, "{delta}");
    }
    assert_eq!(bench.store.count(&self::key()).await, 0);
    assert_eq!(bench.store.bump(&self::key(), -1, HOUR).await, 0);
}

async fn a_counter_ends_with_its_first_use(bench: Bench) {
    let key = key();
    assert_eq!(bench.store.bump(&key, 1, SHORT * 2).await, 1);
    bench.wait(SHORT).await;
    assert_eq!(bench.store.bump(&key, 1, SHORT * 2).await, 2);
    bench.wait(SHORT + SHORT / 2).await;
    assert_eq!(bench.store.count(&key).await, 0);
    assert_eq!(bench.store.bump(&key, 1, SHORT * 2).await, 1);
}

async fn a_burst_is_counted_to_the_last(bench: Bench) {
    let key = key();
    let bumps: Vec<_> = (0..100)
        .map(|_| {
            let (store, key) = (bench.store.clone(), key.clone());
            tokio::spawn(async move { store.bump(&key, 1, HOUR).await })
        })
        .collect();
    let mut counts = Vec::new();
    for bump in bumps {
        counts.push(bump.await.unwrap());
    }
    counts.sort_unstable();
    assert_eq!(counts, (1..=100).collect::<Vec<u64>>());
}

async fn keeps_contract(name: &str, redis: Option<&str>) {
    let mut failed = Vec::new();
    for (case, run) in CASES {
        let clock = Arc::new(ManualClock::new(NOW));
        let store = match redis {
            Some(url) => Ephemeral::redis(url, clock.clone()).await.unwrap(),
            None => Ephemeral::memory(clock.clone()),
        };
        let bench = Bench { store, clock, is_redis: redis.is_some() };
        let has_passed = tokio::spawn(run(bench)).await.is_ok();
        println!("store contract · {name} · {case} … {}", if has_passed { "ok" } else { "FAILED" });
        failed.extend((!has_passed).then_some(*case));
    }
    println!("store contract · {name} · {} cases", CASES.len());
    assert!(failed.is_empty(), "{name} · {failed:?}");
}

#[tokio::test]
async fn the_short_lived_store_in_memory_keeps_the_contract() {
    keeps_contract("ephemeral memory", None).await;
}

#[tokio::test]
async fn the_short_lived_store_on_redis_keeps_the_contract() {
    if let Some(url) = service("TESSERA_TEST_REDIS") {
        keeps_contract("ephemeral redis", Some(&url)).await;
    }
}

#[tokio::test]
async fn a_redis_that_cannot_be_reached_is_told_at_the_start() {
    let clock = Arc::new(ManualClock::new(NOW));
    assert!(Ephemeral::redis("redis://127.0.0.1:1", clock).await.is_err());
}

/// A Redis that stalls costs one request some time; the others count in this process meanwhile,
/// until it is back.
#[tokio::test]
async fn f9_a_redis_that_stalls_is_left_alone() {
    let Some(redis) = PrivateRedis::start() else { return };
    let clock = Arc::new(ManualClock::new(NOW));
    let connect = async || Ephemeral::redis(&redis.url(), clock.clone()).await;
    until("redis serves", async || connect().await.is_ok()).await;
    let (store, other) = (connect().await.unwrap(), connect().await.unwrap());
    assert_eq!(store.bump("one", 1, HOUR).await, 1);
    assert_eq!(other.bump("one", 1, HOUR).await, 2);
    redis.pause();
    for count in 1..50 {
        assert_eq!(store.bump("two", 1, HOUR).await, count, "counted here");
    }
    redis.go_on();
    until("it counts over redis again", async || {
        store.bump("three", 1, HOUR).await;
        other.count("three").await > 0
    })
    .await;
    // What was sent while it stalled has been counted there since.
    let asked = other.count("two").await;
    assert!(asked < 5, "{asked} of 49 waited for it");
}

/// A key that holds something else counts in this process, and harms no other key.
#[tokio::test]
async fn f11_what_is_no_count_is_never_taken_for_one() {
    let Some(server) = PrivateRedis::start() else { return };
    let clock = Arc::new(ManualClock::new(NOW));
    let connect = async || Ephemeral::redis(&server.url(), clock.clone()).await;
    until("redis serves", async || connect().await.is_ok()).await;
    let (store, other) = (connect().await.unwrap(), connect().await.unwrap());
    let client = redis::Client::open(server.url()).unwrap();
    let mut odd = client.get_multiplexed_async_connection().await.unwrap();
    redis::cmd("SET").arg("tessera:odd").arg("garbage").exec_async(&mut odd).await.unwrap();
    assert_eq!(store.bump("odd", 1, HOUR).await, 1);
    assert_eq!(store.bump("odd", 1, HOUR).await, 2);
    assert_eq!(store.bump("even", 1, HOUR).await, 1);
    assert_eq!(other.bump("even", 1, HOUR).await, 2, "the circuit stayed closed");
}

/// A flood of keys does not fill the memory, and the newest key is still counted.
#[tokio::test]
async fn a_flood_makes_the_oldest_give_way() {
    let clock = Arc::new(ManualClock::new(NOW));
    let store = Ephemeral::memory(clock.clone());
    store.bump("first", 1, HOUR).await;
    for number in 0..120_000 {
        clock.advance(Duration::from_millis(1));
        store.bump(&number.to_string(), 1, HOUR).await;
    }
    assert_eq!(store.count("first").await, 0);
    assert_eq!(store.bump("119999", 1, HOUR).await, 2);
}
