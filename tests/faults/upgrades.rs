//! F20: from one version to the next and back, one program after the other, while apps go on (P10).
//! `scripts/faults` builds the version before the newest migration and names it in a variable. Without
//! it both versions are the program under test, which proves the restarts and not the schema.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::load::Load;
use super::place::Place;
use super::{Scenario, audit, rounds};

/// The program of the version before.
fn before() -> Option<PathBuf> {
    std::env::var_os("TESSERA_PREVIOUS_BIN").map(PathBuf::from)
}

/// One program after the other becomes the other version.
fn swap(place: &mut Place, program: Option<&Path>) {
    for number in 0..place.replicas.len() {
        let replica = &mut place.replicas[number];
        assert_eq!(replica.stop().0, Some(0), "{}", replica.logs());
        replica.becomes(program);
        replica.start(&place.here);
        // Both versions at once.
        std::thread::sleep(Duration::from_millis(800));
    }
}

fn there_and_back(mut place: Place, before: Option<&Path>) {
    let rounds = rounds(1, 5);
    let what = match before {
        Some(_) => "one version to the next and back, program by program",
        None => "programs restarted one by one (the same version)",
    };
    let _line = Scenario::begin("F20", what, place.name, rounds);
    place.replicas.iter_mut().for_each(|replica| replica.becomes(before));
    place.start();
    let load = Load::begin(&place);
    // Expands the schema under the programs of before.
    place.here.run(&["migrate"]).succeeded();
    std::thread::sleep(Duration::from_millis(800));
    for _ in 0..rounds {
        swap(&mut place, None);
        swap(&mut place, before);
    }
    swap(&mut place, None);
    let ledger = load.run_for(Duration::from_millis(800));
    assert!(!ledger.held.is_empty(), "{}", ledger.sum());
    assert_eq!((ledger.lost.len(), ledger.faults()), (0, 0), "{}", ledger.sum());
    for replica in &place.replicas {
        let logs = replica.logs();
        let bad = logs.lines().find(|line| line.contains("ERROR") || line.contains("panicked"));
        assert_eq!(bad, None);
    }
    audit::check(&place, &ledger);
}

#[test]
fn f20_a_rolling_upgrade_and_its_way_back_lose_nothing_on_postgres() {
    let before = before();
    there_and_back(Place::shared_by(before.as_deref(), 2), before.as_deref());
}

#[test]
fn f20_an_upgrade_and_its_way_back_lose_nothing_on_sqlite() {
    let before = before();
    there_and_back(Place::embedded_by(before.as_deref()), before.as_deref());
}
