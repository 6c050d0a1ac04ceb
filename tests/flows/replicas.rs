use serde_json::json;
use tessera::base::{Entropy, SystemEntropy};
use tessera::store::Location;

use crate::support::{App, Options, TestApp};

/// A database of its own on the test server.
pub(crate) fn fresh_database() -> Option<String> {
    let Ok(server) = std::env::var("TESSERA_TEST_POSTGRES") else {
        let may_miss = std::env::var_os("TESSERA_TEST_ALLOW_MISSING").is_some();
        assert!(may_miss, "no PostgreSQL: run scripts/with-services cargo test");
        return None;
    };
    let entropy: &dyn Entropy = &SystemEntropy;
    let name = format!("tessera_{}", entropy.alphanumeric(16).to_lowercase());
    let (base, _) = server.rsplit_once('/').expect("an address with a database");
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (client, connection) =
            tokio_postgres::connect(&server, tokio_postgres::NoTls).await.expect("the server");
        let driving = tokio::spawn(connection);
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
        drop(client);
        driving.await.expect("driven").expect("closed");
    });
    Some(format!("{base}/{name}"))
}

async fn server(database: &str) -> TestApp {
    let location = Location::Postgres(database.to_owned());
    TestApp::with(Options { location, ..Options::default() }).await
}

#[test]
fn r20_two_processes_over_one_database_redeem_a_code_once() {
    let Some(url) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let [first, second] = [server(&url).await, server(&url).await];
        first.user("ada").await;
        let notes = first.app(json!({})).await;
        let elsewhere = App { provider: second.url.clone(), ..notes.clone() };
        let mut browser = first.browser();
        let mut code = browser.sign_in(&notes, "ada", &[]).await.code();
        for round in 0..10 {
            let here = (0..25).map(|_| notes.redeem(&code));
            let there = (0..25).map(|_| elsewhere.redeem(&code));
            let answers = futures_util::future::join_all(here.chain(there)).await;
            let wins = answers.iter().filter(|answer| answer.status() == 200).count();
            assert_eq!(wins, 1, "round {round}");
            code = browser.authorize(&notes, &[("prompt", "none")]).await.code();
        }
        first.stop().await;
        second.stop().await;
    });
}

#[test]
fn two_processes_on_an_empty_database_make_one_key_set() {
    let Some(url) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let (first, second) = futures_util::future::join(server(&url), server(&url)).await;
        let keys = first.browser().get("/jwks").await.body;
        assert_eq!(keys, second.browser().get("/jwks").await.body);
        assert_eq!(keys.matches("\"kid\"").count(), 3);
        first.stop().await;
        second.stop().await;
    });
}

#[test]
fn an_app_whose_codes_another_process_redeems_does_not_go_round_in_circles() {
    let Some(url) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let [first, second] = [server(&url).await, server(&url).await];
        first.user("ada").await;
        let notes = first.app(json!({})).await;
        let elsewhere = App { provider: second.url.clone(), ..notes.clone() };
        let mut browser = first.browser();
        let mut code = browser.sign_in(&notes, "ada", &[]).await.code();
        for round in 0..12 {
            assert_eq!(elsewhere.redeem(&code).await.status(), 200, "round {round}");
            code = browser.authorize(&notes, &[]).await.code();
        }
        for _ in 0..4 {
            assert!(browser.authorize(&notes, &[]).await.told("code").is_some());
        }
        let stopped = browser.authorize(&notes, &[]).await;
        assert!(stopped.status == 400 && stopped.body.contains("keeps sending you back"));
        first.stop().await;
        second.stop().await;
    });
}
