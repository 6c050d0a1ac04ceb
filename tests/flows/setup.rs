//! The first run: a link that was printed on the host makes the first administrator.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::COOKIE;
use reqwest::redirect::Policy;
use serde_json::json;
use tessera::app::setup::{self, SetupProblem, keep_link};
use tessera::app::users;

use super::passkeys::{Authenticator, question};
use crate::support::{Answer, Browser, Options, PASSWORD, TestApp, payload};

const ADA: [(&str, &str); 4] = [
    ("username", "ada"),
    ("email", "ada@example.com"),
    ("name", "Ada Lovelace"),
    ("password", PASSWORD),
];

async fn link(app: &TestApp) -> String {
    let token = setup::new_link(app.issuer.operator()).await.expect("a link");
    format!("/setup/{}", token.expose())
}

/// Fills the form of the page, its hidden fields as well where they are named.
async fn fill(browser: &mut Browser, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let (action, hidden) = page.form();
    let is_free = |name: &str| fields.iter().all(|(own, _)| *own != name);
    let mut all: Vec<(&str, &str)> = hidden
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .filter(|(name, _)| is_free(name))
        .collect();
    all.extend_from_slice(fields);
    browser.post(&action, &all).await
}

#[actix_web::test]
async fn r64_the_link_makes_one_administrator_and_signs_them_in() {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("used-setup-link-{}", std::process::id()));
    let options = Options { setup_link_file: file.clone(), ..Options::default() };
    let app = TestApp::with(options).await;
    let link = link(&app).await;
    keep_link(&file, &link).expect("kept");
    let mut browser = app.browser();
    // Looking at it, as often as one likes, changes nothing.
    for _ in 0..2 {
        assert!(browser.get(&link).await.has("setup-form"));
    }
    assert!(users::list(&app.store).await.expect("users").is_empty() && file.exists());
    let page = browser.get(&link).await;
    assert!(page.has("setup-address") && !page.body.contains("class=\"bad\" id=\"setup-address\""));
    let home = fill(&mut browser, &page, &ADA).await;
    assert!(home.url.ends_with("/account") && home.body.contains("Ada Lovelace"), "{}", home.body);
    let made = users::find(&app.store, "ada").await.expect("the account");
    assert!(made.is_admin && !made.is_email_verified);
    assert!(!file.exists(), "the file goes with the link");
    for event in ["setup_link_made", "setup_finished", "user_created", "signed_in"] {
        assert_eq!(app.rows_of(event).await.len(), 1, "{event}");
    }
    // The link is over, and its page leads on.
    let over = app.browser().get(&link).await;
    assert!(over.status == 410 && over.has("setup-sign-in"), "{}", over.body);
    let again =
        fill(&mut browser, &page, &[("username", "eve"), ("email", "eve@example.com"), ADA[3]])
            .await;
    assert_eq!(again.status, 410);
    assert_eq!(users::list(&app.store).await.expect("users").len(), 1);
    assert!(matches!(setup::new_link(app.operator()).await, Err(SetupProblem::AlreadySetUp)));
}

#[actix_web::test]
async fn r64_fifty_uses_at_once_make_one_administrator() {
    let app = TestApp::start().await;
    let link = link(&app).await;
    let mut browser = app.browser();
    let (_, hidden) = browser.get(&link).await.form();
    let csrf = hidden.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy();
    let (http, cookies) = (http.build().expect("a client"), cookies.join("; "));
    let uses = (0..50).map(|number| {
        let (http, cookies, csrf) = (&http, &cookies, &csrf);
        let url = format!("{}{link}", app.url);
        async move {
            let (name, email) = (format!("admin{number}"), format!("admin{number}@example.com"));
            let form = [("csrf", &**csrf), ("username", &*name), ("email", &*email), ADA[3]];
            let answer = http.post(url).header(COOKIE, cookies).form(&form).send().await;
            answer.expect("an answer").status().as_u16()
        }
    });
    let answers = futures_util::future::join_all(uses).await;
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
    let kinds: BTreeSet<u16> = answers.into_iter().collect();
    // Those that waited too long for the password's hash are told to come again.
    assert!(kinds.is_subset(&BTreeSet::from([303, 410, 429])), "{kinds:?}");
    assert_eq!(users::list(&app.store).await.expect("users").len(), 1);
}

#[actix_web::test]
async fn r64_a_link_counts_for_an_hour_and_until_the_next() {
    let app = TestApp::start().await;
    let (first, second) = (link(&app).await, link(&app).await);
    let mut browser = app.browser();
    for dead in [&*first, "/setup/x", "/setup/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let over = browser.get(dead).await;
        assert!(over.status == 410 && over.body.contains("tessera setup-link"), "{dead}");
    }
    let page = browser.get(&second).await;
    assert!(page.has("setup-form"));
    app.advance(Duration::from_secs(60 * 60));
    assert_eq!(browser.get(&second).await.status, 410);
    assert_eq!(fill(&mut browser, &page, &ADA).await.status, 410);
    assert!(users::list(&app.store).await.expect("users").is_empty());
}

#[actix_web::test]
async fn r64_the_first_start_gives_a_link_only_while_nobody_has_an_account() {
    let app = TestApp::start().await;
    assert!(setup::first_link(app.issuer.operator()).await.expect("a link").is_some());
    app.user("bob").await;
    assert!(setup::first_link(app.issuer.operator()).await.expect("none").is_none());
    // Without an administrator the command still gives one, and names stay unique.
    let link = link(&app).await;
    let mut browser = app.browser();
    let page = browser.get(&link).await;
    let taken = fill(&mut browser, &page, &[("username", "bob"), ADA[1], ADA[3]]).await;
    assert!(taken.status == 422 && taken.body.contains("Another account has"), "{}", taken.body);
    assert!(fill(&mut browser, &taken, &ADA).await.url.ends_with("/account"));
}

#[actix_web::test]
async fn what_cannot_be_is_said_and_the_link_still_counts() {
    let app = TestApp::start().await;
    let link = link(&app).await;
    let mut browser = app.browser();
    let page = browser.get(&link).await;
    let wrong = [
        ("username", "no name!", "letters a to z"),
        ("email", "ada", "complete"),
        ("password", "", "Create a passkey or choose a password"),
        ("password", "short", "at least 15"),
        ("password", "ada ada ada ada ada", "attackers try"),
        ("answer", "{}", "passkey could not be created"),
    ];
    for (field, value, said) in wrong {
        let mut fields: Vec<(&str, &str)> =
            ADA.into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, value));
        let refused = fill(&mut browser, &page, &fields).await;
        assert_eq!(refused.status, 422, "{field} {value}");
        assert!(
            refused.has("error-summary") && refused.body.contains(said),
            "{value}: {}",
            refused.body
        );
        assert!(!refused.body.contains(PASSWORD));
    }
    // r87: a form of another browser makes nothing.
    let mut stranger = app.browser();
    stranger.get(&link).await;
    assert_eq!(fill(&mut stranger, &page, &ADA).await.status, 403);
    assert!(users::list(&app.store).await.expect("users").is_empty());
    assert!(fill(&mut browser, &page, &ADA).await.url.ends_with("/account"));
}

#[actix_web::test]
async fn r64_beside_a_password_and_a_passkey_recovery_codes_are_shown_once() {
    let app = TestApp::start().await;
    let link = link(&app).await;
    let mut browser = app.browser();
    let page = browser.get(&link).await;
    let made = Authenticator::new(&app, b"first").create(&question(&page).options);
    let fields = [ADA[0], ADA[1], ("password", PASSWORD), ("answer", &*made)];
    let codes = fill(&mut browser, &page, &fields).await;
    assert!(codes.has("recovery-codes"), "{} {}", codes.status, codes.body);
    assert_eq!(codes.body.matches("<li><code>").count(), 10);
    assert!(browser.get("/account").await.url.ends_with("/account"));
}

#[actix_web::test]
async fn r64_a_passkey_is_enough() {
    let app = TestApp::start().await;
    let link = link(&app).await;
    let mut browser = app.browser();
    let page = browser.get(&link).await;
    let mut device = Authenticator::new(&app, b"first");
    let made = device.create(&question(&page).options);
    let fields = [ADA[0], ADA[1], ("answer", &*made)];
    // An answer to the question of another page makes nothing, and says so.
    let other = browser.get(&link).await;
    assert_eq!(fill(&mut browser, &other, &fields).await.status, 422);
    assert!(fill(&mut browser, &page, &fields).await.url.ends_with("/account"));
    // There is no password for codes to stand beside, and the trail tells of none.
    assert_eq!(app.rows_of("passkey_added").await.len(), 1);
    assert!(app.rows_of("recovery_codes_made").await.is_empty());
    assert!(users::find(&app.store, "ada").await.expect("the account").password_hash.is_none());
    // The passkey signs in.
    let notes = app.app(json!({})).await;
    let mut elsewhere = app.browser();
    let asked = question(&elsewhere.authorize(&notes, &[]).await);
    let answer = asked.answer(&mut elsewhere, &device.get(asked.challenge())).await;
    let tokens = notes.tokens(&answer.code()).await;
    assert_eq!(payload(tokens["id_token"].as_str().expect("text"))["acr"], "phr");
}

#[actix_web::test]
async fn r66_the_page_says_when_the_browser_came_by_another_address() {
    let app = TestApp::start().await;
    let link = link(&app).await;
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("{}{link}", app.url);
    let seen = http.get(&url).header("host", "evil.example").header("sec-fetch-site", "none");
    let page = seen.send().await.expect("an answer").text().await.expect("a page");
    assert!(!page.contains("evil.example"));
    assert!(page.contains("class=\"bad\" id=\"setup-address\""), "{page}");
    assert!(page.contains(&format!("href=\"{url}\"")), "{page}");
    assert!(page.contains("class=\"good\" id=\"setup-protected\""));
}
