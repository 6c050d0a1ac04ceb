//! Traces over OTLP, taken by a collector that keeps what it is sent.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::Installation;
use super::serve::Running;

/// Takes what is sent to it, head and body, and says thanks.
fn collector() -> (String, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, taken) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = sender.send(take(stream));
        }
    });
    (url, taken)
}

fn take(mut stream: TcpStream) -> (String, Vec<u8>) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    let _ = stream.write_all(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    );
    (head, body)
}

/// Asks for a page, and gives back the head of the answer.
fn ask(address: &str, path: &str, header: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\n{header}connection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn holds(body: &[u8], wanted: &[u8]) -> bool {
    body.windows(wanted.len()).any(|part| part == wanted)
}

/// What was sent for one request with this `traceparent`, by a server that may trust its proxies.
fn traced(trusted: &str) -> Vec<u8> {
    let (url, taken) = collector();
    let here = Installation::new()
        .with("TESSERA_LISTEN", "127.0.0.1:0")
        .with("TESSERA_TRUSTED_PROXIES", trusted)
        .with("OTEL_EXPORTER_OTLP_ENDPOINT", &url)
        .with("OTEL_BSP_SCHEDULE_DELAY", "200");
    let mut server = Running::start(&here, &["serve"]);
    let address = server.line().rsplit(' ').next().unwrap().to_owned();
    let parent = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
    let secret = "not-for-a-trace";
    let path = format!("/authorize?client_id={secret}&state={secret}");
    let answer = ask(&address, &path, &format!("{parent}cookie: a={secret}\r\n"));
    let reference = answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap();
    let mut all = Vec::new();
    while !(holds(&all, reference.as_bytes())
        && holds(&all, b"GET /authorize")
        && holds(&all, b"store: read"))
    {
        let (head, body) = taken.recv_timeout(Duration::from_secs(20)).expect("traces");
        assert!(head.starts_with("post /v1/traces "), "{head}");
        all.extend(body);
    }
    assert!(holds(&all, b"service.name") && holds(&all, b"tessera"));
    assert!(!holds(&all, secret.as_bytes()), "a parameter or a cookie is in a trace");
    assert_eq!(server.stop().0, Some(0));
    all
}

const TRACE: [u8; 16] = [
    0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd, 0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c,
];

#[test]
fn a_request_and_its_parts_are_traced_with_the_reference_of_the_answer() {
    assert!(holds(&traced("127.0.0.1/32"), &TRACE), "the trace of a trusted proxy goes on");
}

#[test]
fn a_stranger_decides_no_trace() {
    assert!(!holds(&traced("192.0.2.1/32"), &TRACE));
}

#[test]
fn a_collector_that_is_away_holds_nothing_up() {
    let here = Installation::new()
        .with("TESSERA_LISTEN", "127.0.0.1:0")
        .with("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    let mut server = Running::start(&here, &["serve"]);
    let address = server.line().rsplit(' ').next().unwrap().to_owned();
    assert!(ask(&address, "/jwks", "").starts_with("HTTP/1.1 200"));
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn a_wrong_address_of_the_collector_is_said_at_the_start() {
    let here = Installation::new()
        .with("TESSERA_LISTEN", "127.0.0.1:0")
        .with("OTEL_EXPORTER_OTLP_ENDPOINT", "not an address");
    let ended = here.run(&["serve"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.err.contains("traces over OTLP"), "{ended:?}");
}
