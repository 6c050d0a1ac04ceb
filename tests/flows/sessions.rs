use std::time::Duration;

use serde_json::json;

use crate::support::{PASSWORD, TestApp, payload};

const HOUR: Duration = Duration::from_secs(60 * 60);

#[actix_web::test]
async fn two_apps_share_one_sign_in() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let photos = app.app(json!({ "redirect_uris": ["https://photos.example/callback"] })).await;
    let mut browser = app.browser();
    let first = notes.tokens(&browser.sign_in(&notes, "ada", &[]).await.code()).await;
    let answer = browser.authorize(&photos, &[]).await;
    assert_eq!(answer.status, 303);
    let second = photos.tokens(&answer.code()).await;
    let claims = |tokens: &serde_json::Value| payload(tokens["id_token"].as_str().expect("text"));
    assert_eq!(claims(&first)["sub"], claims(&second)["sub"]);
    assert_eq!(claims(&first)["auth_time"], claims(&second)["auth_time"]);
    assert_ne!(claims(&first)["sid"], claims(&second)["sid"]);
}

#[actix_web::test]
async fn r82_every_sign_in_gives_the_session_a_new_value() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let first = notes.tokens(&browser.sign_in(&notes, "ada", &[]).await.code()).await;
    let old = browser.cookies["tessera"].clone();
    app.advance(Duration::from_secs(5));
    let page = browser.authorize(&notes, &[("prompt", "login")]).await;
    let answer = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    let second = notes.tokens(&answer.code()).await;
    assert_ne!(browser.cookies["tessera"], old);
    let claims = |tokens: &serde_json::Value| payload(tokens["id_token"].as_str().expect("text"));
    // The same person: one session, proven anew.
    assert_eq!(claims(&first)["sid"], claims(&second)["sid"]);
    assert_eq!(
        claims(&second)["auth_time"].as_i64(),
        claims(&first)["auth_time"].as_i64().map(|at| at + 5)
    );
    browser.cookies.insert("tessera".to_owned(), old);
    assert_eq!(
        browser.authorize(&notes, &[("prompt", "none")]).await.told("error").as_deref(),
        Some("login_required")
    );
}

#[actix_web::test]
async fn r85_sessions_end_idle_and_in_any_case() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut idle = app.browser();
    idle.sign_in(&notes, "ada", &[]).await;
    let mut used = app.browser();
    used.sign_in(&notes, "ada", &[]).await;
    let none = [("prompt", "none")];
    app.advance(HOUR * 11);
    assert!(used.authorize(&notes, &none).await.told("code").is_some());
    app.advance(HOUR);
    assert_eq!(
        idle.authorize(&notes, &none).await.told("error").as_deref(),
        Some("login_required")
    );
    app.advance(HOUR * 10);
    assert!(used.authorize(&notes, &none).await.told("code").is_some());
    app.advance(HOUR * 2);
    assert_eq!(
        used.authorize(&notes, &none).await.told("error").as_deref(),
        Some("login_required")
    );
}

#[actix_web::test]
async fn who_wants_to_stay_signed_in_does() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    browser.submit(&page, &[("username", "ada"), ("password", PASSWORD), ("remember", "1")]).await;
    let line = browser.seen.iter().rfind(|line| line.starts_with("tessera=")).expect("a cookie");
    assert!(line.contains("Max-Age=2592000"), "{line}");
    app.advance(HOUR * 24 * 29);
    assert!(browser.authorize(&notes, &[("prompt", "none")]).await.told("code").is_some());
    let mut other = app.browser();
    other.sign_in(&notes, "ada", &[]).await;
    let line = other.seen.iter().rfind(|line| line.starts_with("tessera=")).expect("a cookie");
    assert!(!line.contains("Max-Age"), "{line}");
}

#[actix_web::test]
async fn max_age_is_judged_once_and_against_the_arrival() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    browser.sign_in(&notes, "ada", &[]).await;
    app.advance(Duration::from_secs(2));
    let fresh =
        notes.tokens(&browser.authorize(&notes, &[("max_age", "10000")]).await.code()).await;
    assert_eq!(payload(fresh["id_token"].as_str().expect("text"))["auth_time"], 1_800_000_000);
    for age in ["1", "0"] {
        let silent = browser.authorize(&notes, &[("max_age", age), ("prompt", "none")]).await;
        assert_eq!(silent.told("error").as_deref(), Some("login_required"), "{age}");
        let page = browser.authorize(&notes, &[("max_age", age)]).await;
        assert!(page.has("login-submit"), "{age}");
        // The person takes a minute: no loop.
        app.advance(Duration::from_secs(60));
        let answer = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
        let tokens = notes.tokens(&answer.code()).await;
        let auth_time = payload(tokens["id_token"].as_str().expect("text"))["auth_time"].as_i64();
        assert_eq!(auth_time, Some(app.clock_seconds()), "{age}");
    }
    for wrong in ["-1", "x", "1.5", "99999999999"] {
        let answer = browser.authorize(&notes, &[("max_age", wrong)]).await;
        assert_eq!(answer.told("error").as_deref(), Some("invalid_request"), "{wrong}");
    }
}

#[actix_web::test]
async fn r13_prompt_none_answers_without_a_page() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let answer = browser.authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.told("error").as_deref()),
        (303, Some("login_required"))
    );
    browser.sign_in(&notes, "ada", &[]).await;
    assert!(browser.authorize(&notes, &[("prompt", "none")]).await.told("code").is_some());
    let mixed = browser.authorize(&notes, &[("prompt", "none login")]).await;
    assert_eq!(mixed.told("error").as_deref(), Some("invalid_request"));
}

#[actix_web::test]
async fn a_second_tab_goes_on_once_the_first_signed_in() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let photos = app.app(json!({ "redirect_uris": ["https://photos.example/callback"] })).await;
    let mut browser = app.browser();
    let (first, second) =
        (browser.authorize(&notes, &[]).await, browser.authorize(&photos, &[]).await);
    let third = browser.authorize(&photos, &[]).await;
    let filled = [("username", "ada"), ("password", PASSWORD)];
    assert!(browser.submit(&first, &filled).await.to_app().starts_with("https://notes.example/"));
    let late = browser.submit(&second, &filled).await;
    assert!(late.status == 200 && late.to_app().starts_with("https://photos.example/"));
    assert!(browser.get(&third.url).await.to_app().starts_with("https://photos.example/"));
}
