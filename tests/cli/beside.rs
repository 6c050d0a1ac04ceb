//! `tessera demo --beside`: the sample apps at a provider that runs already.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use super::Installation;
use super::serve::Running;
use crate::support::PASSWORD;

/// An address of this machine that no other test listens on.
const HERE: &str = "127.0.0.9";

#[test]
fn sample_apps_stand_beside_a_provider_and_leave_nothing_behind() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let here = Installation::new()
        .with("TESSERA_PUBLIC_URL", &format!("http://localhost:{port}"))
        .with("TESSERA_LISTEN", &format!("127.0.0.1:{port}"));
    let mut server = Running::start(&here, &["serve"]);
    assert!(server.line().starts_with("serving "));
    // A second time as the first: what is left behind by one that was killed is no obstacle.
    for _ in 0..2 {
        let mut apps = Running::start(&here, &["demo", "--beside", "--bind", HERE]);
        assert_eq!(apps.line(), format!("provider: http://localhost:{port}"));
        let mut stream = TcpStream::connect((HERE, 8081)).unwrap();
        let head =
            "GET /sign-in HTTP/1.1\r\nhost: notes.localhost:8081\r\nconnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let to = format!("location: http://localhost:{port}/authorize?");
        assert!(answer.contains(&to) && answer.contains("client_id=demo-notes"), "{answer}");
        apps.kill();
    }
    here.run(&["client", "show", "demo-notes"]).succeeded();
    let apps = Running::start(&here, &["demo", "--beside", "--bind", HERE]);
    let (code, logs) = stop_once_ready(apps);
    assert_eq!(code, Some(0), "{logs}");
    here.run(&["client", "show", "demo-notes"]).failed("there is no such client");
    here.run(&["user", "show", "demo"]).failed("there is no");
    assert_eq!(server.stop().0, Some(0));
}

fn stop_once_ready(mut apps: Running) -> (Option<i32>, String) {
    loop {
        let line = apps.line();
        if line.is_empty() {
            // Between what to open and what to do, or it has ended.
            assert!(apps.is_running(), "the apps ended");
        }
        if line.starts_with("Ctrl-C") {
            return apps.stop();
        }
    }
}

#[test]
fn who_only_has_the_name_of_the_sample_user_stays_and_the_apps_are_refused() {
    let here = Installation::new();
    here.run(&["migrate"]).succeeded();
    let words = ["user", "create", "--username", "demo", "--email", "real@example.com"];
    let words = [&words[..], &["--password-stdin"]].concat();
    here.run_with_input(&words, PASSWORD).succeeded();
    // An address of its own: the other test listens at the same ports.
    let refused = here.run(&["demo", "--beside", "--bind", "127.0.0.10"]);
    assert!(
        refused.code == 1 && refused.err.contains("there is a user demo already"),
        "{refused:?}"
    );
    here.run(&["user", "show", "demo"]).succeeded();
}

#[test]
fn an_address_for_sample_apps_needs_a_provider_beside() {
    Installation::new().run(&["demo", "--bind", HERE]).misused("--beside");
}
