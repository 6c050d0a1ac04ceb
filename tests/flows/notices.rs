//! Mails that tell an owner what happened to their account: each says when and from where, and
//! nothing that did not happen is told.

use std::time::Duration;

use serde_json::json;
use tessera::app::{outbox, purge, users};
use tessera::protocol::DynamicRegistration;

use super::account_email::{open, settled};
use crate::support::{Answer, App, Browser, MailServer, Options, TakenMail, TestApp};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn start() -> (MailServer, TestApp) {
    let server = MailServer::start_without_sign_ins().await;
    let options = Options {
        mail: Some(server.settings()),
        dynamic_registration: DynamicRegistration::Open,
        ..Options::default()
    };
    (server, TestApp::with(options).await)
}

/// The newest of `count` mails, which went to ada and says when and from where.
async fn newest((server, app): (&MailServer, &TestApp), count: usize) -> TakenMail {
    let mail = server.until(count, 0).await.pop().expect("a mail");
    settled(app).await;
    assert_eq!(mail.recipients, ["ada@example.com"]);
    for part in [" UTC", "When: 2027-01-", "Network: 127.0.0.0"] {
        assert!(mail.raw.contains(part), "{part}: {}", mail.raw);
    }
    mail
}

fn says(mail: &TakenMail, subject: &str, text: &str) {
    assert_eq!(mail.header("subject"), [subject]);
    // Long lines are folded on their way.
    let raw = mail.raw.replace("=\r\n", "");
    assert!(raw.contains(text), "{text}: {raw}");
}

async fn kinds(app: &TestApp) -> Vec<String> {
    let all = outbox::list(&app.store, true).await.expect("the outbox");
    let kinds = all.iter().map(|one| one.delivery.message.kind().to_owned());
    // New browsers are the matter of another story.
    kinds.filter(|kind| kind != "mail.new_sign_in").collect()
}

async fn with_code(app: &TestApp, notes: &App, code: &str) -> Answer {
    let mut browser = app.browser();
    let page = browser.sign_in(notes, "ada", &[]).await;
    let page = browser.get(&page.form().0.replace("/totp", "/recovery")).await;
    browser.submit(&page, &[("code", code)]).await
}

#[actix_web::test]
async fn r71_new_recovery_codes_are_told_and_so_is_their_end() {
    let (server, app) = start().await;
    let ada = app.user("ada").await;
    let notes = app.app(json!({})).await;
    let (phone, codes) = app.authenticator(&ada).await;
    app.advance(Duration::from_secs(30));
    let added = newest((&server, &app), 1).await;
    says(&added, "Your account has a new way to sign in", "Authenticator app");
    // With four left nothing is said; then each use is.
    for code in &codes[..6] {
        with_code(&app, &notes, code).await.code();
        app.advance(Duration::from_secs(1));
    }
    assert_eq!(kinds(&app).await, ["mail.factor_added"]);
    for (index, left) in [(6, 3), (7, 2), (8, 1), (9, 0)] {
        with_code(&app, &notes, &codes[index]).await.code();
        let mail = newest((&server, &app), 2 + (3 - left)).await;
        let text = format!("A recovery code was used. Codes that are left: {left}.");
        says(&mail, "Your recovery codes are running out", &text);
    }
    // A code that was used before is no use, and is not told.
    assert_eq!(with_code(&app, &notes, &codes[9]).await.status, 422);
    let mut browser = app.browser();
    let page = open(&mut browser, "ada", "/account/totp").await;
    let page = browser.submit(&page, &[("code", &phone.code(&app))]).await;
    let made = browser.submit(&page, &[]).await;
    assert!(made.body.contains("recovery-codes"), "{}", made.body);
    let mail = newest((&server, &app), 6).await;
    says(&mail, "Your account has new recovery codes", "The old ones no longer count.");
    app.stop().await;
}

async fn ask_deletion(browser: &mut Browser) {
    let page = open(browser, "ada", "/account/delete").await;
    assert!(page.has("delete-submit"), "{}", page.body);
    browser.submit(&page, &[]).await;
}

#[actix_web::test]
async fn asking_for_the_end_of_an_account_keeping_it_and_its_end_are_told() {
    let (server, app) = start().await;
    app.user("ada").await;
    let mut browser = app.browser();
    ask_deletion(&mut browser).await;
    let asked = newest((&server, &app), 1).await;
    says(&asked, "Your account will be deleted", "for good on 2027-01-22 08:00 UTC");
    assert!(asked.raw.contains(&format!("{}/account/delete", app.url)), "{}", asked.raw);
    let pending = open(&mut browser, "ada", "/account/delete").await;
    browser.submit(&pending, &[]).await;
    says(&newest((&server, &app), 2).await, "Your account stays", "is not deleted after all.");
    // Kept twice is told once.
    browser.submit(&pending, &[]).await;
    ask_deletion(&mut browser).await;
    newest((&server, &app), 3).await;
    app.advance(7 * DAY);
    purge::purge(&app.issuer).await.expect("purged");
    purge::purge(&app.issuer).await.expect("purged");
    let gone = server.until(4, 0).await.pop().expect("a mail");
    says(&gone, "Your account was deleted", "what belonged to it are gone.");
    assert_eq!(gone.recipients, ["ada@example.com"]);
    assert!(gone.raw.contains("When: 2027-01-22 08:00 UTC"), "{}", gone.raw);
    assert_eq!(kinds(&app).await.len(), 4);
    app.stop().await;
}

/// An app that registered itself.
async fn stranger(app: &TestApp) -> App {
    let redirect_uri = "https://maps.example/callback";
    let metadata = json!({ "client_name": "Maps", "redirect_uris": [redirect_uri] });
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let made = http.post(format!("{}/register", app.url)).json(&metadata).send().await;
    let made: serde_json::Value = made.expect("an answer").json().await.expect("JSON");
    let text = |name: &str| made[name].as_str().map(str::to_owned);
    App {
        provider: app.url.clone(),
        client_id: text("client_id").expect("an id"),
        secret: text("client_secret"),
        redirect_uri: redirect_uri.to_owned(),
    }
}

#[actix_web::test]
async fn the_first_consent_to_an_app_that_nobody_vouches_for_is_told() {
    let (server, app) = start().await;
    app.user("ada").await;
    let known = app.app(json!({ "first_party": false })).await;
    let maps = stranger(&app).await;
    let mut browser = app.browser();
    let consent = browser.sign_in(&known, "ada", &[]).await;
    browser.submit(&consent, &[("decision", "allow")]).await.code();
    for scope in ["openid", "openid email"] {
        let consent = browser.authorize(&maps, &[("scope", scope)]).await;
        assert!(consent.has("consent-allow"), "{}", consent.body);
        browser.submit(&consent, &[("decision", "allow")]).await;
    }
    let mail = newest((&server, &app), 1).await;
    says(&mail, "An app may now use your account", "You gave this app access: Maps.");
    assert!(mail.raw.contains(&format!("{}/account/apps", app.url)), "{}", mail.raw);
    assert_eq!(kinds(&app).await, ["mail.consent_given"]);
    app.stop().await;
}

#[actix_web::test]
async fn an_operator_who_takes_factors_away_is_told_of() {
    let (server, app) = start().await;
    let ada = app.user("ada").await;
    app.authenticator(&ada).await;
    server.until(1, 0).await;
    let on = app.operator().with_post(app.issuer.post_office());
    for _ in 0..2 {
        users::reset_factors(on, "ada").await.expect("reset");
    }
    let mail = server.until(2, 0).await.pop().expect("a mail");
    says(&mail, "A way to sign in was removed from your account", "Authenticator app");
    assert_eq!(kinds(&app).await.len(), 2);
    app.stop().await;
}
