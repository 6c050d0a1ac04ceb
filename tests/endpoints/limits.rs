//! `security.md` R118: slow clients, many clients, and clients that take everything back.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use rustls::{ClientConnection, StreamOwned};
use tessera::web::Limits;

use crate::support::{Options, TestApp, TestCertificate};

const HEAD: &[u8] = b"POST /token HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n";

async fn with_limits(limits: Limits) -> TestApp {
    TestApp::with(Options { limits, ..Options::default() }).await
}

fn connect(app: &TestApp) -> TcpStream {
    let address = app.url.rsplit('/').next().expect("an address");
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time-out");
    stream
}

/// Sends the beginning of a request and nothing more; what the server says before it hangs up.
async fn begin(app: &TestApp, bytes: &'static [u8]) -> String {
    let mut stream = connect(app);
    let answer = tokio::task::spawn_blocking(move || {
        stream.write_all(bytes).expect("written");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("the server hangs up");
        String::from_utf8_lossy(&answer).into_owned()
    });
    answer.await.expect("an answer")
}

#[actix_web::test]
async fn r118_a_head_that_does_not_arrive_ends_the_connection() {
    let head_within = Duration::from_millis(200);
    let app = with_limits(Limits { head_within, ..Limits::default() }).await;
    let answer = begin(&app, b"GET / HTTP/1.1\r\nHost: a\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[actix_web::test]
async fn r118_a_body_that_does_not_arrive_is_given_up() {
    let body_within = Duration::from_millis(200);
    let app = with_limits(Limits { body_within, ..Limits::default() }).await;
    let answer = begin(&app, HEAD).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("the body did not arrive in time"), "{answer}");
}

#[actix_web::test]
async fn r118_an_answer_that_takes_too_long_is_given_up_with_a_page() {
    let answer_within = Duration::from_millis(200);
    let body_within = Duration::from_secs(60);
    let app = with_limits(Limits { answer_within, body_within, ..Limits::default() }).await;
    let answer = begin(&app, HEAD).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    let head = answer.to_ascii_lowercase();
    assert!(head.contains("retry-after: ") && head.contains("content-security-policy: "));
    assert!(answer.contains("id=\"error-page\""), "{answer}");
    // Others are served as before.
    assert_eq!(app.browser().get("/healthz").await.status, 200);
}

#[actix_web::test]
async fn r118_more_connections_than_allowed_wait_for_their_turn() {
    // One for each of the two threads that serve.
    let app = with_limits(Limits { connections: 1, ..Limits::default() }).await;
    let (first, second) = (connect(&app), connect(&app));
    let mut third = connect(&app);
    let story = tokio::task::spawn_blocking(move || {
        for mut held in [&first, &second] {
            held.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").expect("written");
            let mut status = [0; 12];
            held.read_exact(&mut status).expect("an answer");
            assert_eq!(&status, b"HTTP/1.1 200");
        }
        third.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").expect("written");
        third.set_read_timeout(Some(Duration::from_millis(300))).expect("a time-out");
        let mut status = [0; 12];
        let waits = third.read_exact(&mut status).expect_err("nobody serves it yet");
        assert!(matches!(waits.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{waits}");
        drop((first, second));
        third.set_read_timeout(Some(Duration::from_secs(60))).expect("a time-out");
        third.read_exact(&mut status).expect("an answer");
        assert_eq!(&status, b"HTTP/1.1 200");
    });
    story.await.expect("the story ends");
}

/// CVE-2023-44487: streams opened and reset without end. The server hangs up with
/// `ENHANCE_YOUR_CALM` (RFC 9113 §7).
#[actix_web::test]
async fn r118_a_flood_of_resets_is_told_to_calm_down() {
    let certificate = TestCertificate::new();
    let options = Options { tls: Some(certificate.files()), ..Options::default() };
    let app = TestApp::with(options).await;
    let port = app.url.rsplit(':').next().expect("a port").to_owned();
    let config = certificate.client(b"h2");
    let code = tokio::task::spawn_blocking(move || {
        let name = "localhost".try_into().expect("a name");
        let session = ClientConnection::new(config, name).expect("a session");
        let stream = TcpStream::connect(format!("localhost:{port}")).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time-out");
        let mut stream = StreamOwned::new(session, stream);
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").expect("sent");
        flood(&mut stream);
        error_code_of_go_away(&mut stream)
    });
    const ENHANCE_YOUR_CALM: u32 = 0xb;
    assert_eq!(code.await.expect("an answer"), Some(ENHANCE_YOUR_CALM));
    assert_eq!(app.browser().get("/healthz").await.status, 200);
}

type TlsStream = StreamOwned<ClientConnection, TcpStream>;

/// Opens 2,000 streams and takes each back at once.
fn flood(stream: &mut TlsStream) {
    // `:method: GET`, `:scheme: https`, `:path: /` from the static table, `:authority: a`.
    const FIELDS: [u8; 6] = [0x82, 0x87, 0x84, 0x41, 0x01, b'a'];
    let mut frames = Vec::new();
    for number in 0..2000_u32 {
        let id = (number * 2 + 1).to_be_bytes();
        // HEADERS that end stream and headers, then RST_STREAM with CANCEL (RFC 9113 §6.2, §6.4).
        frames.extend([0, 0, 6, 1, 0x5]);
        frames.extend(id);
        frames.extend(FIELDS);
        frames.extend([0, 0, 4, 3, 0]);
        frames.extend(id);
        frames.extend([0, 0, 0, 8]);
    }
    // The server may have hung up before it took everything.
    drop(stream.write_all(&frames));
}

fn error_code_of_go_away(stream: &mut TlsStream) -> Option<u32> {
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut body = vec![0; usize::try_from(length).ok()?];
        stream.read_exact(&mut body).ok()?;
        const GO_AWAY: u8 = 7;
        if head[3] == GO_AWAY {
            return Some(u32::from_be_bytes(body.get(4..8)?.try_into().ok()?));
        }
    }
}
