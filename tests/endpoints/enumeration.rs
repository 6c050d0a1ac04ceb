//! Nothing tells who has an account (`security.md` R61, R63): the answer, the work and the statements of
//! a refused sign-in are the same whoever is named. `scripts/timing` measures the time.

use std::sync::{Arc, Mutex};

use diesel::connection::{Connection as _, InstrumentationEvent};
use serde_json::json;
use tessera::app::users;
use tessera::store::{Db, StoreError, users as rows};

use super::interaction::{masked, try_in};
use crate::support::{Answer, PASSWORD, TestApp};

/// Tables that the server looks after by itself, whoever signs in.
const OF_OTHERS: [&str; 4] = ["\"audit\"", "`audit`", "outbox", "signing_keys"];

/// The statements that the database gets, without their conditions and values.
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
                    // The groups of nobody are looked up with a condition that is written otherwise.
                    let text = text.split(" WHERE ").next().unwrap_or_default();
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
