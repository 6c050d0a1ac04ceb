//! Many uses of one proof at once (`security.md` R74, R75, R78): of each, at most one signs in.
//!
//! A kind of proof is a function that makes fifty forms for a round, and [`Stage::rush`] posts them at
//! once. `scripts/races` runs a thousand rounds and writes the figures to `docs/reliability.md`.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::COOKIE;
use reqwest::redirect::Policy;
use serde_json::json;
use tessera::app::factors;
use tessera::base::Digest;
use tessera::domain::User;
use tessera::store::{Location, login_failures};

use super::passkeys::{enrolled, question};
use super::races::{AT_ONCE, Tally, rounds_or};
use super::replicas::fresh_database;
use crate::support::{Answer, App, Browser, Options, TestApp};

/// A round is dear: fifty pages of a browser each.
fn rounds() -> usize {
    rounds_or(4)
}

/// Two time steps, so that each round has a code of its own.
const ROUND: Duration = Duration::from_secs(60);
/// Passwords typed in tabs count for an hour: after so many rounds they are typed again.
const ROUNDS_OF_TABS: usize = 50;
/// Failures of a network are forgotten after this.
const WINDOW: Duration = Duration::from_secs(11 * 60);

/// A form that waits to be sent.
#[derive(Clone)]
struct Form {
    path: String,
    cookies: String,
    fields: Vec<(&'static str, String)>,
}

impl Form {
    fn with(&self, name: &'static str, value: &str) -> Self {
        let mut form = self.clone();
        form.fields.push((name, value.to_owned()));
        form
    }
}

/// One server, or two over one database.
struct Stage<'a> {
    servers: &'a [TestApp],
    notes: App,
    http: Client,
    place: &'static str,
}

impl<'a> Stage<'a> {
    async fn set(servers: &'a [TestApp], place: &'static str) -> Self {
        let notes = servers[0].app(json!({})).await;
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        Self { servers, notes, http, place }
    }

    fn wait(&self, time: Duration) {
        self.servers.iter().for_each(|server| server.advance(time));
    }

    /// Posts the forms at once to every server in turn, and counts the codes that come of them: a
    /// form that only repeats an answer gives no further code. The place of a form that won.
    async fn rush(&self, forms: &[Form], tally: &mut Tally) -> usize {
        let posts = forms.iter().enumerate().map(|(number, form)| async move {
            let server = &self.servers[number % self.servers.len()];
            let request = self.http.post(format!("{}{}", server.url, form.path));
            let request = request.header(COOKIE, &form.cookies).form(&form.fields);
            let answer = request.send().await.expect("an answer");
            (answer.status().as_u16(), answer.text().await.expect("a body"))
        });
        let answers = futures_util::future::join_all(posts).await;
        for (status, body) in &answers {
            assert!([200, 303, 422, 429].contains(status), "{status} {body}");
        }
        let codes: Vec<Option<&str>> = answers.iter().map(|(_, body)| code_in(body)).collect();
        tally.count(codes.iter().flatten().collect::<BTreeSet<_>>().len());
        codes.iter().position(Option::is_some).expect("one wins")
    }

    /// A tab in which the right password was typed. The browser never hears that a form of it won,
    /// so it stays signed out.
    async fn tab(&self, browser: &mut Browser, user: &User) -> Form {
        let page = browser.sign_in(&self.notes, &user.username, &[]).await;
        form_of(browser, &page)
    }

    async fn tabs(&self, browser: &mut Browser, user: &User) -> Vec<Form> {
        let mut tabs = Vec::new();
        for _ in 0..AT_ONCE {
            tabs.push(self.tab(browser, user).await);
        }
        tabs
    }

    /// Forgets the failures of an account, as if its owner had come in between: otherwise five of
    /// fifty get to try, and the rest wait.
    async fn forgive(&self, user: &User) {
        let account = Digest::of(&[b"second factor/".as_slice(), user.id.as_bytes()].concat());
        let clear = move |db: &mut _| login_failures::clear_failures(db, &account);
        self.servers[0].store.write("forgive", clear).await.expect("forgotten");
    }

    async fn time_steps(&self) {
        let bob = self.servers[0].user("bob").await;
        let (phone, _) = self.servers[0].authenticator(&bob).await;
        let (mut tally, mut tabs) = (Tally::default(), Vec::new());
        let mut browser = self.servers[0].browser();
        for round in 0..rounds() {
            self.wait(ROUND);
            if round % ROUNDS_OF_TABS == 0 {
                tabs = self.tabs(&mut browser, &bob).await;
            }
            self.forgive(&bob).await;
            let code = phone.code(&self.servers[0]);
            let forms: Vec<Form> = tabs.iter().map(|tab| tab.with("code", &code)).collect();
            let won = self.rush(&forms, &mut tally).await;
            tabs[won] = self.tab(&mut browser, &bob).await;
        }
        tally.check(self.place, "time steps of an authenticator app");
    }

    async fn recovery_codes(&self) {
        let eve = self.servers[0].user("eve").await;
        let (_, mut codes) = self.servers[0].authenticator(&eve).await;
        let (mut tally, mut tabs) = (Tally::default(), Vec::new());
        let mut browser = self.servers[0].browser();
        for round in 0..rounds() {
            self.wait(ROUND);
            if round % ROUNDS_OF_TABS == 0 {
                tabs = self.tabs(&mut browser, &eve).await;
            }
            if codes.is_empty() {
                codes = self.new_codes(&eve).await;
            }
            self.forgive(&eve).await;
            let code = codes.pop().expect("a code");
            let at_recovery = |tab: &Form| {
                let path = tab.path.replace("/totp", "/recovery");
                Form { path, ..tab.with("code", &code) }
            };
            let forms: Vec<Form> = tabs.iter().map(at_recovery).collect();
            let won = self.rush(&forms, &mut tally).await;
            tabs[won] = self.tab(&mut browser, &eve).await;
        }
        tally.check(self.place, "recovery codes");
    }

    async fn new_codes(&self, user: &User) -> Vec<String> {
        let issuer = &self.servers[0].issuer;
        let made = factors::new_recovery_codes(issuer, user.id, self.servers[0].caller()).await;
        made.expect("codes").iter().map(|code| code.to_text().expose().clone()).collect()
    }

    async fn challenges(&self) {
        let mut tally = Tally::default();
        let key = enrolled(&self.servers[0], &self.notes, "ada").await;
        let mut browser = self.servers[0].browser();
        for _ in 0..rounds() {
            self.wait(WINDOW);
            let page = browser.authorize(&self.notes, &[]).await;
            let asked = question(&page);
            let form = Form { path: asked.action.clone(), ..form_of(&browser, &page) };
            let form = form.with("ticket", &asked.ticket);
            let form = form.with("answer", &key.get(asked.challenge()));
            self.rush(&vec![form; AT_ONCE], &mut tally).await;
        }
        tally.check(self.place, "WebAuthn challenges");
    }

    async fn run(&self) {
        self.time_steps().await;
        self.recovery_codes().await;
        self.challenges().await;
    }
}

/// The first form of a page with its token and nothing else, as this browser would send it.
fn form_of(browser: &Browser, page: &Answer) -> Form {
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (path, hidden) = page.form();
    let csrf = hidden.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    Form { path, cookies: cookies.join("; "), fields: vec![("csrf", csrf)] }
}

/// The code in a hand-off page.
fn code_in(body: &str) -> Option<&str> {
    let (_, rest) = body.split_once("id=\"handoff\"")?;
    rest.split_once("?code=")?.1.split('&').next()
}

#[actix_web::test]
async fn r74_r75_r78_no_proof_counts_twice_on_sqlite() {
    let folder = std::env::temp_dir().join(format!("tessera-proofs-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let location = Location::SqliteFile(folder.join("tessera.db"));
    let servers = [TestApp::with(Options { location, ..Options::default() }).await];
    Stage::set(&servers, "one process, SQLite").await.run().await;
    let [only] = servers;
    only.stop().await;
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// Two servers with stores and counters of their own, in this process: their clock must be moved.
#[test]
fn r74_r75_r78_no_proof_counts_twice_on_two_servers_over_postgres() {
    let Some(url) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let options =
            || Options { location: Location::Postgres(url.clone()), ..Options::default() };
        let first = TestApp::with(options()).await;
        let public_url = Some(first.url.clone());
        let second = TestApp::with(Options { public_url, ..options() }).await;
        let servers = [first, second];
        Stage::set(&servers, "two servers, one PostgreSQL").await.run().await;
        for server in servers {
            server.stop().await;
        }
    });
}
