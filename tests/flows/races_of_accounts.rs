//! Many uses of one code, one link, one invitation at once (`security.md` R68, R72): each makes one
//! account.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::COOKIE;
use reqwest::redirect::Policy;
use serde_json::json;
use tessera::app::invitations::{self, NewInvitation};
use tessera::rules::sign_up::SignUpPolicy;
use tessera::store::Location;
use tessera::store::users::count_users;

use super::races::{AT_ONCE, Tally, rounds_or};
use super::replicas::fresh_database;
use super::sign_up::{asked, mailed_to};
use crate::support::{Answer, Browser, Options, PASSWORD, TestApp};

/// Posts the form of a page many times at once to every server in turn; the statuses that came.
async fn rush(
    servers: &[TestApp],
    browser: &Browser,
    page: &Answer,
    fields: &[(&str, &str)],
) -> Vec<u16> {
    let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (path, hidden) = page.form();
    let hidden = hidden.iter().filter(|(name, _)| name == "csrf");
    let mut form: Vec<(&str, &str)> = hidden.map(|(name, value)| (&**name, &**value)).collect();
    form.extend_from_slice(fields);
    let (http, cookies, form) = (&http, &cookies.join("; "), &form);
    let posts = (0..AT_ONCE).map(|number| {
        let url = format!("{}{path}", servers[number % servers.len()].url);
        async move {
            let request = http.post(url).header(COOKIE, cookies).form(form);
            request.send().await.expect("an answer").status().as_u16()
        }
    });
    futures_util::future::join_all(posts).await
}

/// Rounds of each race: few in the usual run.
fn rounds() -> usize {
    rounds_or(2)
}

/// Requests and failures of before are forgotten after this.
const WINDOW: Duration = Duration::from_secs(61 * 60);

/// How many accounts were made beyond those of before, when nobody met a failure on our side.
async fn made(servers: &[TestApp], statuses: &[u16], before: &mut usize) -> usize {
    let kinds: BTreeSet<u16> = statuses.iter().copied().collect();
    assert!(kinds.is_subset(&BTreeSet::from([200, 303, 404, 422, 429])), "{kinds:?}");
    let now = servers[0].store.read(count_users).await.expect("a count");
    let now = usize::try_from(now).expect("a count");
    let made = now - *before;
    *before = now;
    made
}

fn times(statuses: &[u16], wanted: u16) -> usize {
    statuses.iter().filter(|status| **status == wanted).count()
}

async fn run(servers: &[TestApp], place: &str) {
    let first = &servers[0];
    let notes = first.app(json!({})).await;
    let [mut by_code, mut by_link, mut by_invitation]: [Tally; 3] = Default::default();
    let mut before = 0;
    for round in 0..rounds() {
        servers.iter().for_each(|server| server.advance(WINDOW));
        let address = |kind: &str| format!("{kind}{round}@example.com");

        let mut browser = first.browser();
        let page = asked(&mut browser, &notes, &address("code")).await;
        let (code, _) = mailed_to(servers, &address("code")).await;
        let fields = [("code", &*code), ("name", "Eve"), ("password", PASSWORD)];
        let statuses = rush(servers, &browser, &page, &fields).await;
        by_code.count(made(servers, &statuses, &mut before).await);

        asked(&mut first.browser(), &notes, &address("link")).await;
        let (_, path) = mailed_to(servers, &address("link")).await;
        let mut browser = first.browser();
        let page = browser.get(&path).await;
        let statuses = rush(servers, &browser, &page, &fields[1..]).await;
        by_link.count(made(servers, &statuses, &mut before).await);
        assert_eq!(times(&statuses, 200), 1, "{statuses:?}");

        let path = invited(first, address("invited")).await;
        let mut browser = first.browser();
        let page = browser.get(&path).await;
        let statuses = rush(servers, &browser, &page, &fields[2..]).await;
        by_invitation.count(made(servers, &statuses, &mut before).await);
        assert_eq!(times(&statuses, 303), 1, "{statuses:?}");
    }
    by_code.check(place, "codes of a new account");
    by_link.check(place, "links of a new account");
    by_invitation.check(place, "invitations");
}

/// The path of an invitation that makes an administrator.
async fn invited(server: &TestApp, email: String) -> String {
    let new = NewInvitation {
        email,
        username: None,
        name: None,
        groups: vec!["staff".to_owned()],
        is_admin: true,
        is_email_verified: false,
    };
    let made = invitations::invite(server.operator(), new).await.expect("invited");
    made.path.expose().to_owned()
}

fn options(location: Location) -> Options {
    Options { location, is_dev: true, sign_up: SignUpPolicy::Open, ..Options::default() }
}

#[actix_web::test]
async fn r68_r72_of_fifty_uses_one_makes_an_account_on_sqlite() {
    let servers = [TestApp::with(options(Location::SqliteMemory)).await];
    run(&servers, "one process, SQLite").await;
}

#[test]
fn r68_r72_of_fifty_uses_one_makes_an_account_on_two_servers_over_postgres() {
    let Some(url) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let first = TestApp::with(options(Location::Postgres(url.clone()))).await;
        let public_url = Some(first.url.clone());
        let second = Options { public_url, ..options(Location::Postgres(url)) };
        let servers = [first, TestApp::with(second).await];
        run(&servers, "two servers, one PostgreSQL").await;
        for server in servers {
            server.stop().await;
        }
    });
}
