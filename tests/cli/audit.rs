//! `tessera audit`, as an operator runs it.

use super::Installation;
use crate::support::PASSWORD;

fn with_accounts() -> Installation {
    let here = Installation::new();
    for name in ["ada", "bob"] {
        let email = format!("{name}@example.com");
        let args = ["user", "create", "--username", name, "--email", &email, "--password-stdin"];
        here.run_with_input(&args, PASSWORD).succeeded();
    }
    here.run(&["user", "disable", "bob"]).succeeded();
    here
}

#[test]
fn r125_the_trail_tells_what_commands_did() {
    let here = with_accounts();
    let out = here.run(&["audit", "tail"]).succeeded().out;
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 3, "{out}");
    assert!(lines[0].contains("user_created  done  by command  on user "), "{out}");
    assert!(lines[2].contains("user_disabled"), "{out}");
    assert!(!out.contains(PASSWORD));

    let of_bob =
        here.run(&["audit", "tail", "--user", "bob", "--json", "--since", "1h"]).succeeded();
    let events: Vec<serde_json::Value> =
        of_bob.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["user_created", "user_disabled"]);
    assert_eq!(events[1]["actor_kind"], "command");
    assert_eq!(events[1]["target_id"], events[0]["target_id"]);

    let last = here.run(&["audit", "tail", "--lines", "1"]).succeeded().out;
    assert_eq!(last.lines().collect::<Vec<_>>(), lines[2..]);
    assert_eq!(here.run(&["audit", "tail", "--user", "nobody"]).succeeded().out, "");
    here.run(&["audit", "tail", "--since", "soon"]).misused("soon");
}

#[test]
fn r125_verify_reports_what_is_not_sealed_yet() {
    let here = with_accounts();
    let told = here.run(&["audit", "verify"]).succeeded().out;
    assert!(told.contains("0 events are as they were sealed"), "{told}");
    assert!(told.contains("3 events wait to be sealed"), "{told}");
    let json = here.run(&["audit", "verify", "--json"]).succeeded().json();
    assert_eq!((&json["sound"], &json["unsealed"]), (&0.into(), &3.into()));
    here.run(&["audit", "verify", "--head", "7:abc"]).failed("the audit trail is cut off");
}
