//! F3: the power fails while SQLite writes, so its log ends anywhere.

use std::path::Path;

use diesel::{Connection as _, RunQueryDsl as _};
use tessera::base::{Entropy, SystemEntropy};

use super::audit::is_whole;
use super::place::{Place, STEADY};
use super::{Scenario, rounds};
use crate::support::{Browser, text};

/// Renewals of one refresh token: each is a commit of its own, and acknowledged.
const COMMITS: usize = 60;

/// How often the token was renewed, by what the database says.
fn renewals(path: &Path) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Newest {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        newest: i64,
    }
    let mut lite = diesel::SqliteConnection::establish(&path.display().to_string()).unwrap();
    let newest = diesel::sql_query("SELECT max(generation) AS newest FROM grants");
    let newest: Newest = newest.get_result(&mut lite).unwrap();
    newest.newest
}

/// Where the last byte stands in which two logs differ.
fn end_of_change(before: &[u8], after: &[u8]) -> usize {
    let is_new = |at: &usize| before.get(*at) != after.get(*at);
    (0..after.len()).rev().find(is_new).map_or(0, |at| at + 1)
}

/// The log and, for each acknowledged renewal, where its part of the log ends.
async fn written(place: &Place) -> (Vec<u8>, Vec<usize>) {
    let app = place.app();
    let mut browser = Browser::new(&app.provider);
    let code = browser.sign_in(app, STEADY, &[]).await.code();
    let mut newest = text(&app.tokens(&code).await, "refresh_token").to_owned();
    let log = place.here.path("data/tessera.db-wal");
    let (mut before, mut ends) = (std::fs::read(&log).unwrap(), Vec::new());
    for _ in 0..COMMITS {
        newest = text(&app.renewed(&newest).await, "refresh_token").to_owned();
        let after = std::fs::read(&log).unwrap();
        let end = end_of_change(&before, &after);
        // The log began anew: what stood in it before is in the database file.
        if ends.last().is_some_and(|last| end <= *last) {
            ends.clear();
        }
        ends.push(end);
        before = after;
    }
    (before, ends)
}

#[test]
fn f3_a_log_that_ends_anywhere_holds_all_that_was_acknowledged_before() {
    let cuts = rounds(30, 500);
    let _line = Scenario::begin("F3", "write-ahead log cut at a random byte", "SQLite", cuts);
    let mut place = Place::embedded();
    place.start();
    let (log, ends) = actix_web::rt::System::new().block_on(written(&place));
    place.replicas[0].kill();
    let whole = std::fs::read(place.database()).unwrap();
    let copy = place.here.path("cut.db");
    let open = |bytes: &[u8]| {
        std::fs::write(&copy, &whole).unwrap();
        std::fs::write(place.here.path("cut.db-wal"), bytes).unwrap();
        drop(std::fs::remove_file(place.here.path("cut.db-shm")));
        is_whole(&copy.display().to_string());
        renewals(&copy)
    };
    let all = open(&log);
    assert!(ends.len() > 10, "the log began anew too often: {ends:?}");
    let entropy: &dyn Entropy = &SystemEntropy;
    let (first, last) = (ends[0], ends[ends.len() - 1]);
    for _ in 0..cuts {
        let cut =
            first + usize::try_from(u32::from_be_bytes(entropy.bytes())).unwrap() % (last - first);
        let kept = open(&log[..cut]);
        let lost = ends.iter().filter(|end| **end > cut).count();
        let at_least = all - i64::try_from(lost).unwrap();
        assert!((at_least..=all).contains(&kept), "cut at {cut}: {kept} of {all}, {at_least} told");
    }
}
