//! `tessera doctor`: things are broken one by one, and the line tells.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use serde_json::{Value, json};

use super::Installation;
use super::keeping::{backup, installation, person};
use super::serve::Running;
use crate::support::{SEAL_KEY, TestCertificate};

/// An installation with a server that public_url leads to.
fn served() -> (Installation, Running) {
    served_at(Installation::new(), "http")
}

fn served_at(here: Installation, scheme: &str) -> (Installation, Running) {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let here = here
        .with("TESSERA_LISTEN", &format!("127.0.0.1:{port}"))
        .with("TESSERA_PUBLIC_URL", &format!("{scheme}://localhost:{port}"));
    let mut server = Running::start(&here, &["serve"]);
    assert!(server.line().starts_with("serving "));
    (here, server)
}

/// The state and the text of one check.
#[track_caller]
fn found(here: &Installation, check: &str) -> (String, String) {
    let ended = here.run(&["doctor", "--json"]);
    let all: Vec<Value> = serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{ended:?}"));
    let is_wrong = |one: &Value| one["state"] == "wrong";
    assert_eq!(ended.code, i32::from(all.iter().any(is_wrong)), "{ended:?}");
    assert!(!ended.out.contains(SEAL_KEY) && !ended.out.contains("hunter2"), "{ended:?}");
    let one = all.iter().find(|one| one["check"] == check);
    let one = one.unwrap_or_else(|| panic!("no {check}: {ended:?}"));
    assert_eq!(one["fix"].is_string(), one["state"] != "good", "{one}");
    let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
    (text("state"), format!("{} → {}", text("cause"), text("fix")))
}

#[track_caller]
fn tells(here: &Installation, check: &str, state: &str, words: &str) {
    let (is, text) = found(here, check);
    assert_eq!(is, state, "{check}: {text}");
    assert!(text.contains(words), "{check}: {words:?} not in {text}");
}

#[test]
fn a_sound_installation_is_told_line_by_line() {
    let (here, server) = served();
    person(&here, "ada");
    backup(&here, "kept.db");
    let ended = here.run(&["doctor"]).succeeded();
    for line in [
        "✓ configuration: it holds together",
        "! public_url: http://localhost:",
        "✓ discovery: http://localhost:",
        "✓ clock: as that of public_url",
        "✓ listener: http on 127.0.0.1:",
        "✓ passkeys: they belong to localhost",
        "✓ database: SQLite 3.",
        "✓ redis: not used",
        "✓ seal key: it is there and opens what is sealed",
        "✓ signing keys: 3 sign, the oldest for 0 days; the next ones follow in ",
        "! administrators: there is none",
        "✓ apps: 0, none with a risky setting",
        "✓ backup: the last one is 0 days old",
        "! mail: none",
        "open files: ",
        "passwords: checking one takes ",
    ] {
        assert!(ended.out.contains(line), "{line:?} not in {}", ended.out);
    }
    assert!(!ended.out.contains('✗'), "{}", ended.out);
    let fixes = ended.out.lines().filter(|line| line.starts_with("    ")).count();
    assert_eq!(fixes, ended.out.lines().filter(|line| line.starts_with("! ")).count());
    drop(server);
}

#[test]
fn nothing_is_made_where_nothing_is() {
    // Nobody listens on port 1.
    let here = Installation::new().with("TESSERA_PUBLIC_URL", "http://localhost:1");
    tells(&here, "database", "look", "there is none yet");
    tells(&here, "discovery", "wrong", "no answer");
    assert!(!here.path("data").exists());
}

#[test]
fn a_wrong_configuration_is_told() {
    let here = Installation::new().with("TESSERA_DATA_DRI", "x");
    tells(&here, "configuration", "wrong", "TESSERA_DATA_DIR");
}

#[test]
fn the_name_must_lead_to_this_issuer() {
    let (here, server) = served();
    tells(&here, "discovery", "good", "answers with this issuer");
    let own = here.run(&["doctor", "--json"]).json();
    let url = own[2]["cause"].as_str().unwrap().split("/.well").next().unwrap().to_owned();
    // The same server, by another name.
    let other = url.replace("localhost", "127.0.0.1");
    let here = here.with("TESSERA_PUBLIC_URL", &other);
    tells(&here, "discovery", "wrong", &format!("answers with the issuer {url}"));
    tells(&here, "passkeys", "look", "has no domain name");
    assert_eq!(server.stop().0, Some(0));
    tells(&here, "discovery", "wrong", "no answer");
}

#[test]
fn a_certificate_that_ends_soon_is_told() {
    for (days_ago, days_left, state) in
        [(60, 30, "good"), (80, 10, "look"), (2, 4, "good"), (5, 1, "look")]
    {
        let certificate = TestCertificate::between(days_ago, days_left);
        let (chain, key) = certificate.files();
        let here = Installation::new()
            .with("TESSERA_TLS__CERT", chain.to_str().unwrap())
            .with("TESSERA_TLS__KEY", key.to_str().unwrap())
            .with("TESSERA_OUTBOUND__EXTRA_CA", chain.to_str().unwrap());
        let (here, server) = served_at(here, "https");
        tells(&here, "discovery", "good", "answers with this issuer");
        let days = if days_left == 1 { "1 day" } else { &format!("{days_left} days") };
        tells(&here, "certificate", state, &format!("it counts for another {days} →"));
        drop(server);
    }
}

/// The next connection, once its request was read.
fn asked(listener: &TcpListener) -> TcpStream {
    let (stream, _) = listener.accept().unwrap();
    let mut head = BufReader::new(stream.try_clone().unwrap()).lines();
    while !head.next().unwrap().unwrap().is_empty() {}
    stream
}

#[test]
fn a_clock_that_is_off_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let body = json!({ "issuer": url }).to_string();
    let here = Installation::new().with("TESSERA_PUBLIC_URL", &url);
    // A provider whose clock stands still.
    let standing = std::thread::spawn(move || {
        for _ in 0..2 {
            let mut stream = asked(&listener);
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nDate: Sun, 01 Nov 2026 00:00:00 GMT\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
        }
    });
    tells(&here, "clock", "look", " s behind this machine's → have both follow the same NTP");
    tells(&here, "discovery", "good", "answers with this issuer");
    standing.join().unwrap();
}

#[test]
fn an_answer_without_an_end_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let here = Installation::new().with("TESSERA_PUBLIC_URL", &url);
    let endless = std::thread::spawn(move || {
        let mut stream = asked(&listener);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        // Until nobody reads it any more.
        while stream.write_all(&[b' '; 65_536]).is_ok() {}
    });
    tells(&here, "discovery", "wrong", "the answer is too long");
    endless.join().unwrap();
}

#[test]
fn what_others_can_read_on_the_way_is_told() {
    let here = Installation::new().with("TESSERA_LISTEN", "0.0.0.0:0");
    tells(&here, "listener", "look", "passwords can be read on the way");
    let here = here.with("TESSERA_TRUSTED_PROXIES", "10.0.0.0/8");
    tells(&here, "listener", "good", "behind trusted_proxies");
    let dev = Installation::new()
        .with("TESSERA_DEV", "true")
        .with("TESSERA_PUBLIC_URL", "http://id.example.com");
    tells(&dev, "public_url", "look", "mails can be read by everybody");
}

#[test]
fn the_seal_key_must_be_there_and_be_the_right_one() {
    let here = installation();
    let key = here.path("data/seal.key");
    let right = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    tells(&here, "seal key", "wrong", "seal.key is missing");
    assert!(!key.exists(), "none is made");
    fs::write(&key, &right).unwrap();
    chmod(&key, "644");
    tells(&here, "seal key", "wrong", "may be read by others");
    chmod(&key, "600");
    tells(&here, "seal key", "good", "opens what is sealed");
    let here = here.with("TESSERA_SEAL_KEY", SEAL_KEY);
    tells(&here, "seal key", "wrong", "another seal key");
}

fn chmod(path: &Path, mode: &str) {
    assert!(std::process::Command::new("chmod").arg(mode).arg(path).status().unwrap().success());
}

#[test]
fn a_database_out_of_reach_is_told_without_its_password() {
    let here = Installation::new()
        .with("TESSERA_SEAL_KEY", SEAL_KEY)
        .with("TESSERA_DATABASE_URL", "postgres://tessera:hunter2@127.0.0.1:1/tessera")
        .with("TESSERA_REDIS_URL", "redis://:hunter2@127.0.0.1:1")
        .with("TESSERA_MAIL__URL", "smtp://tessera:hunter2@127.0.0.1:1")
        .with("TESSERA_MAIL__FROM", "id@example.com");
    tells(&here, "database", "wrong", "see database_url");
    tells(&here, "redis", "wrong", "it does not answer");
    tells(&here, "mail", "wrong", "cannot be reached");
}

#[test]
fn services_are_asked() {
    let (Ok(postgres), Ok(redis)) =
        (std::env::var("TESSERA_TEST_POSTGRES"), std::env::var("TESSERA_TEST_REDIS"))
    else {
        return;
    };
    drop(postgres);
    let Some(url) = crate::flows::fresh_database() else { return };
    let here = Installation::new()
        .with("TESSERA_SEAL_KEY", SEAL_KEY)
        .with("TESSERA_DATABASE_URL", &url)
        .with("TESSERA_REDIS_URL", &redis);
    tells(&here, "database", "wrong", "run tessera migrate");
    here.run(&["migrate"]).succeeded();
    tells(&here, "database", "good", "PostgreSQL ");
    tells(&here, "database clock", "good", "as that of the database");
    tells(&here, "redis", "good", "forgets nothing by itself");
}

#[test]
fn people_and_apps_at_risk_are_named() {
    let here = installation();
    let args = ["user", "create", "--username", "root", "--email", "root@example.com", "--admin"];
    let args = [&args[..], &["--password-stdin"]].concat();
    here.run_with_input(&args, "correct horse battery staple\n").succeeded();
    tells(&here, "administrators", "look", "a password alone opens everything: root");
    here.run(&["user", "disable", "root"]).succeeded();
    tells(&here, "administrators", "look", "there is none");

    let metadata = json!({ "client_id": "old", "redirect_uris": ["https://old.example/cb"] });
    let file = here.file("client.json", &metadata.to_string());
    here.run(&["client", "create", "--file", &file]).succeeded();
    tells(&here, "apps", "look", "old (no PKCE)");
    let metadata = json!({ "redirect_uris": ["https://old.example/cb"], "require_pkce": true });
    let file = here.file("client.json", &metadata.to_string());
    here.run(&["client", "update", "old", "--file", &file]).succeeded();
    tells(&here, "apps", "good", "1, none with a risky setting");

    tells(&here, "backup", "look", "there was never one");
    backup(&here, "kept.db");
    tells(&here, "backup", "good", "0 days old");
}
