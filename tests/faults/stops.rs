//! F27: the program is asked to end while it is used.

use std::time::Duration;

use super::load::Load;
use super::place::Place;
use super::{Scenario, audit, rounds};

const DRAIN: Duration = Duration::from_secs(10);

fn asked_to_end(mut place: Place) {
    let rounds = rounds(5, 50);
    let _line = Scenario::begin("F27", "SIGTERM under load", place.name, rounds);
    place.start();
    let load = Load::begin(&place);
    for round in 0..rounds {
        std::thread::sleep(Duration::from_millis(400));
        let number = round % place.replicas.len();
        let (code, took) = place.replicas[number].stop();
        assert_eq!(code, Some(0), "round {round}: {}", place.replicas[number].logs());
        assert!(took < DRAIN, "round {round}: {took:?}");
        place.replicas[number].start(&place.here);
    }
    let ledger = load.run_for(Duration::from_secs(1));
    assert!(!ledger.held.is_empty(), "{}", ledger.sum());
    // Requests that were taken are answered: nothing was consumed for nobody, and nobody met a fault.
    assert_eq!((ledger.lost.len(), ledger.faults()), (0, 0), "{}", ledger.sum());
    audit::check(&place, &ledger);
}

#[test]
fn f27_a_program_that_is_asked_to_end_answers_what_it_took_on_sqlite() {
    asked_to_end(Place::embedded());
}

#[test]
fn f27_a_program_that_is_asked_to_end_answers_what_it_took_on_postgres() {
    asked_to_end(Place::shared(2));
}
