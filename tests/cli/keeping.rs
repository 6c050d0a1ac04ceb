//! `tessera backup` and `tessera restore`, as an operator runs them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use serde_json::Value;

use super::Installation;
use super::serve::Running;
use crate::flows::fresh_database;
use crate::support::SEAL_KEY;

const PASSWORD: &str = "correct horse battery staple";

pub(super) fn person(here: &Installation, name: &str) {
    let email = format!("{name}@example.com");
    let args = ["user", "create", "--username", name, "--email", &email, "--password-stdin"];
    here.run_with_input(&args, &format!("{PASSWORD}\n")).succeeded();
}

/// An installation that has served once, with one person.
pub(super) fn installation() -> Installation {
    started(Installation::new())
}

fn started(here: Installation) -> Installation {
    let here = here.with("TESSERA_LISTEN", "127.0.0.1:0");
    let mut server = Running::start(&here, &["serve"]);
    assert!(server.line().starts_with("serving "));
    person(&here, "ada");
    assert_eq!(server.stop().0, Some(0));
    here
}

fn names(here: &Installation) -> Vec<String> {
    let listed = here.run(&["user", "list", "--json"]).succeeded().json();
    let named = |user: &Value| user["username"].as_str().unwrap().to_owned();
    listed.as_array().unwrap().iter().map(named).collect()
}

fn kids(here: &Installation) -> Value {
    here.run(&["key", "list", "--json"]).succeeded().json()
}

/// A backup of `here`, in its own folder.
pub(super) fn backup(here: &Installation, name: &str) -> PathBuf {
    here.run(&["backup", "--to", name]).succeeded();
    here.path(name)
}

/// A new machine with the seal key of `here`.
fn with_key_of(here: &Installation) -> Installation {
    let there = Installation::new().with("TESSERA_LISTEN", "127.0.0.1:0");
    fs::create_dir(there.path("data")).unwrap();
    fs::copy(here.path("data/seal.key"), there.path("data/seal.key")).unwrap();
    there
}

#[test]
fn a_backup_is_one_private_file_made_beside_the_running_server() {
    let here = installation();
    let server = Running::start(&here, &["serve"]);
    let said = here.run(&["backup"]).succeeded().out;
    let (path, size) = said.split_once(" (").unwrap();
    assert!(path.starts_with("./data/backups/tessera-2") && path.ends_with(".db"), "{said}");
    assert!(size.contains("kB); the seal key is not in it"), "{said}");
    let file = here.path(path);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let folder = file.parent().unwrap();
    assert_eq!(fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::read_dir(folder).unwrap().count(), 1, "one file, and nothing beside it");

    let bytes = fs::read(&file).unwrap();
    let key = fs::read_to_string(here.path("data/seal.key")).unwrap();
    assert!(!bytes.windows(43).any(|part| part == &key.as_bytes()[..43]), "the seal key is in it");
    // Nothing is overwritten.
    here.run(&["backup", "--to", path]).failed("exists, and a backup overwrites nothing");
    assert_eq!(fs::read(&file).unwrap(), bytes);
    let told = here.run(&["audit", "tail", "--json"]).succeeded().out;
    assert_eq!(told.matches("backed_up").count(), 1, "{told}");
    drop(server);
}

#[test]
fn an_installation_that_never_started_has_nothing_to_keep() {
    let here = Installation::new();
    here.run(&["backup"]).failed("there is nothing to keep");
    assert!(!here.path("data/seal.key").exists());
}

#[test]
fn everything_comes_back_on_another_machine() {
    let here = installation();
    let file = backup(&here, "kept.db");
    let path = file.to_str().unwrap();
    let there = with_key_of(&here);
    let said = there.run(&["restore", path, "--check"]).succeeded().out;
    assert!(said.contains("can be restored: ") && said.lines().count() == 1, "{said}");
    assert!(!there.path("data/tessera.db").exists(), "a check changes nothing");

    let before = fs::read(&file).unwrap();
    let said = there.run(&["restore", path]).succeeded().out;
    assert!(said.starts_with("everything is as it was at 20"), "{said}");
    assert!(said.contains("look at it") && said.lines().count() == 1, "{said}");
    assert_eq!(fs::read(&file).unwrap(), before, "the backup stays as it is");
    assert_eq!((names(&there), kids(&there)), (names(&here), kids(&here)));
    let mode = fs::metadata(there.path("data/tessera.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut server = Running::start(&there, &["serve"]);
    assert!(server.line().starts_with("serving "));
    assert_eq!(server.stop().0, Some(0));
    there.run(&["audit", "verify"]).succeeded();
}

#[test]
fn a_backup_opens_with_its_seal_key_alone() {
    let here = installation();
    let path = backup(&here, "kept.db");
    let path = path.to_str().unwrap();
    let there = Installation::new();
    there.run(&["restore", path]).failed("seal.key is missing: a backup opens with its seal key");
    assert!(!there.path("data").exists(), "r53: no second key, no folder, nothing");
    for args in [vec!["restore", path], vec!["restore", path, "--check"]] {
        let there = Installation::new().with("TESSERA_SEAL_KEY", SEAL_KEY);
        there.run(&args).failed("belongs to another seal key");
        assert!(!there.path("data/tessera.db").exists());
    }
}

#[test]
fn what_is_there_is_replaced_on_demand_and_kept_beside() {
    let here = installation();
    let path = backup(&here, "kept.db");
    let path = path.to_str().unwrap();
    person(&here, "bob");
    here.run(&["restore", path]).failed("there are accounts or apps here already");
    assert_eq!(names(&here), ["ada", "bob"]);
    let kept = here.run(&["restore", path, "--replace", "--json"]).succeeded().json();
    assert_eq!(names(&here), ["ada"]);
    let kept = kept["kept"].as_str().unwrap();
    fs::rename(here.path(kept), here.path("data/tessera.db")).unwrap();
    assert_eq!(names(&here), ["ada", "bob"], "what was there can be put back");
}

#[test]
fn nothing_is_restored_under_a_running_server() {
    let here = installation();
    let path = backup(&here, "kept.db");
    let mut server = Running::start(&here, &["serve"]);
    assert!(server.line().starts_with("serving "));
    let path = path.to_str().unwrap();
    here.run(&["restore", path, "--replace"]).failed("the database is in use: stop the server");
    person(&here, "bob");
    assert_eq!(server.stop().0, Some(0));
    here.run(&["restore", path, "--replace"]).succeeded();
    assert_eq!(names(&here), ["ada"]);
    let left = fs::read_dir(here.path("data")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    let drafts = left.iter().filter(|name| name.to_string_lossy().contains("restoring"));
    assert_eq!(drafts.count(), 0, "{left:?}");
}

#[test]
fn f23_a_backup_that_is_damaged_is_refused() {
    let here = installation();
    let file = backup(&here, "kept.db");
    let whole = fs::read(&file).unwrap();
    let there = with_key_of(&here);
    let refused = |bytes: &[u8], why: &str| {
        let path = there.path("broken.db");
        fs::write(&path, bytes).unwrap();
        for more in [&["--check"][..], &[]] {
            let ended = there.run(&[&["restore", "broken.db"], more].concat());
            assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{why}: {ended:?}");
            assert_eq!(ended.err.lines().count(), 1, "{why}: {ended:?}");
            let is_told = ended.err.contains("is damaged") || ended.err.contains("no backup of");
            assert!(is_told, "{why}: {ended:?}");
        }
        assert!(!there.path("data/tessera.db").exists(), "{why}");
    };
    refused(b"", "empty");
    refused(b"not a database, but a letter to somebody", "a letter");
    refused(&whole[..whole.len() / 2], "cut in half");
    refused(&whole[..whole.len() - 4096], "without its last page");
    // One bit of a value that no index and no page header knows of.
    let place = whole.windows(15).position(|part| part == b"ada@example.com").unwrap();
    let mut altered = whole.clone();
    altered[place] ^= 1;
    refused(&altered, "one letter of an address");
    let mut altered = whole;
    for byte in altered.iter_mut().skip(3 * 4096).take(64) {
        *byte ^= 0xff;
    }
    refused(&altered, "the head of a page");
    // A database of ours that is no backup.
    refused(&fs::read(here.path("data/tessera.db")).unwrap(), "the database itself");
}

#[test]
fn a_backup_of_a_newer_version_is_refused() {
    let here = installation();
    let database = here.path("data/tessera.db");
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
    connection.batch_execute(newer).unwrap();
    drop(connection);
    let file = backup(&here, "kept.db");
    let there = with_key_of(&here);
    there.run(&["restore", file.to_str().unwrap()]).failed("which knows 9999");
    assert!(!there.path("data/tessera.db").exists());
}

#[test]
fn a_backup_of_either_engine_is_restored_on_either() {
    let (Some(first), Some(second)) = (fresh_database(), fresh_database()) else { return };
    let on = |url: &str| {
        let there = Installation::new()
            .with("TESSERA_SEAL_KEY", SEAL_KEY)
            .with("TESSERA_DATABASE_URL", url);
        there.run(&["migrate"]).succeeded();
        there
    };
    let here = started(Installation::new().with("TESSERA_SEAL_KEY", SEAL_KEY));
    let lite = backup(&here, "kept.db");

    // From SQLite to PostgreSQL, and on to another database.
    let server = on(&first);
    server.run(&["restore", lite.to_str().unwrap()]).succeeded();
    assert_eq!((names(&server), kids(&server)), (names(&here), kids(&here)));
    let postgres = backup(&server, "kept.db");
    person(&server, "bob");
    server.run(&["restore", lite.to_str().unwrap()]).failed("--replace keeps them in a backup");
    let other = on(&second);
    other.run(&["restore", postgres.to_str().unwrap()]).succeeded();
    assert_eq!((names(&other), kids(&other)), (names(&here), kids(&here)));

    // And back to SQLite.
    let there = Installation::new().with("TESSERA_SEAL_KEY", SEAL_KEY);
    there.run(&["restore", postgres.to_str().unwrap()]).succeeded();
    assert_eq!((names(&there), kids(&there)), (names(&here), kids(&here)));
    there.run(&["audit", "verify"]).succeeded();

    // What a server holds is kept in a backup of its own before it is replaced.
    let kept = server.run(&["restore", lite.to_str().unwrap(), "--replace", "--json"]);
    let kept = kept.succeeded().json();
    assert_eq!(names(&server), ["ada"]);
    let kept = server.path(kept["kept"].as_str().unwrap());
    let again = Installation::new().with("TESSERA_SEAL_KEY", SEAL_KEY);
    again.run(&["restore", kept.to_str().unwrap()]).succeeded();
    assert_eq!(names(&again), ["ada", "bob"]);
}
