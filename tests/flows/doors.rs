//! What the operator demands of everybody is asked for at every door (`security.md` R80): whatever was
//! shown, and whichever way one came, one factor opens nothing.

use serde_json::{Value, json};
use tessera::app::{recovery, setup, users};
use tessera::rules::factor_policy::FactorPolicy;

use super::recovery::{ask, mailed};
use crate::support::{Answer, App, Browser, Options, PASSWORD, Passkey, TestApp};
use crate::support::{payload, question, routes, text};

const NEW: &str = "staple battery horse correct";
const ACR_2: &str = "urn:tessera:acr:2";

/// A way to sign in, and whether it shows two factors by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Password,
    PasswordAtAnotherApp,
    ForcedPassword,
    OwnPages,
    RecoveryCode,
    RecoveryLink,
    OperatorsLink,
    FirstRun,
    Passkey,
}

impl Door {
    const ALL: [Self; 9] = [
        Self::Password,
        Self::PasswordAtAnotherApp,
        Self::ForcedPassword,
        Self::OwnPages,
        Self::RecoveryCode,
        Self::RecoveryLink,
        Self::OperatorsLink,
        Self::FirstRun,
        Self::Passkey,
    ];
}

async fn strict() -> TestApp {
    let mfa = FactorPolicy { is_for_everybody: true, ..FactorPolicy::default() };
    TestApp::with(Options { mfa, is_dev: true, ..Options::default() }).await
}

async fn password(browser: &mut Browser, page: &Answer, name: &str, password: &str) -> Answer {
    assert!(page.has("login-submit"), "{} {}", page.status, page.body);
    browser.submit(page, &[("username", name), ("password", password)]).await
}

/// Sets a new password by a link, and signs in where that leads.
async fn by_link(browser: &mut Browser, path: &str) -> Answer {
    let page = browser.get(path).await;
    let page = browser.submit(&page, &[("password", NEW)]).await;
    password(browser, &page, "ada", NEW).await
}

/// Goes through a door with one factor, as far as it leads.
async fn through(door: Door, app: &TestApp, notes: &App, browser: &mut Browser) -> Answer {
    match door {
        Door::Password => browser.sign_in(notes, "ada", &[]).await,
        Door::PasswordAtAnotherApp => {
            let other = app.app(json!({ "first_party": false })).await;
            browser.sign_in(&other, "ada", &[]).await
        }
        Door::ForcedPassword => browser.sign_in(notes, "ada", &[("prompt", "login")]).await,
        Door::OwnPages => {
            let page = browser.get("/sign-in").await;
            password(browser, &page, "ada", PASSWORD).await
        }
        Door::RecoveryCode => {
            let page = ask(browser, "ada").await;
            let (code, _) = mailed(app, 1).await;
            let form = [("username", "ada"), ("code", code.as_str()), ("password", NEW)];
            let page = browser.submit(&page, &form).await;
            password(browser, &page, "ada", NEW).await
        }
        Door::RecoveryLink => {
            ask(&mut app.browser(), "ada").await;
            let (_, path) = mailed(app, 1).await;
            by_link(browser, &path).await
        }
        Door::OperatorsLink => {
            let (_, path) = recovery::make_link(app.operator(), "ada").await.expect("a link");
            by_link(browser, path.expose()).await
        }
        Door::FirstRun => {
            let token = setup::new_link(app.issuer.operator()).await.expect("a link");
            let page = browser.get(&format!("/setup/{}", token.expose())).await;
            let form = [("username", "eve"), ("email", "eve@example.com"), ("password", PASSWORD)];
            let page = browser.submit(&page, &form).await;
            password(browser, &page, "eve", PASSWORD).await
        }
        Door::Passkey => {
            let key = enrol_before(app, notes).await;
            let asked = question(&browser.authorize(notes, &[]).await);
            asked.answer(browser, &key.get(asked.challenge())).await
        }
    }
}

/// A passkey of a person who signed in before the demand.
async fn enrol_before(app: &TestApp, notes: &App) -> Passkey {
    let mut browser = app.browser();
    let page = browser.sign_in(notes, "ada", &[]).await;
    let asked = question(&page);
    let mut key = Passkey::new(app, b"of ada");
    let made = key.create(&asked.options);
    let page = asked.answer(&mut browser, &made).await;
    assert!(page.has("passkey-sign-in"), "{}", page.body);
    key
}

/// What one cannot reach: an app, any of one's own pages.
async fn opens_nothing(door: Door, notes: &App, browser: &mut Browser) {
    let silent = browser.authorize(notes, &[("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("login_required"), "{door:?}");
    for page in account_pages() {
        let asked = browser.get(&page).await;
        let is_asked = asked.has("login-submit") || asked.has("totp-key");
        assert!(is_asked, "{door:?} opens {page}: {}", asked.body);
    }
}

/// Every page of the account, but those about one of several.
fn account_pages() -> Vec<String> {
    let found = routes("get()").0.into_iter();
    let found = found.filter(|route| route.starts_with("/account") && !route.contains('{'));
    let found: Vec<String> = found.collect();
    assert!(found.len() >= 12, "{found:?}");
    found
}

async fn claims(app: &App, answer: &Answer) -> Value {
    payload(text(&app.tokens(&answer.code()).await, "id_token"))
}

#[actix_web::test]
async fn r80_no_door_opens_for_one_factor_where_two_are_demanded() {
    for door in Door::ALL {
        let app = strict().await;
        app.user("ada").await;
        let notes = app.app(json!({})).await;
        let mut browser = app.browser();
        let page = through(door, &app, &notes, &mut browser).await;
        if door == Door::Passkey {
            // A passkey that knows its person is two.
            assert_eq!(claims(&notes, &page).await["acr"], "phr");
            assert!(browser.get("/account").await.url.ends_with("/account"));
            continue;
        }
        assert!(page.has("totp-key"), "{door:?}: {} {}", page.status, page.body);
        opens_nothing(door, &notes, &mut browser).await;
    }
}

#[actix_web::test]
async fn r80_a_session_that_is_older_than_the_demand_opens_no_page_and_renews_as_what_it_was() {
    let groups = vec!["board".to_owned()];
    let mfa = FactorPolicy { groups: groups.clone(), ..FactorPolicy::default() };
    let app = TestApp::with(Options { mfa, ..Options::default() }).await;
    app.user("ada").await;
    let grants = json!({ "grant_types": ["authorization_code", "refresh_token"] });
    let notes = app.app(grants).await;
    let mut browser = app.browser();
    let answer = browser.sign_in(&notes, "ada", &[]).await;
    let tokens = notes.tokens(&answer.code()).await;
    assert!(browser.get("/account").await.url.ends_with("/account"));
    users::set_groups(app.operator(), "ada", &groups).await.expect("set");
    opens_nothing(Door::OwnPages, &notes, &mut browser).await;
    // Renewing is no door: an app gets nothing new by it, and is told what was shown then.
    let (status, renewed) = notes.refresh(text(&tokens, "refresh_token"), &[]).await;
    assert_eq!(status, 200, "{renewed}");
    let (before, after) = (payload(text(&tokens, "id_token")), payload(text(&renewed, "id_token")));
    for name in ["acr", "amr", "auth_time"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    assert_ne!(after["acr"], ACR_2);
    // An app that signs its person in again asks for both.
    let page = browser.authorize(&notes, &[]).await;
    let page = password(&mut browser, &page, "ada", PASSWORD).await;
    assert!(page.has("totp-key"), "{}", page.body);
}

#[actix_web::test]
async fn r80_a_way_back_in_shows_no_second_factor() {
    for door in [Door::RecoveryCode, Door::RecoveryLink, Door::OperatorsLink] {
        let app = TestApp::with(Options { is_dev: true, ..Options::default() }).await;
        let ada = app.user("ada").await;
        let notes = app.app(json!({})).await;
        app.authenticator(&ada).await;
        app.advance(std::time::Duration::from_secs(30));
        let mut browser = app.browser();
        let page = through(door, &app, &notes, &mut browser).await;
        // R69: it is asked for as ever, and what stands between opens nothing.
        assert!(page.has("totp-code") && !page.has("totp-key"), "{door:?}: {}", page.body);
        let silent = browser.authorize(&notes, &[("prompt", "none")]).await;
        assert_eq!(silent.told("error").as_deref(), Some("login_required"), "{door:?}");
    }
}
