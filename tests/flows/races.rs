//! Many redemptions of one thing at once (`security.md` R16, R20, R29, R96): of each, at most one counts.
//!
//! `scripts/races` runs a thousand rounds and writes the figures to `docs/reliability.md`.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use base64::Engine as _;
use reqwest::header::COOKIE;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tessera::app::registration::new_token;
use tessera::base::{Entropy, SystemEntropy};
use tessera::store::Location;

use super::race_course::{Course, on_processes, on_sqlite};
use super::replicas::fresh_database;
use crate::cli::Installation;
use crate::support::{App, Browser, Options, PASSWORD, TestApp, VERIFIER, text};

/// How many come at once.
pub(super) const AT_ONCE: usize = 50;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Rounds of each race: few in the usual run, more when asked for.
fn rounds() -> usize {
    rounds_or(20)
}

pub(super) fn rounds_or(usual: usize) -> usize {
    let asked = std::env::var("TESSERA_RACES").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(usual)
}

/// The app as it meets each process, and one client for all of its requests.
struct Race {
    apps: Vec<App>,
    http: Client,
    place: &'static str,
}

/// What came of a race.
#[derive(Default)]
pub(super) struct Tally {
    redemptions: usize,
    won: usize,
    double: usize,
}

impl Tally {
    /// A round with so many different winners.
    pub(super) fn count(&mut self, winners: usize) {
        self.redemptions += AT_ONCE;
        self.won += usize::from(winners > 0);
        self.double += winners.saturating_sub(1);
    }

    pub(super) fn check(&self, place: &str, what: &str) {
        let rounds = self.redemptions / AT_ONCE;
        println!("race | {what} | {place} | {rounds} | {} | {}", self.redemptions, self.double);
        assert_eq!((self.won, self.double), (rounds, 0), "{what}, {place}");
    }
}

impl Race {
    fn new<'a>(place: &'static str, app: &App, urls: impl Iterator<Item = &'a str>) -> Self {
        let at = |url: &str| App { provider: url.to_owned(), ..app.clone() };
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        Self { apps: urls.map(at).collect(), http, place }
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
            let lost =
                |(status, body): &(u16, Value)| *status == 400 && body["error"] == "invalid_grant";
            let won = answers.iter().filter(|(status, _)| *status == 200).count();
            // Whoever lost did so because the code was spent, and for no other reason.
            assert_eq!(
                won + answers.iter().filter(|one| lost(one)).count(),
                AT_ONCE,
                "{answers:?}"
            );
            tally.count(won);
        }
        tally.check(self.place, "authorization codes");
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
        tally.check(self.place, "refresh tokens");
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
            let answers: Vec<Response> =
                answers.into_iter().map(|answer| answer.expect("an answer")).collect();
            let won = answers.iter().filter(|answer| has_code(answer)).count();
            let gone = answers.iter().filter(|answer| answer.status() == 400).count();
            assert_eq!(won + gone, AT_ONCE, "whoever lost finds the request gone");
            tally.count(won);
        }
        tally.check(self.place, "pushed requests");
    }

    async fn run(&self) {
        let mut browser = Browser::new(&self.apps[0].provider);
        browser.sign_in(&self.apps[0], "ada", &[]).await;
        self.codes(&mut browser).await;
        self.refresh_tokens(&mut browser).await;
        self.pushed_requests(&mut browser).await;
    }
}

/// `tessera serve`, as a process of its own. It ends with the test.
pub(super) struct Process {
    child: Child,
    pub(super) url: String,
}

impl Process {
    pub(super) fn start(here: &Installation) -> Self {
        let mut command = here.command(&["serve"]);
        // What it logs is more than a pipe holds.
        let command = command.stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let address = line.trim_end().rsplit(' ').next().expect("an address");
        Self { url: format!("http://{address}"), child }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An operator's installation on PostgreSQL, with one user and one app.
fn installation(database: &str) -> (Installation, App) {
    let entropy: &dyn Entropy = &SystemEntropy;
    let key = base64::engine::general_purpose::STANDARD.encode(entropy.bytes::<32>());
    let here = Installation::new()
        .with("TESSERA_DATABASE_URL", database)
        .with("TESSERA_SEAL_KEY", &key)
        .with("TESSERA_LISTEN", "127.0.0.1:0");
    here.run(&["migrate"]).succeeded();
    let ada = ["user", "create", "--username", "ada", "--email", "ada@example.com"];
    let ada = [&ada[..], &["--password-stdin"]].concat();
    here.run_with_input(&ada, PASSWORD).succeeded();
    let redirect_uri = "https://notes.example/callback";
    let metadata = json!({
        "redirect_uris": [redirect_uri], "first_party": true,
        "grant_types": ["authorization_code", "refresh_token"],
    });
    let file = here.file("notes.json", &metadata.to_string());
    let made = here.run(&["client", "create", "--file", &file, "--json"]).succeeded().json();
    let app = App {
        provider: String::new(),
        client_id: text(&made, "client_id").to_owned(),
        secret: Some(text(&made, "client_secret").to_owned()),
        redirect_uri: redirect_uri.to_owned(),
    };
    (here, app)
}

#[test]
fn r20_no_double_spend_on_two_processes_over_postgres() {
    let Some(database) = fresh_database() else { return };
    let (here, app) = installation(&database);
    let processes = [Process::start(&here), Process::start(&here)];
    let urls = processes.iter().map(|process| process.url.as_str());
    let race = Race::new("two processes, one PostgreSQL", &app, urls);
    actix_web::rt::System::new().block_on(race.run());
}

fn options(location: Location) -> Options {
    Options { location, ..Options::default() }
}

async fn renewing_app(app: &TestApp) -> App {
    app.user("ada").await;
    app.app(json!({ "grant_types": ["authorization_code", "refresh_token"] })).await
}

#[actix_web::test]
async fn r20_no_double_spend_on_sqlite() {
    let folder = std::env::temp_dir().join(format!("tessera-races-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let location = Location::SqliteFile(folder.join("tessera.db"));
    let only = TestApp::with(options(location)).await;
    let app = renewing_app(&only).await;
    let race = Race::new("one process, SQLite", &app, [only.url.as_str()].into_iter());
    race.run().await;
    only.stop().await;
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// Initial access tokens, each from a network of its own: one may register only so often.
async fn registration_tokens(course: &Course) {
    let what = "initial access tokens";
    let mut tally = Tally::default();
    let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
    let metadata = json!({ "redirect_uris": ["https://new.example/callback"] });
    for number in 0..rounds() {
        let round = course.round(what, number);
        let made = new_token(course.desk.operator(), 1, HOUR).await.expect("a token");
        let attempts = (0..AT_ONCE).map(|number| {
            let server = &course.servers[number % course.servers.len()];
            let request = http.post(format!("{server}/register")).json(&metadata);
            let request = request.header("x-forwarded-for", &round.network);
            request.bearer_auth(made.token.expose()).send()
        });
        let answers = futures_util::future::join_all(attempts).await;
        let statuses: Vec<u16> =
            answers.into_iter().map(|one| one.expect("an answer").status().as_u16()).collect();
        assert!(statuses.iter().all(|status| [201, 401].contains(status)), "{statuses:?}");
        tally.count(statuses.iter().filter(|status| **status == 201).count());
    }
    tally.check(course.place, what);
}

#[actix_web::test]
async fn r96_no_initial_access_token_counts_twice_on_sqlite() {
    on_sqlite("registrations", registration_tokens).await;
}

#[test]
fn r96_no_initial_access_token_counts_twice_on_two_processes_over_postgres() {
    on_processes(registration_tokens);
}
