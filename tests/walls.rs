//! The walls of the house: who may import whom, how large a file may grow, and that the printed
//! pages are those that the code prints.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the ground up. A room may use those in its list and no other.
const ROOMS: [(&str, &[&str]); 12] = [
    ("base", &[]),
    ("protocol", &["base"]),
    ("domain", &["base", "protocol"]),
    ("rules", &["base", "protocol", "domain"]),
    ("jose", &["base", "protocol", "domain"]),
    ("credentials", &["base", "domain"]),
    ("store", &["base", "protocol", "domain"]),
    ("pages", &["base", "protocol"]),
    ("notify", &["base", "protocol", "domain", "store", "jose", "pages"]),
    (
        "app",
        &["base", "protocol", "domain", "rules", "jose", "credentials", "store", "pages", "notify"],
    ),
    ("web", &["app", "pages", "protocol", "base"]),
    // The sample apps stand outside: they know the provider by its public URL alone.
    ("demo", &["base"]),
];

/// Crates that only some rooms may know, because everything else is decided without them.
const CRATES: [(&str, &[&str]); 14] = [
    ("actix_web", &["web", "demo", "cli"]),
    ("diesel", &["store"]),
    ("diesel_async", &["store"]),
    ("redis", &["store"]),
    // The sample API verifies tokens with it, as an API outside would.
    ("jsonwebtoken", &["jose", "demo"]),
    ("askama", &["pages", "demo"]),
    ("argon2", &["credentials"]),
    ("openidconnect", &["demo"]),
    // One client calls out (R97). The demo's apps and the probe of our own port are no part of it.
    ("reqwest", &["notify", "demo", "cli"]),
    ("image", &["notify"]),
    ("webauthn_rs", &["credentials"]),
    ("lettre", &["notify"]),
    ("x509_parser", &["cli"]),
    ("prometheus_client", &["store", "credentials", "app"]),
];

/// `rules` and what lies below it stay free of time, waiting and randomness.
const PURE: [&str; 3] = ["protocol", "domain", "rules"];
const IMPURE: [&str; 7] =
    ["tokio::", "std::fs", "std::net", "std::env", "SystemTime", "Instant::now", "SystemEntropy"];

const LONGEST_FILE: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the repository").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The code of a file: without comments, and without its unit tests and what only they use, which
/// may use more.
fn code(path: &Path) -> String {
    let is_tests =
        |part: &std::ffi::OsStr| part == "tests" || part == "tests.rs" || part == "testing.rs";
    let inside = path.strip_prefix(root().join("src")).unwrap_or(path);
    if inside.iter().any(is_tests) {
        return String::new();
    }
    let text = fs::read_to_string(path).expect("a source file");
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The rooms that a file names: `crate::room::…` and `use crate::{room::…, …}`.
fn rooms_named(code: &str) -> BTreeSet<String> {
    let name = |rest: &str| {
        let is_part = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
        rest.trim_start().chars().take_while(is_part).collect::<String>()
    };
    let mut named = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => drop(named.insert(name(rest))),
            Some(group) => {
                let (mut depth, mut start) = (1, 0);
                for (index, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 1 => {
                            named.insert(name(&group[start..index]));
                            start = index + 1;
                        }
                        _ => {}
                    }
                    if depth == 0 {
                        named.insert(name(&group[start..index]));
                        break;
                    }
                }
            }
        }
    }
    named
}

#[test]
fn rooms_use_only_rooms_below_them() {
    let known: BTreeSet<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    let mut broken = Vec::new();
    for (room, allowed) in ROOMS {
        for file in files(&root().join("src").join(room), "rs") {
            for named in rooms_named(&code(&file)) {
                let is_foreign =
                    known.contains(named.as_str()) || named == "cli" || named == "config";
                if is_foreign && named != room && !allowed.contains(&named.as_str()) {
                    broken.push(format!("{} uses {named}", file.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut broken = Vec::new();
    for (name, rooms) in CRATES {
        for file in files(&root().join("src"), "rs") {
            let inside = file.strip_prefix(root().join("src")).expect("below src");
            let room = inside.iter().next().and_then(|part| part.to_str()).unwrap_or_default();
            let uses = code(&file).contains(&format!("{name}::"));
            if uses && !rooms.contains(&room) {
                broken.push(format!("{} uses {name}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_core_is_pure() {
    let mut broken = Vec::new();
    for room in PURE {
        for file in files(&root().join("src").join(room), "rs") {
            let code = code(&file);
            let found = IMPURE.iter().filter(|impure| code.contains(**impure));
            broken.extend(found.map(|impure| format!("{} uses {impure}", file.display())));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn r125_nothing_bypasses_the_audit_trail() {
    let own = root().join("src/app/audit.rs");
    let files = files(&root().join("src"), "rs").into_iter().filter(|file| *file != own);
    let bypassing: Vec<PathBuf> = files
        .filter(|file| {
            fs::read_to_string(file).expect("a source file").contains("\"tessera::audit\"")
        })
        .collect();
    assert!(bypassing.is_empty(), "log lines that no row stands behind: {bypassing:?}");
}

#[test]
fn files_stay_readable() {
    let long = ["src", "tests"].into_iter().flat_map(|folder| files(&root().join(folder), "rs"));
    let long: Vec<String> = long
        .filter_map(|file| {
            let lines = fs::read_to_string(&file).expect("a source file").lines().count();
            (lines > LONGEST_FILE).then(|| format!("{}: {lines} lines", file.display()))
        })
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn names_say_what_things_are() {
    let vague = ["util", "utils", "helper", "helpers", "manager", "misc", "common"];
    for file in files(&root().join("src"), "rs") {
        let parts = file.strip_prefix(root()).expect("below the root").iter();
        for part in parts.filter_map(|part| part.to_str()) {
            let stem = part.trim_end_matches(".rs");
            assert!(!vague.contains(&stem), "{}", file.display());
        }
    }
}

/// `docs/checks.md` is printed from the table. To print it again: `TESSERA_PRINT=1 cargo test walls`.
#[test]
fn the_page_of_checks_is_current() {
    use tessera::rules::authorize::CHECKS;
    let mut page = String::from(
        "# The checks of an authorization request\n\n\
         Printed from the table in `src/rules/authorize/mod.rs` by `tests/walls.rs`. The order is law: \
         an earlier refusal hides a later one. Before the first of them the client and its redirect URI \
         are matched (`src/rules/authorize/trusted_return.rs`); until that is done, nothing goes to the \
         app.\n\n| # | check | section | endpoints |\n|---|---|---|---|\n",
    );
    for (number, check) in CHECKS.iter().enumerate() {
        let endpoints: Vec<&str> = check.endpoints.iter().map(|endpoint| endpoint.path()).collect();
        let line = format!(
            "| {} | {} | {} | `{}` |\n",
            number + 1,
            check.name,
            check.section,
            endpoints.join("`, `")
        );
        page.push_str(&line);
    }
    let path = root().join("docs/checks.md");
    if std::env::var_os("TESSERA_PRINT").is_some() {
        fs::write(&path, &page).expect("the page is written");
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(stored, page, "docs/checks.md is stale: TESSERA_PRINT=1 cargo test walls prints it");
}

/// Every file and function that "How a sign-in travels" names exists.
#[test]
fn the_travel_page_names_real_places() {
    let page = fs::read_to_string(root().join("docs/how-a-sign-in-travels.md")).expect("the page");
    let quoted: Vec<&str> = page.split('`').skip(1).step_by(2).collect();
    let is_place = |text: &&&str| {
        text.starts_with("src/")
            || text.starts_with("templates/")
            || text.starts_with("migrations/")
    };
    let places: Vec<&&str> = quoted.iter().filter(is_place).collect();
    assert!(places.len() >= 20, "the page names only {} places", places.len());
    for place in places {
        let (file, function) = place.split_once("::").unwrap_or((place, ""));
        let path = root().join(file);
        assert!(path.exists(), "{file} does not exist");
        if !function.is_empty() {
            let text = fs::read_to_string(&path).expect("a source file");
            let is_there = ["fn ", "struct ", "enum ", "const ", "trait "]
                .iter()
                .any(|kind| text.contains(&format!("{kind}{function}")));
            assert!(is_there, "{file} has no {function}");
        }
    }
}

/// Each of the 45 lines of `docs/interop.md` names tests that exist, or says that it comes later.
#[test]
fn every_line_of_the_interop_page_has_its_tests() {
    let page = fs::read_to_string(root().join("docs/interop.md")).expect("the page");
    let sources: Vec<String> = ["tests", "src"]
        .into_iter()
        .flat_map(|folder| files(&root().join(folder), "rs"))
        .map(|file| fs::read_to_string(file).expect("a source file"))
        .collect();
    let modules = fs::read_to_string(root().join("tests/conformance/mod.rs")).expect("the table");
    let exists = |test: &str| {
        if test.contains('/') {
            return root().join(test).exists();
        }
        let function = format!("fn {test}(");
        let is_module = test.starts_with("oidcc_") && modules.contains(&format!(" {test},\n"));
        is_module || sources.iter().any(|source| source.contains(&function))
    };
    let mut wanted = 1;
    for line in page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [number, _, tests] = cells.as_slice() else { panic!("{line}") };
        assert_eq!(*number, wanted.to_string());
        wanted += 1;
        let tests: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty() || line.ends_with("| a later issue |"), "{line}");
        for test in tests {
            assert!(exists(test), "line {number}: there is no {test}");
        }
    }
    assert_eq!(wanted, 46, "every line is there");
}

/// RFC 6749 §4.1.2.1 and §5.2 leave out quotes, backslashes, control characters and all that is
/// not ASCII. Descriptions are sentences of ours, so the sources show every one of them.
#[test]
fn what_developers_are_told_keeps_to_the_allowed_characters() {
    let mut found = 0;
    for file in files(&root().join("src"), "rs") {
        let code = code(&file);
        let calls = ["OAuthError::new(", "OAuthError::about("].map(|call| code.split(call).skip(1));
        for arguments in calls.into_iter().flatten() {
            let end = arguments.find(')').unwrap_or(arguments.len());
            for text in arguments[..end].split('"').skip(1).step_by(2) {
                let is_allowed = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E);
                assert!(text.bytes().all(is_allowed), "{}: {text:?}", file.display());
                found += 1;
            }
        }
    }
    assert!(found >= 40, "only {found} descriptions were found");
}
