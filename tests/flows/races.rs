//! Many redemptions of one thing at once (`security.md` R20, R29, R16): of each, at most one counts.
//!
//! `scripts/races` runs a thousand rounds and writes the figures to `docs/reliability.md`.

use std::collections::BTreeSet;

use reqwest::header::COOKIE;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tessera::store::Location;

use super::replicas::fresh_database;
use crate::support::{App, Browser, Options, TestApp, VERIFIER, text};

/// How many come at once.
const AT_ONCE: usize = 50;

/// Rounds of each race: few in the usual run, more when asked for.
fn rounds() -> usize {
    let asked = std::env::var("TESSERA_RACES").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(20)
}

/// The app as it meets each process, and one client for all of its requests.
struct Race {
    apps: Vec<App>,
    http: Client,
    place: &'static str,
}

/// What came of a race.
#[derive(Default)]
struct Tally {
    redemptions: usize,
    won: usize,
    double: usize,
}

impl Tally {
    /// A round with so many different winners.
    fn count(&mut self, winners: usize) {
        self.redemptions += AT_ONCE;
        self.won += usize::from(winners > 0);
        self.double += winners.saturating_sub(1);
    }

    fn check(&self, race: &Race, what: &str) {
        let rounds = rounds();
        println!(
            "race | {what} | {} | {rounds} | {} | {}",
            race.place, self.redemptions, self.double
        );
        assert_eq!((self.won, self.double), (rounds, 0), "{what}, {}", race.place);
    }
}

impl Race {
    fn new(place: &'static str, app: &App, processes: &[&TestApp]) -> Self {
        let at = |process: &&TestApp| App { provider: process.url.clone(), ..app.clone() };
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        Self { apps: processes.iter().map(at).collect(), http, place }
    }

    /// The same form at once to `/token` of every process in turn.
    async fn redeem(&self, form: &[(&str, &str)]) -> Vec<(u16, Value)> {
        let requests = (0..AT_ONCE).map(|number| async move {
            let app = &self.apps[number % self.apps.len()];
            let request = self.http.post(format!("{}/token", app.provider)).form(form);
            let request = request.basic_auth(&app.client_id, app.secret.as_deref());
            let answer = request.send().await.expect("an answer");
            (answer.status().as_u16(), answer.json().await.expect("JSON"))
        });
        futures_util::future::join_all(requests).await
    }

    async fn codes(&self, browser: &mut Browser) {
        let (app, mut tally) = (&self.apps[0], Tally::default());
        for _ in 0..rounds() {
            let code = browser.authorize(app, &[("prompt", "none")]).await.code();
            let form = [
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("redirect_uri", &app.redirect_uri),
                ("code_verifier", VERIFIER),
            ];
            let answers = self.redeem(&form).await;
            tally.count(answers.iter().filter(|(status, _)| *status == 200).count());
        }
        tally.check(self, "authorization codes");
    }

    async fn refresh_tokens(&self, browser: &mut Browser) {
        let (app, mut tally) = (&self.apps[0], Tally::default());
        let code = browser.authorize(app, &[("prompt", "none")]).await.code();
        let mut newest = text(&app.tokens(&code).await, "refresh_token").to_owned();
        for _ in 0..rounds() {
            let form = [("grant_type", "refresh_token"), ("refresh_token", newest.as_str())];
            let answers = self.redeem(&form).await;
            // All who ask within the grace get the same successor: two would be a fork.
            let mut successors = BTreeSet::new();
            for (status, body) in &answers {
                assert_eq!(*status, 200, "a parallel refresh is no theft: {body}");
                successors.insert(text(body, "refresh_token"));
            }
            tally.count(successors.len());
            assert!(!successors.contains(newest.as_str()));
            newest = (*successors.first().expect("a successor")).to_owned();
        }
        tally.check(self, "refresh tokens");
    }

    async fn pushed_requests(&self, browser: &mut Browser) {
        let mut tally = Tally::default();
        for _ in 0..rounds() {
            let url = self.apps[0].push(&[("prompt", "none")]).await;
            let path = url.strip_prefix(&self.apps[0].provider).expect("an address of ours");
            let cookies: Vec<String> =
                browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let cookies = cookies.join("; ");
            let visits = (0..AT_ONCE).map(|number| {
                let app = &self.apps[number % self.apps.len()];
                self.http.get(format!("{}{path}", app.provider)).header(COOKIE, &cookies).send()
            });
            let answers = futures_util::future::join_all(visits).await;
            let has_code = |answer: &Response| {
                let location = answer.headers().get("location");
                location.is_some_and(|to| to.to_str().is_ok_and(|to| to.contains("code=")))
            };
            tally.count(answers.iter().flatten().filter(|answer| has_code(answer)).count());
        }
        tally.check(self, "pushed requests");
    }

    async fn run(&self, browser: &mut Browser) {
        browser.sign_in(&self.apps[0], "ada", &[]).await;
        self.codes(browser).await;
        self.refresh_tokens(browser).await;
        self.pushed_requests(browser).await;
    }
}

async fn renewing_app(app: &TestApp) -> App {
    app.user("ada").await;
    app.app(json!({ "grant_types": ["authorization_code", "refresh_token"] })).await
}

#[test]
fn r20_no_double_spend_on_two_processes_over_postgres() {
    let Some(url) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let at = || Location::Postgres(url.clone());
        let first = TestApp::with(Options { location: at(), ..Options::default() }).await;
        let public_url = Some(first.url.clone());
        let beside = Options { location: at(), public_url, ..Options::default() };
        let second = TestApp::with(beside).await;
        let app = renewing_app(&first).await;
        let place = "two processes, one PostgreSQL";
        Race::new(place, &app, &[&first, &second]).run(&mut first.browser()).await;
        first.stop().await;
        second.stop().await;
    });
}

#[actix_web::test]
async fn r20_no_double_spend_on_sqlite() {
    let folder = std::env::temp_dir().join(format!("tessera-races-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let location = Location::SqliteFile(folder.join("tessera.db"));
    let only = TestApp::with(Options { location, ..Options::default() }).await;
    let app = renewing_app(&only).await;
    Race::new("one process, SQLite", &app, &[&only]).run(&mut only.browser()).await;
    only.stop().await;
    std::fs::remove_dir_all(&folder).expect("removed");
}
