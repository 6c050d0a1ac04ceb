//! Self-registration: an account for whoever reads the mail of an address.

use std::time::Duration;

use serde_json::json;
use tessera::app::sign_up::{self, Person, Shown, SignUpRefusal};
use tessera::app::users;
use tessera::base::Secret;
use tessera::domain::User;
use tessera::pages::WrittenMail;
use tessera::rules::factor_policy::FactorPolicy;
use tessera::rules::sign_up::SignUpPolicy;

use crate::support::{
    Answer, App, Authenticator, Browser, Options, PASSWORD, TestApp, payload, text,
};

pub(super) const EVE: &str = "eve@example.com";

/// An installation that shows its mails, where these people may sign up.
pub(super) async fn app(sign_up: SignUpPolicy) -> TestApp {
    TestApp::with(Options { is_dev: true, sign_up, ..Options::default() }).await
}

async fn open() -> TestApp {
    app(SignUpPolicy::Open).await
}

/// A value, as soon as there is one.
pub(crate) async fn until<T>(what: impl AsyncFn() -> Option<T>) -> T {
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

/// The code and the link's path of the last of `count` mails for a new account.
pub(crate) async fn mailed(app: &TestApp, count: usize) -> (String, String) {
    let mails = until(async || {
        let sent = app.issuer.sent_mails().into_iter().map(|sent| sent.mail);
        let mails: Vec<_> = sent.filter(|mail| mail.text.contains("/sign-up/")).collect();
        (mails.len() == count).then_some(mails)
    });
    read(&app.url, &mails.await.swap_remove(0))
}

/// The same of the one mail to an address, whichever of some servers sent it.
pub(crate) async fn mailed_to(servers: &[TestApp], address: &str) -> (String, String) {
    let mail = until(async || {
        let sent = servers.iter().flat_map(|server| server.issuer.sent_mails());
        sent.map(|sent| sent.mail).find(|mail| mail.to == address)
    });
    read(&servers[0].url, &mail.await)
}

fn read(url: &str, mail: &WrittenMail) -> (String, String) {
    let code = mail.subject.split(' ').next().unwrap_or_default().to_owned();
    let link = mail.text.lines().find(|line| line.contains("/sign-up/")).expect("a link");
    assert!(link.starts_with(url), "{link}");
    (code, link.trim_start_matches(url).to_owned())
}

/// From an app to the page that takes the code.
pub(crate) async fn asked(browser: &mut Browser, notes: &App, email: &str) -> Answer {
    let sign_in = browser.authorize(notes, &[]).await;
    assert!(sign_in.has("sign-up"), "{}", sign_in.body);
    let page = browser.get(&format!("{}/sign-up", sign_in.url)).await;
    browser.submit(&page, &[("email", email)]).await
}

fn filled(code: &str) -> [(&str, &str); 3] {
    [("code", code), ("name", "Eve Example"), ("password", PASSWORD)]
}

async fn find(app: &TestApp, name: &str) -> Option<User> {
    users::find(&app.store, name).await.ok()
}

#[actix_web::test]
async fn a_code_makes_an_account_and_ends_at_the_app() {
    let app = open().await;
    let notes = app.app(json!({ "first_party": false })).await;
    let mut browser = app.browser();
    let page = asked(&mut browser, &notes, "  Eve@Example.com ").await;
    assert!(page.status == 200 && page.url.ends_with("/sign-up/code"), "{}", page.body);
    assert!(page.body.contains("value=\"eve@example.com\"") && find(&app, EVE).await.is_none());
    let (code, _) = mailed(&app, 1).await;
    let typed = code.to_lowercase().replace('-', " ");
    let consent = browser.submit(&page, &filled(&typed)).await;
    assert!(consent.has("consent-allow"), "{}", consent.body);
    let answer = browser.submit(&consent, &[("decision", "allow")]).await;
    let tokens = notes.tokens(&answer.code()).await;
    let claims = payload(text(&tokens, "id_token"));
    assert_eq!(claims["amr"], json!(["pwd"]));
    let made = find(&app, EVE).await.expect("the account");
    assert_eq!((made.username.as_str(), made.email.as_deref()), (EVE, Some(EVE)));
    assert_eq!(made.claims.name.as_deref(), Some("Eve Example"));
    assert!(made.is_email_verified && !made.is_admin && made.groups.is_empty());
    // By the password she signs in elsewhere.
    let other = app.app(json!({ "client_name": "Maps" })).await;
    app.browser().sign_in(&other, EVE, &[]).await.code();
    let id = Some(made.id.to_string());
    for event in ["sign_up_asked", "signed_up", "user_created"] {
        let rows = app.rows_of(event).await;
        assert_eq!(rows.len(), 1, "{event}");
        let target = rows[0].target.clone().map(|(_, id)| id);
        assert_eq!(target, id.clone().filter(|_| event != "sign_up_asked"), "{event}");
    }
    assert!(app.rows_of("signed_up").await[0].details.contains("code"));
    app.stop().await;
}

#[actix_web::test]
async fn r70_a_link_makes_the_account_by_its_form_alone_and_leads_back() {
    let app = open().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let waiting = asked(&mut browser, &notes, EVE).await;
    let (code, path) = mailed(&app, 1).await;
    let mut phone = app.browser();
    for _ in 0..2 {
        let page = phone.get(&path).await;
        assert!(page.status == 200 && page.has("create-submit") && !page.has("code"));
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert!(page.body.contains("value=\"eve@example.com\""));
    }
    assert!(find(&app, EVE).await.is_none());
    // Without the form's token, and with one of another browser.
    let fields = [("name", "Eve"), ("password", PASSWORD), ("csrf", "forged")];
    assert_eq!(phone.post(&path, &fields).await.status, 403);
    assert_eq!(app.browser().post(&path, &fields).await.status, 403);
    let page = phone.get(&path).await;
    let short = phone.submit(&page, &[("name", "Eve"), ("password", "short")]).await;
    assert!(short.status == 422 && short.body.contains("value=\"Eve\""), "{}", short.body);
    let done = phone.submit(&page, &[("name", "Eve"), ("password", PASSWORD)]).await;
    assert!(done.has("sign-up-account"), "{}", done.body);
    assert!(find(&app, EVE).await.is_some_and(|user| user.is_email_verified));
    assert!(!phone.cookies.contains_key("tessera"), "a link signs nobody in");
    // The link and the code are over, and their pages lead on.
    let gone = phone.get(&path).await;
    assert!(gone.status == 404 && gone.body.contains("href=\"/sign-in\""), "{}", gone.body);
    let late = browser.submit(&waiting, &filled(&code)).await;
    assert!(late.status == 422 && late.has("sign-up-sign-in"), "{}", late.body);
    let sign_in = browser.get(&waiting.url.replace("/sign-up/code", "/sign-in")).await;
    browser.submit(&sign_in, &[("username", EVE), ("password", PASSWORD)]).await.code();
    app.stop().await;
}

#[actix_web::test]
async fn r65_when_it_is_off_every_door_is_shut() {
    let app = app(SignUpPolicy::Off).await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    assert!(page.has("login-submit") && !page.has("sign-up"));
    let (_, hidden) = page.form();
    let csrf = hidden.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let link = format!("/sign-up/{}", "A".repeat(43));
    let before = app.dump(&["audit"]).await;
    for path in [format!("{}/sign-up", page.url), format!("{}/sign-up/code", page.url), link] {
        let fields = [
            ("csrf", &*csrf),
            ("email", EVE),
            ("code", "2222-2222"),
            ("name", "Eve"),
            ("password", PASSWORD),
        ];
        for answer in [browser.get(&path).await, browser.post(&path, &fields).await] {
            assert_eq!(answer.status, 404, "{path}");
            assert!(answer.body.contains("href=\"/\""), "{path} leads on");
        }
    }
    assert!(app.dump(&["audit"]).await == before, "nothing changed");
    assert!(app.issuer.sent_mails().is_empty());
    app.stop().await;
}

#[actix_web::test]
async fn r65_without_mail_nobody_is_offered_what_cannot_be() {
    let app = TestApp::with(Options { sign_up: SignUpPolicy::Open, ..Options::default() }).await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    assert!(!page.has("sign-up"));
    assert_eq!(browser.get(&format!("{}/sign-up", page.url)).await.status, 404);
    app.stop().await;
}

#[actix_web::test]
async fn r65_a_link_is_judged_by_what_is_allowed_when_it_is_used() {
    let folder = std::env::temp_dir().join(format!("tessera-sign-up-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let location = tessera::store::Location::SqliteFile(folder.join("tessera.db"));
    let with = |sign_up| Options {
        is_dev: true,
        sign_up,
        location: location.clone(),
        ..Options::default()
    };
    let app = TestApp::with(with(SignUpPolicy::Open)).await;
    let notes = app.app(json!({})).await;
    asked(&mut app.browser(), &notes, EVE).await;
    let (_, path) = mailed(&app, 1).await;
    let domains = SignUpPolicy::Domains(vec!["example.org".to_owned()]);
    let waiting = app.browser().get(&path).await;
    assert!(waiting.has("create-submit"));
    for policy in [domains, SignUpPolicy::Off] {
        let later = TestApp::with(with(policy)).await;
        let mut browser = later.browser();
        assert_eq!(browser.get(&path).await.status, 404);
        browser.get("/recover").await;
        let fields = [("name", "Eve"), ("password", PASSWORD)];
        assert!(browser.post(&path, &fields).await.status.is_client_error());
        assert!(by_link(&later, &path).await.is_err());
        assert!(find(&later, EVE).await.is_none());
        later.stop().await;
    }
    app.stop().await;
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[actix_web::test]
async fn only_addresses_of_the_domains_may() {
    let domains = vec!["example.com".to_owned(), "xn--bcher-kva.example".to_owned()];
    let app = app(SignUpPolicy::Domains(domains)).await;
    let notes = app.app(json!({})).await;
    for email in ["eve@example.org", "eve@sub.example.com", "eve@example.com.example.org"] {
        let page = asked(&mut app.browser(), &notes, email).await;
        assert!(page.status == 422 && page.body.contains("organization"), "{email}");
        assert!(page.body.contains(&format!("value=\"{email}\"")), "{}", page.body);
    }
    let page = asked(&mut app.browser(), &notes, "eve@bücher.example").await;
    assert!(page.url.ends_with("/sign-up/code"), "{}", page.body);
    let mut browser = app.browser();
    let page = asked(&mut browser, &notes, "EVE@EXAMPLE.COM").await;
    let (code, _) = mailed(&app, 2).await;
    browser.submit(&page, &filled(&code)).await.code();
    assert!(find(&app, EVE).await.is_some());
    app.stop().await;
}

#[actix_web::test]
async fn r62_an_address_is_read_in_one_way_and_counted_once() {
    let app = open().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let wrong = [
        "",
        "eve",
        "@example.com",
        "eve@",
        "eve@example.com@example.org",
        "eve\u{202e}@example.com",
        "eve\u{7}@example.com",
        "eve@exam ple.com",
        "eve\r\nBcc: all@example.com",
    ];
    for email in wrong {
        let page = asked(&mut browser, &notes, email).await;
        assert!(page.status == 422 && page.has("error-summary"), "{email:?}");
    }
    // Five spellings of one address, and then it has to wait, in whichever spelling.
    let spellings =
        ["eve@example.com", " EVE@example.com", "eve@EXAMPLE.com ", "ｅｖｅ@example.com"];
    for email in spellings.into_iter().chain([EVE]) {
        assert_eq!(asked(&mut browser, &notes, email).await.status, 200, "{email}");
    }
    for email in spellings {
        assert_eq!(asked(&mut browser, &notes, email).await.status, 429, "{email}");
    }
    assert_eq!(asked(&mut browser, &notes, "bob@example.com").await.status, 200);
    app.stop().await;
}

#[actix_web::test]
async fn who_has_an_account_hears_of_it_by_mail_alone() {
    let app = open().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = asked(&mut browser, &notes, "ada@example.com").await;
    assert!(page.url.ends_with("/sign-up/code"), "{}", page.body);
    let mail = until(async || app.issuer.sent_mails().pop()).await.mail;
    assert_eq!(
        (mail.subject.as_str(), &*mail.to),
        ("You already have an account", "ada@example.com")
    );
    assert!(mail.text.contains(&format!("{}/sign-in", app.url)));
    assert!(!mail.text.contains("/sign-up/"));
    let refused = browser.submit(&page, &filled("2222-2222")).await;
    assert!(refused.status == 422 && refused.body.contains("That code isn&#39;t right"));
    assert_eq!(users::list(&app.store).await.expect("users").len(), 1);
    app.stop().await;
}

#[actix_web::test]
async fn r68_a_proof_ends_by_time_by_a_newer_one_by_ten_tries_and_by_an_account() {
    let app = open().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    asked(&mut browser, &notes, EVE).await;
    let (first, first_link) = mailed(&app, 1).await;
    asked(&mut browser, &notes, EVE).await;
    let (second, second_link) = mailed(&app, 2).await;
    assert_eq!(by_link(&app, &first_link).await, Err(SignUpRefusal::Gone));
    assert_eq!(by_code(&app, EVE, &first).await, Err(SignUpRefusal::WrongCode));
    // A code counts for its own address.
    assert_eq!(by_code(&app, "bob@example.com", &second).await, Err(SignUpRefusal::WrongCode));
    app.advance(Duration::from_secs(30 * 60));
    assert_eq!(by_link(&app, &second_link).await, Err(SignUpRefusal::Gone));
    asked(&mut browser, &notes, EVE).await;
    let (third, third_link) = mailed(&app, 3).await;
    for _ in 0..10 {
        app.advance(Duration::from_secs(120));
        assert_eq!(by_code(&app, EVE, "2222-2222").await, Err(SignUpRefusal::WrongCode));
    }
    app.advance(Duration::from_secs(120));
    assert_eq!(by_code(&app, EVE, &third).await, Err(SignUpRefusal::WrongCode));
    app.user("eve").await;
    assert_eq!(by_link(&app, &third_link).await, Err(SignUpRefusal::Taken));
    app.stop().await;
}

pub(super) async fn by_link(app: &TestApp, path: &str) -> Result<User, SignUpRefusal> {
    let link = path.trim_start_matches("/sign-up/");
    make(app, Shown::Link(link)).await
}

pub(super) async fn by_code(
    app: &TestApp,
    address: &str,
    code: &str,
) -> Result<User, SignUpRefusal> {
    make(app, Shown::Code { address, code }).await
}

async fn make(app: &TestApp, shown: Shown<'_>) -> Result<User, SignUpRefusal> {
    let person = Person { name: "Eve", password: Secret::new(PASSWORD.to_owned()) };
    sign_up::create(&app.issuer, shown, person, app.caller()).await.expect("judged")
}

#[actix_web::test]
async fn what_cannot_be_is_said_and_costs_no_try() {
    let app = open().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = asked(&mut browser, &notes, EVE).await;
    let (code, _) = mailed(&app, 1).await;
    let wrong = [
        ("code", "", "Fill in every field"),
        ("name", "", "Fill in every field"),
        ("name", "Eve\u{202e}", "The name holds a sign"),
        ("password", "", "Fill in every field"),
        ("password", "short", "at least 15"),
        ("password", "passwordpassword", "attackers try"),
    ];
    for (field, value, said) in wrong {
        let mut fields: Vec<(&str, &str)> =
            filled(&code).into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, value));
        let refused = browser.submit(&page, &fields).await;
        assert!(refused.status == 422 && refused.body.contains(said), "{field}: {}", refused.body);
        assert!(!refused.body.contains(PASSWORD));
    }
    // A password of the own address is found out once the code shows whose it is.
    let own = [("code", &*code), ("name", "Eve"), ("password", "eve@example.com-eve")];
    let refused = browser.submit(&page, &own).await;
    assert!(refused.body.contains("made of your own names"), "{}", refused.body);
    browser.submit(&page, &filled(&code)).await.code();
    app.stop().await;
}

#[actix_web::test]
async fn a_form_posted_twice_makes_one_account_and_leads_on() {
    let app = open().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = asked(&mut browser, &notes, EVE).await;
    let (code, _) = mailed(&app, 1).await;
    let cookies = browser.cookies.clone();
    browser.submit(&page, &filled(&code)).await.code();
    let mut twice = app.browser();
    twice.cookies = cookies;
    let answer = twice.submit(&page, &filled(&code)).await;
    assert!(!answer.has("error-summary"), "{}", answer.body);
    assert_eq!(users::list(&app.store).await.expect("users").len(), 1);
    app.stop().await;
}

#[actix_web::test]
async fn r80_who_must_have_two_factors_sets_one_up_before_anything_opens() {
    let mfa = FactorPolicy { is_for_everybody: true, ..FactorPolicy::default() };
    let options = Options { is_dev: true, sign_up: SignUpPolicy::Open, mfa, ..Options::default() };
    let app = TestApp::with(options).await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = asked(&mut browser, &notes, EVE).await;
    let (code, _) = mailed(&app, 1).await;
    let set_up = browser.submit(&page, &filled(&code)).await;
    assert!(set_up.has("totp-key") && !browser.cookies.contains_key("tessera"), "{}", set_up.body);
    let phone = Authenticator::from_page(&set_up);
    let codes = browser.submit(&set_up, &[("code", &phone.code(&app))]).await;
    assert!(codes.has("recovery-codes"), "{}", codes.body);
    let base = page.url.trim_end_matches("/sign-up/code");
    let tokens = notes.tokens(&browser.get(base).await.code()).await;
    assert_eq!(payload(text(&tokens, "id_token"))["amr"], json!(["pwd", "otp", "mfa"]));
    app.stop().await;
}

#[actix_web::test]
async fn r66_links_begin_with_the_issuer_and_the_own_pages_lead_there_too() {
    let app = open().await;
    let mut browser = app.browser();
    let page = browser.get("/sign-in").await;
    let page = browser.get(&format!("{}/sign-up", page.url)).await;
    let page = browser.submit(&page, &[("email", EVE)]).await;
    let (code, path) = mailed(&app, 1).await;
    assert!(path.starts_with("/sign-up/"));
    let home = browser.submit(&page, &filled(&code)).await;
    assert!(home.body.contains("Eve Example"), "{} {}", home.url, home.body);
    app.stop().await;
}

#[actix_web::test]
async fn r73_mails_to_one_address_end_and_the_page_stays_the_same() {
    let app = open().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    for round in 0..24 {
        let page = asked(&mut browser, &notes, EVE).await;
        assert!(page.url.ends_with("/sign-up/code"), "{round}: {}", page.status);
        until(async || (app.rows_of("sign_up_asked").await.len() == round + 1).then_some(())).await;
        // Requests wait longer and longer; within the hour there are more than 20 by other doors.
        let key = tessera::base::Digest::of(format!("sign-up/{EVE}").as_bytes());
        let clear = move |db: &mut _| tessera::store::login_failures::clear_failures(db, &key);
        app.store.write("forgive", clear).await.expect("forgotten");
    }
    let put_in = tessera::app::outbox::list(&app.store, true).await.expect("the outbox");
    assert_eq!(put_in.len(), 20);
    app.stop().await;
}

#[actix_web::test]
async fn the_mail_speaks_the_language_of_the_page() {
    let app = open().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let sign_in = browser.authorize(&notes, &[("ui_locales", "de")]).await;
    let page = browser.get(&format!("{}/sign-up", sign_in.url)).await;
    browser.submit(&page, &[("email", EVE)]).await;
    mailed(&app, 1).await;
    let mail = app.issuer.sent_mails().remove(0).mail;
    assert!(mail.html.contains("<html lang=\"de\""), "{}", mail.html);
    app.stop().await;
}
