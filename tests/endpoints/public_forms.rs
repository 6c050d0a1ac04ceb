//! The forms that need no session: the way back in, the first run, the sign-out. And the wall: no form of
//! the product is left out of the tables.

use std::collections::BTreeSet;

use serde_json::json;
use tessera::app::invitations::{self, NewInvitation};
use tessera::app::setup;
use tessera::rules::sign_up::SignUpPolicy;

use super::account_forms::{self, ACCOUNT_FORMS};
use super::steps::{Fields, Stage, is_unchanged, leads_on, post, token_of};
use crate::flows::account_email::ask as ask_email;
use crate::flows::recovery::{ask, dealt_with, mailed};
use crate::flows::sign_up::{asked, until};
use crate::support::{Answer, Browser, Dump, Options, PASSWORD, TestApp, routes};

const NEW: &str = "staple battery horse correct";
/// What counts, what tells of it, and what is on its way.
const LEFT_OUT: &[&str] =
    &["audit", "login_failures", "webauthn_challenges", "interactions", "outbox"];

/// A form, by what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Ask,
    ByCode,
    ByLink,
    SetUp,
    SignUpLink,
    Invitation,
    EmailLink,
    SignOut,
}

impl Form {
    const ALL: [Self; 8] = [
        Self::Ask,
        Self::ByCode,
        Self::ByLink,
        Self::SetUp,
        Self::SignUpLink,
        Self::Invitation,
        Self::EmailLink,
        Self::SignOut,
    ];

    /// As the source writes it.
    fn route(self) -> &'static str {
        match self {
            Self::Ask => "/recover",
            Self::ByCode => "/recover/code",
            Self::ByLink => "/recover/link/{link}",
            Self::SetUp => "/setup/{token}",
            Self::SignUpLink => "/sign-up/{link}",
            Self::Invitation => "/invitation/{link}",
            Self::EmailLink => "/email/{link}",
            Self::SignOut => "/end_session",
        }
    }

    /// Whether its form without a field is still an answer.
    fn has_no_fields(self) -> bool {
        matches!(self, Self::EmailLink)
    }
}

/// A browser at the page of a form, and the form as its person would send it.
struct Ready {
    browser: Browser,
    path: String,
    csrf: String,
    fields: Fields,
}

impl Ready {
    async fn post(&mut self) -> Answer {
        post(&mut self.browser, &self.path, &self.csrf, &self.fields).await
    }
}

fn filled(fields: &[(&'static str, &str)]) -> Fields {
    fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// An installation that shows its mails.
async fn dev() -> TestApp {
    let sign_up = SignUpPolicy::Open;
    TestApp::with(Options { is_dev: true, sign_up, ..Options::default() }).await
}

/// The path of the link in the mail to an address.
async fn link_to(app: &TestApp, address: &str, path: &str) -> String {
    let mail = until(async || {
        let sent = app.issuer.sent_mails().into_iter().map(|sent| sent.mail);
        sent.filter(|mail| mail.text.contains(path)).find(|mail| mail.to == address)
    });
    let text = mail.await.text;
    let link = text.lines().find(|line| line.contains(path)).expect("a link");
    link.strip_prefix(&app.url).expect("our own").to_owned()
}

async fn invited(app: &TestApp) -> String {
    let new = NewInvitation {
        email: "eve@example.com".to_owned(),
        username: None,
        name: None,
        groups: Vec::new(),
        is_admin: false,
        is_email_verified: false,
    };
    let made = invitations::invite(app.issuer.operator(), new).await.expect("invited");
    made.path.expose().clone()
}

async fn prepare(app: &TestApp, form: Form) -> Ready {
    let mut browser = app.browser();
    if form != Form::SetUp {
        app.user("ada").await;
    }
    let (page, path, fields) = match form {
        Form::Ask => {
            (browser.get("/recover").await, form.route().to_owned(), filled(&[("username", "ada")]))
        }
        Form::ByCode => {
            let page = ask(&mut browser, "ada").await;
            let (code, _) = mailed(app, 1).await;
            let fields = filled(&[("username", "ada"), ("code", &code), ("password", NEW)]);
            (page, form.route().to_owned(), fields)
        }
        Form::ByLink => {
            ask(&mut app.browser(), "ada").await;
            let (_, path) = mailed(app, 1).await;
            (browser.get(&path).await, path, filled(&[("password", NEW)]))
        }
        Form::SetUp => {
            let path = setup_link(app).await;
            let admin = [("username", "eve"), ("email", "eve@example.com"), ("password", PASSWORD)];
            (browser.get(&path).await, path, filled(&admin))
        }
        Form::SignUpLink => {
            let notes = app.app(json!({})).await;
            asked(&mut browser, &notes, "eve@example.com").await;
            let path = link_to(app, "eve@example.com", "/sign-up/").await;
            let fields = filled(&[("name", "Eve Example"), ("password", PASSWORD)]);
            (browser.get(&path).await, path, fields)
        }
        Form::Invitation => {
            let path = invited(app).await;
            let fields = filled(&[("name", "Eve Example"), ("password", PASSWORD)]);
            (browser.get(&path).await, path, fields)
        }
        Form::EmailLink => {
            ask_email(&mut app.browser(), "ada", "ada@new.example").await;
            let path = link_to(app, "ada@new.example", "/email/").await;
            (browser.get(&path).await, path, Fields::new())
        }
        Form::SignOut => {
            let notes = app.app(json!({})).await;
            browser.sign_in(&notes, "ada", &[]).await.code();
            (browser.get("/end_session").await, form.route().to_owned(), Fields::new())
        }
    };
    Ready { csrf: token_of(&page), browser, path, fields }
}

async fn setup_link(app: &TestApp) -> String {
    let token = setup::new_link(app.issuer.operator()).await.expect("a link");
    format!("/setup/{}", token.expose())
}

async fn dump(app: &TestApp) -> Dump {
    app.dump(LEFT_OUT).await
}

#[actix_web::test]
async fn r87_a_public_form_posted_empty_or_without_its_token_changes_nothing() {
    for form in Form::ALL {
        let app = dev().await;
        let mut ready = prepare(&app, form).await;
        let mut stranger = app.browser();
        let csrf = token_of(&stranger.get("/recover").await);
        let before = dump(&app).await;
        let mut answers = Vec::new();
        if form == Form::SignOut {
            // Without a token it is the request of an app: the person is asked.
            let asked = ready.browser.post(&ready.path, &[]).await;
            assert!(asked.has("logout-confirm"), "{}", asked.body);
        } else if !form.has_no_fields() {
            let answer = post(&mut ready.browser, &ready.path, &ready.csrf, &[]).await;
            assert_eq!(answer.status, 422, "{form:?}, empty: {}", answer.body);
            answers.push(answer);
        }
        for token in ["", "forged", &csrf] {
            let answer = post(&mut ready.browser, &ready.path, token, &ready.fields).await;
            // An empty field is none.
            let is_asked =
                form == Form::SignOut && token.is_empty() && answer.has("logout-confirm");
            assert!(is_asked || answer.status == 403, "{form:?}, token {token:?}");
            answers.push(answer);
        }
        // Another browser, and one that never was here, with the token of the first.
        for browser in [&mut stranger, &mut app.browser()] {
            let answer = post(browser, &ready.path, &ready.csrf, &ready.fields).await;
            assert_eq!(answer.status, 403, "{form:?} from another browser");
            answers.push(answer);
        }
        answers.iter().for_each(|answer| leads_on(answer, &format!("{form:?}")));
        is_unchanged(&before, &dump(&app).await, &format!("{form:?}"));
    }
}

#[actix_web::test]
async fn a_public_form_posted_twice_changes_nothing_the_second_time() {
    for form in Form::ALL {
        let app = dev().await;
        let mut ready = prepare(&app, form).await;
        let before = dump(&app).await;
        let done = ready.post().await;
        assert!(done.status.is_success(), "{form:?}: {} {}", done.status, done.body);
        if form == Form::Ask {
            // What is sent is sent behind the answer, and another one takes its place.
            dealt_with(&app, 1).await;
            assert_ne!(before, dump(&app).await);
            continue;
        }
        let after = dump(&app).await;
        assert_ne!(before, after, "the dump sees what a right form changes: {form:?}");
        leads_on(&ready.post().await, &format!("{form:?}, twice"));
        is_unchanged(&after, &dump(&app).await, &format!("{form:?}, twice"));
    }
}

#[actix_web::test]
async fn r24_a_proof_of_one_kind_or_person_is_none_of_another() {
    let app = dev().await;
    app.user("bob").await;
    let setup_path = setup_link(&app).await;
    let setup_token = setup_path.trim_start_matches("/setup/");
    let mut ready = prepare(&app, Form::ByCode).await;
    let (code, link_path) = mailed(&app, 1).await;
    let link = link_path.trim_start_matches("/recover/link/");
    let admin = [("username", "eve"), ("email", "eve@example.com"), ("password", PASSWORD)];
    let wrong: [(&str, String, Fields); 6] = [
        (
            "the code of another person",
            "/recover/code".to_owned(),
            filled(&[("username", "bob"), ("code", &code), ("password", NEW)]),
        ),
        (
            "a link as a code",
            "/recover/code".to_owned(),
            filled(&[("username", "bob"), ("code", link), ("password", NEW)]),
        ),
        (
            "a code before any was asked for",
            "/recover/code".to_owned(),
            filled(&[("username", "bob"), ("code", "AAAA-AAAA-AAAA"), ("password", NEW)]),
        ),
        ("a code as a link", format!("/recover/link/{code}"), filled(&[("password", NEW)])),
        (
            "the link of the first run as a way back in",
            format!("/recover/link/{setup_token}"),
            filled(&[("password", NEW)]),
        ),
        ("a way back in as the link of the first run", format!("/setup/{link}"), filled(&admin)),
    ];
    let before = dump(&app).await;
    for (case, path, fields) in wrong {
        let answer = post(&mut ready.browser, &path, &ready.csrf, &fields).await;
        assert!(answer.status.is_client_error(), "{case}: {} {}", answer.status, answer.body);
        leads_on(&answer, case);
        is_unchanged(&before, &dump(&app).await, case);
    }
    // Each of them counts where it belongs.
    assert!(ready.post().await.has("login-submit"));
    assert!(ready.browser.get(&setup_path).await.has("setup-form"));
}

#[actix_web::test]
async fn what_is_asked_while_a_password_is_typed_changes_nothing() {
    let app = dev().await;
    let mut browser = app.browser();
    let csrf = token_of(&browser.get("/recover").await);
    let before = app.dump(&["audit"]).await;
    for (token, status) in [(csrf.as_str(), 200), ("", 403), ("forged", 403)] {
        for fields in [filled(&[("password", NEW), ("min", "15")]), Fields::new()] {
            let answer = post(&mut browser, "/password/strength", token, &fields).await;
            assert_eq!(answer.status, status, "token {token:?}: {}", answer.body);
        }
    }
    is_unchanged(&before, &app.dump(&["audit"]).await, "typing");
}

/// Where apps post, and one script of ours that asks and changes nothing.
const NO_FORMS: [&str; 8] = [
    "/authorize",
    "/introspect",
    "/par",
    "/password/strength",
    "/register",
    "/revoke",
    "/token",
    "/userinfo",
];

#[test]
fn every_form_of_the_product_is_in_a_table() {
    let (found, calls) = routes("post()");
    assert_eq!(found.len(), calls, "a route takes a POST in a way that is not read here");
    let steps = Stage::ALL.into_iter().map(|stage| format!("/i/{{id}}/{}", stage.path()));
    let account = ACCOUNT_FORMS.iter().map(|(path, _)| *path).chain(account_forms::routes());
    let public = Form::ALL.into_iter().map(Form::route);
    let others = account.chain(public).chain(NO_FORMS).map(str::to_owned);
    let listed: BTreeSet<String> = steps.chain(others).collect();
    let missing: Vec<&String> = found.difference(&listed).collect();
    assert!(missing.is_empty(), "nobody posts these wrongly: {missing:?}");
    let gone: Vec<&String> = listed.difference(&found).collect();
    assert!(gone.is_empty(), "these are no forms any more: {gone:?}");
}
