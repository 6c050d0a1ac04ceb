//! F1 and F2: the program ends at a random moment, and between a commit and its answer.

use std::process::Stdio;
use std::time::Duration;

use tessera::base::{Entropy, SystemEntropy};

use super::load::Load;
use super::place::{Place, STEADY};
use super::{Scenario, audit, rounds};
use crate::support::{App, Browser, VERIFIER, text};

/// How long a start may take: a debug build, beside other tests.
const START: Duration = Duration::from_secs(30);

/// A moment between 5 and 500 ms.
pub(super) fn moment() -> Duration {
    let entropy: &dyn Entropy = &SystemEntropy;
    let [high, low] = entropy.bytes::<2>();
    Duration::from_millis(5 + u64::from(u16::from_be_bytes([high, low])) % 496)
}

fn killed_at_random(mut place: Place) {
    let rounds = rounds(8, 200);
    let _line = Scenario::begin("F1", "kill -9 at a random moment", place.name, rounds);
    place.start();
    let load = Load::begin(&place);
    for round in 0..rounds {
        std::thread::sleep(moment());
        let number = round % place.replicas.len();
        place.replicas[number].kill();
        let took = place.replicas[number].start(&place.here);
        assert!(took < START, "round {round}: {took:?} until it is ready");
    }
    let ledger = load.run_for(Duration::from_secs(2));
    assert!(!ledger.held.is_empty() && !ledger.ended.is_empty(), "{}", ledger.sum());
    audit::check(&place, &ledger);
}

#[test]
fn f1_what_was_acknowledged_survives_kill_9_on_sqlite() {
    killed_at_random(Place::embedded());
}

#[test]
fn f1_what_was_acknowledged_survives_kill_9_on_postgres() {
    killed_at_random(Place::shared(2));
}

/// Asks for something; nothing when the program ends before it answers.
async fn asked(app: &App, path: &str, form: &[(&str, &str)]) -> Option<u16> {
    let request = app.post(path, form).basic_auth(&app.client_id, app.secret.as_deref());
    request.send().await.ok().map(|answer| answer.status().as_u16())
}

/// One round: the program aborts at `at` when something is consumed there, and is started again.
async fn aborts_at(place: &mut Place, at: &str, counts_after: bool) {
    let app = place.app().clone();
    place.replicas[0].start(&place.here);
    let mut browser = Browser::new(&app.provider);
    let code = browser.sign_in(&app, STEADY, &[("prompt", "login")]).await.code();
    let spare = browser.authorize(&app, &[("prompt", "none")]).await.code();
    let held = app.tokens(&spare).await;
    place.replicas[0].kill();

    place.replicas[0].set("TESSERA_TEST_ABORT_AT", &format!("{at} redeem code"));
    place.replicas[0].start(&place.here);
    let redeem = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &app.redirect_uri),
        ("code_verifier", VERIFIER),
    ];
    assert_eq!(asked(&app, "/token", &redeem).await, None, "it ended before it answered");
    place.replicas[0].ends(Duration::from_secs(5));
    place.replicas[0].set("TESSERA_TEST_ABORT_AT", &format!("{at} rotate refresh token"));
    place.replicas[0].start(&place.here);
    let token = text(&held, "refresh_token");
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", token)];
    assert_eq!(asked(&app, "/token", &refresh).await, None);
    place.replicas[0].ends(Duration::from_secs(5));
    place.replicas[0].set("TESSERA_TEST_ABORT_AT", &format!("{at} revoke grant"));
    place.replicas[0].start(&place.here);
    // The app asks again after the crash: it gets a successor, whether or not the first one counted.
    let renewed = app.renewed(token).await;
    let newest = text(&renewed, "refresh_token");
    assert_eq!(asked(&app, "/revoke", &[("token", newest)]).await, None);
    place.replicas[0].ends(Duration::from_secs(5));

    place.replicas[0].unset("TESSERA_TEST_ABORT_AT");
    place.replicas[0].start(&place.here);
    let status = app.redeem(&code).await.status().as_u16();
    assert_eq!(status, if counts_after { 200 } else { 400 }, "{at}: the code");
    assert_eq!(app.redeem(&code).await.status(), 400, "{at}: the code counts twice");
    let (status, _) = app.refresh(newest, &[]).await;
    assert_eq!(status, if counts_after { 200 } else { 400 }, "{at}: the revocation");
    place.replicas[0].kill();
}

fn killed_at_commits(mut place: Place) {
    let rounds = rounds(1, 20);
    let what = "abort before and after the commit of a redemption, a rotation, a revocation";
    let _line = Scenario::begin("F2", what, place.name, rounds);
    actix_web::rt::System::new().block_on(async {
        for _ in 0..rounds {
            aborts_at(&mut place, "before-commit", true).await;
            aborts_at(&mut place, "after-commit", false).await;
        }
    });
}

#[test]
fn f2_a_crash_before_the_commit_undoes_and_one_after_it_does_not_on_sqlite() {
    killed_at_commits(Place::embedded());
}

#[test]
fn f2_a_crash_before_the_commit_undoes_and_one_after_it_does_not_on_postgres() {
    killed_at_commits(Place::shared(1));
}

fn killed_while_keys_change(mut place: Place) {
    let rounds = rounds(3, 40);
    let what = "kill -9 of the program and of the command while keys rotate";
    let _line = Scenario::begin("F19", what, place.name, rounds);
    place.start();
    let load = Load::of_apps(&place);
    for round in 0..rounds {
        let number = round % place.replicas.len();
        let mut command = place.here.command(&["key", "rotate", "--now"]);
        let mut rotating = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(moment());
        if round % 2 == 0 {
            drop(rotating.kill());
        }
        place.replicas[number].kill();
        place.replicas[number].start(&place.here);
        drop(rotating.wait());
    }
    let ledger = load.run_for(Duration::from_secs(3));
    audit::check(&place, &ledger);
}

#[test]
fn f19_every_id_token_verifies_although_a_rotation_was_killed_on_sqlite() {
    killed_while_keys_change(Place::embedded());
}

#[test]
fn f19_every_id_token_verifies_although_a_rotation_was_killed_on_postgres() {
    killed_while_keys_change(Place::shared(2));
}
