use tessera::config::{KEYS, Settings, markdown_table};

use super::Installation;

const PAGE: &str = include_str!("../../docs/configuration.md");

#[test]
fn the_printed_table_is_the_one_in_the_code() {
    let table = markdown_table();
    assert!(PAGE.contains(&table), "docs/configuration.md is stale; it must hold:\n{table}");
}

#[test]
fn the_example_in_the_documentation_loads() {
    let example = PAGE.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let here = Installation::new();
    let path = here.file("tessera.toml", example);
    Settings::read(Some(path.as_ref()), []).unwrap();
}

/// What we give to container runtimes sets keys that exist.
#[test]
fn the_files_for_containers_set_known_keys() {
    let files = [
        include_str!("../../Dockerfile"),
        include_str!("../../docker-compose.yml"),
        include_str!("../../compose.replicas.yml"),
        include_str!("../../deploy/kubernetes.yaml"),
    ];
    let known: Vec<String> = KEYS.iter().map(tessera::config::Key::variable).collect();
    for text in files {
        let is_part = |c: char| c.is_ascii_uppercase() || c == '_';
        let names = text.split(|c| !is_part(c)).filter(|name| name.starts_with("TESSERA_"));
        let names: Vec<&str> = names.collect();
        assert!(!names.is_empty());
        for name in names {
            assert!(known.iter().any(|key| key == name), "{name} is no key");
        }
    }
}

#[test]
fn every_mistake_is_told_at_once_and_nothing_begins() {
    let here = Installation::new().with("TESSERA_LISEN", "127.0.0.1:1");
    let path = here.file("tessera.toml", "public_ulr = \"x\"\ndev = \"yes\"\n");
    let ended = here.run(&["healthcheck", "--config", &path]);
    let ended = ended.misused("TESSERA_LISEN: unknown key, the nearest is TESSERA_LISTEN");
    let ended = ended.misused("tessera.toml:1: public_ulr: unknown key, the nearest is public_url");
    let ended = ended.misused("tessera.toml:2: dev: must be true or false");
    assert_eq!(ended.err.lines().count(), 3, "{ended:?}");
}

#[test]
fn no_mistake_repeats_a_secret() {
    for key in ["TESSERA_DATABASE_URL", "TESSERA_SEAL_KEY", "TESSERA_REDIS_URL"] {
        let ended = Installation::new().with(key, "hush hush").run(&["healthcheck"]).misused(key);
        assert!(!ended.err.contains("hush"), "{ended:?}");
    }
}

#[test]
fn the_named_file_must_be_there() {
    let here = Installation::new();
    here.run(&["healthcheck", "--config", "none.toml"]).misused("cannot read the configuration");
    let here = here.with("TESSERA_CONFIG", "none.toml");
    here.run(&["healthcheck"]).misused("cannot read the configuration");
}

#[test]
fn no_file_is_read_that_nobody_named() {
    let here = Installation::new().with("TESSERA_LISTEN", "127.0.0.1:1");
    here.file("tessera.toml", "nonsense");
    here.run(&["healthcheck"]).failed("no answer");
}

#[test]
fn keys_have_a_default_or_may_be_absent() {
    let set = KEYS.iter().filter_map(|key| Some((key.variable().into(), key.default?.into())));
    let (set, unset) = (Settings::read(None, set).unwrap(), Settings::read(None, []).unwrap());
    assert_eq!(format!("{set:?}"), format!("{unset:?}"));
}
