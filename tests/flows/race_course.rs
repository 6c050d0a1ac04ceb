//! What races of forms are run on: one server over SQLite, or two processes over one PostgreSQL.
//!
//! Each round has a person and a network of its own, so that no count of a round before is in the
//! way. `scripts/races` runs a thousand rounds and writes the figures to `docs/reliability.md`.

use std::path::PathBuf;
use std::time::Duration;

use openidconnect::url::Url;
use reqwest::Client;
use reqwest::header::{COOKIE, LOCATION};
use reqwest::redirect::Policy;
use serde_json::json;
use tessera::base::{Clock as _, SystemClock, Timestamp};
use tessera::protocol::DynamicRegistration;
use tessera::rules::sign_up::SignUpPolicy;
use tessera::store::Location;
use tessera::web::TrustedProxies;

use super::races::Process;
use super::replicas::fresh_database;
use crate::cli::Installation;
use crate::support::{Answer, App, Browser, MailServer, Options, SEAL_KEY, TakenMail, TestApp};

/// The issuer of the two processes. Nobody has to reach it.
const ISSUER: &str = "http://localhost:8000";

/// A form that waits to be sent.
#[derive(Clone)]
pub(super) struct Form {
    pub(super) path: String,
    cookies: String,
    pub(super) fields: Vec<(&'static str, String)>,
}

impl Form {
    /// The first form of a page with its token and nothing else, as this browser would send it.
    pub(super) fn of(browser: &Browser, page: &Answer) -> Self {
        let cookies: Vec<String> =
            browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let (path, hidden) = page.form();
        let csrf = hidden.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
        Self { path, cookies: cookies.join("; "), fields: vec![("csrf", csrf)] }
    }

    /// The same form, sent to another path.
    pub(super) fn to(self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    pub(super) fn with(&self, name: &'static str, value: &str) -> Self {
        let mut form = self.clone();
        form.fields.push((name, value.to_owned()));
        form
    }
}

/// What a server said to a form.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) body: String,
}

/// The servers of a race, and what they have in common.
pub(super) struct Course {
    /// Makes people and apps in the database of the servers; the server itself where there is one.
    pub(super) desk: TestApp,
    pub(super) servers: Vec<String>,
    pub(super) notes: App,
    pub(super) mails: MailServer,
    pub(super) place: &'static str,
    folder: Option<PathBuf>,
    processes: Vec<Process>,
}

impl Course {
    /// One server over a file. `name` tells its folder from that of another race.
    pub(super) async fn on_sqlite(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tessera-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mails = MailServer::start_without_sign_ins().await;
        let location = Location::SqliteFile(folder.join("tessera.db"));
        let desk = TestApp::with(options(location, &mails)).await;
        let notes = desk.app(json!({})).await;
        let servers = vec![desk.url.clone()];
        let (place, folder, processes) = ("one process, SQLite", Some(folder), Vec::new());
        Self { desk, servers, notes, mails, place, folder, processes }
    }

    /// Two processes over a database of their own, where there is a PostgreSQL. A third server, in this
    /// process, makes their people with cheap passwords: each of them is hashed as it should be once, at
    /// its first sign-in.
    pub(super) async fn on_processes(database: &str) -> Self {
        let mails = MailServer::start_without_sign_ins().await;
        let desk = TestApp::with(Options {
            public_url: Some(ISSUER.to_owned()),
            starts_at: SystemClock.now(),
            ..options(Location::Postgres(database.to_owned()), &mails)
        });
        let desk = desk.await;
        // A server that finds nobody prints a link for the first run before its address.
        desk.user("first").await;
        let here = installation(database, &mails);
        let processes = vec![Process::start(&here), Process::start(&here)];
        let servers: Vec<_> = processes.iter().map(|process| process.url.clone()).collect();
        let notes = App { provider: servers[0].clone(), ..desk.app(json!({})).await };
        let place = "two processes, one PostgreSQL";
        Self { desk, servers, notes, mails, place, folder: None, processes }
    }

    pub(super) async fn stop(self) {
        drop(self.processes);
        self.desk.stop().await;
        if let Some(folder) = self.folder {
            std::fs::remove_dir_all(&folder).expect("removed");
        }
    }

    /// The time of the servers. The desk's clock follows that of processes.
    pub(super) fn now(&self) -> Timestamp {
        if !self.is_alone() {
            self.desk.clock.set(SystemClock.now());
        }
        self.desk.issuer.now()
    }

    /// Whether the desk is the only server.
    pub(super) fn is_alone(&self) -> bool {
        self.processes.is_empty()
    }

    /// The app as it meets the desk.
    pub(super) fn notes_at_desk(&self) -> App {
        App { provider: self.desk.url.clone(), ..self.notes.clone() }
    }

    /// A round by its number, for a person named after what is raced for.
    pub(super) fn round(&self, what: &str, number: usize) -> Round<'_> {
        // Ids are ordered by time, and so are the rows that a round is looked for among.
        if self.is_alone() {
            self.desk.clock.advance(Duration::from_secs(1));
        }
        self.now();
        let person = format!("{}-{number}", what.replace(' ', "-"));
        // Networks are counted by 24 bits.
        let (high, low) = (number / 256 % 256, number % 256);
        Round { course: self, person, network: format!("10.{high}.{low}.1") }
    }
}

/// One round of a race.
pub(super) struct Round<'a> {
    pub(super) course: &'a Course,
    pub(super) person: String,
    pub(super) network: String,
}

impl Round<'_> {
    /// A browser at the first server.
    pub(super) fn browser(&self) -> Browser {
        let mut browser = Browser::new(&self.course.servers[0]);
        browser.forwarded_for.clone_from(&self.network);
        browser
    }

    /// Posts the forms at once to every server in turn. Nobody meets a failure on our side.
    pub(super) async fn post(&self, forms: &[Form]) -> Vec<Reply> {
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        let (http, servers) = (&http, &self.course.servers);
        let posts = forms.iter().enumerate().map(|(number, form)| async move {
            let url = format!("{}{}", servers[number % servers.len()], form.path);
            let request = http.post(url).header(COOKIE, &form.cookies).form(&form.fields);
            let request = request.header("x-forwarded-for", &self.network);
            let answer = request.send().await.expect("an answer");
            let status = answer.status().as_u16();
            let location = answer.headers().get(LOCATION);
            let location = location.map(|to| to.to_str().expect("an address").to_owned());
            let body = answer.text().await.expect("a body");
            assert!([200, 303, 404, 422, 429].contains(&status), "{status} {body}");
            Reply { status, location, body }
        });
        futures_util::future::join_all(posts).await
    }
}

/// The code that a mail begins with.
pub(super) fn code_of(mail: &TakenMail) -> String {
    mail.header("subject")[0].split(' ').next().unwrap_or_default().to_owned()
}

/// The path of the link in a mail that leads below `door`.
pub(super) fn link_of(mail: &TakenMail, door: &str) -> String {
    let link = mail.raw.lines().find(|line| line.contains(door)).expect("a link");
    Url::parse(link.trim()).expect("an address").path().to_owned()
}

fn options(location: Location, mails: &MailServer) -> Options {
    let local = "127.0.0.0".parse().expect("an address");
    let proxies = TrustedProxies::new(vec![(local, 8)]);
    let (sign_up, dynamic_registration) = (SignUpPolicy::Open, DynamicRegistration::Token);
    let mail = Some(mails.settings());
    Options { location, proxies, mail, sign_up, dynamic_registration, ..Options::default() }
}

/// An operator's installation on PostgreSQL that sends its mails to us.
fn installation(database: &str, mails: &MailServer) -> Installation {
    Installation::new()
        .with("TESSERA_DATABASE_URL", database)
        .with("TESSERA_SEAL_KEY", SEAL_KEY)
        .with("TESSERA_PUBLIC_URL", ISSUER)
        .with("TESSERA_LISTEN", "127.0.0.1:0")
        .with("TESSERA_TRUSTED_PROXIES", "127.0.0.0/8")
        .with("TESSERA_MAIL__URL", &mails.url)
        .with("TESSERA_MAIL__FROM", "Tessera <id@example.com>")
        .with("TESSERA_SIGN_UP__MODE", "open")
        .with("TESSERA_REGISTRATION__DYNAMIC", "token")
}

/// Runs a race on two processes, where there is a PostgreSQL.
pub(super) fn on_processes(race: impl AsyncFn(&Course)) {
    let Some(database) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let course = Course::on_processes(&database).await;
        race(&course).await;
        course.stop().await;
    });
}

/// Runs a race on one server over a file.
pub(super) async fn on_sqlite(name: &str, race: impl AsyncFn(&Course)) {
    let course = Course::on_sqlite(name).await;
    race(&course).await;
    course.stop().await;
}
