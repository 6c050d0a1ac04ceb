//! Many uses of one code, one link, one invitation at once (`security.md` R68, R72): each makes one
//! account.

use std::collections::BTreeSet;

use reqwest::Client;
use reqwest::header::COOKIE;
use reqwest::redirect::Policy;
use serde_json::json;
use tessera::app::invitations::{self, NewInvitation};
use tessera::app::users;
use tessera::rules::sign_up::SignUpPolicy;
use tessera::store::Location;

use super::races::AT_ONCE;
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

/// How many accounts there are, and whether nobody met a failure on our side.
async fn count(servers: &[TestApp], statuses: &[u16]) -> usize {
    let kinds: BTreeSet<u16> = statuses.iter().copied().collect();
    assert!(kinds.is_subset(&BTreeSet::from([200, 303, 404, 422, 429])), "{kinds:?}");
    users::list(&servers[0].store).await.expect("users").len()
}

async fn run(servers: &[TestApp]) {
    let first = &servers[0];
    let notes = first.app(json!({})).await;
    let mut browser = first.browser();
    let page = asked(&mut browser, &notes, "code@example.com").await;
    let (code, _) = mailed_to(servers, "code@example.com").await;
    let fields = [("code", &*code), ("name", "Eve"), ("password", PASSWORD)];
    let statuses = rush(servers, &browser, &page, &fields).await;
    assert_eq!(count(servers, &statuses).await, 1, "by a code");

    asked(&mut first.browser(), &notes, "link@example.com").await;
    let (_, path) = mailed_to(servers, "link@example.com").await;
    let mut browser = first.browser();
    let page = browser.get(&path).await;
    let statuses = rush(servers, &browser, &page, &fields[1..]).await;
    assert_eq!(count(servers, &statuses).await, 2, "by a link");
    assert!(statuses.iter().filter(|status| **status == 200).count() == 1, "{statuses:?}");

    let new = NewInvitation {
        email: "invited@example.com".to_owned(),
        username: None,
        name: None,
        groups: vec!["staff".to_owned()],
        is_admin: true,
        is_email_verified: false,
    };
    let path = invitations::invite(first.operator(), new).await.expect("invited").path;
    let mut browser = first.browser();
    let page = browser.get(path.expose()).await;
    let statuses = rush(servers, &browser, &page, &fields[2..]).await;
    assert_eq!(count(servers, &statuses).await, 3, "by an invitation");
    assert!(statuses.iter().filter(|status| **status == 303).count() == 1, "{statuses:?}");
}

fn options(location: Location) -> Options {
    Options { location, is_dev: true, sign_up: SignUpPolicy::Open, ..Options::default() }
}

#[actix_web::test]
async fn r68_r72_of_fifty_uses_one_makes_an_account_on_sqlite() {
    let servers = [TestApp::with(options(Location::SqliteMemory)).await];
    run(&servers).await;
}

#[test]
fn r68_r72_of_fifty_uses_one_makes_an_account_on_two_servers_over_postgres() {
    let Some(url) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let first = TestApp::with(options(Location::Postgres(url.clone()))).await;
        let public_url = Some(first.url.clone());
        let second = Options { public_url, ..options(Location::Postgres(url)) };
        let servers = [first, TestApp::with(second).await];
        run(&servers).await;
        for server in servers {
            server.stop().await;
        }
    });
}
