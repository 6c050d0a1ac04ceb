use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::support::{Options, PASSWORD, TestApp, TestCertificate};

/// Sends bytes as they are and reads the status line.
async fn raw(app: &TestApp, request: &[u8]) -> String {
    let address = app.url.strip_prefix("http://").expect("plain http").to_owned();
    let request = request.to_owned();
    // The server shares this thread's runtime, which must not be blocked.
    tokio::task::spawn_blocking(move || exchange(&address, &request)).await.expect("an exchange")
}

fn exchange(address: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
    stream.write_all(request).expect("written");
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        answer.extend(&buffer[..count]);
        if answer.windows(4).any(|window| window == b"\r\n\r\n") {
            break;
        }
    }
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

#[actix_web::test]
async fn r116_ambiguous_requests_are_refused() {
    let app = TestApp::start().await;
    for request in [
        "POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST /token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
    ] {
        let status = raw(&app, request.as_bytes()).await;
        assert!(status.starts_with("HTTP/1.1 4"), "{request:?}: {status}");
    }
}

#[actix_web::test]
async fn r116_a_refused_connection_is_closed() {
    let app = TestApp::start().await;
    let address = app.url.trim_start_matches("http://").to_owned();
    let request = format!("GET /?{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(9000));
    let read = move || {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        stream.write_all(request.as_bytes()).expect("written");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("the server closes it");
        String::from_utf8_lossy(&answer).to_lowercase()
    };
    let answer = tokio::task::spawn_blocking(read).await.expect("an exchange");
    assert!(answer.starts_with("http/1.1 414"), "{answer:.80}");
    assert!(answer.contains("connection: close"), "{answer:.400}");
}

#[actix_web::test]
async fn r117_oversized_requests_are_refused_early() {
    let app = TestApp::start().await;
    let long = format!("GET /?{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(9000));
    let status = raw(&app, long.as_bytes()).await;
    assert!(status.contains(" 414"), "{status}");
    let headers: String = (0..90).map(|i| format!("X-{i}: {}\r\n", "y".repeat(400))).collect();
    let status = raw(&app, format!("GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n").as_bytes()).await;
    assert!(status.contains(" 431"), "{status}");
    let announced = "POST /token HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n";
    assert!(raw(&app, announced.as_bytes()).await.contains(" 413"));
    let fields: String = (0..201).map(|i| format!("a{i}=1&")).collect();
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let form = http
        .post(format!("{}/token", app.url))
        .header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(form.body(fields).send().await.expect("an answer").status(), 400);
    let notes = app.app(json!({})).await;
    let scopes: Vec<String> = (0..101).map(|i| format!("s{i}")).collect();
    let answer = app.browser().authorize(&notes, &[("scope", &scopes.join(" "))]).await;
    assert_eq!(answer.told("error").as_deref(), Some("invalid_scope"));
}

#[actix_web::test]
async fn r92_every_page_carries_its_headers() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    for url in [
        "/".to_owned(),
        "/nowhere".to_owned(),
        notes.authorize_url(&[]),
        notes.authorize_url(&[("client_id", "x")]),
    ] {
        let page = browser.get(&url).await;
        let policy = page.header("content-security-policy").expect("a policy");
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "trusted-types 'none'",
        ] {
            assert!(policy.contains(part), "{url}: {part}");
        }
        assert!(!policy.contains("unsafe-"));
        assert_eq!(page.header("x-frame-options"), Some("DENY"));
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    }
}

#[actix_web::test]
async fn r94_only_files_under_one_prefix_may_be_kept() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    for url in
        ["/", "/userinfo", "/userinfo/x.css", "/i/x.css", "/token", &notes.authorize_url(&[])]
    {
        assert_eq!(browser.get(url).await.header("cache-control"), Some("no-store"), "{url}");
    }
    let page = browser.get("/").await;
    let file = page.body.split("href=\"/static/").nth(1).and_then(|rest| rest.split('"').next());
    let file = browser.get(&format!("/static/{}", file.expect("a file"))).await;
    assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"));
}

#[actix_web::test]
async fn r9_no_answer_repeats_a_post() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    let (action, fields) = page.form();
    let mut form: Vec<(&str, &str)> =
        fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    form.extend([("username", "ada"), ("password", PASSWORD)]);
    for path in [action.as_str(), "/token", "/end_session", "/authorize"] {
        let answer = browser.send(Method::POST, path, Some(&form)).await;
        assert!(![301, 302, 307, 308].contains(&answer.status.as_u16()), "{path}");
    }
}

#[actix_web::test]
async fn r121_what_nobody_serves_ends_in_a_page_with_a_reference() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for (method, path, status) in [
        (Method::GET, "/nowhere", 404),
        (Method::GET, "/i/nonsense", 404),
        (Method::DELETE, "/token", 405),
        (Method::PUT, "/authorize", 405),
        (Method::GET, "/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 410),
        (
            Method::GET,
            "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200",
            404,
        ),
    ] {
        let page = browser.send(method, path, None).await;
        assert_eq!(page.status.as_u16(), status, "{path}");
        let reference = page.header("x-request-id").expect("a reference").to_owned();
        assert!(page.has("error-page") && page.body.contains(&reference), "{path}");
        assert!(page.body.contains("href=\"/\""), "{path} has a way forward");
    }
}

#[actix_web::test]
async fn r83_cookies_over_https_belong_to_this_host_alone() {
    let certificate = TestCertificate::new();
    let options = Options { tls: Some(certificate.files()), ..Options::default() };
    let app = TestApp::with(options).await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let answer = browser.sign_in(&notes, "ada", &[]).await;
    assert!(answer.code().starts_with("tsc_"));
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));
    assert!(browser.cookies.contains_key("__Host-tessera"));
    for cookie in &browser.seen {
        assert!(cookie.starts_with("__Host-tessera"), "{cookie}");
        // The one that the frame of session management reads opens nothing.
        let is_state = cookie.starts_with("__Host-tessera-state=");
        let rest = if is_state { "; SameSite=None" } else { "; SameSite=Lax" };
        for part in ["; Secure", "; Path=/", rest] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(cookie.contains("; HttpOnly"), !is_state, "{cookie}");
        assert!(!cookie.contains("Domain"));
    }
}

#[actix_web::test]
async fn r83_cookies_over_plain_http_have_no_prefix() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    assert!(page.body.contains("not protected by https"));
    browser.sign_in(&notes, "ada", &[]).await;
    assert!(browser.cookies.contains_key("tessera"));
    assert!(
        browser.seen.iter().all(|cookie| cookie.contains("HttpOnly") && !cookie.contains("Secure"))
    );
}
