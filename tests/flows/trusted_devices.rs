//! Devices on which a person is not asked for the second factor again.

use std::time::Duration;

use serde_json::{Value, json};
use tessera::app::users;
use tessera::rules::factor_policy::FactorPolicy;

use crate::support::{Answer, App, Authenticator, Browser, Options, PASSWORD, TestApp};
use crate::support::{payload, text};

const STEP: Duration = Duration::from_secs(30);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const ACR_1: &str = "urn:tessera:acr:1";
const ACR_2: &str = "urn:tessera:acr:2";
const COOKIE: &str = "tessera-device";

fn policy(is_for_everybody: bool, days: u32) -> FactorPolicy {
    FactorPolicy { is_for_everybody, groups: Vec::new(), trust_device_for: DAY * days }
}

/// A provider, an app, and a person with an authenticator app and recovery codes.
async fn scene(mfa: FactorPolicy) -> (TestApp, App, Authenticator, Vec<String>) {
    let app = TestApp::with(Options { mfa, ..Options::default() }).await;
    let ada = app.user("ada").await;
    let notes = app.app(json!({})).await;
    let (phone, codes) = app.authenticator(&ada).await;
    app.advance(STEP);
    (app, notes, phone, codes)
}

async fn claims(app: &App, answer: &Answer) -> Value {
    payload(text(&app.tokens(&answer.code()).await, "id_token"))
}

/// A browser in which a person signed in with both factors and ticked the box.
async fn trusted(app: &TestApp, notes: &App, phone: &Authenticator) -> Browser {
    let mut browser = app.browser();
    let page = browser.sign_in(notes, "ada", &[]).await;
    assert!(page.has("totp-code") && page.has("trust"), "{}", page.body);
    let answer = browser.submit(&page, &[("code", &phone.code(app)), ("trust", "1")]).await;
    assert_eq!(claims(notes, &answer).await["acr"], ACR_2);
    assert!(browser.cookies.contains_key(COOKIE));
    app.advance(STEP);
    // The session is over, and the device stays.
    browser.cookies.remove("tessera");
    browser
}

#[actix_web::test]
async fn r79_a_trusted_device_spares_the_question_and_says_so() {
    let (app, notes, phone, _) = scene(policy(false, 30)).await;
    let mut browser = trusted(&app, &notes, &phone).await;
    let answer = browser.sign_in(&notes, "ada", &[]).await;
    let shown = claims(&notes, &answer).await;
    assert_eq!((&shown["acr"], &shown["amr"]), (&json!(ACR_1), &json!(["pwd"])));
    // An app that wants two factors gets them here as anywhere.
    let silent = browser.authorize(&notes, &[("prompt", "none"), ("acr_values", ACR_2)]).await;
    assert_eq!(silent.told("error").as_deref(), Some("login_required"));
    let page = browser.authorize(&notes, &[("acr_values", ACR_2)]).await;
    assert!(page.has("totp-code") && !page.has("trust"), "a step-up offers no trust");
    let answer = browser.submit(&page, &[("code", &phone.code(&app)), ("trust", "1")]).await;
    assert_eq!(claims(&notes, &answer).await["acr"], ACR_2);
    let page = app.browser().sign_in(&notes, "ada", &[("acr_values", ACR_2)]).await;
    assert!(page.has("totp-code") && !page.has("trust"), "nor does a demand");
    // A value that is not this device's, and another person with it, are asked.
    let mut other = app.browser();
    other.cookies.insert(COOKIE.to_owned(), "A".repeat(43));
    assert!(other.sign_in(&notes, "ada", &[]).await.has("totp-code"));
    app.advance(DAY * 30);
    browser.cookies.remove("tessera");
    assert!(browser.sign_in(&notes, "ada", &[]).await.has("totp-code"), "30 days are over");
}

#[actix_web::test]
async fn a_trusted_device_is_trusted_by_one_person() {
    let (app, notes, phone, _) = scene(policy(false, 30)).await;
    let bob = app.user("bob").await;
    let (bobs, _) = app.authenticator(&bob).await;
    let mut browser = trusted(&app, &notes, &phone).await;
    let page = browser.sign_in(&notes, "bob", &[]).await;
    assert!(page.has("totp-code"), "{}", page.body);
    browser.submit(&page, &[("code", &bobs.code(&app)), ("trust", "1")]).await.code();
    for username in ["ada", "bob"] {
        browser.cookies.remove("tessera");
        browser.sign_in(&notes, username, &[]).await.code();
    }
}

#[actix_web::test]
async fn r80_what_the_operator_demands_is_met_where_a_factor_was_shown_lately() {
    let (app, notes, phone, _) = scene(policy(true, 30)).await;
    let mut browser = trusted(&app, &notes, &phone).await;
    let answer = browser.sign_in(&notes, "ada", &[]).await;
    assert_eq!(claims(&notes, &answer).await["acr"], ACR_1);
    browser.authorize(&notes, &[("prompt", "none")]).await.code();
    assert!(browser.get("/account").await.url.ends_with("/account"));
    // With the trust, what it stood for ends at once, also in a session that is there already.
    let page = browser.get("/account/sessions").await;
    assert!(page.has("trusted-devices"), "{}", page.body);
    let form = page.body.split("action=\"/account/sessions/devices\"").nth(1).expect("a form");
    let value = |name: &str| {
        let rest = form.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("a field");
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let (csrf, device) = (value("csrf"), value("device"));
    let forged = browser.post("/account/sessions/devices", &[("device", &device)]).await;
    assert_eq!(forged.status, 403);
    let ended = [("csrf", csrf.as_str()), ("device", device.as_str())];
    browser.post("/account/sessions/devices", &ended).await;
    let silent = browser.authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("login_required"));
    assert!(browser.get("/account").await.has("login-submit"));
    assert!(browser.authorize(&notes, &[]).await.has("totp-code"));
}

#[actix_web::test]
async fn r86_nobody_ends_the_trust_of_another_person() {
    let (app, notes, phone, _) = scene(policy(false, 30)).await;
    app.user("bob").await;
    let mut browser = trusted(&app, &notes, &phone).await;
    browser.sign_in(&notes, "ada", &[]).await.code();
    let page = browser.get("/account/sessions").await;
    let device = page.body.split("name=\"device\" value=\"").nth(1).expect("a device");
    let device = device.split('"').next().unwrap_or_default().to_owned();
    let mut bob = app.browser();
    bob.sign_in(&notes, "bob", &[]).await.code();
    let page = bob.get("/account/password").await;
    let fields = page.form().1;
    let csrf = fields.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    bob.post("/account/sessions/devices", &[("csrf", &csrf), ("device", &device)]).await;
    browser.cookies.remove("tessera");
    browser.sign_in(&notes, "ada", &[]).await.code();
}

#[actix_web::test]
async fn trust_ends_with_the_password_the_factors_and_every_session() {
    let (app, notes, phone, _) = scene(policy(false, 30)).await;
    let mut browser = trusted(&app, &notes, &phone).await;
    app.set_password("ada", PASSWORD).await;
    assert!(browser.sign_in(&notes, "ada", &[]).await.has("totp-code"), "a new password");
    let mut browser = trusted(&app, &notes, &phone).await;
    let mut other = app.browser();
    let page = other.sign_in(&notes, "ada", &[]).await;
    other.submit(&page, &[("code", &phone.code(&app))]).await.code();
    app.advance(STEP);
    browser.sign_in(&notes, "ada", &[]).await.code();
    let page = other.get("/account/sessions").await;
    assert!(page.has("end-others"), "{}", page.body);
    other.submit(&page, &[("session", "others")]).await;
    assert!(browser.sign_in(&notes, "ada", &[]).await.has("totp-code"), "signed out everywhere");
    let mut browser = trusted(&app, &notes, &phone).await;
    users::reset_factors(app.operator(), "ada").await.expect("reset");
    let ada = users::find(&app.store, "ada").await.expect("ada");
    app.authenticator(&ada).await;
    assert!(browser.sign_in(&notes, "ada", &[]).await.has("totp-code"), "new factors");
}

#[actix_web::test]
async fn trust_is_not_offered_where_it_would_be_wrong() {
    let (app, notes, phone, codes) = scene(policy(false, 30)).await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    let page = browser.get(&format!("{}/recovery", page.url)).await;
    assert!(page.has("recovery-code") && !page.has("trust"));
    browser.submit(&page, &[("code", &codes[0]), ("trust", "1")]).await.code();
    assert!(!browser.cookies.contains_key(COOKIE), "whoever uses one up has lost something");
    // Whoever is asked to confirm shows everything, on a trusted device as well.
    let mut browser = trusted(&app, &notes, &phone).await;
    browser.sign_in(&notes, "ada", &[]).await.code();
    let page = browser.authorize(&notes, &[("prompt", "login")]).await;
    let page = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(page.has("totp-code") && !page.has("trust"), "{}", page.body);
    let (app, notes, phone, _) = scene(policy(false, 0)).await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    assert!(page.has("totp-code") && !page.has("trust"));
    browser.submit(&page, &[("code", &phone.code(&app)), ("trust", "1")]).await.code();
    assert!(!browser.cookies.contains_key(COOKIE));
}
