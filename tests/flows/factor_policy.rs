//! Who must show two factors: everybody, the people of a group, or the people of one app.

use std::time::Duration;

use serde_json::{Value, json};
use tessera::app::users;
use tessera::rules::factor_policy::FactorPolicy;

use super::passkeys::{self, Authenticator as Passkey};
use crate::support::{Answer, App, Authenticator, Browser, Options, PASSWORD, TestApp};
use crate::support::{payload, text};

const STEP: Duration = Duration::from_secs(30);
const ACR_1: &str = "urn:tessera:acr:1";
const ACR_2: &str = "urn:tessera:acr:2";

/// A provider that wants two factors of everybody.
async fn strict() -> TestApp {
    with(FactorPolicy { is_for_everybody: true, ..FactorPolicy::default() }).await
}

async fn with(mfa: FactorPolicy) -> TestApp {
    TestApp::with(Options { mfa, ..Options::default() }).await
}

async fn claims(app: &App, answer: &Answer) -> Value {
    payload(text(&app.tokens(&answer.code()).await, "id_token"))
}

async fn password(browser: &mut Browser, page: &Answer, username: &str) -> Answer {
    assert!(page.has("login-submit"), "{} {}", page.status, page.body);
    browser.submit(page, &[("username", username), ("password", PASSWORD)]).await
}

#[actix_web::test]
async fn r80_everybody_sets_up_a_second_factor_at_every_door() {
    let app = strict().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    for door in ["/sign-in", "/account", "/account/password", "/account/sessions"] {
        let mut browser = app.browser();
        let page = browser.get(door).await;
        let page = password(&mut browser, &page, "ada").await;
        assert!(page.has("totp-key"), "{door}: {}", page.body);
        assert!(!browser.cookies.contains_key("tessera"), "{door}");
    }
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    assert!(page.has("totp-key"), "{}", page.body);
    let phone = Authenticator::from_page(&page);
    let codes = browser.submit(&page, &[("code", &phone.code(&app))]).await;
    assert!(codes.has("recovery-codes"));
    let answer = browser.get(&page.url).await;
    assert_eq!(claims(&notes, &answer).await["acr"], ACR_2);
    app.advance(STEP);
    let mut next = app.browser();
    let page = next.sign_in(&notes, "ada", &[]).await;
    assert!(page.has("totp-submit") && !page.has("totp-key"));
    next.submit(&page, &[("code", &phone.code(&app))]).await.code();
}

#[actix_web::test]
async fn r81_nothing_leads_around_a_set_up_that_is_forced() {
    let app = strict().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let other = app.app(json!({ "redirect_uris": ["https://other.example/callback"] })).await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    assert!(page.has("totp-key"));
    let base = page.url.clone();
    let csrf = page.form().1[0].1.clone();
    // R77: what stands between the factors opens nothing, by whichever way one comes.
    for path in ["", "/sign-in", "/totp", "/recovery", "/consent", "/passkey/enrol", "/account"] {
        assert!(browser.get(&format!("{base}{path}")).await.has("totp-key"), "{path}");
    }
    for path in ["/sign-in", "/totp", "/recovery", "/consent", "/passkey/enrol", "/passkey/decline"]
    {
        let form = [("csrf", csrf.as_str()), ("decision", "allow"), ("code", "000000")];
        let answer = browser.post(&format!("{base}{path}"), &form).await;
        assert!(answer.has("totp-key"), "{path} {}", answer.status);
    }
    for app in [&notes, &other] {
        let silent = browser.authorize(app, &[("prompt", "none")]).await;
        assert_eq!(silent.told("error").as_deref(), Some("login_required"));
        assert!(browser.authorize(app, &[]).await.has("login-submit"), "another tab or app");
    }
    assert!(browser.get(&format!("{base}/restart")).await.has("login-submit"));
    assert!(browser.get("/account").await.has("login-submit"));
    assert!(!browser.cookies.contains_key("tessera"), "{:?}", browser.cookies.keys());
}

#[actix_web::test]
async fn r80_a_group_brings_its_people_under_the_demand_even_when_they_are_signed_in() {
    let admins = FactorPolicy { groups: vec!["admins".to_owned()], ..FactorPolicy::default() };
    let app = with(admins).await;
    app.user("ada").await;
    app.user("bob").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let answer = browser.sign_in(&notes, "ada", &[]).await;
    assert_eq!(claims(&notes, &answer).await["acr"], ACR_1);
    assert!(browser.get("/account").await.url.ends_with("/account"));
    users::set_groups(app.operator(), "ada", &["admins".to_owned()]).await.expect("set");
    let silent = browser.authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("login_required"));
    for path in ["/account", "/account/password", "/account/sessions"] {
        let page = browser.get(path).await;
        assert!(page.has("login-submit"), "{path} opens for a session of one factor");
    }
    // Whoever has no second factor proves the password before one is set up (R81).
    let page = browser.authorize(&notes, &[]).await;
    let page = password(&mut browser, &page, "ada").await;
    assert!(page.has("totp-key"), "{}", page.body);
    app.browser().sign_in(&notes, "bob", &[]).await.code();
}

#[actix_web::test]
async fn r79_what_one_app_demands_no_request_can_lower() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let notes = app.app(json!({})).await;
    let bank = json!({ "minimum_acr": ACR_2, "redirect_uris": ["https://bank.example/callback"] });
    let bank = app.app(bank).await;
    let mut browser = app.browser();
    let answer = browser.sign_in(&notes, "ada", &[]).await;
    assert_eq!(claims(&notes, &answer).await["acr"], ACR_1);
    let essential = json!({ "id_token": { "acr": { "essential": true, "value": ACR_1 } } });
    let essential = essential.to_string();
    for wish in [("acr_values", ACR_1), ("claims", essential.as_str()), ("ui_locales", "en")] {
        let silent = browser.authorize(&bank, &[("prompt", "none"), wish]).await;
        assert_eq!(silent.told("error").as_deref(), Some("login_required"), "{wish:?}");
        let page = browser.authorize(&bank, &[wish]).await;
        assert!(password(&mut browser, &page, "ada").await.has("totp-key"), "{wish:?}");
    }
    let (phone, _) = app.authenticator(&ada).await;
    app.advance(STEP);
    let page = browser.authorize(&bank, &[]).await;
    assert!(page.has("totp-submit") && page.body.contains("asks you to confirm"), "{}", page.body);
    let answer = browser.submit(&page, &[("code", &phone.code(&app))]).await;
    assert_eq!(claims(&bank, &answer).await["acr"], ACR_2);
}

/// The addresses of the ways that a page lists, in its order.
fn ways(page: &Answer) -> Vec<String> {
    assert!(page.has("ways"), "{}", page.body);
    let links = page.body.split("<a class=\"account\" href=\"").skip(1);
    let paths = links.filter_map(|rest| rest.split('"').next()?.splitn(4, '/').nth(3));
    paths.map(str::to_owned).collect()
}

/// A person with an authenticator app, recovery codes and a passkey, made in this order.
async fn with_every_way(app: &TestApp, notes: &App) -> (Authenticator, Passkey) {
    let passkey = passkeys::enrolled(app, notes, "ada").await;
    let ada = users::find(&app.store, "ada").await.expect("ada");
    app.advance(STEP);
    let (phone, _) = app.authenticator(&ada).await;
    app.advance(STEP);
    (phone, passkey)
}

#[actix_web::test]
async fn another_way_can_be_chosen_and_the_last_used_comes_first() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let (phone, passkey) = with_every_way(&app, &notes).await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    assert!(page.has("totp-code") && page.has("other-way"), "the app was set up last");
    let base = page.url.clone();
    let list = browser.get(&format!("{base}/ways")).await;
    assert_eq!(ways(&list), ["totp", "passkey/confirm", "recovery"]);
    let page = browser.get(&format!("{base}/passkey/confirm")).await;
    assert!(page.has("other-way") && !page.has("totp-code"), "{}", page.body);
    let asked = passkeys::question(&page);
    let allowed = asked.options["allowCredentials"].as_array().expect("a list");
    assert_eq!(allowed.len(), 1, "R78: only the passkeys of this person are asked for");
    let answer = asked.answer(&mut browser, &passkey.get(asked.challenge())).await;
    let shown = claims(&notes, &answer).await;
    assert_eq!(shown["acr"], "phr");
    assert_eq!(shown["amr"], json!(["pwd", "pop", "user", "mfa"]), "R79");
    app.advance(STEP);
    let mut next = app.browser();
    let page = next.sign_in(&notes, "ada", &[]).await;
    assert!(!page.has("totp-code"), "the passkey was used last");
    let list = next.get(&format!("{}/ways", page.url)).await;
    assert_eq!(ways(&list), ["passkey/confirm", "totp", "recovery"]);
    // Nothing here needs a script but the passkey.
    let page = next.get(&format!("{}/totp", page.url)).await;
    next.submit(&page, &[("code", &phone.code(&app))]).await.code();
}

#[actix_web::test]
async fn r61_the_ways_of_an_account_are_told_to_nobody_without_its_password() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    with_every_way(&app, &notes).await;
    app.user("bob").await;
    let mut answers = Vec::new();
    for username in ["ada", "bob", "nobody"] {
        let mut browser = app.browser();
        let page = browser.authorize(&notes, &[]).await;
        let typed = [("username", username), ("password", "wrong")];
        let refused = browser.submit(&page, &typed).await;
        assert_eq!(refused.status, 422);
        for path in ["ways", "totp", "recovery", "passkey/confirm", "set-up-totp"] {
            let page = browser.get(&format!("{}/{path}", page.url)).await;
            assert!(page.has("login-submit") && !page.has("ways"), "{username} {path}");
            answers.push((path, page.status));
        }
    }
    let (first, rest) = answers.split_at(5);
    assert!(rest.chunks(5).all(|other| other == first));
}

#[actix_web::test]
async fn r78_the_passkey_of_another_person_is_no_second_factor() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    with_every_way(&app, &notes).await;
    let bobs = passkeys::enrolled(&app, &notes, "bob").await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    let page = browser.get(&format!("{}/passkey/confirm", page.url)).await;
    let asked = passkeys::question(&page);
    let answer = bobs.get(asked.challenge());
    let refused = asked.answer(&mut browser, &answer).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.has("error-summary") && refused.has("other-way"));
    assert_eq!(asked.answer(&mut browser, &answer).await.status, 422, "the challenge is used up");
    assert!(!browser.cookies.contains_key("tessera"));
}

#[actix_web::test]
async fn r81_a_passkey_can_be_set_up_instead_and_is_shown_before_anything_opens() {
    let app = strict().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    assert!(page.has("totp-key") && page.has("passkey-form"), "{}", page.body);
    let mut passkey = Passkey::new(&app, b"of ada");
    let asked = passkeys::question(&page);
    let refused = asked.answer(&mut browser, "{}").await;
    assert!(refused.status == 422 && refused.has("totp-key"), "{}", refused.status);
    let asked = passkeys::question(&refused);
    let made = passkey.create(&asked.options);
    let page = asked.answer(&mut browser, &made).await;
    assert!(page.has("passkey-sign-in") && !page.has("totp-key"), "{}", page.body);
    assert!(!browser.cookies.contains_key("tessera"), "R79: making one is not showing it");
    assert!(!page.has("other-way"));
    let asked = passkeys::question(&page);
    let answer = asked.answer(&mut browser, &passkey.get(asked.challenge())).await;
    assert_eq!(claims(&notes, &answer).await["acr"], "phr");
    // Whoever has a passkey only is asked for it, and can set up nothing by the password alone.
    let mut thief = app.browser();
    let page = thief.sign_in(&notes, "ada", &[]).await;
    assert!(page.has("passkey-sign-in"), "{}", page.body);
    let base = page.url.clone();
    for path in ["/set-up-totp", "/passkey/set-up", "/totp", "/ways", "/recovery"] {
        assert!(thief.get(&format!("{base}{path}")).await.has("passkey-sign-in"), "{path}");
    }
}

/// The `claims` parameter of an app that cannot do without one of these.
fn essential(values: &[&str]) -> String {
    json!({ "id_token": { "acr": { "essential": true, "values": values } } }).to_string()
}

#[actix_web::test]
async fn an_essential_passkey_is_shown_or_the_app_gets_nothing() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let (phone, passkey) = with_every_way(&app, &notes).await;
    let bob = app.user("bob").await;
    let (bobs, _) = app.authenticator(&bob).await;
    app.advance(STEP);
    let wants = [("claims", essential(&["phr", "urn:example:gold"]))];
    let wants = [(wants[0].0, wants[0].1.as_str())];
    let unmet = Some("unmet_authentication_requirements");

    // A passkey is asked for after the password, and is enough.
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &wants).await;
    let asked = passkeys::question(&page);
    let answer = asked.answer(&mut browser, &passkey.get(asked.challenge())).await;
    assert_eq!(claims(&notes, &answer).await["acr"], "phr");
    // A session of two other factors is not; a code in place of the passkey ends it.
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    let code = browser.get(&format!("{}/totp", page.url)).await;
    browser.submit(&code, &[("code", &phone.code(&app))]).await.code();
    app.advance(STEP);
    let silent = browser.authorize(&notes, &[("prompt", "none"), wants[0]]).await;
    assert_eq!(silent.told("error").as_deref(), Some("login_required"));
    let page = browser.authorize(&notes, &wants).await;
    let code = browser.get(&format!("{}/totp", page.url)).await;
    let answer = browser.submit(&code, &[("code", &phone.code(&app))]).await;
    assert_eq!(answer.told("error").as_deref(), unmet);
    // Who has none shows what they have, and it is not enough.
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "bob", &wants).await;
    let answer = browser.submit(&page, &[("code", &bobs.code(&app))]).await;
    assert_eq!(answer.told("error").as_deref(), unmet);
    let answer = browser.authorize(&notes, &wants).await;
    assert_eq!(answer.told("error").as_deref(), unmet, "and is not asked again");
    // A wish is content with less, and so is a list that names less.
    for wish in [("acr_values", "phr"), ("claims", &*essential(&["phr", ACR_2]))] {
        let answer = browser.authorize(&notes, &[wish]).await;
        assert_eq!(claims(&notes, &answer).await["acr"], ACR_2, "{wish:?}");
    }
    // Nobody can show what nobody knows.
    let gold = essential(&["urn:example:gold"]);
    let answer = app.browser().authorize(&notes, &[("claims", &gold)]).await;
    assert_eq!(answer.told("error").as_deref(), unmet);
}

#[actix_web::test]
async fn an_essential_passkey_can_be_set_up_on_the_way() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let phr = essential(&["phr"]);
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[("claims", &phr)]).await;
    let asked = passkeys::question(&page);
    let mut passkey = Passkey::new(&app, b"key");
    let made = passkey.create(&asked.options);
    let page = asked.answer(&mut browser, &made).await;
    let asked = passkeys::question(&page);
    let answer = asked.answer(&mut browser, &passkey.get(asked.challenge())).await;
    assert_eq!(claims(&notes, &answer).await["acr"], "phr");
    // An authenticator app in its place is less.
    app.user("bob").await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "bob", &[("claims", &phr)]).await;
    let code = Authenticator::from_page(&page).code(&app);
    browser.submit(&page, &[("code", &code)]).await;
    let answer = browser.authorize(&notes, &[("claims", &phr)]).await;
    assert_eq!(answer.told("error").as_deref(), Some("unmet_authentication_requirements"));
}
