use std::time::Duration;

use serde_json::{Value, json};
use tessera::app::users;
use tessera::domain::User;

use crate::support::{Answer, App, Authenticator, Browser, PASSWORD, TestApp, payload, text};

const STEP: Duration = Duration::from_secs(30);
const ACR_2: &str = "urn:tessera:acr:2";

/// A provider with an app and one person.
async fn scene() -> (TestApp, App, User) {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let notes = app.app(json!({})).await;
    (app, notes, ada)
}

/// A provider, an app, and a person with an authenticator app and recovery codes.
async fn equipped() -> (TestApp, App, Authenticator, Vec<String>) {
    let (app, notes, ada) = scene().await;
    let (phone, codes) = app.authenticator(&ada).await;
    app.advance(STEP);
    (app, notes, phone, codes)
}

async fn id_token(app: &App, answer: &Answer) -> Value {
    payload(text(&app.tokens(&answer.code()).await, "id_token"))
}

async fn password(browser: &mut Browser, page: &Answer) -> Answer {
    assert!(page.has("login-submit"), "{} {}", page.status, page.body);
    browser.submit(page, &[("username", "ada"), ("password", PASSWORD)]).await
}

#[actix_web::test]
async fn r79_a_password_and_a_code_are_two_factors() {
    let (app, notes, phone, _) = equipped().await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    assert!(page.has("totp-code") && page.has("totp-submit"), "{}", page.body);
    let answer = browser.submit(&page, &[("code", &phone.code(&app))]).await;
    let claims = id_token(&notes, &answer).await;
    assert_eq!(claims["acr"], ACR_2);
    assert_eq!(claims["amr"], json!(["pwd", "otp", "mfa"]));
    // The session is worth two factors for the next app as well.
    let silent = [("prompt", "none"), ("acr_values", ACR_2)];
    let answer = browser.authorize(&notes, &silent).await;
    assert_eq!(id_token(&notes, &answer).await["acr"], ACR_2);
}

#[actix_web::test]
async fn r77_a_right_password_alone_opens_nothing() {
    let (app, notes, _, _) = equipped().await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    assert!(page.has("totp-code"));
    assert!(!browser.cookies.contains_key("tessera"), "{:?}", browser.cookies.keys());
    let silent = browser.authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("login_required"));
    assert!(browser.authorize(&notes, &[]).await.has("login-submit"), "another request");
    assert!(!browser.get("/").await.body.contains("ada@example.com"));
    // No address of the interaction leads around the code.
    let (action, _) = page.form();
    let base = action.trim_end_matches("/totp");
    for path in ["", "/sign-in", "/consent", "/set-up-totp", "/totp"] {
        assert!(browser.get(&format!("{base}{path}")).await.has("totp-code"), "{path}");
    }
    let (_, fields) = page.form();
    for path in ["/consent", "/set-up-totp", "/sign-in"] {
        let form = [("csrf", fields[0].1.as_str()), ("decision", "allow"), ("code", "000000")];
        let answer = browser.post(&format!("{base}{path}"), &form).await;
        assert!(answer.has("totp-code"), "{path} {}", answer.status);
    }
    let restarted = browser.get(&format!("{base}/restart")).await;
    assert!(restarted.has("login-submit") && !restarted.has("totp-code"));
    app.advance(Duration::from_secs(60 * 60));
    assert!(browser.get(base).await.has("login-submit"), "the password counts for an hour");
}

#[actix_web::test]
async fn r74_a_code_counts_once() {
    let (app, notes, phone, _) = equipped().await;
    let code = phone.code(&app);
    let mut first = app.browser();
    let page = first.sign_in(&notes, "ada", &[]).await;
    first.submit(&page, &[("code", &code)]).await.code();
    let mut second = app.browser();
    let page = second.sign_in(&notes, "ada", &[]).await;
    let refused = second.submit(&page, &[("code", &code)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("was already used") && refused.has("totp-code"));
    app.advance(STEP);
    let code = phone.code(&app);
    let (head, tail) = code.split_at(3);
    second.submit(&refused, &[("code", &format!(" {head} {tail}"))]).await.code();
}

#[actix_web::test]
async fn r75_a_recovery_code_stands_in_once_and_for_its_owner_alone() {
    let (app, notes, _, codes) = equipped().await;
    let bob = app.user("bob").await;
    let (_, bobs) = app.authenticator(&bob).await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    let (action, _) = page.form();
    let page = browser.get(&action.replace("/totp", "/recovery")).await;
    assert!(page.has("recovery-code") && page.has("recovery-submit"), "{}", page.body);
    let refused = browser.submit(&page, &[("code", &bobs[0])]).await;
    assert!(refused.status == 422 && refused.has("recovery-code"));
    let typed = codes[0].to_lowercase().replace('-', " ");
    let answer = browser.submit(&refused, &[("code", &typed)]).await;
    assert_eq!(id_token(&notes, &answer).await["acr"], ACR_2);
    let mut other = app.browser();
    let page = other.sign_in(&notes, "ada", &[]).await;
    let page = other.get(&page.form().0.replace("/totp", "/recovery")).await;
    assert_eq!(other.submit(&page, &[("code", &codes[0])]).await.status, 422);
    other.submit(&page, &[("code", &codes[1])]).await.code();
}

#[actix_web::test]
async fn r76_failed_codes_count_over_browsers_ways_and_passwords() {
    let (app, notes, phone, codes) = equipped().await;
    for number in 0..5 {
        let mut browser = app.browser();
        let page = browser.sign_in(&notes, "ada", &[]).await;
        let way = if number % 2 == 0 { "/totp" } else { "/recovery" };
        let page = browser.get(&page.form().0.replace("/totp", way)).await;
        assert_eq!(browser.submit(&page, &[("code", "000000")]).await.status, 422, "{number}");
    }
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    let blocked = browser.submit(&page, &[("code", &phone.code(&app))]).await;
    assert_eq!(blocked.status, 429);
    assert!(blocked.header("retry-after").is_some() && blocked.has("totp-code"));
    let recovery = browser.get(&page.form().0.replace("/totp", "/recovery")).await;
    assert_eq!(browser.submit(&recovery, &[("code", &codes[0])]).await.status, 429);
    app.advance(Duration::from_secs(2));
    browser.submit(&page, &[("code", &phone.code(&app))]).await.code();
}

#[actix_web::test]
async fn a_session_of_one_factor_is_asked_for_the_second_when_an_app_wants_it() {
    let (app, notes, ada) = scene().await;
    let mut browser = app.browser();
    let before = browser.sign_in(&notes, "ada", &[]).await;
    let before = id_token(&notes, &before).await;
    let cookie = browser.cookies["tessera"].clone();
    let (phone, _) = app.authenticator(&ada).await;
    app.advance(STEP);
    let essential = json!({ "id_token": { "acr": { "essential": true, "value": ACR_2 } } });
    let essential = essential.to_string();
    for demand in [("acr_values", ACR_2), ("claims", essential.as_str())] {
        let silent = browser.authorize(&notes, &[("prompt", "none"), demand]).await;
        assert_eq!(silent.told("error").as_deref(), Some("login_required"), "{demand:?}");
    }
    // A wish that one factor meets asks for nothing.
    let either = "urn:tessera:acr:2 urn:tessera:acr:1";
    browser.authorize(&notes, &[("acr_values", either)]).await.code();
    let page = browser.authorize(&notes, &[("acr_values", ACR_2)]).await;
    assert!(page.has("totp-code") && page.body.contains("asks you to confirm"), "{}", page.body);
    let answer = browser.submit(&page, &[("code", &phone.code(&app))]).await;
    let after = id_token(&notes, &answer).await;
    assert_eq!((&after["acr"], &after["sid"]), (&json!(ACR_2), &before["sid"]));
    assert_ne!(browser.cookies["tessera"], cookie, "R82: a new value");
}

#[actix_web::test]
async fn a_client_may_want_two_factors_by_default() {
    let (app, _, ada) = scene().await;
    let strict = app.app(json!({ "default_acr_values": [ACR_2] })).await;
    let mut browser = app.browser();
    let page = browser.sign_in(&strict, "ada", &[]).await;
    assert!(page.has("totp-key"), "{}", page.body);
    app.authenticator(&ada).await;
    // It was set up elsewhere meanwhile: now it is asked for.
    assert!(browser.get(&page.url).await.has("totp-submit"));
}

#[actix_web::test]
async fn r81_a_factor_that_must_be_set_up_cannot_be_skipped() {
    let (app, notes, _) = scene().await;
    let mut browser = app.browser();
    browser.sign_in(&notes, "ada", &[]).await.code();
    let demand = [("acr_values", ACR_2)];
    // A session is there, and yet the password is asked for before anything is set up.
    let page = browser.authorize(&notes, &demand).await;
    let page = password(&mut browser, &page).await;
    assert!(page.has("totp-key") && page.body.contains("<svg role=\"img\""), "{}", page.body);
    let base = page.url.clone();
    let again = browser.get(&base).await;
    let key = |page: &Answer| page.body.split("totp-key").nth(1).map(|rest| rest[..60].to_owned());
    assert_eq!(key(&again), key(&page), "a reload shows the same key");
    for path in ["/totp", "/recovery", "/consent", "/sign-in"] {
        assert!(browser.get(&format!("{base}{path}")).await.has("totp-key"), "{path}");
    }
    let tab = browser.authorize(&notes, &demand).await;
    assert!(tab.has("login-submit"), "another tab begins with the password");
    assert!(browser.get(&format!("{base}/restart")).await.has("login-submit"));
    let silent = [demand[0], ("prompt", "none")];
    let silent = browser.authorize(&notes, &silent).await;
    assert_eq!(silent.told("error").as_deref(), Some("login_required"));
    let phone = Authenticator::from_page(&page);
    let wrong = browser.submit(&page, &[("code", "12345")]).await;
    assert!(wrong.status == 422 && key(&wrong) == key(&page));
    let codes = browser.submit(&page, &[("code", &phone.code(&app))]).await;
    assert!(codes.has("recovery-codes") && codes.body.matches("<li><code>").count() == 10);
    let answer = browser.get(&base).await;
    let claims = id_token(&notes, &answer).await;
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!(ACR_2), &json!(["pwd", "otp", "mfa"])));
}

/// A passkey is worth more than two factors, and not everybody has one: who is asked for it shows
/// two factors, once.
#[actix_web::test]
async fn a_wish_for_a_passkey_is_content_with_two_factors() {
    let (app, notes, phone, _) = equipped().await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[("acr_values", "phr")]).await;
    let answer = browser.submit(&page, &[("code", &phone.code(&app))]).await;
    assert_eq!(id_token(&notes, &answer).await["acr"], ACR_2);
}

/// Found by `laws::sign_in`: a password typed in another tab before the app asked for a fresh sign-in
/// must not become the time of the session that the app is told.
#[actix_web::test]
async fn r14_a_sign_in_that_began_before_in_another_tab_makes_no_session_older() {
    let (app, notes, phone, _) = equipped().await;
    let maps = app.app(json!({ "first_party": false })).await;
    let mut browser = app.browser();
    let earlier = browser.sign_in(&notes, "ada", &[]).await;
    app.advance(STEP);
    let asked_at = app.clock_seconds();
    let page = browser.sign_in(&maps, "ada", &[("prompt", "login")]).await;
    let consent = browser.submit(&page, &[("code", &phone.code(&app))]).await;
    assert!(consent.has("consent-allow"), "{}", consent.body);
    app.advance(STEP);
    browser.submit(&earlier, &[("code", &phone.code(&app))]).await.code();
    let answer = browser.submit(&consent, &[("decision", "allow")]).await;
    let claims = id_token(&maps, &answer).await;
    assert!(claims["auth_time"].as_i64() >= Some(asked_at), "{claims} {asked_at}");
}

#[actix_web::test]
async fn an_operator_resets_the_factors_of_a_person_who_lost_them() {
    let (app, notes, phone, _) = equipped().await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    let code = phone.code(&app);
    browser.submit(&page, &[("code", &code)]).await.code();
    users::reset_factors(app.operator(), "ada").await.expect("reset");
    let silent = browser.authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("login_required"), "who found the phone");
    let answer = app.browser().sign_in(&notes, "ada", &[]).await;
    assert_eq!(id_token(&notes, &answer).await["acr"], "urn:tessera:acr:1");
}
