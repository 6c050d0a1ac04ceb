//! Nothing tells who has an account (`security.md` R61, R63): the answer, the work and the statements of
//! a refused sign-in are the same whoever is named. `scripts/timing` measures the time.

use std::sync::{Arc, Mutex};

use diesel::connection::{Connection as _, InstrumentationEvent};
use serde_json::json;
use tessera::app::users;
use tessera::rules::sign_up::SignUpPolicy;
use tessera::store::{Db, StoreError, users as rows};

use super::interaction::{masked, try_in};
use crate::support::{Answer, Options, PASSWORD, TestApp};

/// Tables that the server looks after by itself, whoever signs in.
const OF_OTHERS: [&str; 6] =
    ["\"audit\"", "`audit`", "`meta`", "outbox", "signing_keys", "client_logos"];

/// The statements that the database gets, without their values.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// Listens at a database in memory: it has one connection.
    async fn of(app: &TestApp) -> Self {
        let statements = Self::default();
        let heard = statements.clone();
        let listen = app.store.write("listen", move |db| {
            let Db::Lite(lite) = db else { panic!("a database in memory") };
            let heard = heard.clone();
            lite.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if let InstrumentationEvent::StartQuery { query, .. } = event {
                    let text = query.to_string();
                    let text = text.split(" -- binds").next().unwrap_or_default().to_owned();
                    heard.0.lock().expect("a lock").push(text);
                }
            });
            Ok::<_, StoreError>(())
        });
        listen.await.expect("it listens");
        statements
    }

    fn take(&self) -> Vec<String> {
        let all = std::mem::take(&mut *self.0.lock().expect("a lock"));
        let is_ours = |text: &String| !OF_OTHERS.iter().any(|other| text.contains(other));
        let is_query = |text: &String| {
            ["SELECT", "INSERT", "UPDATE", "DELETE"].iter().any(|verb| text.starts_with(verb))
        };
        all.into_iter().filter(|text| is_ours(text) && is_query(text)).collect()
    }
}

/// What can be seen and counted of one try.
#[derive(Debug, PartialEq, Eq)]
struct Trace {
    status: u16,
    body: String,
    headers: Vec<String>,
    hashes: u64,
    statements: Vec<String>,
}

struct Scene {
    app: TestApp,
    statements: Statements,
    page: Answer,
    browser: crate::support::Browser,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        for name in ["ada", "bob", "ben", "cyd", "dan"] {
            app.user(name).await;
        }
        for name in ["bob", "ben"] {
            users::disable(app.operator(), name).await.expect("disabled");
        }
        app.forget_password("cyd").await;
        let dan = app.store.read(|db| {
            let name = tessera::domain::Identifier::parse("dan").expect("a name");
            rows::find_user_by_identifier(db, &name)
        });
        app.authenticator(&dan.await.expect("an answer").expect("dan")).await;
        let notes = app.app(json!({})).await;
        let mut browser = app.browser();
        let page = browser.authorize(&notes, &[]).await;
        let statements = Statements::of(&app).await;
        Self { app, statements, page, browser }
    }

    async fn try_in(&mut self, username: &str, password: &str) -> Trace {
        let before = self.app.hash_work();
        self.statements.take();
        let answer = try_in(&mut self.browser, &self.page, username, password).await;
        assert!(!self.browser.cookies.contains_key("tessera"), "{username}");
        let mut headers: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        headers.sort();
        Trace {
            status: answer.status.as_u16(),
            body: masked(&answer),
            headers,
            hashes: self.app.hash_work() - before,
            statements: self.statements.take(),
        }
    }
}

/// Who is named, and the password that is typed: the right one where it must not help. Nobody twice:
/// a second failure is counted by another statement than the first.
const REFUSED: [(&str, &str); 7] = [
    ("nobody", PASSWORD),
    ("ada", "wrong password"),
    ("nobody@example.com", PASSWORD),
    ("bob", PASSWORD),
    ("ben", "wrong password"),
    ("cyd", PASSWORD),
    ("dan", "wrong password"),
];

#[actix_web::test]
async fn r61_r63_a_refused_sign_in_does_the_same_whoever_is_named() {
    let mut scene = Scene::set().await;
    let mut traces = Vec::new();
    for (username, password) in REFUSED {
        traces.push(scene.try_in(username, password).await);
    }
    let first = &traces[0];
    assert!(first.status == 422 && first.hashes > 0 && first.statements.len() >= 4, "{first:?}");
    for (trace, (username, password)) in traces.iter().zip(REFUSED) {
        assert_eq!(trace.statements, first.statements, "{username}, {password}");
        assert_eq!(trace, first, "{username}, {password}");
    }
}

#[actix_web::test]
async fn r61_an_account_that_must_wait_is_like_one_that_is_not_there() {
    let mut scene = Scene::set().await;
    let mut blocked = Vec::new();
    for name in ["nobody", "ada", "bob", "cyd", "dan"] {
        for _ in 0..5 {
            assert_eq!(scene.try_in(name, "wrong password").await.status, 422, "{name}");
        }
        for password in ["wrong password", PASSWORD] {
            blocked.push(scene.try_in(name, password).await);
        }
    }
    assert_eq!((blocked[0].status, blocked[0].hashes), (429, 0));
    // The first of each is told to the trail, whoever is named, and the second is not.
    for (index, trace) in blocked.iter().enumerate() {
        assert_eq!(*trace, blocked[index % 2], "{index}");
    }
}

/// A browser at the page that asks for an address, where everybody may sign up.
async fn sign_up_scene() -> Scene {
    let options = Options { is_dev: true, sign_up: SignUpPolicy::Open, ..Options::default() };
    let app = TestApp::with(options).await;
    for name in ["ada", "bob", "cyd", "dan"] {
        app.user(name).await;
    }
    users::disable(app.operator(), "bob").await.expect("disabled");
    app.forget_password("cyd").await;
    let dan = users::find(&app.store, "dan").await.expect("dan");
    app.authenticator(&dan).await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let sign_in = browser.authorize(&notes, &[]).await;
    let page = browser.get(&format!("{}/sign-up", sign_in.url)).await;
    let statements = Statements::of(&app).await;
    Scene { app, statements, page, browser }
}

impl Scene {
    /// Posts the form of a page, and waits until `asked` requests for an account were dealt with,
    /// which goes on behind their answers.
    async fn post(
        &mut self,
        page: Option<&Answer>,
        fields: &[(&str, &str)],
        asked: usize,
    ) -> (Trace, Answer) {
        let before = self.app.hash_work();
        self.statements.take();
        let answer = self.browser.submit(page.unwrap_or(&self.page), fields).await;
        while self.app.rows_of("sign_up_asked").await.len() < asked {
            tokio::task::yield_now().await;
        }
        let mut headers: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        headers.sort();
        // What goes on behind the answer comes between as it likes.
        let mut statements = self.statements.take();
        statements.sort();
        let trace = Trace {
            status: answer.status.as_u16(),
            body: masked(&answer),
            headers,
            hashes: self.app.hash_work() - before,
            statements,
        };
        (trace, answer)
    }
}

/// Nobody has the first; the others belong to an account that is fine, is disabled, has no password,
/// has a second factor.
const ADDRESSES: [&str; 5] =
    ["new@example.com", "ada@example.com", "bob@example.com", "cyd@example.com", "dan@example.com"];

#[actix_web::test]
async fn r61_signing_up_does_the_same_whoever_has_the_address() {
    let mut scene = sign_up_scene().await;
    let (mut asked, mut tried) = (Vec::new(), Vec::new());
    for (number, email) in ADDRESSES.into_iter().enumerate() {
        let (trace, page) = scene.post(None, &[("email", email)], number + 1).await;
        asked.push(trace);
        let fields = [("code", "2222-2222"), ("name", "Eve"), ("password", PASSWORD)];
        tried.push(scene.post(Some(&page), &fields, number + 1).await.0);
    }
    assert!(asked[0].status == 200 && asked[0].statements.len() >= 4, "{:?}", asked[0]);
    assert!(tried[0].status == 422 && tried[0].statements.len() >= 3, "{:?}", tried[0]);
    for (number, email) in ADDRESSES.into_iter().enumerate() {
        assert_eq!(asked[number].statements, asked[0].statements, "{email}");
        assert_eq!(asked[number], asked[0], "{email}");
        assert_eq!(tried[number], tried[0], "{email}");
    }
    scene.app.stop().await;
}
