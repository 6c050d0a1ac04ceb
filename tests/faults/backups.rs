//! F22: a backup made while everything goes on, restored elsewhere.

use std::time::Duration;

use serde_json::Value;

use super::ledger::Ledger;
use super::load::{Load, told_in};
use super::place::{Place, STEADY};
use super::{Scenario, audit, rounds};
use crate::support::{App, Browser};

fn keys(place: &Place) -> Value {
    place.here.run(&["key", "list", "--json"]).succeeded().json()
}

/// People, apps and keys are there; nothing opens that was given out at the place of before. Each thing
/// is tried on one of the `copies`, this one being the `number`th.
async fn is_a_new_beginning(app: &App, ledger: &Ledger, (number, copies): (usize, usize)) {
    for held in ledger.held.iter().skip(number).step_by(copies) {
        assert_eq!(app.redeem(&held.code).await.status(), 400, "a code: {held:?}");
        let (status, _) = app.refresh(&held.refresh_token, &[]).await;
        assert_eq!(status, 400, "a refresh token: {held:?}");
        for token in &held.access_tokens {
            assert_eq!(app.userinfo(token).await.status(), 401, "an access token: {held:?}");
        }
    }
    for cookies in ledger.ended.iter().skip(number).step_by(copies) {
        let mut browser = Browser::new(&app.provider);
        browser.cookies.clone_from(cookies);
        let answer = browser.authorize(app, &[("prompt", "none")]).await;
        let error = told_in(&answer.location().unwrap_or_default(), "error");
        assert_eq!(error.as_deref(), Some("login_required"), "a session came back");
    }
    let mut browser = Browser::new(&app.provider);
    let code = browser.sign_in(app, STEADY, &[]).await.code();
    assert_eq!(app.redeem(&code).await.status(), 200);
}

fn kept_and_restored(mut place: Place) {
    let rounds = rounds(2, 20);
    let _line = Scenario::begin("F22", "backup under load, restored elsewhere", place.name, rounds);
    place.start();
    let load = Load::begin(&place);
    let mut files = Vec::new();
    for round in 0..rounds {
        std::thread::sleep(Duration::from_millis(500));
        let file = place.here.path(&format!("kept-{round}.db")).display().to_string();
        let made = place.here.run(&["backup", "--to", &file]);
        assert_eq!(made.code, 0, "{made:?}");
        files.push(file);
    }
    let ledger = load.run_for(Duration::from_millis(500));
    for (number, file) in files.into_iter().enumerate() {
        let mut there = place.elsewhere();
        let restored = there.here.run(&["restore", &file]);
        assert_eq!(restored.code, 0, "{restored:?}");
        assert_eq!(keys(&there), keys(&place));
        there.start();
        let asking = is_a_new_beginning(there.app(), &ledger, (number, rounds));
        actix_web::rt::System::new().block_on(asking);
        audit::check(&there, &Ledger::default());
    }
    // And the place itself noticed nothing.
    audit::check(&place, &ledger);
}

#[test]
fn f22_a_backup_under_load_is_whole_and_revives_nothing_on_sqlite() {
    kept_and_restored(Place::embedded());
}

#[test]
fn f22_a_backup_under_load_is_whole_and_revives_nothing_on_postgres() {
    kept_and_restored(Place::shared(2));
}
