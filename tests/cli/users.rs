use serde_json::{Value, json};

use super::{Ended, Installation};

const PASSWORD: &str = "correct horse battery staple";

fn create(here: &Installation, name: &str, more: &[&str]) -> Ended {
    let email = format!("{name}@example.com");
    let args = ["user", "create", "--username", name, "--email", &email, "--password-stdin"];
    here.run_with_input(&[&args[..], more].concat(), &format!("{PASSWORD}\n"))
}

fn shown(here: &Installation, name: &str) -> Value {
    here.run(&["user", "show", name, "--json"]).succeeded().json()
}

#[test]
fn an_account_is_made_shown_and_listed() {
    let here = Installation::new();
    let claims = here.file("claims.json", r#"{"address": {"country": "UK"}, "nickname": "Ada"}"#);
    let more = ["--name", "Ada Lovelace", "--email-verified", "--admin", "--group", "staff"];
    let more = [&more[..], &["--group", "engineers", "--claims", &claims]].concat();
    let ended = create(&here, "ada", &more).succeeded();
    assert_eq!(ended.out, "user ada created\n");

    let ada = shown(&here, "ada");
    assert_eq!(ada["email"], "ada@example.com");
    assert_eq!(ada["email_verified"], true);
    assert_eq!(ada["admin"], true);
    assert_eq!(ada["disabled"], false);
    assert_eq!(ada["groups"], json!(["engineers", "staff"]));
    let claims = json!({
        "name": "Ada Lovelace", "nickname": "Ada", "address": { "country": "UK" },
    });
    assert_eq!(ada["claims"], claims);
    assert_eq!(ada["sub"].as_str().map(str::len), Some(36));
    assert_eq!(shown(&here, "ADA@example.com"), ada);

    create(&here, "bob", &[]).succeeded();
    let listed = here.run(&["user", "list", "--json"]).succeeded().json();
    assert_eq!(listed[0], ada);
    assert_eq!(listed[1]["username"], "bob");
    let lines = here.run(&["user", "list"]).succeeded().out;
    assert_eq!(lines.lines().count(), 2, "{lines}");
    assert!(lines.starts_with("ada  ada@example.com  Ada Lovelace  admin  engineers,staff\n"));
}

#[test]
fn json_of_a_new_account_is_what_show_shows() {
    let here = Installation::new();
    let made = create(&here, "ada", &["--json"]).succeeded().json();
    assert_eq!(made, shown(&here, "ada"));
}

#[test]
fn names_are_kept_in_their_normal_form() {
    let here = Installation::new();
    let args = ["user", "create", "--username", "Ada", "--email", "Ada@Example.COM"];
    let args = [&args[..], &["--password-stdin"]].concat();
    here.run_with_input(&args, PASSWORD).succeeded();
    assert_eq!(shown(&here, "ada")["email"], "ada@example.com");
}

#[test]
fn what_is_taken_is_refused() {
    let here = Installation::new();
    create(&here, "ada", &[]).succeeded();
    for (name, email, taken) in [
        ("Ada", "eve@example.com", "the username is taken"),
        ("eve", "ADA@example.com", "the email address is taken"),
    ] {
        let args = ["user", "create", "--username", name, "--email", email, "--password-stdin"];
        here.run_with_input(&args, PASSWORD).failed(taken);
    }
    assert_eq!(here.run(&["user", "list"]).succeeded().out.lines().count(), 1);
}

#[test]
fn everything_wrong_is_told_in_one_line() {
    let here = Installation::new();
    let claims = here.file("claims.json", r#"{"birthdate": "yesterday"}"#);
    let args = ["user", "create", "--username", "ada lovelace", "--email", "ada", "--group", "a b"];
    let args = [&args[..], &["--claims", &claims, "--password-stdin"]].concat();
    let ended = here.run_with_input(&args, PASSWORD);
    let ended = ended.failed("username: ").failed("email: ").failed("group: ");
    ended.failed("birthdate: ");
    let claims = here.file("claims.json", r#"{"sub": "me"}"#);
    create(&here, "ada", &["--claims", &claims]).failed("unknown field `sub`");
}

#[test]
fn r54_a_password_follows_the_rule() {
    let here = Installation::new();
    let args = ["user", "create", "--username", "ada", "--email", "ada@example.com"];
    let args = [&args[..], &["--password-stdin"]].concat();
    here.run_with_input(&args, "").failed("at least 15 characters");
    here.run_with_input(&args, "too short\n").failed("at least 15 characters");
    here.run_with_input(&args, "passwordpassword\n").failed("first that attackers try");
    let ended = here.run_with_input(&args, "ada@example.com-ada\n").failed("password");
    assert!(!ended.err.contains("ada@example.com-ada"), "{ended:?}");
    assert_eq!(here.run(&["user", "list"]).succeeded().out, "no users\n");
}

#[test]
fn a_password_cannot_be_given_on_the_command_line() {
    let here = Installation::new();
    let args = ["user", "create", "--username", "ada", "--email", "ada@example.com"];
    here.run(&args).misused("--password-stdin");
    here.run(&[&args[..], &["--password", PASSWORD]].concat()).misused("unexpected argument");
    here.run(&[&args[..], &["--password-stdin", PASSWORD]].concat()).misused("unexpected argument");
    here.run(&["user", "set-password", "ada", PASSWORD]).misused("unexpected argument");
}

#[test]
fn an_account_is_disabled_enabled_and_deleted() {
    let here = Installation::new();
    create(&here, "ada", &[]).succeeded();
    assert_eq!(here.run(&["user", "disable", "ada"]).succeeded().out, "user ada disabled\n");
    assert_eq!(shown(&here, "ada")["disabled"], true);
    here.run(&["user", "disable", "ada"]).succeeded();
    let enabled = here.run(&["user", "enable", "ada", "--json"]).succeeded().json();
    assert_eq!(enabled["disabled"], false);
    assert_eq!(shown(&here, "ada"), enabled);
    assert_eq!(here.run(&["user", "delete", "ada"]).succeeded().out, "user ada deleted\n");
    for args in [
        ["user", "show", "ada"],
        ["user", "disable", "ada"],
        ["user", "enable", "ada"],
        ["user", "delete", "ada"],
        ["user", "show", "not a name"],
    ] {
        here.run(&args).failed("there is no such user");
    }
}

#[test]
fn a_password_is_set() {
    let here = Installation::new();
    create(&here, "ada", &[]).succeeded();
    let args = ["user", "set-password", "ada", "--password-stdin"];
    let ended = here.run_with_input(&args, "another horse and battery\n").succeeded();
    assert_eq!(ended.out, "password of ada set\n");
    here.run_with_input(&args, "short\n").failed("at least 15 characters");
    let args = ["user", "set-password", "eve", "--password-stdin"];
    here.run_with_input(&args, PASSWORD).failed("there is no such user");
}

#[test]
fn groups_are_replaced() {
    let here = Installation::new();
    create(&here, "ada", &["--group", "old"]).succeeded();
    let ended = here.run(&["user", "groups", "ada", "--set", "staff,admins,staff"]).succeeded();
    assert_eq!(ended.out, "user ada is in admins, staff\n");
    assert_eq!(shown(&here, "ada")["groups"], json!(["admins", "staff"]));
    here.run(&["user", "groups", "ada", "--set", "no spaces"]).failed("group: ");
    let ended = here.run(&["user", "groups", "ada", "--set", ""]).succeeded();
    assert_eq!(ended.out, "user ada is in no group\n");
    assert_eq!(shown(&here, "ada")["groups"], json!([]));
}

#[test]
fn nothing_that_is_shown_holds_a_password_or_its_hash() {
    let here = Installation::new();
    create(&here, "ada", &[]).succeeded();
    for args in [["user", "list", "--json"], ["user", "show", "ada"]] {
        let out = here.run(&args).succeeded().out;
        assert!(!out.contains("argon2") && !out.contains(PASSWORD), "{out}");
    }
}

#[test]
fn a_link_for_a_new_password_is_printed_and_that_of_an_administrator_by_a_command_of_its_own() {
    let here = Installation::new();
    create(&here, "ada", &["--admin"]).succeeded();
    create(&here, "bob", &[]).succeeded();
    for args in [["user", "recovery-link", "bob"], ["admin", "recover", "ada"]] {
        let out = here.run(&args).succeeded().out;
        let token = out.trim_end().strip_prefix("http://localhost:8080/recover/link/");
        assert_eq!(token.map(str::len), Some(43), "{out}");
    }
    let shown = here.run(&["user", "recovery-link", "bob", "--json"]).succeeded().json();
    assert_eq!(shown["username"], "bob");
    let refused = here.run(&["admin", "recover", "bob"]);
    assert_eq!(refused.code, 1, "{}", refused.out);
    assert_eq!(here.run(&["user", "recovery-link", "nobody"]).code, 1);
}

#[test]
fn r72_somebody_is_invited_listed_and_uninvited() {
    let here = Installation::new();
    let args = ["user", "invite", "--email", "Eve@Example.com", "--name", "Eve Example"];
    let more = ["--username", "eve", "--group", "staff", "--admin"];
    let out = here.run(&[&args[..], &more].concat()).succeeded().out;
    let token = out.trim_end().strip_prefix("http://localhost:8080/invitation/");
    assert_eq!(token.map(str::len), Some(43), "{out}");
    let args = ["user", "invite", "--email", "bob@example.com", "--email-verified", "--json"];
    let bob = here.run(&args).succeeded().json();
    assert_eq!((&bob["username"], &bob["mailed"]), (&json!("bob@example.com"), &json!(false)));
    assert_eq!((&bob["email_verified"], &bob["name"]), (&json!(true), &Value::Null));
    let listed = here.run(&["user", "invitations", "--json"]).succeeded();
    assert!(!listed.out.contains(token.expect("a token")) && !listed.out.contains("link"));
    let eve = &listed.json()[1];
    assert_eq!((&eve["email"], &eve["admin"]), (&json!("eve@example.com"), &json!(true)));
    let lines = here.run(&["user", "invitations"]).succeeded().out;
    let starts = "eve@example.com  eve  Eve Example  admin  staff  until ";
    assert!(lines.lines().any(|line| line.starts_with(starts)), "{lines}");
    let args = ["user", "uninvite", "eve@example.com"];
    let said = here.run(&args).succeeded().out;
    assert_eq!(said, "the invitation of eve@example.com is withdrawn\n");
    here.run(&args).failed("there is no invitation for this address");
    create(&here, "ada", &[]).succeeded();
    let args = ["user", "invite", "--email", "ada@example.com"];
    here.run(&args).failed("the email address is taken");
    let args = ["user", "invite", "--email", "cyd@example.com", "--group", "a b"];
    here.run(&args).failed("group: ");
}

#[test]
fn an_invitation_is_mailed_where_mails_are_sent() {
    let here = Installation::new().with("TESSERA_DEV", "true");
    let args = ["user", "invite", "--email", "eve@example.com"];
    let out = here.run(&args).succeeded().out;
    assert!(out.lines().count() == 2 && out.contains("A mail is on its way"), "{out}");
    let queued = here.run(&["outbox", "list"]).succeeded().out;
    assert!(queued.contains("mail.invitation") && queued.contains("e…@example.com"), "{queued}");
}
