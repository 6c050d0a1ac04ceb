//! The contract of the stores: every case is written once and tried on every backend.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod audit;
mod backends;
mod client_logos;
mod clients;
mod consents;
mod ephemeral;
mod factors;
mod grants;
mod interactions;
mod jobs;
mod kept;
mod known_browsers;
mod login_failures;
mod outbox;
mod passkeys;
mod processes;
mod proofs;
mod records;
mod registration_tokens;
mod sessions;
mod signing_keys;
mod trusted_devices;
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
        more_people_are_listed_than_a_statement_takes_values,
        nobody_is_found_in_an_empty_store,
        what_is_taken_is_named_alike,
        a_name_is_of_one_account_be_it_username_or_address,
        two_users_may_lack_an_email_address,
        an_update_replaces_values_and_groups,
        single_values_of_a_user_change,
        a_deleted_user_takes_along_what_hangs_on_it,
        a_row_without_its_parent_is_refused,
    }
    clients {
        a_client_is_found_as_stored,
        no_client_is_found_in_an_empty_store,
        a_client_id_is_taken_once,
        an_update_replaces_a_client_and_its_origins,
        a_disabled_client_opens_nothing,
        a_client_that_registered_itself_is_on_no_landing_page,
        unused_clients_that_registered_themselves_are_purged,
    }
    kept {
        a_change_of_ones_own_is_seen_at_once,
        nothing_older_than_a_finished_change_is_ever_read,
        a_change_of_another_process_is_seen_by_who_asks_anew,
        a_kept_grant_follows_its_redemption_and_its_end,
    }
    client_logos {
        a_logo_is_due_until_it_is_kept,
        of_many_processes_one_fetches_a_logo,
    }
    passkeys {
        a_passkey_belongs_to_one_person,
        r78_of_two_uses_with_one_counter_one_is_kept,
        r78_of_fifty_answers_to_one_challenge_one_counts,
        who_declined_a_passkey_last_said_so_then,
        of_many_passkeys_added_at_once_as_many_stay_as_may_be,
    }
    trusted_devices {
        trusted_devices_count_for_their_time_and_their_owner,
        trust_ends_where_what_it_rests_on_is_changed,
        of_many_trusted_devices_the_newest_twenty_count,
    }
    known_browsers {
        a_browser_is_new_once_and_to_its_account,
        the_newest_twenty_browsers_are_kept,
        of_many_sign_ins_at_once_in_a_browser_one_is_the_first,
    }
    proofs {
        r67_a_proof_is_found_until_it_is_used_or_too_old,
        r67_a_newer_proof_takes_the_place_of_the_older,
        r67_a_new_password_cancels_what_would_set_another,
        r67_a_proved_address_cancels_what_the_one_before_got,
        r67_a_code_is_tried_ten_times_at_most,
        r67_of_fifty_who_use_one_proof_one_wins,
        r72_an_invitation_belongs_to_one_address,
        r72_an_invitation_keeps_what_it_is_for_and_is_withdrawn_once,
        proofs_are_purged_up_to_a_limit,
    }
    registration_tokens {
        a_registration_token_counts_as_often_as_it_says,
        of_fifty_who_register_one_wins,
        registration_tokens_are_purged_up_to_a_limit,
    }
    consents {
        a_later_consent_takes_the_place_of_the_first,
        a_consent_is_taken_back_once,
    }
    sessions {
        sessions_are_found_with_their_users,
        a_session_is_touched_and_renewed,
        a_session_ends_once_and_stays_ended,
        every_session_of_one_user_ends,
        sessions_are_purged_up_to_a_limit,
    }
    grants {
        a_grant_is_found_as_stored,
        no_grant_is_found_that_was_not_stored,
        redeem_code_twice,
        a_code_is_worth_nothing_when_wrong_late_or_taken_back,
        of_fifty_who_redeem_one_wins,
        the_third_wrong_verifier_takes_the_code_back,
        a_wrong_verifier_after_the_code_harms_nobody,
        a_session_that_ends_takes_its_grants_along,
        a_grant_notes_the_use_of_its_session_and_its_client,
        ending_all_sessions_takes_every_grant_along,
        no_grant_slips_past_a_sign_out,
        grants_are_purged_up_to_a_limit,
    }
    interactions {
        an_interaction_is_found_as_stored,
        evidence_is_kept_and_ends_the_count,
        of_many_browsers_one_claims,
        of_many_answers_one_is_kept,
        an_answer_gives_way_after_a_minute,
        interactions_are_purged_up_to_a_limit,
    }
    login_failures {
        a_burst_gets_five_attempts,
        the_wait_doubles_up_to_a_quarter_of_an_hour,
        an_attempt_that_was_not_made_is_given_back,
        a_sign_in_clears_the_count,
        failures_are_forgotten_after_a_day,
    }
    factors {
        factors_are_found_as_stored_and_removed,
        r74_of_fifty_who_show_one_code_one_wins,
        r75_of_fifty_who_use_one_recovery_code_one_wins,
    }
    outbox {
        an_ended_session_is_told_once_to_each_app_that_listens,
        a_session_that_ran_out_is_told_when_its_account_is_lost,
        a_delivery_outlives_the_account_and_goes_with_the_client,
        of_many_processes_one_gets_each_delivery,
        a_lease_that_ends_makes_it_due_again,
        a_busy_client_is_left_out,
        how_it_went_is_kept,
        deliveries_are_purged_up_to_a_limit,
    }
    audit {
        r125_a_row_is_found_as_stored,
        r125_a_late_row_is_sealed_next,
        r125_a_row_and_a_place_are_taken_once,
        r125_of_many_processes_one_seals_each_row,
        r125_the_last_rows_of_a_party_are_listed,
        r125_a_change_that_is_undone_leaves_no_row,
        r86_the_trail_of_an_account_is_read_in_pages,
    }
    signing_keys {
        keys_are_listed_the_oldest_first,
        a_key_is_hastened_and_never_put_off,
        when_a_key_leaves_is_noted_once,
        of_many_keys_for_one_place_one_is_kept,
    }
    jobs {
        a_job_that_fails_or_panics_is_undone_alone,
        a_panic_is_told_as_a_failure,
        a_plan_is_the_same_for_all_values,
        what_each_sign_in_changes_is_prepared_once,
        a_write_outlives_its_caller,
        a_conflict_is_tried_again,
        success_is_told_only_of_what_was_kept,
        a_transaction_that_is_lost_is_told_to_all,
        readers_go_on_beside_a_writer,
        a_value_that_cannot_be_read_is_named_with_its_place,
    }
    processes {
        a_write_of_another_process_is_seen,
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
