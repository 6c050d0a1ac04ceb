//! What happened of late, "this wasn't me", and the mail about a browser that was not seen before.

use std::time::Duration;

use serde_json::json;
use tessera::app::{outbox, users};

use super::passkeys::{enrolled, question};
use crate::support::{Answer, App, Browser, Options, PASSWORD, TestApp, text};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";
const NEW: &str = "staple battery horse correct";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn sign_in_with(app: &TestApp, username: &str, password: &str) -> (Browser, Answer) {
    let mut browser = app.browser();
    browser.user_agent = FIREFOX.to_owned();
    let page = browser.get("/account").await;
    let home = browser.submit(&page, &[("username", username), ("password", password)]).await;
    (browser, home)
}

async fn signed_in(app: &TestApp, username: &str) -> Browser {
    let (browser, home) = sign_in_with(app, username, PASSWORD).await;
    assert!(home.url.ends_with("/account"), "{}", home.body);
    browser
}

/// The sentences of a page, in its order.
fn sentences(page: &Answer) -> Vec<String> {
    let main = page.body.split("<main").nth(1).expect("a page");
    let found = main.split("<strong>").skip(1).filter_map(|rest| rest.split('<').next());
    found.map(|text| text.replace("&#39;", "'").replace("&#38;", "&")).collect()
}

/// Where a link of a page leads, by the link's id.
fn link(page: &Answer, id: &str) -> Option<String> {
    let tag = page.body.split(&format!("id=\"{id}\" href=\"")).nth(1)?;
    tag.split('"').next().map(str::to_owned)
}

#[actix_web::test]
async fn r86_recent_activity_is_told_in_words_and_is_its_persons_own() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user("bob").await;
    let notes = app.app(json!({ "client_name": "Notes & more", "first_party": false })).await;
    let step = || app.advance(Duration::from_secs(1));
    step();
    let mut eve = app.browser();
    let page = eve.get("/account").await;
    eve.submit(&page, &[("username", "ada"), ("password", "not it")]).await;
    step();
    users::disable(app.operator(), "ada").await.expect("disabled");
    step();
    users::enable(app.operator(), "ada").await.expect("enabled");
    step();
    let mut ada = signed_in(&app, "ada").await;
    step();
    let page = ada.authorize(&notes, &[]).await;
    ada.submit(&page, &[("decision", "allow")]).await.code();
    step();
    let profile = ada.get("/account/profile").await;
    ada.submit(&profile, &[("nickname", "A")]).await;
    step();
    signed_in(&app, "bob").await;

    let home = ada.get("/account").await;
    assert_eq!(link(&home, "activity").as_deref(), Some("/account/activity"));
    assert!(ada.get("/account/security").await.has("activity"));
    let page = ada.get("/account/activity").await;
    assert_eq!(
        sentences(&page),
        [
            "The profile was changed",
            "Notes & more was allowed to use the account",
            "Signed in with the password",
            "An administrator switched the account on",
            "An administrator switched the account off",
            "A wrong password was entered",
            "An administrator made the account",
        ]
    );
    // When, with what, and from where; where an operator was is theirs.
    assert!(page.body.contains("<time datetime=\"2027-01-15\">2027-01-15</time>"), "{}", page.body);
    assert!(page.body.contains("<time datetime=\"2027-01-15T08:00:01Z\" data-here>"));
    assert_eq!(page.body.matches("Firefox · Linux").count(), 3);
    assert_eq!(page.body.matches("127.0.0.0").count(), 4);
    assert_eq!(page.body.matches(">This wasn").count(), 2, "at the sign-in, and for all");
    assert!(!page.has("older") && !page.has("newest"));
}

#[actix_web::test]
async fn r86_older_activity_comes_in_pages_whose_places_are_the_accounts_own() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user("bob").await;
    for number in 0..30 {
        app.advance(Duration::from_secs(1));
        let group = format!("group-{number}");
        users::set_groups(app.operator(), "ada", &[group]).await.expect("set");
        users::set_groups(app.operator(), "bob", &[]).await.expect("set");
    }
    app.advance(DAY);
    let mut ada = signed_in(&app, "ada").await;
    let first = ada.get("/account/activity").await;
    assert_eq!((sentences(&first).len(), first.body.matches("<h2>").count()), (25, 2));
    let older = link(&first, "older").expect("more");
    let second = ada.get(&older).await;
    // A sign-in, thirty groups, and the making of the account.
    assert_eq!(sentences(&second).len(), 32 - 25, "{}", second.body);
    assert_eq!(sentences(&second).last().expect("one"), "An administrator made the account");
    assert!(!second.has("older") && second.has("newest"));

    let mut bob = signed_in(&app, "bob").await;
    let place = older.split_once("before=").expect("a place").1;
    for cursor in [place.to_owned(), format!("A{}", &place[1..]), "x".to_owned()] {
        let page = bob.get(&format!("/account/activity?before={cursor}")).await;
        assert_eq!(page.status, 200);
        assert!(sentences(&page).is_empty() && page.has("newest"), "{cursor}: {}", page.body);
    }
    // Ninety days later the rest is the operator's to know.
    app.advance(DAY * 90 + Duration::from_secs(1));
    let mut ada = signed_in(&app, "ada").await;
    assert_eq!(sentences(&ada.get("/account/activity").await), ["Signed in with the password"]);
}

/// A person in two browsers, with an app that holds a refresh token.
async fn two_browsers(app: &TestApp, notes: &App) -> (Browser, Browser, serde_json::Value) {
    app.user("ada").await;
    let ada = signed_in(app, "ada").await;
    let mut eve = app.browser();
    let answer = eve.sign_in(notes, "ada", &[]).await;
    let tokens = notes.tokens(&answer.code()).await;
    (ada, eve, tokens)
}

async fn notes(app: &TestApp) -> App {
    app.app(json!({ "grant_types": ["authorization_code", "refresh_token"] })).await
}

#[actix_web::test]
async fn r69_r71_this_was_not_me_shuts_everybody_else_out_and_asks_for_a_new_password() {
    let app = TestApp::with(Options { is_dev: true, ..Options::default() }).await;
    let notes = notes(&app).await;
    let (mut ada, mut eve, tokens) = two_browsers(&app, &notes).await;
    app.advance(Duration::from_secs(5 * 60 + 1));
    // Whoever holds a session alone can shut nobody out.
    let asked = ada.get("/account/activity/not-me").await;
    assert!(asked.has("login-submit"), "{}", asked.body);
    let page = ada.submit(&asked, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(page.has("disown") && page.url.ends_with("/not-me"), "{}", page.body);
    assert_eq!(app.rows_of("sign_in_disowned").await.len(), 0, "to look changes nothing");
    let before = ada.cookies["tessera"].clone();
    let password = ada.submit(&page, &[]).await;
    assert!(password.url.contains("/account/password") && password.has("sign-out"));
    assert_ne!(ada.cookies["tessera"], before, "R82");

    assert!(eve.get("/account").await.has("login-submit"));
    assert_eq!(notes.refresh(text(&tokens, "refresh_token"), &[]).await.0, 400);
    assert!(!notes.is_live(&tokens).await);
    // Nothing but the new password opens.
    for path in ["/account", "/account/activity", "/account/passkeys/new", "/account/delete"] {
        assert!(ada.get(path).await.url.ends_with("/account/password"), "{path}");
    }
    let silent = ada.authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("interaction_required"));
    let same = ada.submit(&password, &[("current", PASSWORD), ("password", PASSWORD)]).await;
    assert!(same.body.contains("The new password is the old one"), "{}", same.body);
    let done = ada.submit(&password, &[("current", PASSWORD), ("password", NEW)]).await;
    assert!(done.url.ends_with("/account?done=password"), "{}", done.body);
    let told = sentences(&ada.get("/account/activity").await);
    assert!(
        told.contains(&"A sign-in was reported, and everything else was signed out".to_owned())
    );
    ada.authorize(&notes, &[]).await.code();
    assert_eq!(mails(&app, "sign_in_disowned").await, 1);
    app.stop().await;
}

#[actix_web::test]
async fn r69_r114_the_old_password_leads_to_a_new_one_before_anything_opens() {
    let app = TestApp::start().await;
    let notes = notes(&app).await;
    let maps = app.app(json!({ "client_name": "Maps", "first_party": false })).await;
    let (mut ada, mut eve, _) = two_browsers(&app, &notes).await;
    // A consent under way, in a session that is about to end.
    let consent = eve.authorize(&maps, &[]).await;
    assert!(consent.has("consent-allow"), "{}", consent.body);
    let page = ada.get("/account/activity/not-me").await;
    ada.submit(&page, &[]).await;
    let refused = eve.submit(&consent, &[("decision", "allow")]).await;
    assert!(refused.has("login-submit"), "{}", refused.body);
    let due = eve.submit(&refused, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(due.has("new-password-submit"), "{} {}", due.url, due.body);
    // Another tab, a restart, a form of another step, a page of the account.
    assert!(eve.authorize(&notes, &[]).await.has("new-password-submit"));
    let again = eve.get(&format!("{}/restart", due.url)).await;
    assert!(again.has("new-password-submit"), "{}", again.body);
    let (_, fields) = due.form();
    let csrf = fields.iter().find(|(name, _)| name == "csrf").expect("a token").1.clone();
    let skipped = format!("{}/consent", due.url);
    let answer = eve.post(&skipped, &[("csrf", &csrf), ("decision", "allow")]).await;
    assert!(answer.has("new-password-submit"), "{}", answer.body);
    assert!(eve.get("/account/apps").await.url.ends_with("/account/password"));
    let silent = eve.authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("interaction_required"));
    // What cannot be is said, and the page stays.
    for (new, told) in [
        ("", "Enter a new password"),
        ("short", "at least 15"),
        (PASSWORD, "The new password is the old one"),
    ] {
        let refused = eve.submit(&due, &[("password", new)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains(told), "{new}: {}", refused.body);
    }
    let before = eve.cookies["tessera"].clone();
    let consent = eve.submit(&due, &[("password", NEW)]).await;
    assert!(consent.has("consent-allow"), "{}", consent.body);
    assert_ne!(eve.cookies["tessera"], before, "R82");
    eve.submit(&consent, &[("decision", "allow")]).await.code();
    let (_, home) = sign_in_with(&app, "ada", NEW).await;
    assert!(home.url.ends_with("/account"), "{}", home.body);
}

#[actix_web::test]
async fn r71_a_session_that_is_not_recent_confirms_before_it_chooses() {
    let app = TestApp::start().await;
    let notes = notes(&app).await;
    let (mut ada, _, _) = two_browsers(&app, &notes).await;
    let page = ada.get("/account/activity/not-me").await;
    ada.submit(&page, &[]).await;
    app.advance(Duration::from_secs(5 * 60 + 1));
    let page = ada.authorize(&notes, &[]).await;
    assert!(page.has("login-submit"), "{}", page.body);
    let page = ada.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(page.has("new-password-submit"), "{}", page.body);
    ada.submit(&page, &[("password", NEW)]).await.code();
}

#[actix_web::test]
async fn who_comes_back_for_the_password_page_has_done_with_it_in_the_sign_in() {
    let app = TestApp::start().await;
    let ada_row = app.user("ada").await;
    let (phone, _) = app.authenticator(&ada_row).await;
    app.advance(Duration::from_secs(30));
    let code = async |browser: &mut Browser, page: &Answer| {
        let page = browser.submit(page, &[("username", "ada"), ("password", PASSWORD)]).await;
        assert!(page.has("totp-code"), "the second factor stays: {}", page.body);
        browser.submit(&page, &[("code", &phone.code(&app))]).await
    };
    let mut ada = app.browser();
    let page = ada.get("/account/activity/not-me").await;
    let page = code(&mut ada, &page).await;
    ada.submit(&page, &[]).await;
    app.advance(Duration::from_secs(5 * 60 + 1));
    let page = ada.get("/account").await;
    let page = code(&mut ada, &page).await;
    assert!(page.has("new-password-submit"), "{}", page.body);
    let home = ada.submit(&page, &[("password", NEW)]).await;
    assert!(home.url.ends_with("/account?done=password"), "{} {}", home.url, home.body);
}

#[actix_web::test]
async fn who_has_no_password_is_asked_to_look_over_the_passkeys() {
    let app = TestApp::start().await;
    let notes = notes(&app).await;
    let key = enrolled(&app, &notes, "ada").await;
    app.forget_password("ada").await;
    let mut ada = app.browser();
    let asked = question(&ada.get("/account/activity/not-me").await);
    let page = asked.answer(&mut ada, &key.get(asked.challenge())).await;
    assert!(page.has("disown") && !page.body.contains("old password"), "{}", page.body);
    let passkeys = ada.submit(&page, &[]).await;
    assert!(passkeys.url.ends_with("/account/passkeys?done=disowned"), "{}", passkeys.url);
    assert!(passkeys.body.contains("Remove each passkey that you don"), "{}", passkeys.body);
    ada.authorize(&notes, &[]).await.code();
}

/// How many mails of a kind were put into the outbox.
async fn mails(app: &TestApp, kind: &str) -> usize {
    let all = outbox::list(&app.store, true).await.expect("the outbox");
    let kind = format!("mail.{kind}");
    all.iter().filter(|one| one.delivery.message.kind() == kind).count()
}

#[actix_web::test]
async fn a_browser_that_was_not_seen_before_is_told_once_and_the_first_is_not() {
    let app = TestApp::with(Options { is_dev: true, ..Options::default() }).await;
    app.user("ada").await;
    app.user("bob").await;
    let mut first = signed_in(&app, "ada").await;
    assert_eq!(mails(&app, "new_sign_in").await, 0, "they know of their first sign-in");
    let again = async |browser: &mut Browser| {
        browser.cookies.remove("tessera");
        let page = browser.get("/account").await;
        let home = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
        assert!(home.url.ends_with("/account"), "{}", home.body);
    };
    again(&mut first).await;
    assert_eq!(mails(&app, "new_sign_in").await, 0, "it is the same browser");
    let mut second = signed_in(&app, "ada").await;
    assert_eq!(mails(&app, "new_sign_in").await, 1);
    again(&mut second).await;
    again(&mut first).await;
    assert_eq!(mails(&app, "new_sign_in").await, 1, "both are known");
    // To another account the same browser is a new one, and its first.
    let page = second.get("/sign-in").await;
    second.submit(&page, &[("username", "bob"), ("password", PASSWORD)]).await;
    assert_eq!(mails(&app, "new_sign_in").await, 1);
    // What fails tells nobody.
    let (_, refused) = sign_in_with(&app, "ada", "not it").await;
    assert_eq!(refused.status, 422);
    assert_eq!(mails(&app, "new_sign_in").await, 1);

    let look = async {
        loop {
            if let [sent] = app.issuer.sent_mails().as_slice() {
                return sent.mail.clone();
            }
            tokio::task::yield_now().await;
        }
    };
    let mail = tokio::time::timeout(Duration::from_secs(60), look).await.expect("a mail");
    assert_eq!(mail.to, "ada@example.com");
    for part in ["2027-01-15 08:00 UTC", "Firefox · Linux", "127.0.0.0", "/account/activity"] {
        assert!(mail.text.contains(part), "{part}: {}", mail.text);
    }
    // After "this wasn't me", the other browser is a new one again.
    let page = first.get("/account/activity/not-me").await;
    let page = first.submit(&page, &[]).await;
    first.submit(&page, &[("current", PASSWORD), ("password", NEW)]).await;
    second.cookies.remove("tessera");
    let page = second.get("/account").await;
    second.submit(&page, &[("username", "ada"), ("password", NEW)]).await;
    assert_eq!(mails(&app, "new_sign_in").await, 2);
    app.stop().await;
}

#[actix_web::test]
async fn r57_held_back_tries_leave_one_row_for_an_account_and_a_network_in_ten_minutes() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await.id.to_string();
    let mut eve = app.browser();
    let page = eve.get("/account").await;
    let mut held = 0;
    for _ in 0..20 {
        let answer = eve.submit(&page, &[("username", "ada"), ("password", "not it")]).await;
        held += usize::from(answer.status == 429);
    }
    assert!(held > 5, "{held}");
    let rows = app.rows_of("sign_in_throttled").await;
    let targets: Vec<_> = rows.iter().map(|row| row.target.clone()).collect();
    assert_eq!(targets, [Some(("user".to_owned(), ada))]);
    assert_eq!((rows[0].outcome.as_str(), rows[0].actor_kind.as_str()), ("refused", "anonymous"));
    // Names that nobody has take the same way, and no network writes as much as it wants.
    for number in 0..40 {
        let name = format!("nobody{number}");
        for _ in 0..7 {
            eve.submit(&page, &[("username", &name), ("password", "not it")]).await;
        }
    }
    assert_eq!(app.rows_of("sign_in_throttled").await.len(), 20);
    app.advance(Duration::from_secs(11 * 60));
    let mut ada = signed_in(&app, "ada").await;
    let page = ada.get("/account/activity").await;
    assert!(page.body.contains("There were too many tries to sign in"), "{}", page.body);
}
