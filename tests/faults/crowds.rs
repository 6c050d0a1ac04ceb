//! F16 and F25: more clients than there are connections to the database, and clients that never finish.

use std::io::Write as _;
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use super::load::Load;
use super::place::{Place, STEADY, status_of};
use super::servers::wait_until;
use super::{Scenario, audit, rounds};
use crate::support::{Browser, text};

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
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
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
