use std::os::unix::fs::PermissionsExt as _;

use super::Installation;
use super::serve::Running;

const SAID: &str = "Finish setup: ";

fn token(line: &str) -> &str {
    let link = line.strip_prefix(SAID).unwrap_or_else(|| panic!("{line}"));
    link.strip_prefix("http://localhost:8080/setup/").unwrap_or_else(|| panic!("{line}"))
}

#[test]
fn r64_the_first_start_prints_a_link_and_the_command_a_fresh_one() {
    let here = Installation::new().with("TESSERA_LISTEN", "127.0.0.1:0");
    let mut server = Running::start(&here, &["serve"]);
    server.line();
    let line = server.line();
    // 256 random bits.
    assert_eq!(token(&line).len(), 43, "{line}");
    let file = here.path("data/setup-link");
    let kept = || std::fs::read_to_string(&file).unwrap();
    assert_eq!(format!("{SAID}{}", kept().trim_end()), line);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    let fresh = here.run(&["setup-link"]).succeeded().out;
    assert_ne!(token(fresh.trim_end()), token(&line));
    assert_eq!(format!("{SAID}{}", kept()), fresh);
    let told = here.run(&["setup-link", "--json"]).succeeded().json();
    assert_eq!(told["setup_link"], kept().trim_end());
    assert_eq!(told["counts_for_seconds"], 3600);

    let (_, logs) = server.stop();
    for link in [&line, fresh.trim_end()] {
        assert!(!logs.contains(token(link)), "r122: {logs}");
    }
}

#[test]
fn r64_there_is_no_link_once_there_is_an_administrator() {
    let here = Installation::new().with("TESSERA_LISTEN", "127.0.0.1:0");
    here.run(&["setup-link"]).succeeded();
    let person = ["--username", "ada", "--email", "ada@example.com", "--password-stdin"];
    let words = [&["user", "create", "--admin"], &person[..]].concat();
    here.run_with_input(&words, "difference engine no. 2").succeeded();
    here.run(&["setup-link"]).failed("there is an administrator already");
    assert!(!here.path("data/setup-link").exists(), "a link that opens nothing does not stay");
}
