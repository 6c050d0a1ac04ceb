use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::Installation;
use super::serve::Running;

/// An installation with the keys that one client asked for: RS256.
fn with_a_client() -> Installation {
    let here = Installation::new();
    let metadata = json!({ "redirect_uris": ["https://app.example.com/cb"] }).to_string();
    let file = here.file("client.json", &metadata);
    here.run(&["client", "create", "--file", &file]).succeeded();
    here
}

fn list(here: &Installation) -> Vec<Value> {
    let keys = here.run(&["key", "list", "--json"]).succeeded().json();
    keys.as_array().unwrap().clone()
}

/// The names of the keys in this state.
fn named(keys: &[Value], state: &str) -> Vec<String> {
    let found = keys.iter().filter(|key| key["state"] == state);
    found.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_installation_that_never_started_has_no_keys() {
    let here = Installation::new();
    assert_eq!(here.run(&["key", "list"]).succeeded().out, "no keys: the first start makes them\n");
    for args in [vec![], vec!["--now"], vec!["--drop", "x"]] {
        here.run(&[vec!["key", "rotate"], args].concat()).failed("the first start makes them");
    }
    assert!(!here.path("data/seal.key").exists());
}

#[test]
fn the_next_key_is_published_a_day_before_it_signs() {
    let here = with_a_client();
    let before = list(&here);
    let said = here.run(&["key", "rotate"]).succeeded().out;
    assert!(said.starts_with("the next keys are published and sign from 2"), "{said}");
    let keys = list(&here);
    assert_eq!((keys.len(), named(&keys, "active")), (2, named(&before, "active")));
    let next = keys.iter().find(|key| key["state"] == "published").unwrap();
    let ahead = next["active_from"].as_i64().unwrap() - next["created_at"].as_i64().unwrap();
    assert!((25 * 3600..26 * 3600).contains(&ahead), "{next}");
    // Once is enough.
    assert_eq!(here.run(&["key", "rotate", "--json"]).succeeded().json(), json!(keys));
}

#[test]
fn a_running_server_signs_with_the_next_key_at_once() {
    let here = Installation::new().with("TESSERA_LISTEN", "127.0.0.1:0");
    let mut server = Running::start(&here, &["serve"]);
    let line = server.line();
    let address = line.rsplit(' ').next().unwrap();
    let before = list(&here);
    let said = here.run(&["key", "rotate", "--now"]).succeeded().out;
    assert_eq!(said, "other keys sign from now on, and the old ones stay published\n");
    let after = list(&here);
    assert_eq!(after.len(), 6);
    assert_eq!(named(&after, "retired"), named(&before, "active"));
    for key in after.iter().filter(|key| key["state"] == "retired") {
        assert!(key["retired_at"].is_i64(), "{key}");
    }
    await_published(&here, address);

    // One of them becomes known to others.
    let stolen = named(&after, "active")[0].clone();
    let ended = here.run(&["key", "rotate", "--drop", &stolen]);
    assert_eq!((ended.code, ended.out.as_str()), (0, format!("{stolen} is removed\n").as_str()));
    assert!(ended.err.starts_with("warning: whatever ") && ended.err.contains(&stolen));
    assert_eq!(ended.err.lines().count(), 1, "{ended:?}");
    let left = list(&here);
    assert!(left.iter().all(|key| key["kid"] != stolen.as_str()));
    assert_eq!(named(&left, "active").len(), 3);
    await_published(&here, address);
    here.run(&["key", "rotate", "--drop", &stolen]).failed("no signing key is called");
    // One in 64 names of keys begins like an option.
    here.run(&["key", "rotate", "--drop", "-x"]).failed("no signing key is called");
    assert_eq!(server.stop().0, Some(0));
}

/// Asks until the server publishes what the command lists. The command paces the questions: the
/// server writes a line for each, and nobody reads them before it stops.
fn await_published(here: &Installation, address: &str) {
    for _ in 0..100 {
        let listed = list(here);
        let listed: BTreeSet<&str> = listed.iter().filter_map(|key| key["kid"].as_str()).collect();
        let mut stream = TcpStream::connect(address).unwrap();
        let request = b"GET /jwks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let set: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        let published = set["keys"].as_array().unwrap().iter();
        if published.filter_map(|key| key["kid"].as_str()).collect::<BTreeSet<_>>() == listed {
            return;
        }
    }
    panic!("the server does not follow");
}

#[test]
fn a_key_that_does_not_sign_yet_is_dropped_without_ado() {
    let here = with_a_client();
    here.run(&["key", "rotate"]).succeeded();
    let keys = list(&here);
    let next = named(&keys, "published")[0].clone();
    let ended = here.run(&["key", "rotate", "--drop", &next, "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(named(&list(&here), "active"), named(&keys, "active"));
    assert_eq!(list(&here).len(), 1);
}
