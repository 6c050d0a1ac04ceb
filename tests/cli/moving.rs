//! `tessera migrate --to`: from the embedded database to PostgreSQL.

use serde_json::Value;

use super::Installation;
use super::keeping::{installation, person};
use super::serve::Running;
use crate::flows::fresh_database;

#[test]
fn an_embedded_installation_moves_to_postgresql() {
    let (Some(url), Some(other)) = (fresh_database(), fresh_database()) else { return };
    let here = installation();
    let metadata = serde_json::json!({ "redirect_uris": ["https://app.example.com/cb"] });
    let file = here.file("client.json", &metadata.to_string());
    here.run(&["client", "create", "--file", &file]).succeeded();

    // Not while somebody works on it.
    let mut server = Running::start(&here, &["serve"]);
    assert!(server.line().starts_with("serving "));
    here.run(&["migrate", "--to", &url]).failed("the database is in use: stop the server first");
    assert_eq!(server.stop().0, Some(0));

    let said = here.run(&["migrate", "--to", &url]).succeeded().out;
    let line = said.lines().find(|line| line.starts_with("users: ")).unwrap_or(&said);
    let (sent, arrived) = line["users: ".len()..].split_once(" here, ").unwrap();
    assert_eq!((sent, Some(sent)), (sent, arrived.strip_suffix(" there")), "{line}");
    assert!(sent.starts_with("1 rows "), "{line}");
    let last = said.lines().last().unwrap();
    assert!(last.contains("set seal_key to what ./data/seal.key holds"), "{last}");

    // The same people, apps, keys and trail, with the seal key of before.
    let key = std::fs::read_to_string(here.path("data/seal.key")).unwrap();
    let there = Installation::new()
        .with("TESSERA_LISTEN", "127.0.0.1:0")
        .with("TESSERA_SEAL_KEY", key.trim())
        .with("TESSERA_DATABASE_URL", &url);
    for command in [["user", "list"], ["client", "list"], ["key", "list"]] {
        let args = [&command[..], &["--json"]].concat();
        let (old, new): (Value, Value) =
            (here.run(&args).succeeded().json(), there.run(&args).succeeded().json());
        assert_eq!(old, new, "{command:?}");
        assert!(!new.as_array().unwrap().is_empty(), "{command:?}");
    }
    let mut server = Running::start(&there, &["serve"]);
    assert!(server.line().starts_with("serving "));
    person(&there, "bob");
    assert_eq!(server.stop().0, Some(0));
    there.run(&["audit", "verify"]).succeeded();

    // Nothing is overwritten, and only an embedded database moves.
    here.run(&["migrate", "--to", &url]).failed("holds something already");
    there.run(&["migrate", "--to", &other]).failed("only an embedded database moves");
    here.run(&["migrate", "--to", "sqlite:x"]).failed("--to takes an address");
    let listed = there.run(&["user", "list", "--json"]).succeeded().json();
    assert_eq!(listed.as_array().unwrap().len(), 2);
}

#[test]
fn there_must_be_something_to_move() {
    let here = Installation::new();
    let url = "postgres://nobody@127.0.0.1:1/nothing";
    here.run(&["migrate", "--to", url]).failed("is not there: there is nothing to move");
    assert!(!here.path("data").exists());
    here.run(&["migrate", "--to", url, "--dry-run"]).misused("cannot be used with");
}
