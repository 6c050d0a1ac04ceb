use serde_json::{Value, json};

use super::Installation;

/// Of "U*U", from the vectors of crypt_blowfish.
const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

fn line(name: &str, more: Value) -> String {
    let mut all = json!({ "username": name, "email": format!("{name}@example.com") });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    format!("{all}\n")
}

fn shown(here: &Installation, name: &str) -> Value {
    here.run(&["user", "show", name, "--json"]).succeeded().json()
}

#[test]
fn r55_accounts_come_over_with_their_hashes() {
    let here = Installation::new();
    let more = json!({
        "password_hash": BCRYPT, "name": "Ada Lovelace", "email_verified": true,
        "groups": ["staff"], "claims": { "locale": "en-GB" }, "admin": true,
    });
    let text = format!("{}\n{}", line("ada", more), line("bob", json!({ "disabled": true })));
    let file = here.file("people.jsonl", &text);

    let dry = here.run(&["user", "import", &file, "--dry-run"]).succeeded();
    assert!(
        dry.out.starts_with("ada  ada@example.com  Ada Lovelace  admin  staff\nbob "),
        "{dry:?}"
    );
    assert!(dry.out.ends_with("\n2 users would be imported\n"), "{dry:?}");
    let dry = here.run(&["user", "import", &file, "--dry-run", "--json"]).succeeded().json();
    assert_eq!((&dry["dry_run"], &dry["users"][0]["has_password"]), (&json!(true), &json!(true)));
    assert_eq!(here.run(&["user", "list"]).succeeded().out, "no users\n", "nothing has changed");

    let done = here.run(&["user", "import", &file]).succeeded();
    assert_eq!(done.out, "2 users imported\n");
    let ada = shown(&here, "ada");
    assert_eq!(ada["claims"], json!({ "name": "Ada Lovelace", "locale": "en-GB" }));
    assert_eq!((&ada["has_password"], &ada["email_verified"]), (&json!(true), &json!(true)));
    assert_eq!((&ada["groups"], &ada["admin"]), (&json!(["staff"]), &json!(true)));
    let bob = shown(&here, "bob");
    assert_eq!((&bob["has_password"], &bob["disabled"]), (&json!(false), &json!(true)));
    let trail = here.run(&["audit", "tail", "--json"]).succeeded().out;
    assert_eq!(trail.matches("user_created").count(), 2, "{trail}");
    assert!(!trail.contains(BCRYPT));
}

#[test]
fn r62_every_wrong_line_is_named_and_nothing_is_imported() {
    let here = Installation::new();
    let create = ["user", "create", "--username", "eve", "--email", "eve@example.com"];
    let create = [&create[..], &["--password-stdin"]].concat();
    here.run_with_input(&create, "correct horse battery staple").succeeded();
    let text = [
        line("ada", json!({})),
        "not json\n".to_owned(),
        line("b b", json!({ "claims": { "birthdate": "yesterday" } })),
        line("ADA", json!({})),
        line("carl", json!({ "password_hash": "$2b$20$secret" })),
        line("dora", json!({ "password": "in the clear" })),
        line("EVE", json!({})),
        line("two", json!({ "email": "a@b@example.com" })),
        line("three", json!({ "email": "x\u{202e}@example.com" })),
        line("four", json!({ "admin": BCRYPT })),
        line("five", json!({ "password_hash": BCRYPT.replace("$05$", "$31$") })),
    ];
    let file = here.file("people.jsonl", &text.concat());
    for args in [&["user", "import", &file][..], &["user", "import", &file, "--dry-run"]] {
        let ended = here.run(args).failed("people.jsonl: line 2: it is no account in JSON");
        for reason in [
            "line 3: birthdate: ",
            "username: holds a character",
            "line 4: line 1 has the same username",
            "line 4: line 1 has the same email address",
            "line 5: the password hash is malformed",
            "line 6: unknown field `password`",
            "line 7: the username is taken",
            "line 7: the email address is taken",
            "line 8: email: ",
            "line 9: email: ",
            "line 10: it is no account in JSON",
            "line 11: the password hash costs too much",
        ] {
            assert!(ended.err.contains(reason), "{reason:?} not in {ended:?}");
        }
        assert!(!ended.err.contains("secret") && !ended.err.contains(BCRYPT), "{ended:?}");
    }
    assert_eq!(here.run(&["user", "list"]).succeeded().out.lines().count(), 1);
    let many: String = (0..50).map(|_| "x\n").collect();
    here.run(&["user", "import", &here.file("many.jsonl", &many)]).failed("; and 30 more");
    here.run(&["user", "import", "missing.jsonl"]).failed("missing.jsonl: No such file");
    let nothing = here.run(&["user", "import", &here.file("none.jsonl", "\n")]).succeeded();
    assert_eq!(nothing.out, "0 users imported\n");
}

#[test]
fn one_account_is_made_with_a_hash() {
    let here = Installation::new();
    let create = ["user", "create", "--username", "ada", "--email", "ada@example.com"];
    let with = [&create[..], &["--password-hash-stdin", "--group", "staff"]].concat();
    let refused = here.run_with_input(&with, "correct horse battery staple\n");
    let refused = refused.failed("the password hash is not of a known kind");
    assert!(!refused.err.contains("horse"));
    let made = here.run_with_input(&with, &format!("{BCRYPT}\n")).succeeded();
    assert_eq!(made.out, "user ada created\n");
    assert_eq!(shown(&here, "ada")["has_password"], true);
    assert_eq!(shown(&here, "ada")["groups"], json!(["staff"]));
    let both = [&with[..], &["--password-stdin"]].concat();
    here.run(&both).misused("cannot be used with");
}
