//! Stopping: nothing that was taken is lost, and nobody who idles holds it up (F27).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tessera::web::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Options, TestApp, until};

async fn connect(app: &TestApp) -> TcpStream {
    let port = app.url.rsplit(':').next().expect("a port").parse().expect("a number");
    TcpStream::connect(("127.0.0.1", port)).await.expect("it listens")
}

/// What is answered until `end` appears.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    while !text.contains(end) {
        let count = stream.read(&mut buffer).await.expect("an answer");
        assert!(count > 0, "it was cut off: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    text
}

#[actix_web::test]
async fn f27_what_is_under_way_ends_and_who_idles_holds_nothing_up() {
    let limits = Limits { leave_within: Duration::from_secs(3), ..Options::default().limits };
    let app = TestApp::with(Options { limits, ..Options::default() }).await;
    let notes = app.app(json!({})).await;
    // One connection that was used and is kept, and one whose request is half sent.
    let mut idle = connect(&app).await;
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("sent");
    let kept = read_until(&mut idle, "ok\n").await.to_lowercase();
    assert!(!kept.contains("connection: close"), "{kept}");
    let form = "grant_type=client_credentials";
    let head = format!(
        "POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n",
        form.len()
    );
    let mut half = connect(&app).await;
    half.write_all(head.as_bytes()).await.expect("sent");

    // Load: clients that keep their connections, until they are refused one.
    let stopping = Arc::new(AtomicBool::new(false));
    let answered = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let (stopping, answered) = (Arc::clone(&stopping), Arc::clone(&answered));
            let url = format!("{}/jwks", notes.provider);
            tokio::spawn(async move {
                let http = reqwest::Client::builder().no_proxy().build().expect("a client");
                loop {
                    match http.get(&url).send().await {
                        Ok(answer) => {
                            assert_eq!(answer.status(), 200);
                            answer.bytes().await.expect("the whole answer");
                            answered.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(error) => {
                            // A connection that nobody took when the listener was closed.
                            assert!(stopping.load(Ordering::SeqCst), "{error}");
                            return;
                        }
                    }
                }
            })
        })
        .collect();
    until("there is load", async || answered.load(Ordering::Relaxed) > 100).await;

    let ready = format!("{}/readyz", app.url);
    stopping.store(true, Ordering::SeqCst);
    let begun = Instant::now();
    let stopped = tokio::spawn(app.stop());
    until("it says that it stops", async || {
        reqwest::get(&ready).await.is_ok_and(|answer| answer.status() == 503)
    })
    .await;
    // A new connection is still served, and not kept.
    let answer = reqwest::get(&ready).await.expect("it still listens");
    assert_eq!(answer.headers()["connection"], "close");
    for client in clients {
        client.await.expect("nobody lost an answer");
    }
    assert!(!stopped.is_finished(), "it waits for the request that is under way");
    half.write_all(form.as_bytes()).await.expect("still open");
    let answer = read_until(&mut half, "invalid_client").await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    stopped.await.expect("it stopped");
    // With the idle connections it would be 8 s more.
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

/// HEAD is answered as GET is, without the body (RFC 9110 §9.3.2).
#[actix_web::test]
async fn head_is_answered_where_get_is() {
    let app = TestApp::start().await;
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    for path in
        ["/healthz", "/readyz", "/jwks", "/.well-known/openid-configuration", "/", "/nothing"]
    {
        let url = format!("{}{path}", app.url);
        let get = http.get(&url).send().await.expect("an answer");
        let head = http.head(&url).send().await.expect("an answer");
        assert_eq!(head.status(), get.status(), "{path}");
        for name in ["content-type", "content-length", "cache-control"] {
            if name == "content-length" && path == "/nothing" {
                // The page shows the request's own reference.
                continue;
            }
            assert_eq!(head.headers().get(name), get.headers().get(name), "{path} {name}");
        }
        assert_eq!(head.bytes().await.expect("an end").len(), 0, "{path}");
    }
    let refused = http.head(format!("{}/token", app.url)).send().await.expect("an answer");
    assert_eq!(refused.status(), 405);
    app.stop().await;
}
