//! F15: PostgreSQL is lost, and a standby takes its place that has not received what was committed
//! last (P9).

use std::time::Duration;

use super::ledger::{Held, Ledger};
use super::load::{Load, told_in};
use super::place::{Place, STEADY};
use super::relay::{Manner, Relay};
use super::servers::Postgres;
use super::{Scenario, audit, rounds};
use crate::support::{App, Browser};

/// How much is committed that the standby never gets.
const LAG: Duration = Duration::from_millis(1500);
const BACK: Duration = Duration::from_secs(30);

/// Nothing that was given out before opens anything.
async fn is_dead(app: &App, held: &Held) {
    assert_eq!(app.redeem(&held.code).await.status(), 400, "a code: {held:?}");
    for token in &held.access_tokens {
        assert_eq!(app.userinfo(token).await.status(), 401, "an access token: {held:?}");
    }
    let (status, _) = app.refresh(&held.refresh_token, &[]).await;
    assert_eq!(status, 400, "a refresh token: {held:?}");
}

async fn asks_for_a_password(app: &App, browser: &mut Browser) {
    let answer = browser.authorize(app, &[("prompt", "none")]).await;
    let error = told_in(&answer.location().unwrap_or_default(), "error");
    assert_eq!(error.as_deref(), Some("login_required"), "{}", answer.body);
}

/// How many rows of the trail tell of a fail-over.
fn told(place: &Place) -> usize {
    let tail = place.here.run(&["audit", "tail", "--json", "--lines", "1000"]).succeeded().out;
    tail.lines().filter(|line| line.contains("\"failed_over\"")).count()
}

#[test]
fn f15_what_a_standby_never_received_is_not_revived_by_it() {
    let rounds = rounds(1, 5);
    let what = "a standby is promoted that lacks the last 1.5 s";
    let _line = Scenario::begin("F15", what, "PostgreSQL and Redis", rounds);
    for _ in 0..rounds {
        fail_over();
    }
}

fn fail_over() {
    let mut place = Place::shared(2);
    let line = Relay::before(place.postgres.as_ref().unwrap().port());
    let standby = Postgres::standby_of(line.port);
    place.start();
    let runtime = actix_web::rt::System::new();
    let app = place.app().clone();
    let mut session = Browser::new(&app.provider);
    runtime.block_on(async { session.sign_in(&app, STEADY, &[]).await.code() });
    let load = Load::of_apps(&place);
    std::thread::sleep(LAG);
    line.set(Manner::Hold);
    let ledger = load.run_for(LAG);

    place.postgres.as_mut().unwrap().kill();
    line.cut();
    standby.promote();
    place.to_postgres.as_ref().unwrap().lead_to(standby.port());
    place.postgres = Some(standby);
    place.is_ready_within(BACK);
    runtime.block_on(async {
        for (number, held) in ledger.held.iter().enumerate() {
            is_dead(&place.apps[number % place.apps.len()], held).await;
        }
        asks_for_a_password(&app, &mut session).await;
        // Everybody signs in as before.
        let mut browser = Browser::new(&app.provider);
        let code = browser.sign_in(&app, STEADY, &[]).await.code();
        assert_eq!(app.redeem(&code).await.status(), 200);
    });
    assert_eq!(told(&place), 1, "both programs notice, and one tells");
    // A crash of the server that took over is none of that.
    let ledger = Load::of_apps(&place);
    place.postgres.as_mut().unwrap().kill();
    place.postgres.as_mut().unwrap().start_again();
    let ledger: Ledger = ledger.run_for(Duration::from_secs(1));
    assert_eq!(told(&place), 1);
    audit::check(&place, &ledger);
}
