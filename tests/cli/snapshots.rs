//! What an upgrade leaves beside an embedded database.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use super::Installation;
use super::keeping::person;

fn copies(here: &Installation) -> Vec<String> {
    let Ok(found) = fs::read_dir(here.path("data/backups")) else { return Vec::new() };
    let mut names: Vec<String> =
        found.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Makes the database one of before the last migration.
fn take_back(here: &Installation) {
    let database = here.path("data/tessera.db");
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let mut all: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    let last = all.pop().unwrap();
    let version = last.file_name().unwrap().to_str().unwrap()[..4].to_owned();
    connection.batch_execute(&fs::read_to_string(last.join("down.sql")).unwrap()).unwrap();
    let forget = format!("DELETE FROM __diesel_schema_migrations WHERE version = '{version}'");
    connection.batch_execute(&forget).unwrap();
}

#[test]
fn a_database_is_copied_before_an_upgrade_changes_it() {
    let here = Installation::new();
    person(&here, "ada");
    assert_eq!(copies(&here), [""; 0], "a new one needs no copy");
    here.run(&["user", "list"]).succeeded();
    assert_eq!(copies(&here), [""; 0], "nor does one that is up to date");

    take_back(&here);
    here.run(&["migrate", "--dry-run"]).succeeded();
    assert_eq!(copies(&here), [""; 0], "nor does looking at it");
    here.run(&["migrate"]).succeeded();
    let version = env!("CARGO_PKG_VERSION");
    let first = format!("before-{version}.db");
    assert_eq!(copies(&here), std::slice::from_ref(&first));
    let copy = here.path("data/backups").join(&first);
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);

    // The copy is the database as it was: put in its place, it is upgraded once more.
    person(&here, "bob");
    for name in ["tessera.db-wal", "tessera.db-shm"] {
        let _ = fs::remove_file(here.path("data").join(name));
    }
    fs::copy(&copy, here.path("data/tessera.db")).unwrap();
    let listed = here.run(&["user", "list"]).succeeded().out;
    assert!(listed.contains("ada") && !listed.contains("bob"), "{listed}");

    // Three are kept, the newest ones: of five the second goes last, and the name of the first is
    // free again.
    for _ in 0..3 {
        take_back(&here);
        here.run(&["migrate"]).succeeded();
    }
    let numbered = |number: u32| format!("before-{version}-{number}.db");
    assert_eq!(copies(&here), [numbered(3), numbered(4), first]);
}

#[test]
fn an_upgrade_that_cannot_be_taken_back_does_not_begin() {
    let here = Installation::new();
    person(&here, "ada");
    take_back(&here);
    fs::write(here.path("data/backups"), "a file where the folder should be").unwrap();
    here.run(&["migrate"]).failed("keeping the database before migrating");
    let dry = here.run(&["migrate", "--dry-run"]).succeeded().out;
    assert!(dry.starts_with("the database lacks "), "{dry}");
}
