//! The acceptance checks of the pages, and the tests that make them.
//!
//! `docs/checks-of-pages.md` is printed from here: `TESSERA_PRINT=1 cargo test checks_of_pages`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A check: what must be true, the tests that say so by file and name, and what no test looks at.
struct Check {
    what: &'static str,
    tests: &'static [(&'static str, &'static str)],
    beyond: &'static str,
}

const BROWSER: &str = "tests/browser";

const CHECKS: [Check; 20] = [
    Check {
        what: "axe finds nothing in any state of any page, light and dark, in 320 and 1280 px, and in 360 px",
        tests: &[("pages.test.js", "every page state, ${locale}")],
        beyond: "",
    },
    Check {
        what: "without JavaScript: request, password, code, consent, app, with an ID token that holds",
        tests: &[(
            "without_scripts.test.js",
            "a password, a code and a consent lead to the app, with an ID token that holds",
        )],
        beyond: "",
    },
    Check {
        what: "without JavaScript: the way back in, a new password, ended sessions, the sign-out",
        tests: &[
            ("without_scripts.test.js", "a new password, after the old one and after none"),
            (
                "without_scripts.test.js",
                "a session is ended from another browser, and an app signs out",
            ),
            (
                "without_scripts.test.js",
                "one says of oneself what apps may know, and takes back what one allowed",
            ),
            (
                "first_run.test.js",
                "without JavaScript the first run goes by password, and Enter in it wants no passkey",
            ),
        ],
        beyond: "",
    },
    Check {
        what: "no page breaks its own policy, complains, or asks another host for anything",
        tests: &[
            ("pages.test.js", "whatever the provider links to answers, and keeps to the policy"),
            ("pages.test.js", "every page state, ${locale}"),
            ("tests/endpoints/http.rs", "r92_every_page_carries_its_headers"),
        ],
        beyond: "",
    },
    Check {
        what: "the hand-off reaches an app whose callback sends on to a third origin, and one with a \
               scheme of its own, under `form-action 'self'`",
        tests: &[
            ("hand_off.test.js", "an app whose callback sends on to a third origin"),
            ("hand_off.test.js", "an app with a scheme of its own"),
        ],
        beyond: "",
    },
    Check {
        what: "a passkey signs in from the field without a click; who closes the dialogue sees no error",
        tests: &[
            (
                "passkeys.test.js",
                "r78_a passkey is offered after a password, and signs in from the button and from the field",
            ),
            (
                "passkey_factor.test.js",
                "who closes the dialogue of a passkey sees no error and may try again",
            ),
        ],
        beyond: "",
    },
    Check {
        what: "passkeys are made, shown, renamed and removed, and the browser is told which still count",
        tests: &[
            (
                "account_security.test.js",
                "a passkey is added, renamed and removed, and the browser is told",
            ),
            (
                "passkey_factor.test.js",
                "r81_a passkey is set up where two factors are demanded, and shown with the next password",
            ),
        ],
        beyond: "",
    },
    Check {
        what: "every field names its purpose, takes what is pasted, and cuts no password short",
        tests: &[("support/page_checks.js", "assertFieldsNameTheirPurpose")],
        beyond: "",
    },
    Check {
        what: "everything is done with the keyboard alone, in the order of the page, with a visible focus",
        tests: &[
            ("keyboard.test.js", "every page is gone through with Tab, ${colorScheme}"),
            ("keyboard.test.js", "a sign-in, a consent and the account with the keyboard alone"),
        ],
        beyond: "",
    },
    Check {
        what: "an error is announced, has the focus, stands at its fields and begins the title",
        tests: &[
            ("support/page_checks.js", "assertErrorIsAnnounced"),
            (
                "recovery.test.js",
                "a wrong password is said once, keeps the name, and the right one then works",
            ),
        ],
        beyond: "",
    },
    Check {
        what: "no page tells who has an account: the same answer, the same hashes, the same statements",
        tests: &[
            (
                "tests/endpoints/enumeration.rs",
                "r61_r63_a_refused_sign_in_does_the_same_whoever_is_named",
            ),
            (
                "tests/endpoints/enumeration.rs",
                "r61_an_account_that_must_wait_is_like_one_that_is_not_there",
            ),
            ("tests/flows/recovery.rs", "r61_nobody_learns_whether_there_is_an_account"),
            (
                "tests/flows/factor_policy.rs",
                "r61_the_ways_of_an_account_are_told_to_nobody_without_its_password",
            ),
        ],
        beyond: "time: `scripts/timing`",
    },
    Check {
        what: "two tabs: one app, two apps, signed in or out in the other one; each leads on to its own",
        tests: &[
            (
                "recovery.test.js",
                "two tabs for two apps: the other one goes on to its own app by itself",
            ),
            (
                "recovery.test.js",
                "two tabs for two apps, without JavaScript: the later form still reaches its own app",
            ),
            (
                "history.test.js",
                "two tabs for one app: the form of the second still reaches the app",
            ),
            (
                "history.test.js",
                "signed out in one tab: what the other asks for waits for a new sign-in, and goes on there",
            ),
        ],
        beyond: "",
    },
    Check {
        what: "back, forward, reload and two clicks at each step lead on; one code is issued",
        tests: &[
            ("history.test.js", "reload, back and forward at each step, with ${scripts}"),
            ("history.test.js", "two clicks at each step, with ${scripts}"),
            ("recovery.test.js", "going back after sign-in leads on, and asks for no resubmission"),
        ],
        beyond: "",
    },
    Check {
        what: "what is stale says so and leads on: a row that is gone, a lost cookie, a form of yesterday",
        tests: &[
            ("tests/endpoints/stale.rs", "a_step_whose_row_is_purged_leads_on_and_changes_nothing"),
            ("tests/endpoints/stale.rs", "a_form_of_the_day_before_leads_back_to_its_app"),
            (
                "tests/endpoints/stale.rs",
                "a_form_whose_browser_lost_its_cookie_is_begun_anew_without_a_loop",
            ),
            ("tests/endpoints/interaction.rs", "a_page_that_was_open_too_long_begins_anew"),
            ("recovery.test.js", "a browser without cookies is told, and never sent in a circle"),
        ],
        beyond: "",
    },
    Check {
        what: "nothing is cut off or scrolls sideways: 320 px, 400 % zoom, wider text, longer words",
        tests: &[
            ("pages.test.js", "every page state, ${locale}"),
            (
                "preferences.test.js",
                "a page at 400 % zoom has all its text and scrolls in one direction",
            ),
            ("preferences.test.js", "every page with text of twice the size has all its text"),
        ],
        beyond: "",
    },
    Check {
        what: "Arabic is mirrored; the language changes in the middle of a sign-in and nothing is lost",
        tests: &[
            ("preferences.test.js", "pages in Arabic are mirrored"),
            ("pages.test.js", "a few page states, ${locale}"),
            ("recovery.test.js", "the language can be changed in the middle of a sign-in"),
        ],
        beyond: "",
    },
    Check {
        what: "dark, less motion, forced colours, and paper for the recovery codes",
        tests: &[
            ("pages.test.js", "every page state, ${locale}"),
            (
                "preferences.test.js",
                "nothing moves for who wants less motion, whatever is pointed at, focused or pressed",
            ),
            ("preferences.test.js", "every control can be seen in forced colours, ${colorScheme}"),
            (
                "preferences.test.js",
                "the recovery codes are printed on one page, and nothing that cannot be pressed on paper",
            ),
        ],
        beyond: "",
    },
    Check {
        what: "Lighthouse and the budget of bytes on sign-in, consent and the account's home",
        tests: &[("tests/lighthouse/lighthouse.js", "MARKS")],
        beyond: "it needs a release build: `scripts/lighthouse`",
    },
    Check {
        what: "an address that is not registered: status 400, nowhere to go, the difference in words",
        tests: &[
            ("tests/endpoints/authorize.rs", "the_problem_page_names_the_difference"),
            ("tests/endpoints/authorize.rs", "r4_an_unknown_client_or_address_gets_our_own_page"),
        ],
        beyond: "",
    },
    Check {
        what: "from an empty data folder to the first app in 12 interactions; the link counts once",
        tests: &[
            ("first_run.test.js", "r64_first run to first app"),
            ("tests/flows/setup.rs", "r64_the_link_makes_one_administrator_and_signs_them_in"),
        ],
        beyond: "",
    },
];

const HEAD: &str = "\
# The checks of the pages

What must be true of the pages that people see, and the tests that say so. Printed from
`tests/checks_of_pages.rs` by `TESSERA_PRINT=1 cargo test checks_of_pages`; a test that is named here and is not
there fails. The browser suites run with `scripts/browser`.

| # | check | tests |
|---|---|---|
";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files of the browser suite are named without their folder.
fn path_of(file: &str) -> String {
    if file.starts_with("tests/") { file.to_owned() } else { format!("{BROWSER}/{file}") }
}

#[test]
fn the_page_of_the_checks_is_current() {
    let mut page = HEAD.to_owned();
    for (number, Check { what, tests, beyond }) in CHECKS.iter().enumerate() {
        let named = tests.iter().map(|(file, name)| format!("`{}`: {name}", path_of(file)));
        let beyond = (!beyond.is_empty()).then(|| (*beyond).to_owned());
        let cells: Vec<String> = named.chain(beyond).collect();
        writeln!(page, "| {} | {what} | {} |", number + 1, cells.join("<br>")).expect("a line");
    }
    let path = root().join("docs/checks-of-pages.md");
    if std::env::var_os("TESSERA_PRINT").is_some() {
        fs::write(&path, &page).expect("the page is written");
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(stored, page, "stale: TESSERA_PRINT=1 cargo test checks_of_pages prints it");
}

#[test]
fn every_test_that_a_check_names_is_there() {
    for (number, Check { tests, .. }) in CHECKS.iter().enumerate() {
        assert!(!tests.is_empty());
        for (file, name) in *tests {
            let text = fs::read_to_string(root().join(path_of(file)));
            let text = text.unwrap_or_else(|_| panic!("check {}: no {file}", number + 1));
            let begins = |before: &str| text.contains(&format!("{before}{name}"));
            let is_there = if file.ends_with(".rs") {
                begins("async fn ") || begins("fn ")
            } else {
                // A test, or what every test of a kind calls.
                ["test('", "test(`", "function ", "const "].iter().any(|before| begins(before))
            };
            assert!(is_there, "check {}: {file} has no {name}", number + 1);
        }
    }
}

/// What every page is held to is called where every page is.
#[test]
fn the_checks_of_every_page_are_made_on_every_page() {
    let suite = fs::read_to_string(root().join(BROWSER).join("pages.test.js")).expect("the suite");
    let between = |begin: &str, end: &str| {
        let after = suite.split(begin).nth(1).unwrap_or_else(|| panic!("no {begin}"));
        after.split(end).next().unwrap_or_default().to_owned()
    };
    let on_every_page = between("`every page state, ${locale}`", "\n}");
    for name in ["assertErrorIsAnnounced", "assertWellFormed", "assertFieldsNameTheirPurpose"] {
        assert!(on_every_page.contains(&format!("await {name}(page)")), "{name}");
    }
    assert!(on_every_page.contains("assertLooksGood(page, state, each)"));
    let in_every_look = between("async function assertLooksGood", "\n}");
    for name in ["assertFitsItsWidth", "assertStill", "assertAccessible", "assertFitsWithWiderText"]
    {
        assert!(in_every_look.contains(&format!("await {name}(page)")), "{name}");
    }
}
