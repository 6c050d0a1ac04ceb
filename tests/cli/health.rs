use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use super::Installation;

/// Answers one request with `status`, and gives back its first line.
fn answer_once(status: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut byte = [0];
        while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
            request.push(byte[0]);
        }
        write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .unwrap();
        String::from_utf8(request).unwrap().lines().next().unwrap_or_default().to_owned()
    });
    (address, thread)
}

#[test]
fn a_ready_provider_is_healthy() {
    let (address, asked) = answer_once("200 OK");
    let ended = Installation::new().with("TESSERA_LISTEN", &address).run(&["healthcheck"]);
    assert_eq!(ended.succeeded().out, "ready\n");
    assert_eq!(asked.join().unwrap(), "GET /readyz HTTP/1.1");
}

#[test]
fn a_provider_that_is_not_ready_is_not_healthy() {
    for status in ["503 Service Unavailable", "302 Found", "404 Not Found"] {
        let (address, _asked) = answer_once(status);
        let here = Installation::new().with("TESSERA_LISTEN", &address);
        here.run(&["healthcheck"]).failed("not ready");
    }
}

#[test]
fn no_proxy_stands_between() {
    let (address, asked) = answer_once("200 OK");
    let here = Installation::new()
        .with("TESSERA_LISTEN", &address)
        .with("HTTP_PROXY", "http://127.0.0.1:1")
        .with("http_proxy", "http://127.0.0.1:1");
    here.run(&["healthcheck"]).succeeded();
    asked.join().unwrap();
}

#[test]
fn nobody_listens() {
    let here = Installation::new().with("TESSERA_LISTEN", "127.0.0.1:1");
    here.run(&["healthcheck"]).failed("no answer from http://127.0.0.1:1/readyz");
}
