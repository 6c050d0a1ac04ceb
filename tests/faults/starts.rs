//! Starts that cannot be, or that are many at once: F6, F21, F23, F28, F29; and F7, F30: what others do to the database.

use std::fs::File;
use std::process::Stdio;
use std::time::{Duration, Instant};

use base64::Engine as _;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use serde_json::Value;
use tessera::base::{Entropy, SystemEntropy};

use super::ledger::Ledger;
use super::load::Load;
use super::place::{Place, STEADY, status_of};
use super::servers::Postgres;
use super::{Scenario, audit, rounds};
use crate::cli::Installation;
use crate::support::{Browser, PASSWORD};

fn random_key() -> String {
    let entropy: &dyn Entropy = &SystemEntropy;
    base64::engine::general_purpose::STANDARD.encode(entropy.bytes::<32>())
}

/// `tessera serve` ends by itself and says why; what it says. A variable may be set for it.
#[track_caller]
fn refuses(here: &Installation, variable: Option<(&str, &str)>) -> String {
    let said = here.path("said");
    let mut command = here.command(&["serve"]);
    command.env("TESSERA_LISTEN", "127.0.0.1:0").envs(variable);
    let command = command.stdout(Stdio::null()).stderr(File::create(&said).unwrap());
    let mut child = command.spawn().unwrap();
    let since = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if since.elapsed() > Duration::from_secs(15) {
            child.kill().unwrap();
            panic!("it serves");
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let said = std::fs::read_to_string(said).unwrap();
    assert!(!status.success() && !said.is_empty() && !said.contains("panicked"), "{said}");
    said
}

fn keys(here: &Installation) -> Value {
    here.run(&["key", "list", "--json"]).succeeded().json()
}

#[test]
fn f28_without_its_seal_key_it_starts_with_no_other() {
    let _line = Scenario::begin("F28", "seal key missing or wrong at start", "SQLite", 1);
    let mut place = Place::embedded();
    place.start();
    place.replicas[0].kill();
    let before = keys(&place.here);
    assert!(before.as_array().is_some_and(|keys| !keys.is_empty()));
    // Another key: what is sealed cannot be opened, and no second set of keys is made.
    let wrong = random_key();
    let said = refuses(&place.here, Some(("TESSERA_SEAL_KEY", &wrong)));
    assert!(!said.contains(&wrong), "{said}");
    // None at all: the file that the first start made is gone.
    let path = place.here.path("data/seal.key");
    let kept = place.here.path("kept.key");
    std::fs::rename(&path, &kept).unwrap();
    refuses(&place.here, None);
    assert!(!path.exists(), "a second key was made");
    std::fs::rename(&kept, &path).unwrap();
    place.start();
    assert_eq!(keys(&place.here), before);
    audit::check(&place, &Ledger::default());
}

#[test]
fn f29_programs_that_start_at_once_on_an_empty_database_make_one_key_set() {
    let rounds = rounds(3, 30);
    let _line = Scenario::begin("F29", "two first starts at once", "PostgreSQL and Redis", rounds);
    for _ in 0..rounds {
        let mut place = Place::shared(2);
        place.replicas.iter_mut().for_each(|replica| replica.spawn(&place.here));
        place.is_ready_within(Duration::from_secs(30));
        let listed = keys(&place.here);
        let mut algorithms: Vec<&str> =
            listed.as_array().unwrap().iter().filter_map(|key| key["alg"].as_str()).collect();
        algorithms.sort_unstable();
        assert_eq!(algorithms, ["ES256", "EdDSA", "RS256"], "{listed}");
        let ledger = Load::of_apps(&place).run_for(Duration::from_millis(500));
        assert_eq!((ledger.lost.len(), ledger.faults()), (0, 0));
        audit::check(&place, &ledger);
    }
}

#[test]
fn f21_migrations_at_once_and_killed_half_way_come_to_one_end() {
    let rounds = rounds(6, 60);
    let _line = Scenario::begin("F21", "migrations killed and run at once", "both", rounds);
    let postgres = Postgres::start();
    for round in 0..rounds {
        let here = Installation::new();
        let here = if round % 2 == 0 {
            here
        } else {
            let name = format!("round{round}");
            let mut create = std::process::Command::new("psql");
            let words = ["-q", &postgres.url(), "-c", &format!("CREATE DATABASE {name}")];
            assert!(create.args(words).status().unwrap().success());
            let url = postgres.url().replace("/postgres", &format!("/{name}"));
            here.with("TESSERA_DATABASE_URL", &url).with("TESSERA_SEAL_KEY", &random_key())
        };
        let mut killed = here.command(&["migrate"]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(20 + 15 * u64::try_from(round / 2).unwrap()));
        drop(killed.kill());
        drop(killed.wait());
        let mut both: Vec<_> = (0..2)
            .map(|_| here.command(&["migrate"]).stdout(Stdio::null()).spawn().unwrap())
            .collect();
        for one in &mut both {
            assert!(one.wait().unwrap().success(), "round {round}");
        }
        here.run(&["migrate", "--dry-run"]).succeeded();
        let words = ["user", "create", "--username", "ada", "--email", "a@example.com"];
        let words = [&words[..], &["--password-stdin"]].concat();
        here.run_with_input(&words, PASSWORD).succeeded();
    }
}

#[test]
fn f23_a_damaged_database_is_not_served() {
    let _line = Scenario::begin("F23", "truncated and overwritten database file", "SQLite", 3);
    let mut place = Place::embedded();
    place.start();
    assert_eq!(place.replicas[0].stop().0, Some(0));
    let path = place.database();
    let mut log = SqliteConnection::establish(&path.display().to_string()).unwrap();
    log.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(log);
    let whole = std::fs::read(&path).unwrap();
    let mut first_page = whole.clone();
    first_page[..4096].fill(0x5a);
    let half = whole[..whole.len() / 2].to_vec();
    let mut inside = whole.clone();
    inside[4096..40_960].fill(0x5a);
    for (name, bytes) in [("first page", first_page), ("half", half), ("inside", inside)] {
        for more in ["data/tessera.db-wal", "data/tessera.db-shm"] {
            drop(std::fs::remove_file(place.here.path(more)));
        }
        std::fs::write(&path, bytes).unwrap();
        println!("{name}: {}", refuses(&place.here, None));
    }
    std::fs::write(&path, whole).unwrap();
    place.start();
    audit::check(&place, &Ledger::default());
}

#[test]
fn f7_who_holds_the_database_is_waited_for_and_not_for_ever() {
    let long = if rounds(0, 1) == 0 { 8 } else { 20 };
    let what = format!("another process holds the database 3 s and {long} s");
    let _line = Scenario::begin("F7", &what, "SQLite", 2);
    let mut place = Place::embedded();
    place.start();
    let url = place.replicas[0].url();
    let mut other = SqliteConnection::establish(&place.database().display().to_string()).unwrap();
    let load = Load::of_apps(&place);
    for held in [3, long] {
        std::thread::sleep(Duration::from_millis(500));
        other.batch_execute("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE").unwrap();
        let since = Instant::now();
        while since.elapsed() < Duration::from_secs(held) {
            assert_eq!(status_of(&url, "/jwks"), Some(200));
            std::thread::sleep(Duration::from_millis(100));
        }
        other.batch_execute("ROLLBACK").unwrap();
    }
    let ledger = load.run_for(Duration::from_millis(500));
    // Three seconds are waited for; what takes longer ends in 503, and clients ask again.
    let faults: Vec<u16> = ledger.answers.keys().copied().filter(|status| *status >= 429).collect();
    assert_eq!(faults, [503], "{}", ledger.sum());
    audit::check(&place, &ledger);
}

#[test]
fn f30_a_change_whose_audit_row_cannot_be_written_does_not_happen() {
    let _line = Scenario::begin("F30", "the audit table takes no row", "SQLite", 1);
    let mut place = Place::embedded();
    place.start();
    let mut other = SqliteConnection::establish(&place.database().display().to_string()).unwrap();
    let refusal =
        "CREATE TRIGGER no_rows BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no rows'); END";
    other.batch_execute(refusal).unwrap();
    let ended = place.here.run(&["user", "disable", STEADY]);
    assert_ne!(ended.code, 0, "{ended:?}");
    let app = place.app().clone();
    actix_web::rt::System::new().block_on(async {
        let mut browser = Browser::new(&app.provider);
        let page = browser.authorize(&app, &[]).await;
        let done = browser.submit(&page, &[("username", STEADY), ("password", PASSWORD)]).await;
        assert_eq!(done.status.as_u16() / 100, 5, "a sign-in without its row");
        other.batch_execute("DROP TRIGGER no_rows").unwrap();
        // The account was not disabled.
        browser.sign_in(&app, STEADY, &[]).await.code();
    });
    audit::check(&place, &Ledger::default());
}

#[test]
fn f6_a_data_folder_that_cannot_be_written_is_said() {
    let _line = Scenario::begin("F6", "the data folder is a file", "SQLite", 1);
    let here = Installation::new();
    let file = here.file("occupied", "");
    refuses(&here.with("TESSERA_DATA_DIR", &file), None);
}
