//! New passwords: what is taken, and what is said while they are typed.

use std::path::PathBuf;
use std::time::Duration;

use tessera::app::{user_import, users};
use tessera::credentials::{BreachBuilder, BreachFilter, Corpus};

use crate::support::{Answer, Browser, Options, PASSWORD, TestApp};

const NEW: &str = "a quite different set of words";

async fn signed_in(app: &TestApp, username: &str) -> (Browser, Answer) {
    let mut browser = app.browser();
    let page = browser.get("/account/password").await;
    let page = browser.submit(&page, &[("username", username), ("password", PASSWORD)]).await;
    assert!(page.has("password-submit"), "{}", page.body);
    (browser, page)
}

fn csrf(page: &Answer) -> String {
    page.form().1.into_iter().find(|(key, _)| key == "csrf").expect("a token").1
}

/// A filter with one password in it.
fn breach_filter(password: &str) -> (BreachFilter, PathBuf) {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = path.join(format!("flows-{}.filter", std::process::id()));
    let mut builder = BreachBuilder::begin(&path).expect("a builder");
    Corpus::Plain.read(password.as_bytes(), &mut builder).expect("a corpus");
    builder.finish().expect("a filter");
    (BreachFilter::open(&path).expect("it opens"), path)
}

#[actix_web::test]
async fn r54_each_refusal_of_a_new_password_says_what_to_do() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let (mut ada, page) = signed_in(&app, "ada").await;
    assert!(page.body.contains("At least 15 characters"));
    for (new, said) in [
        ("short", "needs at least 15 characters"),
        (&"hw7 kq2 zp9 ".repeat(30), "at most 256 characters"),
        ("Password123456789", "first that attackers try"),
        ("ada@example.com 2026", "made of your own names"),
    ] {
        let refused = ada.submit(&page, &[("current", PASSWORD), ("password", new)]).await;
        assert_eq!(refused.status, 422, "{new}");
        assert!(refused.body.contains(said) && !refused.body.contains(new), "{}", refused.body);
    }
}

/// Eight characters are enough for who must show a second factor at every sign-in.
#[actix_web::test]
async fn r54_a_second_factor_makes_a_shorter_password_enough() {
    let app = TestApp::start().await;
    let user = app.user("ada").await;
    let (mut ada, _) = signed_in(&app, "ada").await;
    let (phone, _) = app.authenticator(&user).await;
    app.advance(Duration::from_secs(30));
    let asked = ada.get("/account/password").await;
    let asked = ada.submit(&asked, &[("username", "ada"), ("password", PASSWORD)]).await;
    let page = ada.submit(&asked, &[("code", &phone.code(&app))]).await;
    assert!(page.body.contains("At least 8 characters") && page.body.contains("minlength=\"8\""));
    let refused = ada.submit(&page, &[("current", PASSWORD), ("password", "hw7 kq2")]).await;
    assert!(refused.body.contains("needs at least 8 characters"), "{}", refused.body);
    let done = ada.submit(&page, &[("current", PASSWORD), ("password", "hw7 kq2 z")]).await;
    assert!(done.url.ends_with("/account?done=password"), "{}", done.body);
}

#[actix_web::test]
async fn r54_a_breached_password_is_refused_for_new_and_still_opens() {
    let (filter, path) = breach_filter(PASSWORD);
    let app = TestApp::with(Options { breach_filter: Some(filter), ..Options::default() }).await;
    app.user_with("ada", |new| {
        new.password = tessera::base::Secret::new(NEW.to_owned());
    })
    .await;
    let mut ada = app.browser();
    let page = ada.get("/account/password").await;
    let page = ada.submit(&page, &[("username", "ada"), ("password", NEW)]).await;
    let refused = ada.submit(&page, &[("current", NEW), ("password", PASSWORD)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("known from a data breach"), "{}", refused.body);
    let typed = [("password", PASSWORD), ("csrf", &csrf(&page))];
    let said = ada.post("/password/strength", &typed).await;
    assert!(said.body.contains("known from a data breach"), "{}", said.body);
    std::fs::remove_file(path).expect("it was there");
}

#[actix_web::test]
async fn what_is_typed_is_judged_in_the_language_of_the_page() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let (mut ada, page) = signed_in(&app, "ada").await;
    let csrf = csrf(&page);
    for (typed, lang, said) in [
        ("short", "en", "at least 15 characters"),
        ("short", "de", "mindestens 15 Zeichen"),
        ("correct horse battery", "en", "Strong"),
        ("correct horse battery", "fr", "Fort"),
        ("passwordpassword", "en", "first that attackers try"),
        ("lovelace lovelace lovelace", "en", "your own names"),
    ] {
        let form = [("password", typed), ("lang", lang), ("csrf", &csrf)];
        let form =
            [&form[..], &[("word", "ada"), ("word", "Ada Lovelace"), ("min", "15")]].concat();
        let answer = ada.post("/password/strength", &form).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
        assert_eq!(answer.header("cache-control"), Some("no-store"), "r94");
        assert!(answer.body.contains(said) && !answer.body.contains(typed), "{}", answer.body);
    }
    let form = [("password", "hw7 kq2 z"), ("csrf", &csrf), ("min", "8")];
    assert!(!ada.post("/password/strength", &form).await.body.contains("characters"));
}

#[actix_web::test]
async fn r56_r87_judging_is_for_our_pages_and_bounded() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let (mut ada, page) = signed_in(&app, "ada").await;
    let csrf = csrf(&page);
    let form = [("password", NEW), ("csrf", csrf.as_str())];
    let mut other = app.browser();
    for (browser, form) in [(&mut other, &form[..]), (&mut ada, &form[..1])] {
        let refused = browser.post("/password/strength", form).await;
        assert_eq!((refused.status.as_u16(), refused.body.as_str()), (403, ""));
    }
    assert_eq!(ada.get("/password/strength").await.status, 405);
    let long = "x".repeat(5000);
    let said = ada.post("/password/strength", &[("password", &long), ("csrf", &csrf)]).await;
    assert!(said.body.contains("at most 256 characters"), "{}", said.body);
    let mut last = 200;
    for _ in 0..600 {
        last = ada
            .post("/password/strength", &[("password", ""), ("csrf", &csrf)])
            .await
            .status
            .as_u16();
    }
    assert_eq!(last, 429);
}

/// Of "U*U", and of 72 characters with "chars after 72 are ignored" behind them: the vectors of
/// crypt_blowfish.
const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
const BCRYPT_LONG: &str = "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui";

async fn import(app: &TestApp, username: &str, hash: &str) {
    let line = serde_json::json!({
        "username": username, "email": format!("{username}@example.com"), "password_hash": hash,
    });
    let checked = user_import::check(app.operator(), line.to_string().as_bytes()).await;
    user_import::import(app.operator(), checked.expect("a line")).await.expect("imported");
}

async fn stored(app: &TestApp, username: &str) -> String {
    let user = users::find(&app.store, username).await.expect("an account");
    user.password_hash.expect("a hash")
}

async fn opens(app: &TestApp, username: &str, password: &str) -> bool {
    let mut browser = app.browser();
    let page = browser.get("/account").await;
    let next = browser.submit(&page, &[("username", username), ("password", password)]).await;
    next.url.ends_with("/account")
}

#[actix_web::test]
async fn r55_the_first_right_sign_in_replaces_an_imported_hash() {
    let app = TestApp::start().await;
    import(&app, "ada", BCRYPT).await;
    assert!(!opens(&app, "ada", "U*V").await);
    assert_eq!(stored(&app, "ada").await, BCRYPT, "a wrong password replaces nothing");
    assert!(opens(&app, "ada", "U*U").await);
    assert!(stored(&app, "ada").await.starts_with("$argon2id$v=19$"));
    assert!(opens(&app, "ada", "U*U").await && !opens(&app, "ada", "U*V").await);
}

/// What bcrypt left out counts as soon as its owner has shown it.
#[actix_web::test]
async fn r55_after_the_first_sign_in_the_whole_password_counts() {
    let app = TestApp::start().await;
    import(&app, "ada", BCRYPT_LONG).await;
    let letters: String = ('0'..='9').chain('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
    let own = format!("{letters}chars after 72 are ignored");
    assert!(opens(&app, "ada", &own).await);
    assert!(!opens(&app, "ada", &letters).await);
    assert!(!opens(&app, "ada", &format!("{letters}and others")).await);
    assert!(opens(&app, "ada", &own).await);
}

/// Whoever is asked for, a wrong password is one hash; only the hash of another system may take
/// another time.
#[actix_web::test]
async fn r61_r63_a_refused_password_is_one_hash_for_every_account() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user("gone").await;
    users::disable(app.operator(), "gone").await.expect("disabled");
    import(&app, "bob", BCRYPT).await;
    let line = r#"{"username": "passkey", "email": "passkey@example.com"}"#;
    let checked = user_import::check(app.operator(), line.as_bytes()).await.expect("a line");
    user_import::import(app.operator(), checked).await.expect("imported");
    let mut bodies = Vec::new();
    for username in ["ada", "gone", "bob", "passkey", "nobody"] {
        let before = app.hashes_computed();
        let mut browser = app.browser();
        let page = browser.get("/account").await;
        let form = [("username", username), ("password", "wrong")];
        let refused = browser.submit(&page, &form).await;
        assert_eq!(app.hashes_computed() - before, 1, "{username}");
        bodies.push((refused.status, refused.body.contains("isn&#39;t right")));
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
}
