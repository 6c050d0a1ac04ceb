//! F4 and F5: a disk that loses what was not synced, and one that is full. `disk.c` stands between
//! the program and its files, because neither can be had without root.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::crashes::moment;
use super::load::Load;
use super::place::{Place, is_ready, status_of};
use super::servers::wait_until;
use super::{Scenario, audit, rounds};

/// The library, compiled once.
fn library() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/disk.c");
        let made = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("disk-{}.so", std::process::id()));
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"]).arg(&made).arg(source);
        assert!(compiler.arg("-ldl").status().unwrap().success(), "disk.c");
        made
    })
}

/// The variables that put the library before the files of `folder`.
fn variables(folder: &Path, notes: &Path, full: &Path) -> [(&'static str, String); 4] {
    [
        ("LD_PRELOAD", library().display().to_string()),
        ("TESSERA_TEST_DISK", folder.canonicalize().unwrap().display().to_string()),
        ("TESSERA_TEST_NOTES", notes.display().to_string()),
        ("TESSERA_TEST_FULL", full.display().to_string()),
    ]
}

/// What was done to a file.
struct Note {
    is_sync: bool,
    path: PathBuf,
    offset: u64,
    size: u64,
    before: Vec<u8>,
}

/// Reads the notes; the last one may be cut off, and then what it tells of was not done.
fn notes_in(bytes: &[u8]) -> Vec<Note> {
    let (mut notes, mut rest) = (Vec::new(), bytes);
    while rest.len() > 25 {
        let small = |at: usize| u32::from_ne_bytes(rest[at..at + 4].try_into().unwrap()) as usize;
        let large = |at: usize| u64::from_ne_bytes(rest[at..at + 8].try_into().unwrap());
        let (of_path, of_bytes) = (small(1), small(21));
        let end = 25 + of_path + of_bytes;
        let Some(record) = rest.get(..end) else { break };
        notes.push(Note {
            is_sync: record[0] == b'S',
            path: PathBuf::from(std::str::from_utf8(&record[25..25 + of_path]).unwrap()),
            offset: large(5),
            size: large(13),
            before: record[25 + of_path..].to_vec(),
        });
        rest = &rest[end..];
    }
    notes
}

/// Undoes what no sync came after; how many writes that were.
fn lose_power(notes: &Path) -> usize {
    let all = notes_in(&std::fs::read(notes).unwrap_or_default());
    let last_sync = |path: &Path| all.iter().rposition(|note| note.is_sync && note.path == path);
    let mut lost = 0;
    for (number, note) in all.iter().enumerate().rev() {
        if note.is_sync || last_sync(&note.path).is_some_and(|sync| number < sync) {
            continue;
        }
        let file = File::options().write(true).open(&note.path).unwrap();
        file.write_all_at(&note.before, note.offset).unwrap();
        file.set_len(note.size).unwrap();
        lost += 1;
    }
    drop(std::fs::remove_file(notes));
    lost
}

#[test]
fn f4_the_disk_of_the_test_loses_what_was_not_synced_and_nothing_else() {
    let place = crate::cli::Installation::new();
    let folder = place.path("disk");
    std::fs::create_dir(&folder).unwrap();
    let write = |name: &str, how: &str| {
        let script = format!(
            "import os, sqlite3\n\
             lite = sqlite3.connect('disk/{name}', isolation_level=None)\n\
             lite.execute('PRAGMA journal_mode = WAL')\n\
             lite.execute('PRAGMA synchronous = FULL')\n\
             lite.execute('CREATE TABLE t (a)')\n\
             lite.execute('PRAGMA synchronous = {how}')\n\
             lite.execute('INSERT INTO t VALUES (1)')\n\
             os.kill(os.getpid(), 9)\n"
        );
        let notes = place.path("notes");
        let mut python = Command::new("python3");
        let python = python.arg("-c").arg(script).current_dir(place.path(""));
        let set = variables(&folder, &notes, Path::new("/none"));
        assert!(!python.envs(set).status().unwrap().success());
        let lost = lose_power(&notes);
        drop(std::fs::remove_file(folder.join(format!("{name}-shm"))));
        let count = "import sqlite3, sys; \
             print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM t').fetchone()[0])";
        let path = folder.join(name);
        let told = Command::new("python3").args(["-c", count]).arg(path).output().unwrap();
        (String::from_utf8(told.stdout).unwrap().trim().to_owned(), lost > 0)
    };
    assert_eq!(write("kept", "FULL"), ("1".to_owned(), false));
    assert_eq!(write("lost", "OFF"), ("0".to_owned(), true));
}

/// Has the program of a place write through the library.
fn put_before(place: &mut Place) -> (PathBuf, PathBuf) {
    let (notes, full) = (place.here.path("notes"), place.here.path("full"));
    for (name, value) in variables(&place.here.path("data"), &notes, &full) {
        place.replicas[0].set(name, &value);
    }
    (notes, full)
}

#[test]
fn f4_what_was_acknowledged_survives_the_loss_of_all_that_was_not_synced() {
    let (mut place, rounds) = (Place::embedded(), rounds(4, 60));
    let _line = Scenario::begin("F4", "power loss: unsynced writes are gone", place.name, rounds);
    let (notes, _) = put_before(&mut place);
    place.start();
    let load = Load::begin(&place);
    let mut lost = 0;
    for _ in 0..rounds {
        std::thread::sleep(Duration::from_millis(300) + moment());
        place.replicas[0].kill();
        lost += lose_power(&notes);
        // It is memory of the machine that lost power.
        drop(std::fs::remove_file(place.here.path("data/tessera.db-shm")));
        place.replicas[0].start(&place.here);
    }
    let ledger = load.run_for(Duration::from_secs(2));
    println!("{lost} writes were lost");
    audit::check(&place, &ledger);
}

#[test]
fn f5_a_full_disk_refuses_cleanly_and_is_forgotten_once_there_is_space() {
    let (mut place, rounds) = (Place::embedded(), rounds(1, 10));
    let _line = Scenario::begin("F5", "disk full for 4 s", place.name, rounds);
    let (_, full) = put_before(&mut place);
    place.replicas[0].unset("TESSERA_TEST_NOTES");
    place.start();
    let load = Load::of_apps(&place);
    let url = place.replicas[0].url();
    for _ in 0..rounds {
        std::thread::sleep(Duration::from_millis(600));
        std::fs::write(&full, "").unwrap();
        let since = Instant::now();
        wait_until("not ready", Duration::from_secs(5), || !is_ready(&url));
        while since.elapsed() < Duration::from_secs(4) {
            for path in ["/jwks", "/.well-known/openid-configuration", "/healthz"] {
                assert_eq!(status_of(&url, path), Some(200), "{path}");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        std::fs::remove_file(&full).unwrap();
        place.is_ready_within(Duration::from_secs(10));
    }
    let ledger = load.run_for(Duration::from_millis(600));
    let refused = ledger.answers.get(&503).copied().unwrap_or_default();
    assert!(refused > 0, "nothing was refused: {}", ledger.sum());
    let unexpected = ledger.answers.keys().find(|status| **status >= 500 && **status != 503);
    assert_eq!(unexpected, None, "{} {}", ledger.sum(), place.replicas[0].logs());
    audit::check(&place, &ledger);
}
