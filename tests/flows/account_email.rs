//! The e-mail address of an account: confirmed, and exchanged for another one.

use std::time::Duration;

use serde_json::{Value, json};
use tessera::app::{outbox, users};
use tessera::base::UserId;
use tessera::domain::{DeliveryState, User};
use tessera::store::users as rows;

use crate::support::{
    Answer, App, Browser, MailServer, Options, PASSWORD, TakenMail, TestApp, payload, text,
};

const OLD: &str = "ada@example.com";
const NEW: &str = "ada@new.example";
const MINUTE: Duration = Duration::from_secs(60);

async fn start() -> (MailServer, TestApp) {
    let server = MailServer::start_without_sign_ins().await;
    let options = Options { mail: Some(server.settings()), ..Options::default() };
    let app = TestApp::with(options).await;
    (server, app)
}

fn token_of(page: &Answer) -> String {
    let fields = page.form().1;
    fields.into_iter().find(|(name, _)| name == "csrf").expect("a token").1
}

/// A page of the account; who is not signed in, or was long ago, signs in first.
pub(super) async fn open(browser: &mut Browser, name: &str, path: &str) -> Answer {
    let page = browser.get(path).await;
    if !page.has("login-submit") {
        return page;
    }
    browser.submit(&page, &[("username", name), ("password", PASSWORD)]).await
}

/// Has a code sent to an address, and gives the page that takes it.
pub(crate) async fn ask(browser: &mut Browser, name: &str, address: &str) -> Answer {
    let csrf = token_of(&open(browser, name, "/account/profile").await);
    let page = browser.post("/account/email", &[("csrf", &csrf), ("email", address)]).await;
    if !page.has("login-submit") {
        return page;
    }
    browser.submit(&page, &[("username", name), ("password", PASSWORD)]).await;
    browser.post("/account/email", &[("csrf", &csrf), ("email", address)]).await
}

/// Types a code, on the page of whoever is signed in.
async fn type_code(browser: &mut Browser, name: &str, code: &str) -> Answer {
    let csrf = token_of(&open(browser, name, "/account/profile").await);
    browser.post("/account/email/code", &[("csrf", &csrf), ("code", code)]).await
}

/// The code and the link's path of a mail.
pub(super) fn in_mail(app: &TestApp, mail: &TakenMail) -> (String, String) {
    let subject = mail.header("subject")[0];
    let (code, rest) = subject.split_once(' ').expect("a code");
    assert_eq!(rest, "is the code to confirm your address");
    let link = mail.raw.lines().find(|line| line.contains("/email/")).expect("a link");
    (code.to_owned(), link.trim().strip_prefix(&app.url).expect("our own").to_owned())
}

/// Waits until the outbox knows that its mails arrived: whoever moves the clock before that lets the
/// lease of a mail run out, and it is sent once more.
pub(super) async fn settled(app: &TestApp) {
    let look = async {
        loop {
            let all = outbox::list(&app.store, true).await.expect("the outbox");
            let is_there = |state| matches!(state, DeliveryState::Delivered(_));
            if all.into_iter().all(|one| is_there(one.delivery.state)) {
                return;
            }
        }
    };
    tokio::time::timeout(MINUTE, look).await.expect("the mails arrive");
}

/// The last of `count` mails.
async fn mailed(app: &TestApp, server: &MailServer, count: usize) -> (String, String) {
    let mails = server.until(count, 0).await;
    settled(app).await;
    in_mail(app, mails.last().expect("a mail"))
}

async fn address_of(app: &TestApp, id: UserId) -> (Option<String>, bool) {
    let found = app.store.read(move |db| rows::find_user(db, id)).await.expect("the store");
    let user = found.expect("the account");
    (user.email, user.is_email_verified)
}

fn verified(address: &str) -> (Option<String>, bool) {
    (Some(address.to_owned()), true)
}

async fn claims(notes: &App, tokens: &Value) -> (Value, Value) {
    let answer = notes.userinfo(text(tokens, "access_token")).await;
    let mut claims: Value = answer.json().await.expect("JSON");
    (claims["email"].take(), claims["email_verified"].take())
}

/// Whether a new browser gets in by this name.
async fn gets_in(app: &TestApp, name: &str) -> bool {
    let mut browser = app.browser();
    let page = browser.get("/account").await;
    let page = browser.submit(&page, &[("username", name), ("password", PASSWORD)]).await;
    page.url.ends_with("/account")
}

fn subjects<'a>(mails: &'a [TakenMail], to: &str) -> Vec<&'a str> {
    let own = mails.iter().filter(|mail| mail.recipients == [to]);
    own.flat_map(|mail| mail.header("subject")).collect()
}

/// Another holder of an address, past every check.
async fn move_to(app: &TestApp, user: &User, address: &str) {
    let moved = User { email: Some(address.to_owned()), ..user.clone() };
    let stored = app.store.write("test", move |db| rows::update_user(db, &moved)).await;
    stored.expect("stored");
}

#[actix_web::test]
async fn r71_another_address_counts_once_its_code_came_back_and_both_are_told() {
    let (server, app) = start().await;
    let ada = app.user("ada").await;
    let notes = app.app(json!({})).await;
    let tokens = notes.sign_in("ada", &[]).await;
    let mut browser = app.browser();
    let page = open(&mut browser, "ada", "/account/email").await;
    assert!(page.body.contains(OLD) && page.body.contains("Confirmed"), "{}", page.body);
    let page = ask(&mut browser, "ada", " Ada@NEW.example ").await;
    assert!(page.url.ends_with("/account/email") && page.has("email-confirm"), "{}", page.body);
    assert!(page.body.contains(NEW), "{}", page.body);
    let (code, _) = mailed(&app, &server, 1).await;
    // Nothing has changed yet, here and at apps.
    assert_eq!(address_of(&app, ada.id).await, verified(OLD));
    assert_eq!(claims(&notes, &tokens).await, (json!(OLD), json!(true)));
    let typed = code.to_lowercase().replace('-', " ");
    let done = browser.submit(&page, &[("code", &typed)]).await;
    assert!(done.url.ends_with("/account/security?done=email"), "{} {}", done.url, done.body);
    assert!(done.body.contains("Your email address is confirmed."), "{}", done.body);
    assert_eq!(address_of(&app, ada.id).await, verified(NEW));
    assert_eq!(claims(&notes, &tokens).await, (json!(NEW), json!(true)));
    let wanted = r#"{"id_token":{"email":null,"email_verified":null}}"#;
    let tokens = notes.sign_in("ada", &[("claims", wanted)]).await;
    let told = payload(text(&tokens, "id_token"));
    assert_eq!((&told["email"], &told["email_verified"]), (&json!(NEW), &json!(true)));
    // The name stays, and of the addresses the new one opens the account.
    for (name, is_in) in [("ada", true), (NEW, true), (OLD, false)] {
        assert_eq!(gets_in(&app, name).await, is_in, "{name}");
    }
    let mails = server.until(3, 0).await;
    let changed = "The address of your account has changed";
    assert_eq!(subjects(&mails, OLD), [changed]);
    assert_eq!(subjects(&mails, NEW).last(), Some(&changed));
    let told = mails.iter().filter(|mail| mail.header("subject") == [changed]);
    for mail in told {
        for part in ["2027-01-15 08:00 UTC", "Network: 127.0.0.0"] {
            assert!(mail.raw.contains(part), "{part}: {}", mail.raw);
        }
        assert!(mail.recipients == [NEW] || !mail.raw.contains(NEW), "{}", mail.raw);
    }
    assert_eq!(app.rows_of("email_asked").await.len(), 1);
    let row = app.rows_of("email_changed").await.remove(0);
    assert_eq!(row.actor_id, Some(ada.id.to_string()));
    assert_eq!(row.details, r#"{"way":"code"}"#);
    app.stop().await;
}

#[actix_web::test]
async fn r70_a_link_confirms_on_another_device_and_looking_at_it_changes_nothing() {
    let (server, app) = start().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    ask(&mut app.browser(), "ada", NEW).await;
    let (code, path) = mailed(&app, &server, 1).await;
    // Of somebody else, who is signed in.
    let mut phone = app.browser();
    open(&mut phone, "bob", "/account").await;
    for _ in 0..3 {
        let page = phone.get(&path).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert!(page.has("email-link-confirm") && page.body.contains(NEW), "{}", page.body);
        assert!(page.body.contains("the account ada"), "{}", page.body);
    }
    for mut forger in [app.browser(), app.browser()] {
        for token in ["", "forged"] {
            let forged = forger.post(&path, &[("csrf", token)]).await;
            assert!(forged.status.is_client_error(), "{}", forged.status);
        }
        forger.get("/recover").await;
    }
    assert_eq!(address_of(&app, ada.id).await, verified(OLD));
    let mut other = app.browser();
    let page = other.get(&path).await;
    let done = other.submit(&page, &[]).await;
    assert!(done.status == 200 && done.has("email-done"), "{}", done.body);
    assert_eq!(address_of(&app, ada.id).await, verified(NEW));
    assert_eq!(address_of(&app, bob.id).await, verified("bob@example.com"));
    // It signed nobody in, and nobody out.
    assert!(!other.cookies.contains_key("tessera"), "{:?}", other.cookies);
    assert!(other.get("/account").await.has("login-submit"));
    assert!(phone.get("/account").await.body.contains("bob@example.com"));
    // It is over, for the code as well.
    let again = other.submit(&page, &[]).await;
    assert!(again.status == 404 && again.has("email-gone"), "{}", again.body);
    assert!(other.get(&path).await.has("email-gone"));
    let late = type_code(&mut app.browser(), "ada", &code).await;
    assert!(late.status == 422 && late.has("error-summary"), "{}", late.body);
    let row = app.rows_of("email_changed").await.remove(0);
    assert_eq!((row.actor_kind.as_str(), row.details.as_str()), ("anonymous", r#"{"way":"link"}"#));
    assert_eq!(row.target, Some(("user".to_owned(), ada.id.to_string())));
    app.stop().await;
}

#[actix_web::test]
async fn r67_a_code_and_its_link_end_by_a_newer_one_by_time_and_by_a_new_password() {
    let (server, app) = start().await;
    let ada = app.user("ada").await;
    let mut browser = app.browser();
    let is_over = async |browser: &mut Browser, code: &str, path: &str| {
        app.advance(MINUTE);
        assert_eq!(type_code(browser, "ada", code).await.status, 422, "{code}");
        assert_eq!(app.browser().get(path).await.status, 404, "{path}");
    };
    ask(&mut browser, "ada", "first@new.example").await;
    let (code, path) = mailed(&app, &server, 1).await;
    ask(&mut browser, "ada", NEW).await;
    is_over(&mut browser, &code, &path).await;
    let (code, path) = mailed(&app, &server, 2).await;
    assert_eq!(app.browser().get(&path).await.status, 200);
    app.advance(30 * MINUTE);
    is_over(&mut browser, &code, &path).await;
    // Whoever asked may be the reason for the new password, and for going out everywhere else.
    ask(&mut browser, "ada", NEW).await;
    let (code, path) = mailed(&app, &server, 3).await;
    let mut owner = app.browser();
    let csrf = token_of(&open(&mut owner, "ada", "/account/sessions").await);
    owner.post("/account/sessions", &[("csrf", &csrf), ("session", "others")]).await;
    is_over(&mut owner, &code, &path).await;
    ask(&mut owner, "ada", NEW).await;
    let (_, path) = mailed(&app, &server, 4).await;
    app.set_password("ada", "another horse and battery").await;
    assert_eq!(app.browser().get(&path).await.status, 404);
    app.set_password("ada", PASSWORD).await;
    ask(&mut owner, "ada", NEW).await;
    let (_, path) = mailed(&app, &server, 5).await;
    users::disable(app.operator(), "ada").await.expect("disabled");
    assert_eq!(app.browser().get(&path).await.status, 404);
    assert_eq!(address_of(&app, ada.id).await, verified(OLD));
    app.stop().await;
}

#[actix_web::test]
async fn r67_another_address_cancels_what_would_set_a_password() {
    let (server, app) = start().await;
    app.user("ada").await;
    let mut thief = app.browser();
    let page = thief.get("/recover").await;
    thief.submit(&page, &[("username", "ada")]).await;
    let mails = server.until(1, 0).await;
    settled(&app).await;
    // Long lines are folded on their way.
    let text = mails[0].raw.replace("=\r\n", "");
    let link = text.lines().find(|line| line.contains("/recover/link/")).expect("a link");
    let link = link.trim().strip_prefix(&app.url).expect("our own").to_owned();
    assert_eq!(thief.get(&link).await.status, 200);
    let mut browser = app.browser();
    ask(&mut browser, "ada", NEW).await;
    let (code, _) = mailed(&app, &server, 2).await;
    type_code(&mut browser, "ada", &code).await;
    assert_eq!(thief.get(&link).await.status, 404);
    app.stop().await;
}

#[actix_web::test]
async fn r71_asking_needs_a_recent_sign_in_and_no_other_form_sets_an_address() {
    let (server, app) = start().await;
    let ada = app.user_with("ada", |new| new.is_email_verified = false).await;
    let mut browser = app.browser();
    let csrf = token_of(&open(&mut browser, "ada", "/account/email").await);
    app.advance(5 * MINUTE + Duration::from_secs(1));
    let asked = browser.post("/account/email", &[("csrf", &csrf), ("email", NEW)]).await;
    assert!(asked.has("login-submit") && asked.body.contains("Confirm it"), "{}", asked.body);
    let back = browser.submit(&asked, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(back.url.ends_with("/account/email") && back.has("email-submit"), "{}", back.body);
    assert!(!back.has("email-confirm") && app.rows_of("email_asked").await.is_empty());
    // A code that was asked for in time may take its time.
    ask(&mut browser, "ada", NEW).await;
    let (code, _) = mailed(&app, &server, 1).await;
    app.advance(10 * MINUTE);
    assert!(browser.get("/account/email").await.has("email-confirm"));
    let profile = [("csrf", &*csrf), ("email", "eve@new.example"), ("email_verified", "true")];
    browser.post("/account/profile", &profile).await;
    assert_eq!(address_of(&app, ada.id).await, (Some(OLD.to_owned()), false));
    type_code(&mut browser, "ada", &code).await;
    assert_eq!(address_of(&app, ada.id).await, verified(NEW));
    app.stop().await;
}

#[actix_web::test]
async fn an_unconfirmed_address_is_confirmed_and_what_is_no_news_is_not_told() {
    let (server, app) = start().await;
    let ada = app.user_with("ada", |new| new.is_email_verified = false).await;
    let notes = app.app(json!({})).await;
    let tokens = notes.sign_in("ada", &[]).await;
    assert_eq!(claims(&notes, &tokens).await.1, json!(false));
    let mut browser = app.browser();
    let page = open(&mut browser, "ada", "/account/security").await;
    assert!(page.body.contains("Not confirmed yet") && page.has("email"), "{}", page.body);
    let page = browser.get("/account/email").await;
    assert!(page.has("email-verify"), "{}", page.body);
    let page = browser.submit(&page, &[]).await;
    assert!(page.has("email-confirm") && page.has("email-resend"), "{}", page.body);
    let (first, _) = mailed(&app, &server, 1).await;
    ask(&mut browser, "ada", OLD).await;
    let (code, _) = mailed(&app, &server, 2).await;
    for wrong in ["", "2222-2222", &first] {
        let page = type_code(&mut browser, "ada", wrong).await;
        assert!(page.status == 422 && page.has("email-confirm"), "{}", page.body);
    }
    type_code(&mut browser, "ada", &code).await;
    assert_eq!(address_of(&app, ada.id).await, verified(OLD));
    assert_eq!(claims(&notes, &tokens).await.1, json!(true));
    let row = app.rows_of("email_verified").await.remove(0);
    assert_eq!(row.details, r#"{"way":"code"}"#);
    assert_eq!(app.rows_of("email_refused").await.len(), 2);
    for (typed, why) in [(OLD, "your address already"), ("nobody", "complete"), ("", "complete")] {
        let page = ask(&mut browser, "ada", typed).await;
        assert!(page.status == 422 && page.body.contains(why), "{typed}: {}", page.body);
    }
    let told = outbox::list(&app.store, true).await.expect("the outbox");
    let about_codes = told.iter().filter(|one| one.delivery.message.kind() != "mail.new_sign_in");
    assert_eq!(about_codes.count(), 2);
    app.stop().await;
}

/// A page without what differs from person to person.
fn masked(page: &Answer, csrf: &str, address: &str) -> (u16, String) {
    (page.status.as_u16(), page.body.replace(csrf, "T").replace(address, "A"))
}

#[actix_web::test]
async fn r73_requests_slow_down_and_a_taken_address_gets_the_same_answer() {
    let (server, app) = start().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let mut browser = app.browser();
    let csrf = token_of(&open(&mut browser, "ada", "/account/email").await);
    let mut pages = Vec::new();
    for address in [NEW, "bob@example.com"] {
        let page = ask(&mut browser, "ada", address).await;
        pages.push(masked(&page, &csrf, address));
        let wrong = type_code(&mut browser, "ada", "2222-2222").await;
        pages.push(masked(&wrong, &csrf, address));
    }
    assert_eq!(pages[0], pages[2]);
    assert_eq!(pages[1], pages[3]);
    let mails = server.until(2, 0).await;
    assert_eq!(subjects(&mails, "bob@example.com"), ["Somebody asked for your address"]);
    let told = mails.iter().find(|mail| mail.recipients == ["bob@example.com"]).expect("a mail");
    for part in ["2027-01-15 08:00 UTC", "Network: 127.0.0.0"] {
        assert!(told.raw.contains(part), "{part}: {}", told.raw);
    }
    for _ in 0..3 {
        assert_eq!(ask(&mut browser, "ada", "bob@example.com").await.status, 200);
    }
    let late = ask(&mut browser, "ada", "bob@example.com").await;
    assert_eq!((late.status.as_u16(), late.header("retry-after").is_some()), (429, true));
    // A stranger does not use up what may be mailed to bob, and keeps nobody from signing in.
    let all = outbox::list(&app.store, true).await.expect("the outbox");
    let asked = all.iter().filter(|one| one.delivery.message.kind() == "mail.address_asked_for");
    assert_eq!(asked.count(), 3);
    assert!(gets_in(&app, "ada").await && gets_in(&app, "bob").await);
    assert_eq!(address_of(&app, ada.id).await, verified(OLD));
    assert_eq!(address_of(&app, bob.id).await, verified("bob@example.com"));
    app.stop().await;
}

#[actix_web::test]
async fn r73_mails_end_while_the_answer_stays_the_same() {
    let (_server, app) = start().await;
    app.user("ada").await;
    let mut browser = app.browser();
    let mut pages = Vec::new();
    for round in 0..30 {
        // By two accounts at once there are more requests within the hour than mails may be.
        if round == 15 {
            app.user("eve").await;
            browser = app.browser();
        }
        let name = if round < 15 { "ada" } else { "eve" };
        app.advance(if round % 15 < 5 { Duration::ZERO } else { 2 * MINUTE });
        let page = ask(&mut browser, name, NEW).await;
        if page.status == 200 {
            let token = token_of(&page);
            let (status, body) = masked(&page, &token, NEW);
            pages.push((status, body.replace("eve@example.com", OLD)));
        }
    }
    let all = outbox::list(&app.store, true).await.expect("the outbox");
    assert_eq!(all.len(), 20);
    assert!(pages.len() > all.len() && pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    app.stop().await;
}

#[actix_web::test]
async fn r57_wrong_codes_count_as_at_the_sign_in_and_each_code_is_of_its_account() {
    let (server, app) = start().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let (mut here, mut there) = (app.browser(), app.browser());
    ask(&mut here, "ada", NEW).await;
    let (code_of_ada, link_of_ada) = mailed(&app, &server, 1).await;
    ask(&mut there, "bob", "bob@new.example").await;
    let (code_of_bob, _) = mailed(&app, &server, 2).await;
    assert_eq!(type_code(&mut here, "ada", &code_of_bob).await.status, 422);
    assert_eq!(type_code(&mut there, "bob", &code_of_ada).await.status, 422);
    // Nor is a link a way to set a password, or the other way round.
    let (_, token) = link_of_ada.rsplit_once('/').expect("a path");
    assert_eq!(here.get(&format!("/recover/link/{token}")).await.status, 404);
    for _ in 0..4 {
        assert_eq!(type_code(&mut here, "ada", "2222-2222").await.status, 422);
    }
    let late = type_code(&mut here, "ada", "2222-2222").await;
    assert_eq!((late.status.as_u16(), late.header("retry-after").is_some()), (429, true));
    assert!(!gets_in(&app, "ada").await && gets_in(&app, "bob").await);
    for _ in 0..5 {
        app.advance(MINUTE);
        assert_eq!(type_code(&mut here, "ada", "2222-2222").await.status, 422);
    }
    app.advance(10 * MINUTE);
    assert_eq!(type_code(&mut here, "ada", &code_of_ada).await.status, 422, "ten tries end it");
    assert_eq!(address_of(&app, ada.id).await, verified(OLD));
    type_code(&mut there, "bob", &code_of_bob).await;
    assert_eq!(address_of(&app, bob.id).await, verified("bob@new.example"));
    app.stop().await;
}

#[actix_web::test]
async fn an_address_that_was_taken_meanwhile_is_refused_and_nothing_changes() {
    let (server, app) = start().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let mut browser = app.browser();
    ask(&mut browser, "ada", NEW).await;
    let (code, path) = mailed(&app, &server, 1).await;
    let mut other = app.browser();
    let link = other.get(&path).await;
    move_to(&app, &bob, NEW).await;
    let refused = type_code(&mut browser, "ada", &code).await;
    assert!(refused.status == 422 && refused.body.contains("Another account"), "{}", refused.body);
    let refused = other.submit(&link, &[]).await;
    assert!(refused.status == 409 && refused.has("email-taken"), "{}", refused.body);
    assert_eq!(address_of(&app, ada.id).await, verified(OLD));
    assert!(app.rows_of("email_changed").await.is_empty());
    assert_eq!(outbox::list(&app.store, true).await.expect("the outbox").len(), 1);
    // All of it was undone: the code still counts when the address is free again.
    move_to(&app, &bob, "bob@example.com").await;
    type_code(&mut browser, "ada", &code).await;
    assert_eq!(address_of(&app, ada.id).await, verified(NEW));
    app.stop().await;
}

#[actix_web::test]
async fn r66_links_begin_with_the_issuer_and_without_mail_the_page_says_whom_to_ask() {
    let (server, app) = start().await;
    app.user("ada").await;
    ask(&mut app.browser(), "ada", NEW).await;
    let mail = server.until(1, 0).await.remove(0);
    let (code, path) = in_mail(&app, &mail);
    assert!(mail.raw.contains(&code) && path.len() == "/email/".len() + 43, "{path}");
    app.stop().await;
    let app = TestApp::start().await;
    app.user("ada").await;
    let mut browser = app.browser();
    let page = open(&mut browser, "ada", "/account/email").await;
    assert!(page.status == 200 && !page.has("email-submit"), "{}", page.body);
    assert!(page.body.contains("Ask the people who run this service"), "{}", page.body);
    assert!(!ask(&mut browser, "ada", NEW).await.has("email-confirm"));
    app.stop().await;
}
