//! Many redemptions of one thing at once (`security.md` R16, R20, R29, R96): of each, at most one counts.
//!
//! `scripts/races` runs a thousand rounds and writes the figures to `docs/reliability.md`.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::header::COOKIE;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tessera::app::registration::new_token;
use tessera::base::SystemEntropy;
use tessera::protocol::DynamicRegistration;
use tessera::store::Location;

use super::replicas::fresh_database;
use crate::support::{App, Browser, Options, TestApp, VERIFIER, text};

/// How many come at once.
const AT_ONCE: usize = 50;
const HOUR: Duration = Duration::from_secs(60 * 60);

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

    async fn registration_tokens(&self, processes: &[&TestApp]) {
        let mut tally = Tally::default();
        let metadata = json!({ "redirect_uris": ["https://new.example/callback"] });
        for _ in 0..rounds() {
            // One network may register only so often.
            processes.iter().for_each(|process| process.advance(HOUR));
            let (store, clock) = (&processes[0].store, processes[0].clock.as_ref());
            let made = new_token(store, clock, &SystemEntropy, 1, HOUR).await.expect("a token");
            let attempts = (0..AT_ONCE).map(|number| {
                let app = &self.apps[number % self.apps.len()];
                let request = self.http.post(format!("{}/register", app.provider)).json(&metadata);
                request.bearer_auth(made.token.expose()).send()
            });
            let answers = futures_util::future::join_all(attempts).await;
            let statuses: Vec<u16> =
                answers.into_iter().flatten().map(|answer| answer.status().as_u16()).collect();
            assert!(statuses.iter().all(|status| [201, 401].contains(status)), "{statuses:?}");
            tally.count(statuses.iter().filter(|status| **status == 201).count());
        }
        tally.check(self, "initial access tokens");
    }

    async fn run(&self, processes: &[&TestApp]) {
        let mut browser = processes[0].browser();
        browser.sign_in(&self.apps[0], "ada", &[]).await;
        self.codes(&mut browser).await;
        self.refresh_tokens(&mut browser).await;
        self.pushed_requests(&mut browser).await;
        self.registration_tokens(processes).await;
    }
}

fn options(location: Location) -> Options {
    let dynamic_registration = DynamicRegistration::Token;
    Options { location, dynamic_registration, ..Options::default() }
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
        let first = TestApp::with(options(at())).await;
        let public_url = Some(first.url.clone());
        let second = TestApp::with(Options { public_url, ..options(at()) }).await;
        let app = renewing_app(&first).await;
        let place = "two processes, one PostgreSQL";
        let processes = [&first, &second];
        Race::new(place, &app, &processes).run(&processes).await;
        first.stop().await;
        second.stop().await;
    });
}

#[actix_web::test]
async fn r20_no_double_spend_on_sqlite() {
    let folder = std::env::temp_dir().join(format!("tessera-races-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let location = Location::SqliteFile(folder.join("tessera.db"));
    let only = TestApp::with(options(location)).await;
    let app = renewing_app(&only).await;
    Race::new("one process, SQLite", &app, &[&only]).run(&[&only]).await;
    only.stop().await;
    std::fs::remove_dir_all(&folder).expect("removed");
}
