//! A person's own account.

use std::time::Duration;

use serde_json::json;

use crate::support::{Answer, Browser, PASSWORD, TestApp};

const PAGES: [&str; 5] =
    ["/account", "/account/password", "/account/sessions", "/account/apps", "/account/profile"];
const NEW: &str = "a quite different set of words";

async fn signed_in(app: &TestApp, username: &str) -> Browser {
    let mut browser = app.browser();
    let page = browser.get("/account").await;
    let home = browser.submit(&page, &[("username", username), ("password", PASSWORD)]).await;
    assert!(home.url.ends_with("/account") && home.body.contains(username), "{}", home.body);
    browser
}

fn field(page: &Answer, name: &str) -> String {
    page.form().1.into_iter().find(|(key, _)| key == name).expect("a field").1
}

#[actix_web::test]
async fn who_is_not_signed_in_signs_in_and_comes_back_to_the_same_page() {
    let app = TestApp::start().await;
    app.user("ada").await;
    for path in PAGES {
        let mut browser = app.browser();
        let page = browser.get(path).await;
        assert!(page.has("login-submit") && page.url.contains("/i/"), "{path}");
        let back = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
        assert_eq!(back.url, format!("{}{path}", app.url));
        assert_eq!(back.header("cache-control"), Some("no-store"), "r94");
    }
    let mut browser = app.browser();
    let page = browser.get("/.well-known/change-password").await;
    let back = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(back.url.ends_with("/account/password") && back.has("password-submit"));
}

/// Every address, with no session, with the token of an app, and with forms that are not ours.
#[actix_web::test]
async fn r107_account_pages_are_let_in_by_the_session_alone() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut ada = app.browser();
    let code = ada.sign_in(&notes, "ada", &[]).await.code();
    let token = notes.tokens(&code).await["access_token"].as_str().expect("a token").to_owned();
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let http = http.no_proxy().build().expect("a client");
    for (method, path) in [
        ("GET", "/account"),
        ("POST", "/account/switch"),
        ("GET", "/account/password"),
        ("POST", "/account/password"),
        ("GET", "/account/sessions"),
        ("POST", "/account/sessions"),
        ("GET", "/account/security"),
        ("GET", "/account/totp"),
        ("POST", "/account/totp"),
        ("GET", "/account/totp/remove"),
        ("POST", "/account/totp/remove"),
        ("POST", "/account/recovery-codes"),
        ("GET", "/account/passkeys"),
        ("GET", "/account/passkeys/new"),
        ("POST", "/account/passkeys/new"),
        ("GET", "/account/passkeys/018f0000-0000-7000-8000-000000000000"),
        ("POST", "/account/passkeys/018f0000-0000-7000-8000-000000000000"),
        ("GET", "/account/passkeys/018f0000-0000-7000-8000-000000000000/remove"),
        ("POST", "/account/passkeys/018f0000-0000-7000-8000-000000000000/remove"),
        ("GET", "/account/apps"),
        ("POST", "/account/apps"),
        ("GET", "/account/export"),
        ("POST", "/account/export"),
        ("GET", "/account/delete"),
        ("POST", "/account/delete"),
        ("POST", "/account/keep"),
        ("GET", "/account/profile"),
        ("POST", "/account/profile"),
    ] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        for bearer in [None, Some(&token)] {
            let mut request = http.request(method.clone(), format!("{}{path}", app.url));
            if method == "POST" {
                request = request.form(&[("session", "others")]);
            }
            if let Some(token) = bearer {
                request = request.bearer_auth(token);
            }
            let answer = request.send().await.expect("an answer");
            let to = answer.headers().get("location").and_then(|to| to.to_str().ok());
            assert!(to.is_some_and(|to| to.starts_with("/i/")), "{method} {path} {to:?}");
        }
        if method == "POST" {
            let forged = ada.post(path, &[("session", "others"), ("csrf", "x")]).await;
            assert_eq!(forged.status, 403, "{path}");
        }
    }
}

#[actix_web::test]
async fn r37_r82_a_new_password_ends_everything_else_and_renews_this_session() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut other = app.browser();
    let pending = other.sign_in(&notes, "ada", &[]).await.code();
    let tokens = notes.tokens(&other.authorize(&notes, &[]).await.code()).await;
    let mut ada = signed_in(&app, "ada").await;
    let before = ada.cookies["tessera"].clone();
    let page = ada.get("/account/password").await;
    let done = ada.submit(&page, &[("current", PASSWORD), ("password", NEW)]).await;
    assert!(done.url.ends_with("/account?done=password"), "{} {}", done.url, done.body);
    // This browser goes on under another cookie, and the old value opens nothing.
    assert_ne!(ada.cookies["tessera"], before);
    assert!(ada.get("/account").await.url.ends_with("/account"));
    let mut thief = app.browser();
    thief.cookies.insert("tessera".to_owned(), before);
    assert!(thief.get("/account").await.has("login-submit"));
    // The other browser, its tokens and its code are over.
    let silent = other.authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("login_required"));
    assert_eq!(
        notes.userinfo(tokens["access_token"].as_str().expect("a token")).await.status(),
        401
    );
    assert_eq!(notes.redeem(&pending).await.status(), 400);
    // The new one counts, and the old one does not.
    for (password, is_right) in [(PASSWORD, false), (NEW, true)] {
        let mut browser = app.browser();
        let page = browser.get("/account").await;
        let next = browser.submit(&page, &[("username", "ada"), ("password", password)]).await;
        assert_eq!(next.url.ends_with("/account"), is_right);
    }
}

#[actix_web::test]
async fn r57_the_current_password_goes_through_the_door_of_the_sign_in() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let mut ada = signed_in(&app, "ada").await;
    let page = ada.get("/account/password").await;
    for (current, new) in [("", NEW), (PASSWORD, "short"), (PASSWORD, "ada ada ada ada ada")] {
        let refused = ada.submit(&page, &[("current", current), ("password", new)]).await;
        assert_eq!(refused.status, 422, "{new}");
        assert!(refused.has("error-summary") && !refused.body.contains(NEW), "{new}");
    }
    let mut last = ada.submit(&page, &[("current", "wrong"), ("password", NEW)]).await;
    assert_eq!(last.status, 422);
    for _ in 0..20 {
        last = ada.submit(&page, &[("current", "wrong"), ("password", NEW)]).await;
    }
    assert_eq!(last.status, 429);
    assert!(last.header("retry-after").is_some());
    // The same count stands before the sign-in of another browser.
    let mut browser = app.browser();
    let page = browser.get("/account").await;
    let next = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert_eq!(next.status, 429);
}

#[actix_web::test]
async fn r86_r108_sessions_are_listed_and_ended_by_their_owner_alone() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user("bob").await;
    let (mut here, mut there) = (signed_in(&app, "ada").await, signed_in(&app, "ada").await);
    let mut bob = signed_in(&app, "bob").await;
    let page = here.get("/account/sessions").await;
    let ids: Vec<String> = page
        .body
        .split("name=\"session\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .collect();
    assert_eq!(ids.len(), 2, "one other and the button for all: {}", page.body);
    // Another person names it and ends nothing.
    let foreign = field(&bob.get("/account/password").await, "csrf");
    bob.post("/account/sessions", &[("csrf", &foreign), ("session", &ids[0])]).await;
    assert!(there.get("/account").await.url.ends_with("/account"));
    let csrf = field(&page, "csrf");
    let done = here.post("/account/sessions", &[("csrf", &csrf), ("session", &ids[0])]).await;
    assert!(done.url.ends_with("done=sessions") && !done.has("end-others"), "{}", done.body);
    assert!(there.get("/account").await.has("login-submit"));
    assert!(here.get("/account").await.url.ends_with("/account"));
    assert!(bob.get("/account").await.url.ends_with("/account"));
    // And all others at once.
    let mut again = signed_in(&app, "ada").await;
    here.submit(&page, &[("session", "others")]).await;
    assert!(again.get("/account").await.has("login-submit"));
    assert!(here.get("/account").await.url.ends_with("/account"));
}

#[actix_web::test]
async fn each_session_is_recognized_by_its_browser_its_network_and_its_apps() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({ "client_name": "Notes <b>" })).await;
    let mut phone = app.browser();
    phone.user_agent = "Mozilla/5.0 (iPhone) <script> CriOS/141 Safari/605".to_owned();
    phone.sign_in(&notes, "ada", &[]).await.code();
    let mut ada = app.browser();
    ada.user_agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".to_owned();
    let page = ada.get("/account/sessions").await;
    let page = ada.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    let lines: Vec<&str> = page.body.split("<li class=\"row\">").skip(1).collect();
    assert_eq!(lines.len(), 2, "{}", page.body);
    assert!(lines[0].contains("Firefox · Linux") && lines[0].contains("class=\"badge\""));
    assert!(lines[1].contains("Chrome · iPhone") && lines[1].contains("Notes &#60;b&#62;"));
    assert!(lines.iter().all(|line| line.contains("127.0.0.0")), "{}", page.body);
    assert!(!page.body.contains("<script> C"), "r91");
}

#[actix_web::test]
async fn with_several_accounts_the_active_one_is_shown_and_can_be_switched() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user("bob").await;
    let mut browser = signed_in(&app, "ada").await;
    app.advance(Duration::from_secs(1));
    let page = browser.get("/sign-in").await;
    browser.submit(&page, &[("username", "bob"), ("password", PASSWORD)]).await;
    let name = |page: &Answer| page.body.split("class=\"who\"").nth(1).map(str::to_owned);
    let home = browser.get("/account").await;
    assert!(name(&home).is_some_and(|first| first.contains("bob Example")));
    let switched = browser.submit(&home, &[("account", "ada")]).await;
    assert!(name(&switched).is_some_and(|first| first.contains("ada Example")));
    let unchanged = browser.submit(&switched, &[("account", "eve")]).await;
    assert!(name(&unchanged).is_some_and(|first| first.contains("ada Example")));
}
