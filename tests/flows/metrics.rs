//! What an operator watches: the figures tell what happens, and name nobody.

use serde_json::json;

use crate::support::{PASSWORD, TestApp, text};

const PAGE: &str = include_str!("../../docs/operating.md");

/// The sample whose name and labels are these.
fn sample(metrics: &str, name: &str) -> f64 {
    let found = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let found = found.unwrap_or_else(|| panic!("no {name} in\n{metrics}"));
    found.parse().expect("a number")
}

/// The figures as the table of the page.
fn table(metrics: &str) -> String {
    let mut table = String::from("| figure | kind | meaning |\n|---|---|---|\n");
    let mut help = metrics.lines().filter_map(|line| line.strip_prefix("# HELP "));
    let kinds = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    for (kind, help) in kinds.zip(help.by_ref()) {
        let (name, kind) = kind.split_once(' ').expect("a kind");
        let meaning = help.strip_prefix(name).expect("the help of the same").trim();
        table.push_str(&format!("| `{name}` | {kind} | {} |\n", meaning.trim_end_matches('.')));
    }
    table
}

#[actix_web::test]
async fn the_figures_tell_what_happens_and_stand_on_their_page() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let code = browser.sign_in(&notes, "ada", &[]).await.code();
    notes.tokens(&code).await;
    assert_eq!(notes.redeem(&code).await.status(), 400);
    assert_eq!(notes.ask("/token", &[("grant_type", "of my own")]).await.0, 400);
    browser.get("/no-such-page-at-all").await;
    app.issuer.seal_audit().await.expect("sealed");

    let metrics = app.metrics().await;
    let tokens =
        |labels: &str| sample(&metrics, &format!("tessera_token_requests_total{{{labels}}}"));
    assert_eq!(tokens(r#"grant_type="authorization_code",outcome="issued""#), 1.0);
    assert_eq!(tokens(r#"grant_type="authorization_code",outcome="invalid_grant""#), 1.0);
    assert_eq!(tokens(r#"grant_type="other",outcome="unsupported_grant_type""#), 1.0);
    let requests =
        |labels: &str| sample(&metrics, &format!("tessera_http_requests_total{{{labels}}}"));
    assert_eq!(requests(r#"route="/token",status="2xx""#), 1.0);
    assert_eq!(requests(r#"route="/token",status="4xx""#), 2.0);
    assert!(requests(r#"route="-",status="4xx""#) >= 1.0);
    let signed_in = r#"tessera_events_total{event="signed_in",outcome="done",factors="pwd"}"#;
    assert_eq!(sample(&metrics, signed_in), 1.0);
    let redeemed = r#"tessera_store_job_seconds_count{job="redeem code",outcome="done"}"#;
    assert_eq!(sample(&metrics, redeemed), 1.0);
    assert_eq!(sample(&metrics, "tessera_store_up"), 1.0);
    assert_eq!(sample(&metrics, "tessera_outbox_waiting"), 0.0);
    assert!(sample(&metrics, "tessera_process_resident_memory_bytes") > 1e6);
    assert!(metrics.ends_with("# EOF\n"), "the format of OpenMetrics");

    let table = table(&metrics);
    assert!(PAGE.contains(&table), "docs/operating.md is stale; it must hold:\n{table}");
    app.stop().await;
}

#[actix_web::test]
async fn r122_the_figures_hold_no_secret_and_name_nobody() {
    let app = TestApp::start().await;
    app.user("ada.unmistakable").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let answer = browser.sign_in(&notes, "ada.unmistakable", &[]).await;
    let code = answer.code();
    let tokens = notes.tokens(&code).await;
    // Neither does a path or a grant type that somebody makes up become a label.
    browser.get("/made-up-path-7f3a").await;
    notes.ask("/token", &[("grant_type", "made-up-grant-7f3a")]).await;
    app.issuer.seal_audit().await.expect("sealed");
    let metrics = app.metrics().await;
    let secret = notes.secret.as_deref().expect("a secret");
    let never = [
        PASSWORD,
        secret,
        &code,
        &notes.client_id,
        text(&tokens, "access_token"),
        text(&tokens, "id_token"),
        "unmistakable",
        "7f3a",
        "notes.example",
    ];
    for never in never {
        assert!(!metrics.contains(never), "{never} in\n{metrics}");
    }
    // Nobody reaches them where the provider is.
    assert_eq!(browser.get("/metrics").await.status, 404);
    app.stop().await;
}

/// A store that does not answer is told, and the rest with it.
#[actix_web::test]
async fn figures_are_told_whatever_the_store_does() {
    let app = TestApp::start().await;
    let (release, gate) = tokio::sync::oneshot::channel::<()>();
    let mut gate = Some(gate);
    let store = app.store.clone();
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let mut begun = Some(begun);
    let holding = tokio::spawn(async move {
        let hold = move |_: &mut tessera::store::Db| {
            begun.take().map(|begun| begun.send(()));
            gate.take().map(tokio::sync::oneshot::Receiver::blocking_recv);
            Ok(())
        };
        store.write("hold", hold).await
    });
    has_begun.await.expect("it holds the store");
    let metrics = app.metrics().await;
    assert_eq!(sample(&metrics, "tessera_store_up"), 0.0);
    assert!(sample(&metrics, "tessera_store_jobs_open") >= 1.0);
    release.send(()).expect("it waits");
    holding.await.expect("it ran").expect("stored");
    assert_eq!(sample(&app.metrics().await, "tessera_store_up"), 1.0);
    app.stop().await;
}
