//! Faults, and what must hold after them (`docs/reliability.md`): the built program beside servers of its own that are
//! killed, stopped and cut off while apps use it. A **ledger** keeps every answer that apps were given, an **audit**
//! asks the program afterwards whether each of them is still true.
//!
//! A few rounds run with every test run. `scripts/faults` runs all of them and writes the table of the page.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod audit;
mod backups;
mod clocks;
mod crashes;
mod crowds;
mod disk;
mod fail_over;
mod ledger;
mod load;
mod place;
mod power;
mod relay;
mod servers;
mod servers_away;
mod starts;
mod stops;
mod upgrades;

/// Rounds of a scenario: few in the usual run, `full` when `scripts/faults` asks for all.
fn rounds(usual: usize, full: usize) -> usize {
    if std::env::var_os("TESSERA_FAULTS").is_some() { full } else { usual }
}

/// Prints the line of a scenario for `scripts/faults`, however it ends.
struct Scenario {
    line: String,
}

impl Scenario {
    fn begin(number: &str, what: &str, place: &str, rounds: usize) -> Self {
        Self { line: format!("{number} | {what} | {place} | {rounds}") }
    }
}

impl Drop for Scenario {
    fn drop(&mut self) {
        let result = if std::thread::panicking() { "broken" } else { "held" };
        println!("fault | {} | {result}", self.line);
    }
}
