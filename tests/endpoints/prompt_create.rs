//! `prompt=create` (Initiating User Registration via OpenID Connect 1.0).

use serde_json::{Value, json};
use tessera::rules::sign_up::SignUpPolicy;

use crate::support::{Answer, Browser, Options, PASSWORD, TestApp, payload, text};

const CREATE: [(&str, &str); 1] = [("prompt", "create")];

async fn app(sign_up: SignUpPolicy) -> TestApp {
    TestApp::with(Options { is_dev: true, sign_up, ..Options::default() }).await
}

async fn prompts(app: &TestApp) -> Value {
    let url = format!("{}/.well-known/openid-configuration", app.url);
    let answer = reqwest::Client::builder().no_proxy().build().expect("a client").get(url);
    let document: Value = answer.send().await.expect("an answer").json().await.expect("JSON");
    document["prompt_values_supported"].clone()
}

/// From the page that asks for an address to the app.
async fn sign_up(app: &TestApp, browser: &mut Browser, page: &Answer, email: &str) -> Answer {
    let page = browser.submit(page, &[("email", email)]).await;
    let sent = crate::flows::sign_up::mailed(app, 1).await;
    let fields = [("code", &*sent.0), ("name", "Eve Example"), ("password", PASSWORD)];
    browser.submit(&page, &fields).await
}

#[actix_web::test]
async fn create_is_told_only_where_it_works() {
    let known = json!(["none", "login", "consent", "select_account"]);
    let off = app(SignUpPolicy::Off).await;
    assert_eq!(prompts(&off).await, known);
    let domains = SignUpPolicy::Domains(vec!["example.com".to_owned()]);
    for on in [SignUpPolicy::Open, domains] {
        let on = app(on).await;
        let all = json!(["none", "login", "consent", "select_account", "create"]);
        assert_eq!(prompts(&on).await, all);
        on.stop().await;
    }
    // Without mail it does not work.
    let silent = TestApp::with(Options { sign_up: SignUpPolicy::Open, ..Options::default() }).await;
    assert_eq!(prompts(&silent).await, known);
}

#[actix_web::test]
async fn create_begins_with_the_page_for_an_account_and_ends_at_the_app() {
    let app = app(SignUpPolicy::Open).await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let hinted = [CREATE[0], ("login_hint", "Eve@example.com")];
    let page = browser.authorize(&notes, &hinted).await;
    assert!(page.has("sign-up-submit") && page.body.contains("value=\"eve@example.com\""));
    let answer = sign_up(&app, &mut browser, &page, "eve@example.com").await;
    assert_eq!(answer.told("state").as_deref(), Some("the-state"));
    let tokens = notes.tokens(&answer.code()).await;
    assert!(payload(text(&tokens, "id_token"))["sub"].is_string());
    app.stop().await;
}

#[actix_web::test]
async fn who_has_an_account_signs_in_instead() {
    let app = app(SignUpPolicy::Open).await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &CREATE).await;
    assert!(page.has("sign-up-sign-in") && !page.has("login-submit"));
    let sign_in = browser.get(&format!("{}/sign-in", page.url)).await;
    assert!(sign_in.has("login-submit") && sign_in.has("sign-up"), "{}", sign_in.body);
    browser.submit(&sign_in, &[("username", "ada"), ("password", PASSWORD)]).await.code();
    app.stop().await;
}

#[actix_web::test]
async fn a_session_is_not_taken_unasked_but_can_be_chosen() {
    let app = app(SignUpPolicy::Open).await;
    let ada = app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    browser.sign_in(&notes, "ada", &[]).await.code();
    // Another account beside it.
    let page = browser.authorize(&notes, &CREATE).await;
    assert!(page.has("sign-up-submit"), "{}", page.body);
    let answer = sign_up(&app, &mut browser, &page, "eve@example.com").await;
    let eve = notes.tokens(&answer.code()).await;
    assert_ne!(payload(text(&eve, "id_token"))["sub"], json!(ada.subject.as_str()));
    // The one that is there, because its person says so.
    let page = browser.authorize(&notes, &CREATE).await;
    let accounts = browser.get(&format!("{}/account", page.url)).await;
    assert!(accounts.has("account-1"), "{}", accounts.body);
    let chosen = browser.submit(&accounts, &[("account", "1")]).await;
    let tokens = notes.tokens(&chosen.code()).await;
    assert_eq!(payload(text(&tokens, "id_token"))["sub"], json!(ada.subject.as_str()));
    // And a further one signs in.
    let page = browser.authorize(&notes, &CREATE).await;
    let accounts = browser.get(&format!("{}/account", page.url)).await;
    let other = browser.submit(&accounts, &[("account", "other")]).await;
    assert!(other.has("login-submit") && other.has("sign-up"), "{}", other.body);
    app.stop().await;
}

/// §4.1: other values beside it may exclude each other, and `none` always does.
#[actix_web::test]
async fn create_beside_other_values() {
    let app = app(SignUpPolicy::Open).await;
    app.user("ada").await;
    let notes = app.app(json!({ "first_party": false })).await;
    let mut browser = app.browser();
    let refused = browser.authorize(&notes, &[("prompt", "none create")]).await;
    assert_eq!(refused.told("error").as_deref(), Some("invalid_request"));
    for prompt in ["login create", "create select_account", "create consent"] {
        let page = browser.authorize(&notes, &[("prompt", prompt)]).await;
        assert!(page.has("sign-up-submit"), "{prompt}: {}", page.body);
    }
    // Whom the app names has an account.
    let consent = browser.sign_in(&notes, "ada", &[]).await;
    let code = browser.submit(&consent, &[("decision", "allow")]).await.code();
    let tokens = notes.tokens(&code).await;
    let hint = [CREATE[0], ("id_token_hint", text(&tokens, "id_token"))];
    let page = app.browser().authorize(&notes, &hint).await;
    assert!(page.has("login-submit") && !page.has("sign-up"), "{}", page.body);
    app.stop().await;
}

/// §4.1: a value that the metadata does not name is an invalid request, and says which.
#[actix_web::test]
async fn r65_where_nobody_may_sign_up_the_app_is_told() {
    let app = app(SignUpPolicy::Off).await;
    let notes = app.app(json!({})).await;
    let answer = app.browser().authorize(&notes, &CREATE).await;
    assert_eq!(answer.told("error").as_deref(), Some("invalid_request"));
    let told = answer.told("error_description").expect("a sentence");
    assert!(told.contains("prompt=create"), "{told}");
    let (status, body) = notes.ask("/par", &notes.request(&CREATE)).await;
    assert_eq!((status, text(&body, "error")), (400, "invalid_request"));
    // Values of other providers are left aside, as ever.
    assert!(app.browser().authorize(&notes, &[("prompt", "register")]).await.has("login-submit"));
    app.stop().await;
}
