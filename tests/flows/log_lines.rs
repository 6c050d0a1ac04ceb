use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

use crate::support::{PASSWORD, TestApp};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the lines").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// r122: a whole sign-in, everything that any of our rooms says at any level, and none of the
/// secrets that went through it.
#[actix_web::test]
async fn r122_no_secret_reaches_a_log_line() {
    let lines = Captured::default();
    let writer = lines.clone();
    let ours = tracing_subscriber::filter::filter_fn(|meta| meta.target().starts_with("tessera"));
    let layer = tracing_subscriber::fmt::layer()
        .event_format(tessera::telemetry::JsonLine)
        .with_writer(move || writer.clone());
    let logs =
        tracing_subscriber::registry().with(layer.with_filter(ours)).with(LevelFilter::TRACE);
    tracing::subscriber::set_global_default(logs).expect("nothing else listens in this process");

    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({
        "resources": ["https://api.example/"], "grant_types": ["authorization_code", "refresh_token"],
    })).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[("resource", "https://api.example/")]).await;
    browser.submit(&page, &[("username", "ada"), ("password", "a wrong secret password")]).await;
    let answer = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    let code = answer.code();
    let tokens = notes.tokens(&code).await;
    // A refresh token that is used again after the grace, and a code that is used twice.
    let refresh = tokens["refresh_token"].as_str().expect("text").to_owned();
    let renewed = notes.renewed(&refresh).await;
    let successor = renewed["refresh_token"].as_str().expect("text").to_owned();
    notes.ask("/introspect", &[("token", &successor)]).await;
    app.advance(std::time::Duration::from_secs(31));
    notes.refresh(&refresh, &[]).await;
    let second = browser.authorize(&notes, &[]).await.code();
    notes.tokens(&second).await;
    notes.redeem(&second).await;
    let pushed = notes.push(&[]).await;
    browser.get(&pushed).await;
    let access = tokens["access_token"].as_str().expect("text").to_owned();
    notes.userinfo(&access).await;
    let id_token = tokens["id_token"].as_str().expect("text").to_owned();
    browser.get(&format!("/end_session?id_token_hint={id_token}")).await;

    // r125: nor does the audit trail hold one.
    let query = tessera::app::audit::Query::default();
    let rows = tessera::app::audit::tail(&app.store, &query, 1000).await.expect("rows");
    let rows = format!("{rows:?}");
    let text = String::from_utf8(lines.0.lock().expect("the lines").clone()).expect("UTF-8");
    assert!(text.contains("\"event\":\"signed_in\"") && text.contains("/i/{id}/sign-in"), "{text}");
    for event in ["refresh_token_reused", "code_replayed"] {
        let line = text.lines().find(|line| line.contains(event)).unwrap_or_default();
        assert!(
            line.contains("tessera::audit") && line.contains("\"target_kind\":\"grant\""),
            "{event}: {line}"
        );
    }
    let mut secrets =
        vec![PASSWORD.to_owned(), "a wrong secret password".to_owned(), code, access, id_token];
    secrets.extend([refresh, successor, second]);
    secrets.extend(pushed.rsplit("request_uri%3A").next().map(str::to_owned));
    secrets.extend(notes.secret.clone());
    let fields = page.form().1.into_iter().map(|(_, value)| value);
    secrets.extend(fields.filter(|value| !value.is_empty()));
    secrets.extend(page.url.rsplit('/').next().map(str::to_owned));
    let cookies = browser.seen.iter().filter_map(|line| line.split(['=', ';']).nth(1));
    secrets.extend(cookies.filter(|value| !value.is_empty()).map(str::to_owned));
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret} stands in a log line");
        assert!(!rows.contains(&secret), "{secret} stands in the audit trail");
    }
}
