//! The ledger of the pages: every state, where it is met, and the story that meets it.
//!
//! `docs/pages.md` is printed from here: `TESSERA_PRINT=1 cargo test pages`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tessera::pages::{Locale, gallery};

/// What a state's name begins with, where a person meets it, and the test that comes there. The
/// longest beginning counts, so a further state of a page needs no line, and a new page needs one.
const PAGES: &[(&str, &str, &str)] = &[
    ("sign-in", "/i/{id}/sign-in", "steps_posted_empty_or_out_of_order_change_nothing"),
    ("sign-in-wrong", "/i/{id}/sign-in", "r61_unknown_disabled_and_wrong_get_the_same_answer"),
    ("sign-in-passkey-refused", "/i/{id}/passkey/sign-in", "r78_an_answer_that_lies_is_refused"),
    (
        "sign-in-too-many",
        "/i/{id}/sign-in",
        "r57_failures_of_an_account_slow_down_and_headers_do_not_help",
    ),
    (
        "sign-in-busy",
        "/i/{id}/sign-in",
        "r56_a_flood_of_passwords_is_turned_away_and_the_rest_goes_on",
    ),
    (
        "sign-in-confirm",
        "/i/{id}/sign-in",
        "r88_another_person_at_a_confirmation_replaces_the_first",
    ),
    ("sign-in-stale", "/i/{id}/sign-in", "a_page_that_was_open_too_long_begins_anew"),
    ("sign-in-other", "/i/{id}/sign-in", "several_accounts_live_in_one_browser"),
    (
        "sign-in-own",
        "/i/{id}/sign-in",
        "who_is_not_signed_in_signs_in_and_comes_back_to_the_same_page",
    ),
    ("passkey-offer", "/i/{id}", "r79_a_passkey_signs_in_and_says_what_it_was"),
    ("accounts", "/i/{id}/account", "several_accounts_live_in_one_browser"),
    ("consent", "/i/{id}/consent", "r89_consent_shows_who_asks_who_is_asked_and_for_what"),
    ("hand-off", "/i/{id}", "a_final_step_posted_twice_gives_the_same_answer_for_a_minute"),
    (
        "hand-off-ask",
        "/authorize",
        "r15_an_error_of_an_app_nobody_vouches_for_waits_for_its_person",
    ),
    (
        "form-post",
        "/i/{id}",
        "r11_form_post_escapes_every_value_and_posts_to_the_registered_address",
    ),
    ("totp", "/i/{id}/totp", "r79_a_password_and_a_code_are_two_factors"),
    ("totp-wrong", "/i/{id}/totp", "r74_a_code_counts_once"),
    ("totp-too-many", "/i/{id}/totp", "r76_failed_codes_count_over_browsers_ways_and_passwords"),
    (
        "totp-step-up",
        "/i/{id}/totp",
        "a_session_of_one_factor_is_asked_for_the_second_when_an_app_wants_it",
    ),
    (
        "passkey-confirm",
        "/i/{id}/passkey/confirm",
        "another_way_can_be_chosen_and_the_last_used_comes_first",
    ),
    (
        "passkey-confirm-refused",
        "/i/{id}/passkey/confirm",
        "r78_the_passkey_of_another_person_is_no_second_factor",
    ),
    ("ways", "/i/{id}/ways", "another_way_can_be_chosen_and_the_last_used_comes_first"),
    (
        "totp-setup-passkey",
        "/i/{id}/passkey/set-up",
        "r81_a_passkey_can_be_set_up_instead_and_is_shown_before_anything_opens",
    ),
    ("totp-setup", "/i/{id}/set-up-totp", "r81_a_factor_that_must_be_set_up_cannot_be_skipped"),
    ("recovery", "/i/{id}/recovery", "r75_a_recovery_code_stands_in_once_and_for_its_owner_alone"),
    ("recovery-codes", "/i/{id}/set-up-totp", "r81_a_factor_that_must_be_set_up_cannot_be_skipped"),
    ("landing", "/", "the_landing_page_lists_the_apps_of_those_who_signed_in"),
    ("sign-out", "/end_session", "r103_without_a_valid_hint_the_person_is_asked"),
    ("signed-out", "/end_session", "a_hint_for_the_current_session_signs_out_at_once"),
    (
        "signed-out-told",
        "/end_session",
        "the_signed_out_page_holds_a_frame_for_each_app_that_wants_one",
    ),
    ("account", "/account", "with_several_accounts_the_active_one_is_shown_and_can_be_switched"),
    (
        "account-password",
        "/account/password",
        "r37_r82_a_new_password_ends_everything_else_and_renews_this_session",
    ),
    (
        "account-password-wrong",
        "/account/password",
        "r57_the_current_password_goes_through_the_door_of_the_sign_in",
    ),
    (
        "account-passkeys-review",
        "/account/passkeys",
        "who_has_no_password_is_asked_to_look_over_the_passkeys",
    ),
    (
        "account-password-due",
        "/account/password",
        "r69_r71_this_was_not_me_shuts_everybody_else_out_and_asks_for_a_new_password",
    ),
    (
        "account-activity",
        "/account/activity",
        "r86_recent_activity_is_told_in_words_and_is_its_persons_own",
    ),
    (
        "account-activity-empty",
        "/account/activity",
        "r86_older_activity_comes_in_pages_whose_places_are_the_accounts_own",
    ),
    (
        "account-disown",
        "/account/activity/not-me",
        "r69_r71_this_was_not_me_shuts_everybody_else_out_and_asks_for_a_new_password",
    ),
    (
        "account-disown-passkeys",
        "/account/activity/not-me",
        "who_has_no_password_is_asked_to_look_over_the_passkeys",
    ),
    (
        "new-password",
        "/i/{id}/new-password",
        "r69_r114_the_old_password_leads_to_a_new_one_before_anything_opens",
    ),
    (
        "account-sessions",
        "/account/sessions",
        "r86_r108_sessions_are_listed_and_ended_by_their_owner_alone",
    ),
    (
        "account-security",
        "/account/security",
        "the_authenticator_app_is_set_up_and_removed_and_its_codes_are_made_anew",
    ),
    ("account-passkeys", "/account/passkeys", "a_passkey_is_added_renamed_and_removed"),
    (
        "account-passkey-new",
        "/account/passkeys/new",
        "r78_a_question_for_a_passkey_counts_once_and_in_its_session",
    ),
    ("account-passkey", "/account/passkeys/{id}", "a_passkey_is_added_renamed_and_removed"),
    (
        "account-passkey-remove",
        "/account/passkeys/{id}/remove",
        "a_passkey_is_added_renamed_and_removed",
    ),
    ("account-passkey-remove-last", "", "the_last_way_to_sign_in_stays"),
    (
        "account-totp",
        "/account/totp",
        "the_authenticator_app_is_set_up_and_removed_and_its_codes_are_made_anew",
    ),
    (
        "account-totp-remove",
        "/account/totp/remove",
        "the_authenticator_app_is_set_up_and_removed_and_its_codes_are_made_anew",
    ),
    ("account-apps", "/account/apps", "r86_removing_an_app_ends_consent_and_tokens_and_tells_it"),
    (
        "account-profile",
        "/account/profile",
        "what_is_wrong_is_said_at_its_field_and_nothing_is_lost",
    ),
    (
        "account-email",
        "/account/email",
        "r71_another_address_counts_once_its_code_came_back_and_both_are_told",
    ),
    (
        "account-email-unconfirmed",
        "/account/email",
        "an_unconfirmed_address_is_confirmed_and_what_is_no_news_is_not_told",
    ),
    (
        "account-email-no-mail",
        "/account/email",
        "r66_links_begin_with_the_issuer_and_without_mail_the_page_says_whom_to_ask",
    ),
    (
        "account-email-too-many",
        "/account/email",
        "r73_requests_slow_down_and_a_taken_address_gets_the_same_answer",
    ),
    (
        "account-email-code",
        "/account/email/code",
        "r71_another_address_counts_once_its_code_came_back_and_both_are_told",
    ),
    (
        "account-email-code-wrong",
        "/account/email/code",
        "r57_wrong_codes_count_as_at_the_sign_in_and_each_code_is_of_its_account",
    ),
    (
        "account-email-code-taken",
        "/account/email/code",
        "an_address_that_was_taken_meanwhile_is_refused_and_nothing_changes",
    ),
    (
        "email-link",
        "/email/{link}",
        "r70_a_link_confirms_on_another_device_and_looking_at_it_changes_nothing",
    ),
    (
        "email-link-taken",
        "/email/{link}",
        "an_address_that_was_taken_meanwhile_is_refused_and_nothing_changes",
    ),
    (
        "account-export",
        "/account/export",
        "the_archive_holds_everything_of_its_person_and_no_secret",
    ),
    (
        "account-delete",
        "/account/delete",
        "asking_ends_everything_at_once_and_the_account_goes_after_the_delay",
    ),
    (
        "account-delete-pending",
        "/account/delete",
        "whoever_signs_in_during_the_delay_may_keep_the_account",
    ),
    ("setup", "/setup/{token}", "r64_the_link_makes_one_administrator_and_signs_them_in"),
    (
        "setup-elsewhere",
        "/setup/{token}",
        "r66_the_page_says_when_the_browser_came_by_another_address",
    ),
    ("setup-over", "/setup/{token}", "r64_a_link_counts_for_an_hour_and_until_the_next"),
    ("recover", "/recover", "r61_nobody_learns_whether_there_is_an_account"),
    (
        "recover-too-many",
        "/recover",
        "r73_requests_slow_down_and_mails_end_while_the_answer_stays_the_same",
    ),
    (
        "recover-no-mail",
        "/recover",
        "without_mail_the_page_says_whom_to_ask_and_their_link_works_once",
    ),
    ("recover-code", "/recover/code", "a_code_leads_back_to_the_sign_in_it_came_from"),
    (
        "recover-link",
        "/recover/link/{link}",
        "r70_looking_at_a_link_changes_nothing_and_r69_all_sessions_end",
    ),
    (
        "recover-gone",
        "/recover/link/{link}",
        "r70_looking_at_a_link_changes_nothing_and_r69_all_sessions_end",
    ),
    ("sign-in-open", "/i/{id}/sign-in", "a_code_makes_an_account_and_ends_at_the_app"),
    ("sign-up", "/i/{id}/sign-up", "a_code_makes_an_account_and_ends_at_the_app"),
    ("sign-up-wrong", "/i/{id}/sign-up", "r62_an_address_is_read_in_one_way_and_counted_once"),
    ("sign-up-domain", "/i/{id}/sign-up", "only_addresses_of_the_domains_may"),
    ("sign-up-too-many", "/i/{id}/sign-up", "r62_an_address_is_read_in_one_way_and_counted_once"),
    ("sign-up-code", "/i/{id}/sign-up/code", "what_cannot_be_is_said_and_costs_no_try"),
    (
        "sign-up-code-taken",
        "/i/{id}/sign-up/code",
        "r68_a_proof_ends_by_time_by_a_newer_one_by_ten_tries_and_by_an_account",
    ),
    (
        "sign-up-link",
        "/sign-up/{link}",
        "r70_a_link_makes_the_account_by_its_form_alone_and_leads_back",
    ),
    (
        "sign-up-done",
        "/sign-up/{link}",
        "r70_a_link_makes_the_account_by_its_form_alone_and_leads_back",
    ),
    (
        "sign-up-gone",
        "/sign-up/{link}",
        "r70_a_link_makes_the_account_by_its_form_alone_and_leads_back",
    ),
    (
        "invitation",
        "/invitation/{link}",
        "r72_the_account_is_what_the_operator_said_whatever_the_form_says",
    ),
    (
        "invitation-taken",
        "/invitation/{link}",
        "r72_an_address_or_a_username_that_is_taken_is_said",
    ),
    (
        "invitation-gone",
        "/invitation/{link}",
        "r72_an_invitation_ends_by_time_by_a_newer_one_and_by_its_operator",
    ),
    ("request", "/authorize", "r4_an_unknown_client_or_address_gets_our_own_page"),
    ("request-redirect", "/authorize", "the_problem_page_names_the_difference"),
    ("request-gone", "/authorize", "r16_it_is_over_after_ninety_seconds_and_bound_to_its_client"),
    ("request-repeated", "/authorize", "r5_a_repeated_parameter_is_an_invalid_request"),
    ("expired", "/i/{id}", "r84_an_interaction_belongs_to_the_browser_that_began_it"),
    ("cookie-blocked", "/i/{id}", "a_browser_that_lost_its_cookie_begins_anew"),
    ("loop", "/authorize", "an_app_that_goes_round_in_circles_is_stopped"),
    ("not-found", "", "r121_what_nobody_serves_ends_in_a_page_with_a_reference"),
    ("method", "", "r9_no_answer_repeats_a_post"),
    ("forged", "", "r87_forms_need_their_token_and_our_own_page"),
    ("too-large", "", "r117_oversized_requests_are_refused_early"),
    ("bad-request", "", "r117_oversized_requests_are_refused_early"),
    ("fault", "", "errors_have_a_reference_and_a_way_forward"),
    ("busy", "", "r118_an_answer_that_takes_too_long_is_given_up_with_a_page"),
    ("too-many", "/authorize", "errors_have_a_reference_and_a_way_forward"),
    ("maintenance", "", "errors_have_a_reference_and_a_way_forward"),
];

/// The pictures that `tests/browser/pages.test.js` takes of each state.
const LOOK: &str = "light-320";

const HEAD: &str = "# The pages

Printed from the table in `tests/pages.rs`, which fails when a state of the gallery (`src/pages/gallery`) is missing here,
or names a test or an address that does not exist. In development mode each state stands at `/dev/styleguide/NAME`;
there `tests/browser/pages.test.js` looks at it with axe, light and dark, in 320 and 1280 px, in Arabic and with longer
words, and writes a picture of each look to `tests/browser/screenshots`, a folder that Git ignores. The last column is
the one of the smallest light screen; the others differ in their ending.

| state | where a person meets it | the test that comes there | picture |
|---|---|---|---|
";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push_str(&fs::read_to_string(path).expect("a source file"));
        }
    }
}

fn line_of(state: &str) -> &'static (&'static str, &'static str, &'static str) {
    let begins = |name: &str| state == name || state.starts_with(&format!("{name}-"));
    let lines = PAGES.iter().filter(|(name, ..)| begins(name));
    lines
        .max_by_key(|(name, ..)| name.len())
        .unwrap_or_else(|| panic!("tests/pages.rs lacks {state}"))
}

#[test]
fn the_page_of_pages_is_current() {
    let mut page = HEAD.to_owned();
    for (state, _) in gallery(Locale::En) {
        let (_, address, story) = line_of(state);
        let address =
            if address.is_empty() { "anywhere".to_owned() } else { format!("`{address}`") };
        writeln!(page, "| {state} | {address} | `{story}` | `{state}.{LOOK}.png` |")
            .expect("a line");
    }
    let path = root().join("docs/pages.md");
    if std::env::var_os("TESSERA_PRINT").is_some() {
        fs::write(&path, &page).expect("the page is written");
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(stored, page, "docs/pages.md is stale: TESSERA_PRINT=1 cargo test pages prints it");
}

#[test]
fn every_line_of_the_page_of_pages_is_needed_and_true() {
    let (mut tests, mut routes) = (String::new(), String::new());
    sources(&root().join("tests"), &mut tests);
    sources(&root().join("src/pages"), &mut tests);
    sources(&root().join("src/web"), &mut routes);
    let states = gallery(Locale::En);
    for line @ (name, address, story) in PAGES {
        assert!(tests.contains(&format!("fn {story}(")), "{name}: there is no {story}");
        assert!(
            address.is_empty() || routes.contains(&format!("\"{address}\"")),
            "{name}: {address}"
        );
        assert!(
            states.iter().any(|(state, _)| line_of(state) == line),
            "{name} stands for nothing"
        );
    }
}

#[test]
fn the_pictures_are_named_as_the_browser_suite_names_them() {
    let suite = root().join("tests/browser/pages.test.js");
    let suite = fs::read_to_string(suite).expect("the suite");
    assert!(suite.contains(&format!("look: '{LOOK}'")) && suite.contains(".${look}.png`"));
    for (state, _) in gallery(Locale::En) {
        assert!(state.chars().all(|sign| sign.is_ascii_lowercase() || sign == '-'), "{state}");
    }
}
