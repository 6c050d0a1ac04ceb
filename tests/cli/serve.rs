use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use super::Installation;

/// A command that runs until it is told to end.
pub(super) struct Running {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
}

impl Running {
    pub(super) fn start(here: &Installation, args: &[&str]) -> Self {
        let mut child = here
            .command(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    /// The next line it prints. Empty when it ended.
    pub(super) fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Whether it has not ended.
    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it without a warning (SIGKILL).
    pub(super) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end as service managers do; its exit code and its logs.
    pub(super) fn stop(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut logs = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut logs).unwrap();
        (self.child.wait().unwrap().code(), logs)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn serving_from_first_start_to_last_request() {
    let here = Installation::new().with("TESSERA_LISTEN", "127.0.0.1:0");
    let mut server = Running::start(&here, &["serve"]);
    let line = server.line();
    let address = line.strip_prefix("serving http://localhost:8080 on ").unwrap_or(&line);
    let address = address.to_owned();

    // The commands work on the data of the running server.
    let keys = here.run(&["key", "list", "--json"]).succeeded().json();
    let algorithms: Vec<&str> =
        keys.as_array().unwrap().iter().map(|key| key["alg"].as_str().unwrap()).collect();
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        assert!(algorithms.contains(&algorithm), "{keys}");
    }
    assert!(keys.as_array().unwrap().iter().all(|key| key["state"] == "active"), "{keys}");
    let metadata = json!({ "redirect_uris": ["https://app.example.com/cb"] }).to_string();
    let file = here.file("client.json", &metadata);
    here.run(&["client", "create", "--file", &file]).succeeded();

    let here = here.with("TESSERA_LISTEN", &address);
    assert_eq!(here.run(&["healthcheck"]).succeeded().out, "ready\n");
    let (code, logs) = server.stop();
    assert_eq!(code, Some(0), "{logs}");
    for line in logs.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "no JSON: {line}");
    }
    here.run(&["healthcheck"]).failed("no answer");
}

#[test]
fn https_is_checked_with_whatever_certificate_it_has() {
    let certified = rcgen::generate_simple_self_signed(["id.example.com".to_owned()]).unwrap();
    let here = Installation::new();
    let cert = here.file("cert.pem", &certified.cert.pem());
    let key = here.file("key.pem", &certified.signing_key.serialize_pem());
    let here = here
        .with("TESSERA_LISTEN", "127.0.0.1:0")
        .with("TESSERA_PUBLIC_URL", "https://id.example.com")
        .with("TESSERA_TLS__CERT", &cert)
        .with("TESSERA_TLS__KEY", &key);
    let mut server = Running::start(&here, &["serve"]);
    let line = server.line();
    let address = line.rsplit(' ').next().unwrap_or_default().to_owned();
    here.with("TESSERA_LISTEN", &address).run(&["healthcheck"]).succeeded();
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn a_start_that_fails_says_why_in_one_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let here = Installation::new().with("TESSERA_LISTEN", &address);
    here.run(&["serve"]).failed("cannot listen on");
    let here = Installation::new()
        .with("TESSERA_LISTEN", "127.0.0.1:0")
        .with("TESSERA_METRICS__LISTEN", &address);
    here.run(&["serve"]).failed("set metrics.listen to another address");
    for wrong in ["tessera=loudly", "warning", "info tessera=debug"] {
        let here = Installation::new().with("TESSERA_LOG", wrong);
        here.run(&["serve"]).misused("TESSERA_LOG");
    }
}

#[test]
fn a_second_provider_on_one_machine_starts_without_figures() {
    // Whoever holds it: this test, or somebody before it.
    let _taken = std::net::TcpListener::bind("127.0.0.1:9464");
    let here = Installation::new()
        .with("TESSERA_LISTEN", "127.0.0.1:0")
        .with("TESSERA_METRICS__LISTEN", "127.0.0.1:9464");
    let mut server = Running::start(&here, &["serve"]);
    assert!(server.line().starts_with("serving "));
    let (code, logs) = server.stop();
    assert_eq!(code, Some(0), "{logs}");
    assert!(logs.contains("/metrics is left out"), "{logs}");
}

#[test]
fn the_demo_prints_what_to_open_and_reads_no_configuration() {
    let here = Installation::new().with("TESSERA_NONSENSE", "x");
    let mut demo = Running::start(&here, &["demo"]);
    for name in ["provider", "app1", "app2", "api"] {
        let line = demo.line();
        assert!(line.starts_with(&format!("{name}: http://")), "{line}");
    }
    assert_eq!(demo.line(), "username: demo");
    let line = demo.line();
    let password = line.strip_prefix("password: ").unwrap_or_default().to_owned();
    assert_eq!(password.len(), 20, "{line}");
    let (code, logs) = demo.stop();
    assert_eq!(code, Some(0), "{logs}");
    assert!(!logs.contains(&password), "{logs}");
    assert!(!here.path("data").exists());
}
