//! Bursts: what comes at once cannot pass a limit that counts one by one (`security.md` R59).

use reqwest::Client;
use reqwest::header::COOKIE;
use reqwest::redirect::Policy;
use serde_json::json;
use tessera::store::Location;

use super::replicas::fresh_database;
use crate::support::{Answer, Browser, Options, PASSWORD, TestApp};

/// Wrong passwords at once.
const BURST: usize = 200;
/// Failures after which an account waits (`contract.md`).
const MAX_OF_ACCOUNT: usize = 5;
/// Failures after which a network waits (`contract.md`).
const MAX_OF_NETWORK: usize = 100;

/// A wrong password for each of `names` at once, to every server in turn; how many of them were judged. One
/// that was not is told to wait.
async fn burst(servers: &[&TestApp], page: &Answer, browser: &Browser, names: &[String]) -> usize {
    let (path, hidden) = page.form();
    let csrf = &hidden.iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
    let (http, path, cookies) = (&http, &path, &cookies.join("; "));
    let before: u64 = servers.iter().map(|server| server.hashes_computed()).sum();
    let tries = names.iter().enumerate().map(|(number, name)| async move {
        let url = format!("{}{path}", servers[number % servers.len()].url);
        let password = format!("a wrong password, number {number}");
        let form = [("csrf", csrf.as_str()), ("username", name), ("password", &password)];
        let answer = http.post(url).header(COOKIE, cookies).form(&form).send().await;
        let answer = answer.expect("an answer");
        (answer.status().as_u16(), answer.headers().contains_key("retry-after"))
    });
    let answers = futures_util::future::join_all(tries).await;
    assert!(
        answers.iter().all(|answer| [(422, false), (429, true)].contains(answer)),
        "{answers:?}"
    );
    let judged = answers.iter().filter(|(status, _)| *status == 422).count();
    let after: u64 = servers.iter().map(|server| server.hashes_computed()).sum();
    assert_eq!(usize::try_from(after - before).expect("a few"), judged, "hashes of those judged");
    judged
}

async fn burst_at_one_account(servers: &[&TestApp]) {
    let first = servers[0];
    first.user("ada").await;
    let notes = first.app(json!({})).await;
    let mut browser = first.browser();
    let page = browser.authorize(&notes, &[]).await;
    let names = vec!["ada".to_owned(); BURST];
    assert_eq!(burst(servers, &page, &browser, &names).await, MAX_OF_ACCOUNT);
    let told = first.rows_of("sign_in_refused").await;
    let wrong = told.iter().filter(|row| row.details.contains("wrong password")).count();
    assert_eq!(wrong, MAX_OF_ACCOUNT, "the trail tells of those that were judged");
    // The limit stands: not even the right one is judged now.
    let right = [("username", "ada"), ("password", PASSWORD)];
    assert_eq!(browser.submit(&page, &right).await.status, 429);
}

#[actix_web::test]
async fn r59_a_burst_of_wrong_passwords_cannot_pass_the_limit_of_an_account() {
    let app = TestApp::start().await;
    burst_at_one_account(&[&app]).await;
}

#[test]
fn r59_nor_by_going_to_two_servers_of_one_database() {
    let Some(url) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let at = || Options { location: Location::Postgres(url.clone()), ..Options::default() };
        let first = TestApp::with(at()).await;
        let public_url = Some(first.url.clone());
        let second = TestApp::with(Options { public_url, ..at() }).await;
        burst_at_one_account(&[&first, &second]).await;
        first.stop().await;
        second.stop().await;
    });
}

#[actix_web::test]
async fn r59_a_burst_over_many_accounts_cannot_pass_the_limit_of_a_network() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    let names: Vec<String> = (0..BURST).map(|number| format!("user{number}")).collect();
    let mut judged = burst(&[&app], &page, &browser, &names).await;
    assert!(judged <= MAX_OF_NETWORK, "{judged}");
    // Some may have been turned away because the queue of the hashes was full, which counts for nothing.
    for _ in 0..4 {
        judged += burst(&[&app], &page, &browser, &names[judged..]).await;
    }
    assert_eq!(judged, MAX_OF_NETWORK);
}
