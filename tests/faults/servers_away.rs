//! F8 to F14: Redis and PostgreSQL are killed, stopped and cut off.

use std::time::{Duration, Instant};

use super::load::Load;
use super::place::{Place, is_ready, status_of};
use super::relay::Manner;
use super::servers::wait_until;
use super::{Scenario, audit, rounds};

const USED: Duration = Duration::from_millis(600);
/// How long it may take until a program says that its database is gone, and that it is back. P4 promises 5 s and 10 s;
/// a machine that does other things as well needs longer.
const NOTICED: Duration = Duration::from_secs(15);
const BACK: Duration = Duration::from_secs(30);

#[test]
fn f8_without_redis_everything_goes_on() {
    let (mut place, rounds) = (Place::shared(2), rounds(3, 30));
    let _line = Scenario::begin("F8", "Redis killed and started empty", place.name, rounds);
    place.start();
    let load = Load::begin(&place);
    for _ in 0..rounds {
        std::thread::sleep(USED);
        place.redis.as_mut().unwrap().kill();
        std::thread::sleep(USED);
        assert!(place.replicas.iter_mut().all(super::place::Replica::is_running));
        place.redis.as_mut().unwrap().start_again();
    }
    let ledger = load.run_for(USED);
    assert_eq!(ledger.faults(), 0, "{}", ledger.sum());
    audit::check(&place, &ledger);
}

#[test]
fn f12_after_a_crash_of_postgres_everything_heals_by_itself() {
    let (mut place, rounds) = (Place::shared(2), rounds(2, 20));
    let _line = Scenario::begin("F12", "PostgreSQL killed and started again", place.name, rounds);
    place.start();
    let load = Load::begin(&place);
    for _ in 0..rounds {
        std::thread::sleep(USED);
        place.postgres.as_mut().unwrap().kill();
        let url = place.replicas[0].url();
        wait_until("not ready", NOTICED, || !is_ready(&url));
        // What needs no database goes on.
        for path in ["/jwks", "/.well-known/openid-configuration", "/healthz"] {
            assert_eq!(status_of(&url, path), Some(200), "{path}");
        }
        place.postgres.as_mut().unwrap().start_again();
        place.is_ready_within(BACK);
    }
    assert!(place.replicas.iter_mut().all(super::place::Replica::is_running));
    let ledger = load.run_for(USED);
    audit::check(&place, &ledger);
}

#[test]
fn f10_f11_redis_is_no_authority_with_old_or_wrong_data() {
    let (mut place, rounds) = (Place::shared(2), rounds(1, 10));
    let what = "Redis set back to an old snapshot; every value replaced by garbage; emptied";
    let _line = Scenario::begin("F10, F11", what, place.name, rounds);
    place.start();
    let load = Load::begin(&place);
    for _ in 0..rounds {
        let redis = place.redis.as_mut().unwrap();
        redis.say(&["save"]);
        std::thread::sleep(USED);
        redis.kill();
        redis.start_again();
        std::thread::sleep(USED);
        for key in redis.say(&["keys", "*"]).lines() {
            redis.say(&["set", key, "\u{1}garbage", "ex", "60"]);
        }
        std::thread::sleep(USED);
        redis.say(&["flushall"]);
    }
    let ledger = load.run_for(USED);
    assert_eq!(ledger.faults(), 0, "{}", ledger.sum());
    audit::check(&place, &ledger);
}

#[test]
fn f13_a_postgres_that_hangs_takes_nothing_else_with_it() {
    let (mut place, rounds) = (Place::shared(1), rounds(1, 5));
    let hang = Duration::from_secs(if rounds == 1 { 7 } else { 20 });
    let _line = Scenario::begin("F13", "PostgreSQL stopped by SIGSTOP", place.name, rounds);
    place.start();
    let load = Load::of_apps(&place);
    let url = place.replicas[0].url();
    for _ in 0..rounds {
        std::thread::sleep(USED);
        let since = Instant::now();
        place.postgres.as_ref().unwrap().send("STOP");
        wait_until("not ready", Duration::from_secs(6), || !is_ready(&url));
        while since.elapsed() < hang {
            for path in ["/jwks", "/healthz"] {
                assert_eq!(status_of(&url, path), Some(200), "{path}");
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        place.postgres.as_ref().unwrap().send("CONT");
        place.is_ready_within(BACK);
    }
    let ledger = load.run_for(USED);
    audit::check(&place, &ledger);
}

#[test]
fn f14_an_answer_of_postgres_that_is_lost_after_the_commit_costs_nothing() {
    let (mut place, rounds) = (Place::shared(1), rounds(20, 300));
    let _line = Scenario::begin("F14", "connection cut after COMMIT was sent", place.name, rounds);
    place.start();
    let load = Load::begin(&place);
    let relay = place.to_postgres.as_ref().unwrap();
    for round in 0..rounds {
        relay.set(Manner::CutAfterCommit);
        wait_until("a commit passes", Duration::from_secs(20), || relay.cuts() > round);
        std::thread::sleep(Duration::from_millis(60));
    }
    // And every connection at once, whatever it is doing.
    relay.cut();
    let ledger = load.run_for(USED);
    audit::check(&place, &ledger);
}

#[test]
fn f9_a_redis_that_hangs_delays_nobody_for_long() {
    let (mut place, rounds) = (Place::shared(1), rounds(1, 5));
    let _line = Scenario::begin(
        "F9",
        "Redis stopped by SIGSTOP, and behind a line that holds everything",
        place.name,
        rounds,
    );
    place.start();
    let load = Load::begin(&place);
    for _ in 0..rounds {
        std::thread::sleep(USED);
        place.redis.as_ref().unwrap().send("STOP");
        std::thread::sleep(Duration::from_secs(5));
        place.redis.as_ref().unwrap().send("CONT");
        std::thread::sleep(USED);
        let relay = place.to_redis.as_ref().unwrap();
        relay.set(Manner::Hold);
        std::thread::sleep(Duration::from_secs(3));
        relay.set(Manner::Pass);
    }
    let ledger = load.run_for(USED);
    assert_eq!(ledger.faults(), 0, "{}", ledger.sum());
    audit::check(&place, &ledger);
}
