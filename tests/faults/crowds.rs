//! F16, F25 and F26: more clients than there are connections to the database, clients that never finish, and more
//! passwords than there is memory to hash them at once.

use std::io::Write as _;
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use super::load::Load;
use super::place::{Place, STEADY, status_of};
use super::servers::wait_until;
use super::{Scenario, audit, rounds};
use crate::support::{Browser, http, text};

const CLIENTS: usize = 200;

fn crowd(mut place: Place) {
    let rounds = rounds(2, 20);
    let _line = Scenario::begin("F16", "200 clients at once", place.name, rounds);
    place.start();
    let load = Load::begin(&place);
    actix_web::rt::System::new().block_on(async {
        let app = place.app();
        let mut browser = Browser::new(&app.provider);
        browser.sign_in(app, STEADY, &[]).await.code();
        let code = browser.authorize(app, &[("prompt", "none")]).await.code();
        let tokens = app.tokens(&code).await;
        let http = http().build().unwrap();
        for _ in 0..rounds {
            let asked = (0..CLIENTS).map(|_| {
                let request = http.get(format!("{}/userinfo", app.provider));
                request.bearer_auth(text(&tokens, "access_token")).send()
            });
            for answer in futures_util::future::join_all(asked).await {
                assert_eq!(answer.unwrap().status(), 200);
            }
        }
    });
    let ledger = load.end();
    assert_eq!(ledger.faults(), 0, "{}", ledger.sum());
    audit::check(&place, &ledger);
}

#[test]
fn f16_a_crowd_waits_its_turn_on_sqlite() {
    crowd(Place::embedded());
}

#[test]
fn f16_a_crowd_waits_its_turn_on_postgres() {
    crowd(Place::shared(1));
}

#[test]
fn f25_a_program_without_file_descriptors_serves_again_when_it_has_some() {
    let (mut place, rounds) = (Place::embedded(), rounds(1, 5));
    let _line = Scenario::begin(
        "F25",
        "128 descriptors, 300 clients that never finish",
        place.name,
        rounds,
    );
    place.start();
    let replica = &mut place.replicas[0];
    let (pid, url) = (replica.pid().to_string(), replica.url());
    let limit = Command::new("prlimit").args(["--pid", &pid, "--nofile=128:128"]).status();
    assert!(limit.unwrap().success());
    for _ in 0..rounds {
        let address = url.strip_prefix("http://").unwrap();
        let slow: Vec<TcpStream> = (0..300)
            .filter_map(|_| {
                let mut one = TcpStream::connect(address).ok()?;
                one.write_all(b"GET /jwks HTTP/1.1\r\nho").ok()?;
                Some(one)
            })
            .collect();
        assert!(slow.len() > 128);
        std::thread::sleep(Duration::from_secs(1));
        drop(slow);
        wait_until("it serves", Duration::from_secs(15), || {
            status_of(&url, "/readyz") == Some(200)
        });
    }
    assert!(place.replicas[0].is_running());
    let ledger = Load::begin(&place).run_for(Duration::from_secs(1));
    audit::check(&place, &ledger);
}

/// What the program has of memory that it may write, in bytes.
fn data_of(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmData:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
}

/// Beyond what it has when nobody signs in: some hashes, and far from the 19 MiB for each of [`CLIENTS`].
const SPARE: u64 = 384 * 1024 * 1024;

#[test]
fn f26_a_storm_of_sign_ins_needs_no_more_memory_than_there_is() {
    let (mut place, rounds) = (Place::embedded(), rounds(1, 10));
    let what = "200 sign-ins at once, 384 MiB to spare";
    let _line = Scenario::begin("F26", what, place.name, rounds);
    // Each comes from a network of its own, so that none is refused for its network.
    place.replicas[0].set("TESSERA_TRUSTED_PROXIES", "127.0.0.1/32");
    place.start();
    let replica = &place.replicas[0];
    let (pid, url) = (replica.pid(), replica.url());
    let limit = format!("--data={}", data_of(pid) + SPARE);
    let limited = Command::new("prlimit").args(["--pid", &pid.to_string(), &limit]).status();
    assert!(limited.unwrap().success());
    let app = place.app().clone();
    for round in 0..rounds {
        let answers = actix_web::rt::System::new().block_on(async {
            let storm = (0..CLIENTS).map(|number| {
                let app = &app;
                async move {
                    let mut browser = Browser::new(&app.provider);
                    browser.forwarded_for = format!("10.{}.{}.1", round + 1, number);
                    let page = browser.authorize(app, &[]).await;
                    let name = format!("nobody-{round}-{number}");
                    let typed = [("username", name.as_str()), ("password", "a wrong password")];
                    browser.submit(&page, &typed).await.status.as_u16()
                }
            });
            let storm = futures_util::future::join_all(storm);
            let url = url.clone();
            let asking = actix_web::rt::spawn(async move {
                loop {
                    let url = url.clone();
                    let asked = tokio::task::spawn_blocking(move || status_of(&url, "/jwks"));
                    assert_eq!(asked.await.unwrap(), Some(200));
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            });
            let answers = storm.await;
            assert!(!asking.is_finished(), "the published keys were not there");
            asking.abort();
            answers
        });
        let judged = answers.iter().filter(|status| **status == 422).count();
        let sent_away = answers.iter().filter(|status| **status == 429).count();
        println!("{judged} judged, {sent_away} asked to come back");
        assert!(judged > 0 && judged + sent_away == CLIENTS, "{answers:?}");
    }
    assert!(place.replicas[0].is_running());
    let ledger = Load::begin(&place).run_for(Duration::from_secs(1));
    audit::check(&place, &ledger);
}
