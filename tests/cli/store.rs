use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::Installation;

#[test]
fn the_database_is_brought_up_to_date_once() {
    let here = Installation::new();
    let dry = here.run(&["migrate", "--dry-run", "--json"]).succeeded().json();
    assert!(!dry["pending"].as_array().unwrap().is_empty(), "{dry}");
    assert!(!here.path("data").exists(), "a dry run makes nothing");
    let applied = here.run(&["migrate", "--json"]).succeeded().json();
    assert_eq!(applied["applied"], dry["pending"]);
    assert_eq!(here.run(&["migrate"]).succeeded().out, "the database is up to date\n");
    let dry = here.run(&["migrate", "--dry-run", "--json"]).succeeded().json();
    assert_eq!(dry, json!({ "pending": [] }));
}

#[test]
fn the_data_folder_is_its_owners_alone() {
    let here = Installation::new().with("TESSERA_DATA_DIR", "./here/deeper");
    assert_eq!(here.run(&["key", "list"]).succeeded().out, "no keys: the first start makes them\n");
    let folder = here.path("here/deeper");
    assert_eq!(std::fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(here.run(&["key", "list", "--json"]).succeeded().json(), json!([]));
}

#[test]
fn a_data_folder_that_cannot_be_is_explained() {
    let here = Installation::new().with("TESSERA_DATA_DIR", "./file/data");
    here.file("file", "");
    here.run(&["user", "list"]).failed("cannot make the data folder ./file/data");
}

#[test]
fn wrong_usage_is_told_apart() {
    let here = Installation::new();
    here.run(&["user", "lits"]).misused("list");
    here.run(&["nonsense"]).misused("unrecognized subcommand");
    here.run(&["client", "create"]).misused("--file");
    let help = here.run(&["user", "create", "--help"]);
    assert_eq!(help.code, 0);
    assert!(help.out.contains("Example: tessera user create"), "{}", help.out);
}
