//! The way back in for who forgot a password.

use std::time::Duration;

use serde_json::json;
use tessera::app::recovery::{self, RecoveryRefusal, Shown};
use tessera::app::{audit, outbox, users};
use tessera::base::Secret;
use tessera::domain::{Event, TotpCredential, User};
use tessera::store::{factors, users as queries};

use crate::support::{Answer, Browser, Options, PASSWORD, TestApp};

const NEW: &str = "staple battery horse correct";

/// An installation that shows its mails.
async fn app() -> TestApp {
    TestApp::with(Options { is_dev: true, ..Options::default() }).await
}

/// Asks for a way back in, and gives the page that takes the code.
pub(crate) async fn ask(browser: &mut Browser, name: &str) -> Answer {
    let page = browser.get("/recover").await;
    browser.submit(&page, &[("username", name)]).await
}

/// A value, as soon as there is one.
async fn until<T>(what: impl AsyncFn() -> Option<T>) -> T {
    let look = async {
        loop {
            if let Some(found) = what().await {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), look).await.expect("it never comes")
}

/// The code and the link's path of the last of `count` mails for a new password.
pub(crate) async fn mailed(app: &TestApp, count: usize) -> (String, String) {
    let mails = until(async || {
        let sent = app.issuer.sent_mails().into_iter().map(|sent| sent.mail);
        let mails: Vec<_> = sent.filter(|mail| mail.text.contains("/recover/link/")).collect();
        (mails.len() == count).then_some(mails)
    });
    let mail = mails.await.swap_remove(0);
    let code = mail.subject.split(' ').next().unwrap_or_default().to_owned();
    let link = mail.text.lines().find(|line| line.contains("/recover/link/")).expect("a link");
    assert!(link.starts_with(&app.url), "{link}");
    (code, link.trim_start_matches(&app.url).to_owned())
}

/// Waits until this many requests were dealt with behind their answers.
pub(crate) async fn dealt_with(app: &TestApp, count: usize) {
    until(async || {
        let all = audit::tail(&app.store, &audit::Query::default(), 1000).await.expect("the trail");
        let asked = all.iter().filter(|row| row.event == "recovery_asked").count();
        (asked == count).then_some(())
    })
    .await;
}

/// How many mails for a new password were put in.
async fn put_in(app: &TestApp) -> usize {
    let all = outbox::list(&app.store, true).await.expect("the outbox");
    all.iter().filter(|one| one.delivery.message.kind() == "mail.reset_code").count()
}

fn link_of(path: &str) -> &str {
    path.trim_start_matches("/recover/link/")
}

async fn by_link(app: &TestApp, link: &str) -> Result<User, RecoveryRefusal> {
    let new = Secret::new(NEW.to_owned());
    recovery::set_password(&app.issuer, Shown::Link(link), new, app.caller()).await.expect("judged")
}

async fn by_code(app: &TestApp, name: &str, code: &str) -> Result<User, RecoveryRefusal> {
    let (new, shown) = (Secret::new(NEW.to_owned()), Shown::Code { name, code });
    recovery::set_password(&app.issuer, shown, new, app.caller()).await.expect("judged")
}

#[actix_web::test]
async fn a_code_leads_back_to_the_sign_in_it_came_from() {
    let app = app().await;
    app.user("ada").await;
    let notes = app.app(json!({ "first_party": true })).await;
    let mut browser = app.browser();
    let sign_in = browser.authorize(&notes, &[]).await;
    let id = sign_in.url.rsplit('/').next().expect("an interaction").to_owned();
    let href = format!("/recover?from={id}");
    assert!(sign_in.body.contains(&format!("href=\"{href}\"")), "{}", sign_in.body);
    let page = browser.get(&href).await;
    let page = browser.submit(&page, &[("username", "Ada@Example.com")]).await;
    assert_eq!(page.status, 200);
    let (code, _) = mailed(&app, 1).await;
    let typed = code.to_lowercase().replace('-', " ");
    let fields = [("username", "ada@example.com"), ("code", &typed), ("password", NEW)];
    let back = browser.submit(&page, &fields).await;
    assert_eq!(back.url, format!("{}/i/{id}", app.url));
    assert!(back.body.contains("name=\"username\" type=\"text\" value=\"ada\""), "{}", back.body);
    let answer = browser.submit(&back, &[("username", "ada"), ("password", NEW)]).await;
    notes.tokens(&answer.code()).await;
    let told = until(async || {
        let sent = app.issuer.sent_mails();
        sent.into_iter().find(|sent| sent.mail.subject == "Your password has changed")
    });
    let told = told.await.mail;
    assert_eq!(told.to, "ada@example.com");
    assert!(told.text.contains("Network: 127.0.0.0"), "{}", told.text);
    app.stop().await;
}

#[actix_web::test]
async fn r70_looking_at_a_link_changes_nothing_and_r69_all_sessions_end() {
    let app = app().await;
    app.user("ada").await;
    let notes = app.app(json!({ "first_party": true })).await;
    let mut elsewhere = app.browser();
    elsewhere.sign_in(&notes, "ada", &[]).await;
    ask(&mut app.browser(), "ada").await;
    let (_, path) = mailed(&app, 1).await;
    let mut browser = app.browser();
    for _ in 0..3 {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert!(page.has("password-submit"));
    }
    assert!(!elsewhere.authorize(&notes, &[]).await.has("login-submit"));
    // Without the form's token, and from a browser that never saw the page.
    let forged = app.browser().post(&path, &[("password", NEW)]).await;
    assert!(forged.status.is_client_error() && !forged.has("login-submit"));
    let page = browser.get(&path).await;
    let short = browser.submit(&page, &[("password", "short")]).await;
    assert_eq!(short.status, 422);
    let back = browser.submit(&page, &[("password", NEW)]).await;
    assert!(back.has("login-submit") && back.body.contains("value=\"ada\""), "{}", back.body);
    assert!(elsewhere.authorize(&notes, &[]).await.has("login-submit"));
    let gone = browser.get(&path).await;
    assert_eq!(gone.status, 404);
    assert!(gone.body.contains("href=\"/recover\""));
    let old = browser.submit(&back, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert_eq!(old.status, 422);
    app.stop().await;
}

#[actix_web::test]
async fn r67_a_proof_ends_by_time_by_a_newer_one_and_by_a_new_password() {
    let app = app().await;
    app.user("ada").await;
    ask(&mut app.browser(), "ada").await;
    let (code, first) = mailed(&app, 1).await;
    ask(&mut app.browser(), "ada").await;
    let (_, second) = mailed(&app, 2).await;
    assert_eq!(by_link(&app, link_of(&first)).await, Err(RecoveryRefusal::Gone));
    assert_eq!(by_code(&app, "ada", &code).await, Err(RecoveryRefusal::WrongCode));
    app.advance(Duration::from_secs(30 * 60));
    assert_eq!(by_link(&app, link_of(&second)).await, Err(RecoveryRefusal::Gone));
    ask(&mut app.browser(), "ada").await;
    let (_, third) = mailed(&app, 3).await;
    app.set_password("ada", "another horse and battery").await;
    assert_eq!(by_link(&app, link_of(&third)).await, Err(RecoveryRefusal::Gone));
    ask(&mut app.browser(), "ada").await;
    let (_, fourth) = mailed(&app, 4).await;
    users::disable(app.operator(), "ada").await.expect("disabled");
    assert_eq!(by_link(&app, link_of(&fourth)).await, Err(RecoveryRefusal::Gone));
    app.stop().await;
}

#[actix_web::test]
async fn r67_another_address_ends_what_was_mailed_to_the_one_before() {
    let app = app().await;
    let ada = app.user("ada").await;
    ask(&mut app.browser(), "ada").await;
    let (code, path) = mailed(&app, 1).await;
    let moved = User { email: Some("ada@example.org".to_owned()), ..ada };
    let stored = app.store.write("test", move |db| queries::update_user(db, &moved)).await;
    stored.expect("stored");
    assert_eq!(by_link(&app, link_of(&path)).await, Err(RecoveryRefusal::Gone));
    assert_eq!(by_code(&app, "ada", &code).await, Err(RecoveryRefusal::WrongCode));
    app.stop().await;
}

#[actix_web::test]
async fn r67_of_fifty_who_show_one_proof_one_sets_a_password() {
    let app = app().await;
    app.user("ada").await;
    ask(&mut app.browser(), "ada").await;
    let (_, path) = mailed(&app, 1).await;
    let tries = (0..50).map(|_| by_link(&app, link_of(&path)));
    let answers = futures_util::future::join_all(tries).await;
    let lost = |answer: &&Result<User, RecoveryRefusal>| {
        matches!(answer, Err(RecoveryRefusal::Gone | RecoveryRefusal::Busy(_)))
    };
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(answers.iter().filter(lost).count(), 49);
    app.stop().await;
}

#[actix_web::test]
async fn r68_a_code_sets_the_password_of_its_own_account_alone_and_ten_tries_end_it() {
    let app = app().await;
    for name in ["ada", "bob"] {
        app.user(name).await;
    }
    ask(&mut app.browser(), "ada").await;
    let (code, _) = mailed(&app, 1).await;
    for name in ["bob", "nobody"] {
        assert_eq!(by_code(&app, name, &code).await, Err(RecoveryRefusal::WrongCode), "{name}");
    }
    for _ in 0..10 {
        assert_eq!(by_code(&app, "ada", "2222-2222").await, Err(RecoveryRefusal::WrongCode));
        app.advance(Duration::from_secs(60));
    }
    assert_eq!(by_code(&app, "ada", &code).await, Err(RecoveryRefusal::WrongCode));
    app.stop().await;
}

#[actix_web::test]
async fn r69_a_second_factor_survives_and_is_asked_for() {
    let app = app().await;
    let ada = app.user("ada").await;
    let totp = TotpCredential {
        user: ada.id,
        sealed_seed: vec![1],
        last_step: 0,
        label: "Phone".to_owned(),
        confirmed_at: app.issuer.now(),
        used_at: app.issuer.now(),
    };
    let stored = app.store.write("test", move |db| factors::insert_totp(db, &totp)).await;
    assert!(stored.expect("stored"));
    ask(&mut app.browser(), "ada").await;
    let (_, path) = mailed(&app, 1).await;
    let mut browser = app.browser();
    let page = browser.get(&path).await;
    let back = browser.submit(&page, &[("password", NEW)]).await;
    let page = browser.submit(&back, &[("username", "ada"), ("password", NEW)]).await;
    assert!(page.has("totp-code"), "{}", page.body);
    app.stop().await;
}

/// The page without what differs from browser to browser, or was typed.
fn masked(page: &Answer) -> String {
    let mut body = page.body.clone();
    for start in ["name=\"csrf\" value=\"", "name=\"username\" type=\"text\" value=\""] {
        let mut parts = body.split(start);
        let first = parts.next().unwrap_or_default().to_owned();
        let after = |part: &str| part.split_once('"').map_or("", |(_, after)| after).to_owned();
        body = parts.fold(first, |whole, part| whole + start + &after(part));
    }
    body
}

fn seen(page: &Answer) -> (u16, String, Vec<String>) {
    let mut names: Vec<String> = page.headers.keys().map(ToString::to_string).collect();
    names.sort();
    (page.status.as_u16(), masked(page), names)
}

#[actix_web::test]
async fn r61_nobody_learns_whether_there_is_an_account() {
    let app = app().await;
    for name in ["ada", "bob", "carol", "eve"] {
        app.user(name).await;
    }
    users::disable(app.operator(), "bob").await.expect("disabled");
    let notes = app.app(json!({})).await;
    let mut guesser = app.browser();
    let page = guesser.authorize(&notes, &[]).await;
    for _ in 0..6 {
        guesser.submit(&page, &[("username", "carol"), ("password", "a wrong one")]).await;
    }
    let eve = users::find(&app.store, "eve").await.expect("eve");
    let passwordless = User { password_hash: None, ..eve };
    let stored = app.store.write("test", move |db| queries::update_user(db, &passwordless)).await;
    stored.expect("stored");
    let names = ["ada", "nobody", "bob", "carol", "eve", "nobody@example.com", "a@b@c"];
    let mut asked = Vec::new();
    let mut wrong = Vec::new();
    for name in names {
        let mut browser = app.browser();
        let page = ask(&mut browser, name).await;
        assert_eq!(page.status, 200, "{name}");
        asked.push(seen(&page));
        app.advance(Duration::from_secs(60));
        let fields = [("username", name), ("code", "2222-2222"), ("password", NEW)];
        let answer = browser.submit(&page, &fields).await;
        assert_eq!(answer.status, 422, "{name}");
        wrong.push(seen(&answer));
    }
    for index in 1..names.len() {
        assert_eq!(asked[index], asked[0], "{}", names[index]);
        assert_eq!(wrong[index], wrong[0], "{}", names[index]);
    }
    dealt_with(&app, names.len() - 1).await;
    assert_eq!(put_in(&app).await, 3);
    app.stop().await;
}

#[actix_web::test]
async fn r66_links_begin_with_the_issuer_whatever_a_request_says() {
    let app = app().await;
    app.user("ada").await;
    let mut browser = app.browser();
    let page = browser.get("/recover").await;
    let (action, mut fields) = page.form();
    fields.push(("username".to_owned(), "ada".to_owned()));
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client")
        .post(format!("{}{action}", app.url))
        .header("cookie", cookies.join("; "))
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "host=evil.example;proto=https")
        .form(&fields)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
    mailed(&app, 1).await;
    let sent = app.issuer.sent_mails();
    assert!(sent.iter().all(|sent| !sent.mail.text.contains("evil.example")));
    app.stop().await;
}

#[actix_web::test]
async fn r73_requests_slow_down_and_mails_end_while_the_answer_stays_the_same() {
    let app = app().await;
    app.user("ada").await;
    let mut browser = app.browser();
    for _ in 0..5 {
        assert_eq!(ask(&mut browser, "ada").await.status, 200);
    }
    let late = ask(&mut browser, "ADA ").await;
    assert_eq!((late.status.as_u16(), late.header("retry-after").is_some()), (429, true));
    // The count of the sign-in is another: nobody is kept out by those who ask for codes.
    let notes = app.app(json!({ "first_party": true })).await;
    browser.sign_in(&notes, "ada", &[]).await.code();
    // By two names at once there are more requests within the hour than mails may be.
    let mut pages = Vec::new();
    for round in 0..12 {
        app.advance(Duration::from_secs((1 << round).min(15 * 60)));
        for name in ["ada", "ada@example.com"] {
            pages.push(seen(&ask(&mut browser, name).await));
        }
    }
    for page in &pages {
        assert_eq!(page, &pages[0]);
    }
    dealt_with(&app, 5 + pages.len()).await;
    assert_eq!(put_in(&app).await, 20);
    app.stop().await;
}

#[actix_web::test]
async fn without_mail_the_page_says_whom_to_ask_and_their_link_works_once() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let mut browser = app.browser();
    let page = browser.get("/recover").await;
    assert!(page.status == 200 && !page.has("recover-submit"));
    assert!(page.body.contains("Ask the people who run this service"));
    let (_, first) = recovery::make_link(app.operator(), "ada").await.expect("a link");
    let (_, path) = recovery::make_link(app.operator(), "ada").await.expect("a link");
    assert_eq!(browser.get(first.expose()).await.status, 404);
    let page = browser.get(path.expose()).await;
    let back = browser.submit(&page, &[("password", NEW)]).await;
    assert!(back.has("login-submit") && back.body.contains("value=\"ada\""), "{}", back.body);
    assert_eq!(browser.get(path.expose()).await.status, 404);
    let trail = audit::tail(&app.store, &audit::Query::default(), 100).await.expect("the trail");
    let names: Vec<&str> = trail.iter().map(|row| row.event.as_str()).collect();
    let user = users::find(&app.store, "ada").await.expect("ada").id;
    let recovered = Event::PasswordRecovered { user, way: "recovery_link" };
    for name in [Event::RecoveryLinkMade { user }.name(), recovered.name()] {
        assert!(names.contains(&name), "{names:?}");
    }
    app.stop().await;
}

/// New passwords are judged by the threads that sign-ins wait for, and here nobody has proven anything.
#[actix_web::test]
async fn r56_judging_for_whoever_comes_by_is_bounded() {
    let app = app().await;
    let mut last = Ok(());
    for _ in 0..=600 {
        let shown = Shown::Link("none");
        let new = Secret::new("short".to_owned());
        let set = recovery::set_password(&app.issuer, shown, new, app.caller()).await;
        last = set.expect("an answer").map(drop);
    }
    assert!(matches!(last, Err(RecoveryRefusal::TooMany(_))), "{last:?}");
}
