//! Many uses of one proof at once (`security.md` R67, R74, R75, R78): of each, at most one counts.
//!
//! A kind of proof is a [`Kind`], and a function of [`Round`] that makes the fifty forms of a round. Each
//! round has a person and a network of its own, so that no count of a round before is in the way, and the
//! clock of the servers need not move. `scripts/races` runs a thousand rounds and writes the figures to
//! `docs/reliability.md`.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::{COOKIE, LOCATION};
use reqwest::redirect::Policy;
use serde_json::json;
use tessera::app::recovery;
use tessera::base::{Clock as _, Digest, SystemClock, Timestamp};
use tessera::store::{Location, login_failures};
use tessera::web::TrustedProxies;

use super::races::{AT_ONCE, Process, Tally, rounds_or};
use super::replicas::fresh_database;
use crate::cli::Installation;
use crate::support::{Answer, App, Authenticator, Browser, MailServer, Options};
use crate::support::{Passkey, SEAL_KEY, TestApp, enrolled, question};

/// The issuer of the two processes. Nobody has to reach it.
const ISSUER: &str = "http://localhost:8000";
const STEP: i64 = 30;
/// In how many tabs one proof is shown. In each of them the password was typed.
const TABS: usize = 5;
/// Failures over all are forgotten after this.
const WINDOW: Duration = Duration::from_secs(11 * 60);

/// A round is dear: pages of a browser, and a password or a few.
fn rounds() -> usize {
    rounds_or(3)
}

/// A form that waits to be sent.
#[derive(Clone)]
struct Form {
    path: String,
    cookies: String,
    fields: Vec<(&'static str, String)>,
}

impl Form {
    /// The first form of a page with its token and nothing else, as this browser would send it.
    fn of(browser: &Browser, page: &Answer) -> Self {
        let cookies: Vec<String> =
            browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let (path, hidden) = page.form();
        let csrf = hidden.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
        Self { path, cookies: cookies.join("; "), fields: vec![("csrf", csrf)] }
    }

    fn with(&self, name: &'static str, value: &str) -> Self {
        let mut form = self.clone();
        form.fields.push((name, value.to_owned()));
        form
    }
}

/// What is used many times at once.
#[derive(Clone, Copy)]
enum Kind {
    TimeSteps,
    RecoveryCodes,
    Challenges,
    ResetLinks,
    ResetCodes,
}

impl Kind {
    const ALL: [Self; 5] = [
        Self::TimeSteps,
        Self::RecoveryCodes,
        Self::Challenges,
        Self::ResetLinks,
        Self::ResetCodes,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::TimeSteps => "time steps of an authenticator app",
            Self::RecoveryCodes => "recovery codes",
            Self::Challenges => "WebAuthn challenges",
            Self::ResetLinks => "links to a new password",
            Self::ResetCodes => "codes for a new password",
        }
    }

    fn success(self) -> Success {
        match self {
            Self::ResetLinks | Self::ResetCodes => Success::PasswordSet,
            _ => Success::SignedIn,
        }
    }
}

/// What shows that a form counted. A form that only repeats an answer shows the same once more.
#[derive(Clone, Copy)]
enum Success {
    /// A code for the app.
    SignedIn,
    /// A new sign-in, for whoever has a new password.
    PasswordSet,
}

impl Success {
    fn of(self, status: u16, location: Option<&str>, body: &str) -> Option<String> {
        match self {
            Self::SignedIn => {
                let (_, rest) = body.split_once("id=\"handoff\"")?;
                Some(rest.split_once("?code=")?.1.split('&').next()?.to_owned())
            }
            Self::PasswordSet => location.filter(|_| status == 303).map(str::to_owned),
        }
    }
}

/// What the servers of a race have in common.
struct Stage<'a> {
    /// Makes people and apps in the database of the servers; the server itself where there is one.
    desk: &'a TestApp,
    servers: Vec<String>,
    notes: App,
    mails: &'a MailServer,
    key: Passkey,
    place: &'static str,
}

/// One round of a race.
struct Round<'a> {
    stage: &'a Stage<'a>,
    person: String,
    network: String,
}

impl<'a> Stage<'a> {
    async fn set(
        desk: &'a TestApp,
        servers: Vec<String>,
        mails: &'a MailServer,
        place: &'static str,
    ) -> Self {
        let at_desk = desk.app(json!({})).await;
        let key = enrolled(desk, &at_desk, "key-holder").await;
        let notes = App { provider: servers[0].clone(), ..at_desk };
        Self { desk, servers, notes, mails, key, place }
    }

    /// The time of the servers. The desk's clock follows that of processes.
    fn now(&self) -> Timestamp {
        if self.servers[0] != self.desk.url {
            self.desk.clock.set(SystemClock.now());
        }
        self.desk.issuer.now()
    }

    /// Runs the rounds of one kind.
    async fn race(&self, kind: Kind) {
        let mut tally = Tally::default();
        for number in 0..rounds() {
            self.now();
            let person = format!("{}-{number}", kind.name().replace(' ', "-"));
            // Networks are counted by 24 bits.
            let (high, low) = (number / 256 % 256, number % 256);
            let network = format!("10.{high}.{low}.1");
            let round = Round { stage: self, person, network };
            let forms = round.forms(kind).await;
            assert_eq!(forms.len(), AT_ONCE);
            tally.count(round.rush(&forms, kind.success()).await);
        }
        tally.check(self.place, kind.name());
        if self.servers[0] == self.desk.url {
            self.desk.advance(WINDOW);
        }
    }

    async fn run(&self) {
        for kind in Kind::ALL {
            self.race(kind).await;
        }
    }
}

impl Round<'_> {
    async fn forms(&self, kind: Kind) -> Vec<Form> {
        match kind {
            Kind::TimeSteps => self.time_steps().await,
            Kind::RecoveryCodes => self.recovery_codes().await,
            Kind::Challenges => self.challenges().await,
            Kind::ResetLinks => self.reset_links().await,
            Kind::ResetCodes => self.reset_codes().await,
        }
    }

    fn browser(&self) -> Browser {
        let mut browser = Browser::new(&self.stage.servers[0]);
        browser.forwarded_for.clone_from(&self.network);
        browser
    }

    /// Posts the forms at once to every server in turn, and says how many of them counted.
    async fn rush(&self, forms: &[Form], success: Success) -> usize {
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        let (http, servers) = (&http, &self.stage.servers);
        let posts = forms.iter().enumerate().map(|(number, form)| async move {
            let url = format!("{}{}", servers[number % servers.len()], form.path);
            let request = http.post(url).header(COOKIE, &form.cookies).form(&form.fields);
            let request = request.header("x-forwarded-for", &self.network);
            let answer = request.send().await.expect("an answer");
            let status = answer.status().as_u16();
            let location = answer.headers().get(LOCATION);
            let location = location.map(|to| to.to_str().expect("an address").to_owned());
            (status, location, answer.text().await.expect("a body"))
        });
        let answers = futures_util::future::join_all(posts).await;
        let mut won: BTreeMap<String, usize> = BTreeMap::new();
        for (number, (status, location, body)) in answers.iter().enumerate() {
            assert!([200, 303, 404, 422, 429].contains(status), "{status} {body}");
            if let Some(told) = success.of(*status, location.as_deref(), body) {
                won.insert(told, number);
            }
        }
        if let (Success::PasswordSet, Some(number)) = (success, won.values().next()) {
            self.signs_in_with(&forms[*number]).await;
        }
        won.len()
    }

    /// The password of the form that counted is the one that stands.
    async fn signs_in_with(&self, form: &Form) {
        let password = form.fields.iter().find(|(name, _)| *name == "password").expect("one");
        // Codes that lost count as wrong passwords do: their second or two are over.
        let account = Digest::of(self.person.as_bytes());
        let wait = move |db: &mut _| login_failures::clear_failures(db, &account);
        self.stage.desk.store.write("wait", wait).await.expect("forgotten");
        let mut browser = self.browser();
        let page = browser.authorize(&self.stage.notes, &[]).await;
        let typed = [("username", self.person.as_str()), ("password", password.1.as_str())];
        browser.submit(&page, &typed).await.code();
    }

    /// Tabs in which the right password was typed. The browser never hears that a form of one
    /// counted, so it stays signed out.
    async fn tabs(&self) -> Vec<Form> {
        let mut browser = self.browser();
        let mut tabs = Vec::new();
        for _ in 0..TABS {
            let page = browser.sign_in(&self.stage.notes, &self.person, &[]).await;
            tabs.push(Form::of(&browser, &page));
        }
        tabs
    }

    /// The same code in every tab, as often as it takes.
    async fn in_tabs(&self, path: &str, code: &str) -> Vec<Form> {
        let of_tab = |tab: &Form| {
            let path = tab.path.replace("/totp", path);
            Form { path, ..tab.with("code", code) }
        };
        self.tabs().await.iter().map(of_tab).cycle().take(AT_ONCE).collect()
    }

    /// A person with an authenticator app, whose step of now is used up where it was set up.
    async fn guarded(&self) -> (Authenticator, Vec<String>, i64) {
        let user = self.stage.desk.user(&self.person).await;
        let used = self.stage.desk.clock_seconds() / STEP;
        let (phone, codes) = self.stage.desk.authenticator(&user).await;
        (phone, codes, used)
    }

    async fn time_steps(&self) -> Vec<Form> {
        let (phone, _, used) = self.guarded().await;
        let mut forms = self.in_tabs("/totp", "").await;
        // The next step is taken as well as this one.
        let step = (self.stage.now().as_seconds() / STEP).max(used + 1);
        for form in &mut forms {
            form.fields.last_mut().expect("the code").1 = phone.code_of(step);
        }
        forms
    }

    async fn recovery_codes(&self) -> Vec<Form> {
        let (_, codes, _) = self.guarded().await;
        self.in_tabs("/recovery", &codes[0]).await
    }

    async fn challenges(&self) -> Vec<Form> {
        let mut browser = self.browser();
        let page = browser.authorize(&self.stage.notes, &[]).await;
        let asked = question(&page);
        let form = Form { path: asked.action.clone(), ..Form::of(&browser, &page) };
        let form = form.with("ticket", &asked.ticket);
        vec![form.with("answer", &self.stage.key.get(asked.challenge())); AT_ONCE]
    }

    /// A form for each of many passwords, so that it can be told whose counted.
    fn with_passwords(form: &Form) -> Vec<Form> {
        let password = |number: usize| format!("battery staple horse, number {number}");
        (0..AT_ONCE).map(|number| form.with("password", &password(number))).collect()
    }

    async fn reset_links(&self) -> Vec<Form> {
        let desk = self.stage.desk;
        desk.user(&self.person).await;
        let link = recovery::make_link(desk.operator(), &self.person).await;
        let (_, link) = link.expect("a link");
        let mut browser = self.browser();
        let page = browser.get(link.expose()).await;
        Self::with_passwords(&Form::of(&browser, &page))
    }

    async fn reset_codes(&self) -> Vec<Form> {
        let user = self.stage.desk.user(&self.person).await;
        let mut browser = self.browser();
        let page = browser.get("/recover").await;
        let page = browser.submit(&page, &[("username", &self.person)]).await;
        let address = user.email.expect("an address");
        let mail = self.stage.mails.mail_to(&address).await;
        let code = mail.header("subject")[0].split(' ').next().unwrap_or_default().to_owned();
        let form = Form::of(&browser, &page).with("username", &self.person);
        Self::with_passwords(&form.with("code", &code))
    }
}

fn options(location: Location, mails: &MailServer) -> Options {
    let local = "127.0.0.0".parse().expect("an address");
    let proxies = TrustedProxies::new(vec![(local, 8)]);
    Options { location, proxies, mail: Some(mails.settings()), ..Options::default() }
}

#[actix_web::test]
async fn r67_r74_r75_r78_no_proof_counts_twice_on_sqlite() {
    let folder = std::env::temp_dir().join(format!("tessera-proofs-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mails = MailServer::start().await;
    let location = Location::SqliteFile(folder.join("tessera.db"));
    let only = TestApp::with(options(location, &mails)).await;
    let servers = vec![only.url.clone()];
    Stage::set(&only, servers, &mails, "one process, SQLite").await.run().await;
    only.stop().await;
    std::fs::remove_dir_all(&folder).expect("removed");
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
}

/// Two processes. A third server, in this one, makes their people with cheap passwords: each of them is
/// hashed as it should be once, at its first sign-in.
#[test]
fn r67_r74_r75_r78_no_proof_counts_twice_on_two_processes_over_postgres() {
    let Some(database) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let mails = MailServer::start().await;
        let desk = TestApp::with(Options {
            public_url: Some(ISSUER.to_owned()),
            starts_at: SystemClock.now(),
            ..options(Location::Postgres(database.clone()), &mails)
        });
        let desk = desk.await;
        // A server that finds nobody prints a link for the first run before its address.
        desk.user("first").await;
        let here = installation(&database, &mails);
        let processes = [Process::start(&here), Process::start(&here)];
        let servers = processes.iter().map(|process| process.url.clone()).collect();
        let stage = Stage::set(&desk, servers, &mails, "two processes, one PostgreSQL").await;
        stage.run().await;
        drop(processes);
        desk.stop().await;
    });
}
