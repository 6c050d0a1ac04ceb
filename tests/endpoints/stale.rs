//! Pages that were open while the world went on: the row is gone, the day is over, the token of the browser as
//! well. Each says so, and leads on.

use std::time::Duration;

use super::steps::{Scene, Stage, leads_on, post};
use tessera::app::purge::purge;

const HOUR: Duration = Duration::from_secs(60 * 60);

#[actix_web::test]
async fn a_step_whose_row_is_purged_leads_on_and_changes_nothing() {
    let scene = Scene::set().await;
    for stage in Stage::ALL {
        let mut visit = scene.arrive(stage).await;
        // It counts for a day, and its row stays for another.
        scene.app.advance(49 * HOUR);
        while purge(&scene.app.issuer).await.expect("purged") > 0 {}
        let before = scene.people_and_grants().await;
        let answer = visit.send_form(stage).await;
        assert!([400, 404, 410].contains(&answer.status.as_u16()), "{stage:?}: {}", answer.status);
        leads_on(&answer, &format!("{stage:?}, purged"));
        assert_eq!(scene.people_and_grants().await, before, "{stage:?}");
    }
}

#[actix_web::test]
async fn a_form_of_the_day_before_leads_back_to_its_app() {
    let scene = Scene::set().await;
    for stage in Stage::ALL {
        let mut visit = scene.arrive(stage).await;
        scene.app.advance(25 * HOUR);
        let before = scene.people_and_grants().await;
        let answer = visit.send_form(stage).await;
        assert_eq!(answer.status, 410, "{stage:?}: {}", answer.body);
        leads_on(&answer, &format!("{stage:?}, a day later"));
        assert_eq!(scene.people_and_grants().await, before, "{stage:?}");
    }
}

#[actix_web::test]
async fn a_form_whose_browser_lost_its_cookie_is_begun_anew_without_a_loop() {
    let scene = Scene::set().await;
    for stage in Stage::ALL {
        let mut visit = scene.arrive(stage).await;
        visit.browser.cookies.clear();
        let answer = visit.send_form(stage).await;
        assert_eq!(answer.status, 400, "{stage:?}: {}", answer.body);
        assert!(answer.body.contains("/restart\""), "{stage:?}: {}", answer.body);
        leads_on(&answer, &format!("{stage:?}, without its cookie"));
        // Followed as long as it leads on by itself: [`Browser::follow`] gives up after eight.
        let retry = visit.restart();
        let again = visit.browser.get(&retry).await;
        // Whose app asked for an account is asked for an address.
        let begins = again.has("login-submit") || again.has("sign-up-submit");
        assert!(begins, "{stage:?}: {}", again.body);
        let forged =
            post(&mut visit.browser, &retry.replace("/restart", "/sign-in"), "", &[]).await;
        leads_on(&forged, &format!("{stage:?}, forged"));
    }
}
