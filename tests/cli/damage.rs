//! F23 and F28: a start on damaged data, or without its seal key, is refused.

use std::fs;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use super::Installation;
use super::keeping::{backup, installation};
use super::serve::Running;
use crate::support::SEAL_KEY;

/// The start is refused in one line that tells what to do, and the seal key stays as it is.
fn is_refused(here: &Installation, reason: &str) {
    let read = || fs::read(here.path("data/seal.key")).ok();
    let before = read();
    let ended = here.run(&["serve"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{reason}: {ended:?}");
    let told: Vec<&str> = ended.err.lines().filter(|line| !line.starts_with('{')).collect();
    assert_eq!(told.len(), 1, "{reason}: {ended:?}");
    assert!(told[0].contains(reason), "{reason}: {ended:?}");
    assert_eq!(read(), before, "{reason}");
}

#[test]
fn f23_a_damaged_database_is_refused_and_a_backup_helps() {
    let here = installation();
    let file = backup(&here, "kept.db");
    let database = here.path("data/tessera.db");
    // Everything stands in the one file.
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    connection.batch_execute("PRAGMA journal_mode = DELETE").unwrap();
    drop(connection);
    let whole = fs::read(&database).unwrap();
    let pages = whole.len() / 4096;
    let flipped = |from: usize, count: usize| {
        let mut altered = whole.clone();
        altered.iter_mut().skip(from).take(count).for_each(|byte| *byte ^= 0xff);
        altered
    };
    for (what, bytes) in [
        ("the head of the file", flipped(0, 16)),
        ("the catalogue", flipped(100, 64)),
        ("the head of a page", flipped((pages / 2) * 4096, 12)),
        ("cut in half", whole[..pages / 2 * 4096].to_vec()),
        ("cut within a page", whole[..whole.len() - 1000].to_vec()),
        ("empty", Vec::new()),
    ] {
        fs::write(&database, &bytes).unwrap();
        println!("{what}");
        is_refused(&here, "the database is damaged");
        is_refused(&here, "tessera restore FILE --replace");
        assert_eq!(fs::read(&database).unwrap(), bytes, "{what}: it stays as it is");
        let told = here.run(&["doctor"]);
        assert_eq!(told.code, 1, "{what}: {told:?}");
        assert!(told.out.contains("✗ database: the database is damaged"), "{what}: {told:?}");
    }
    here.run(&["restore", file.to_str().unwrap(), "--replace"]).succeeded();
    let mut server = Running::start(&here, &["serve"]);
    assert!(server.line().starts_with("serving "));
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn f23_damage_in_a_large_file_is_found_beside_the_first_requests() {
    let here = installation();
    let database = here.path("data/tessera.db");
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    connection
        .batch_execute(
            "PRAGMA journal_mode = DELETE; \
             INSERT INTO meta (name, value) VALUES ('large', hex(zeroblob(6000000)))",
        )
        .unwrap();
    drop(connection);
    let mut bytes = fs::read(&database).unwrap();
    // A page in the middle of the value leads to the next one no more.
    let page = bytes.len() / 2 / 4096 * 4096;
    bytes[page..page + 4].fill(0xff);
    fs::write(&database, bytes).unwrap();
    let here = here.with("TESSERA_LISTEN", "127.0.0.1:0");
    let mut server = Running::start(&here, &["serve"]);
    let line = server.line();
    let address = line.rsplit(' ').next().unwrap().to_owned();
    let here = here.with("TESSERA_LISTEN", &address);
    let found = (0..150).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        here.run(&["healthcheck"]).code != 0
    });
    let (_, logs) = server.stop();
    assert!(found && logs.contains("the database is damaged"), "{logs}");
}

#[test]
fn f28_a_missing_or_wrong_seal_key_is_refused_and_none_is_made() {
    let here = installation();
    let key = here.path("data/seal.key");
    let right = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    is_refused(&here, "seal.key is missing, but the database was sealed with it");
    assert!(!key.exists(), "no second key");
    here.run(&["backup"]).failed("seal.key is missing");
    here.run(&["key", "rotate"]).failed("seal.key is missing");
    assert!(!key.exists(), "no second key");

    fs::write(&key, SEAL_KEY).unwrap();
    std::process::Command::new("chmod").arg("600").arg(&key).status().unwrap();
    is_refused(&here, "sealed with another seal key");
    fs::write(&key, "nonsense").unwrap();
    is_refused(&here, "must be 32 bytes in base64");

    fs::write(&key, right).unwrap();
    let mut server = Running::start(&here, &["serve"]);
    assert!(server.line().starts_with("serving "));
    assert_eq!(server.stop().0, Some(0));
}
