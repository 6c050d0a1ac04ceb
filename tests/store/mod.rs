//! The contract of the stores: every case is written once and tried on every backend.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod backends;
mod records;
mod users;

use backends::{Backend, Case, keeps_contract};

/// Lists cases by the path of their function.
macro_rules! cases {
    ($($room:ident { $($case:ident),* $(,)? })*) => {
        &[$($((stringify!($case), |bench| Box::pin($room::$case(bench)))),*),*]
    };
}

const CASES: &[Case] = cases! {
    users {
        a_user_is_found_as_stored,
        nobody_is_found_in_an_empty_store,
        what_is_taken_is_named_alike,
        two_users_may_lack_an_email_address,
        an_update_replaces_values_and_groups,
        single_values_of_a_user_change,
        a_deleted_user_takes_along_what_hangs_on_it,
        a_row_without_its_parent_is_refused,
    }
};

#[test]
fn sqlite_in_memory_keeps_the_contract() {
    keeps_contract(Backend::SqliteMemory, CASES);
}

#[test]
fn sqlite_in_a_file_keeps_the_contract() {
    keeps_contract(Backend::SqliteFile, CASES);
}

#[test]
fn postgres_keeps_the_contract() {
    keeps_contract(Backend::Postgres, CASES);
}
