//! Many uses of what proves an address at once (`security.md` R67): of each, one counts.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::COOKIE;
use reqwest::redirect::Policy;
use tessera::base::{AuditId, Digest};
use tessera::domain::User;
use tessera::store::{Location, login_failures, users};

use super::account_email::{ask, in_mail, open, settled};
use super::races::{AT_ONCE, Tally, rounds_or};
use super::replicas::fresh_database;
use crate::support::{Answer, Browser, MailServer, Options, TestApp};

/// A round is dear: it waits for three mails.
fn rounds() -> usize {
    rounds_or(3)
}

/// Mails and failures of before are forgotten after this.
const WINDOW: Duration = Duration::from_secs(61 * 60);

/// One server, or two over one database.
struct Stage<'a> {
    servers: &'a [TestApp],
    mails: &'a MailServer,
    http: Client,
    place: &'static str,
    ada: User,
}

impl<'a> Stage<'a> {
    async fn set(servers: &'a [TestApp], mails: &'a MailServer, place: &'static str) -> Self {
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        let ada = servers[0].user("ada").await;
        Self { servers, mails, http, place, ada }
    }

    /// Posts one form at once to every server in turn, and counts the answers that say it is done.
    async fn rush(&self, page: &Answer, browser: &Browser, code: Option<&str>) -> usize {
        let (action, mut fields) = page.form();
        fields.extend(code.map(|code| ("code".to_owned(), code.to_owned())));
        let cookies: Vec<String> =
            browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let posts = (0..AT_ONCE).map(|number| {
            let server = &self.servers[number % self.servers.len()];
            let request = self.http.post(format!("{}{action}", server.url));
            let request = request.header(COOKIE, &cookies).form(&fields);
            async move {
                let answer = request.send().await.expect("an answer");
                (answer.status().as_u16(), answer.text().await.expect("a body"))
            }
        });
        let answers = futures_util::future::join_all(posts).await;
        for (status, body) in &answers {
            assert!([200, 303, 404, 422, 429].contains(status), "{status} {body}");
        }
        answers.iter().filter(|(status, _)| matches!(status, 200 | 303)).count()
    }

    /// Forgets failures and requests, as if much time had passed.
    async fn forgive(&self) {
        self.servers.iter().for_each(|server| server.advance(WINDOW));
        let asked = Digest::of(format!("email/{}", self.ada.id).as_bytes());
        for account in [Digest::of(self.ada.username.as_bytes()), asked] {
            let clear = move |db: &mut _| login_failures::clear_failures(db, &account);
            self.servers[0].store.write("forgive", clear).await.expect("forgotten");
        }
    }

    async fn run(&self, by_code: bool) {
        let mut tally = Tally::default();
        let (id, way) = (self.ada.id, if by_code { "code" } else { "link" });
        let first = &self.servers[0];
        for round in 0..rounds() {
            self.forgive().await;
            let (before, mailed) = (changes(first).await, self.mails.taken().len());
            let address = format!("ada{round}@{way}.example");
            let mut browser = first.browser();
            ask(&mut browser, "ada", &address).await;
            let mail = self.mails.until(mailed + 1, 0).await.pop().expect("a mail");
            let (code, path) = in_mail(first, &mail);
            let won = if by_code {
                let page = open(&mut browser, "ada", "/account/email").await;
                self.rush(&page, &browser, Some(&code)).await
            } else {
                let mut other = first.browser();
                let page = other.get(&path).await;
                self.rush(&page, &other, None).await
            };
            tally.count(won);
            // One change, one row, and a mail to either address.
            let new = changes(first).await.difference(&before).count();
            assert_eq!(new, 1, "{way}, {}", self.place);
            let found = first.store.read(move |db| users::find_user(db, id)).await.expect("read");
            assert_eq!(found.expect("ada").email, Some(address));
            let told = self.mails.until(mailed + 3, 0).await;
            assert_eq!(told.len(), mailed + 3, "{way}, {}", self.place);
            settled(first).await;
        }
        tally.check(self.place, &format!("confirmations of an address by {way}"));
    }
}

/// The changes of an address that the trail tells of. It shows the last thousand rows, and so not all of them.
async fn changes(server: &TestApp) -> BTreeSet<AuditId> {
    server.rows_of("email_changed").await.iter().map(|row| row.id).collect()
}

#[actix_web::test]
async fn r67_no_proof_of_an_address_counts_twice_on_sqlite() {
    let mails = MailServer::start_without_sign_ins().await;
    let folder = std::env::temp_dir().join(format!("tessera-addresses-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let location = Location::SqliteFile(folder.join("tessera.db"));
    let mail = Some(mails.settings());
    let servers = [TestApp::with(Options { location, mail, ..Options::default() }).await];
    let stage = Stage::set(&servers, &mails, "one process, SQLite").await;
    stage.run(true).await;
    stage.run(false).await;
    let [only] = servers;
    only.stop().await;
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn r67_no_proof_of_an_address_counts_twice_on_two_servers_over_postgres() {
    let Some(url) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let mails = MailServer::start_without_sign_ins().await;
        let options = || Options {
            location: Location::Postgres(url.clone()),
            mail: Some(mails.settings()),
            ..Options::default()
        };
        let first = TestApp::with(options()).await;
        let public_url = Some(first.url.clone());
        let second = TestApp::with(Options { public_url, ..options() }).await;
        let servers = [first, second];
        let stage = Stage::set(&servers, &mails, "two servers, one PostgreSQL").await;
        stage.run(true).await;
        stage.run(false).await;
        for server in servers {
            server.stop().await;
        }
    });
}
