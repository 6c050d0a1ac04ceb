//! A PostgreSQL and a Redis that a test may kill and stop.

use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long a server may take to start.
const START: Duration = Duration::from_secs(60);

/// A port that was free a moment ago.
pub(super) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// Sends a signal to one process.
pub(super) fn signal(pid: u32, name: &str) {
    let mut kill = Command::new("kill");
    let kill = kill.args([&format!("-{name}"), &pid.to_string()]).stderr(Stdio::null());
    drop(kill.status());
}

/// The processes that `pid` started.
fn children(pid: u32) -> Vec<u32> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    text.unwrap_or_default().split_whitespace().filter_map(|one| one.parse().ok()).collect()
}

/// Waits until `is_so`.
#[track_caller]
pub(super) fn wait_until(
    what: &str,
    within: Duration,
    mut is_so: impl FnMut() -> bool,
) -> Duration {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < within, "{what}: not within {within:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
    since.elapsed()
}

/// A folder outside of the build's, because the account of PostgreSQL must reach it.
fn folder(kind: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("tessera-faults-{kind}-{}-{number}", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// PostgreSQL. What it has committed survives its end, because the kernel has it.
pub(super) struct Postgres {
    folder: PathBuf,
    port: u16,
    server: Option<Child>,
}

impl Postgres {
    /// In a folder of its own, which is empty.
    fn place() -> Self {
        let new = Self { port: free_port(), server: None, folder: folder("postgres") };
        if is_root() {
            let chown = Command::new("chown").arg(account()).arg(&new.folder).status();
            assert!(chown.unwrap().success());
        }
        new
    }

    pub(super) fn start() -> Self {
        let mut new = Self::place();
        let words = ["-U", "tessera", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
        let made = new.program("initdb").args(words).stdout(Stdio::null()).status();
        assert!(made.unwrap().success(), "initdb");
        new.start_again();
        new
    }

    /// A standby of the server at `port`, which follows it.
    pub(super) fn standby_of(port: u16) -> Self {
        let mut new = Self::place();
        let port = port.to_string();
        let words = ["-h", "127.0.0.1", "-p", &port, "-U", "tessera", "-R", "-X", "stream"];
        let copied = new.program("pg_basebackup").args(words).args(["-c", "fast"]).status();
        assert!(copied.unwrap().success(), "pg_basebackup");
        new.start_again();
        new
    }

    /// Makes a standby the server that takes changes.
    pub(super) fn promote(&self) {
        let mut promote = self.program("pg_ctl");
        let promoted = promote.args(["promote", "-w"]).stdout(Stdio::null());
        assert!(promoted.status().unwrap().success(), "pg_ctl promote");
    }

    /// One of its programs, run by an account that it accepts: it refuses to be root.
    fn program(&self, name: &str) -> Command {
        let path = programs().join(name);
        let data = self.folder.join("data");
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            let user = format!("--reuid={}", account());
            let group = format!("--regid={}", account());
            command.args([user.as_str(), &group, "--clear-groups"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.arg("-D").arg(data).current_dir("/");
        command
    }

    pub(super) fn url(&self) -> String {
        self.url_at(self.port)
    }

    /// The same through a relay that listens on `port`.
    pub(super) fn url_at(&self, port: u16) -> String {
        format!("postgres://tessera@127.0.0.1:{port}/postgres")
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Starts it on the data that it left.
    pub(super) fn start_again(&mut self) {
        let port = self.port.to_string();
        let settings = ["fsync=off", "unix_socket_directories=", "listen_addresses=127.0.0.1"];
        wait_until("PostgreSQL answers", START, || {
            // The processes of the one that was killed may hold its memory for a moment.
            let is_gone = |child: &mut Child| !matches!(child.try_wait(), Ok(None));
            if self.server.as_mut().is_none_or(is_gone) {
                let mut command = self.program("postgres");
                command.args(["-p", &port]);
                for one in settings {
                    command.args(["-c", one]);
                }
                let log = self.folder.with_extension("log");
                let log = std::fs::File::options().create(true).append(true).open(log).unwrap();
                let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
                self.server = Some(command.spawn().unwrap());
            }
            let mut asking = Command::new(programs().join("pg_isready"));
            let asking = asking.args(["-q", "-h", "127.0.0.1", "-p", &port]);
            asking.status().is_ok_and(|status| status.success())
        });
    }

    /// Ends its main process without a warning; the others end when they notice.
    pub(super) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            let others = children(server.id());
            drop(server.kill());
            drop(server.wait());
            others.into_iter().for_each(|pid| signal(pid, "KILL"));
        }
    }

    /// Lets none of its processes go on (`STOP`), or all (`CONT`).
    pub(super) fn send(&self, name: &str) {
        let pid = self.server.as_ref().unwrap().id();
        children(pid).into_iter().chain([pid]).for_each(|pid| signal(pid, name));
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.send("CONT");
        }
        self.kill();
        drop(std::fs::remove_dir_all(&self.folder));
        drop(std::fs::remove_file(self.folder.with_extension("log")));
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|of| of.uid() == 0)
}

/// Debian's account for it.
fn account() -> &'static str {
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    if accounts.lines().any(|line| line.starts_with("postgres:")) { "postgres" } else { "nobody" }
}

/// Debian keeps its programs outside the path, one folder for each version.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.map(|version| version.path().join("bin")).max();
    newest.unwrap_or_else(|| Path::new("/usr/bin").to_owned())
}

/// Redis, which keeps nothing over its end.
pub(super) struct Redis {
    folder: PathBuf,
    port: u16,
    server: Option<Child>,
}

impl Redis {
    pub(super) fn start() -> Self {
        let mut new = Self { folder: folder("redis"), port: free_port(), server: None };
        new.start_again();
        new
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Starts it, with what a snapshot holds if there is one.
    pub(super) fn start_again(&mut self) {
        let port = self.port.to_string();
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--port", &port, "--save", ""]).arg("--dir");
        let command = command.arg(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        self.server = Some(command.spawn().unwrap());
        wait_until("Redis answers", START, || self.say(&["ping"]).trim() == "PONG");
    }

    /// What it answers to a command.
    pub(super) fn say(&self, words: &[&str]) -> String {
        let mut command = Command::new("redis-cli");
        let output = command.args(["-p", &self.port.to_string()]).args(words).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub(super) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            drop(server.kill());
            drop(server.wait());
        }
    }

    pub(super) fn send(&self, name: &str) {
        signal(self.server.as_ref().unwrap().id(), name);
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
