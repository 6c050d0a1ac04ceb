//! An operator's installation: its program, once or twice, and the servers that it stands on.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::json;
use tessera::base::{Entropy, SystemEntropy};

use super::relay::Relay;
use super::servers::{Postgres, Redis, free_port, signal, wait_until};
use crate::cli::Installation;
use crate::support::{App, PASSWORD, text};

/// How long a program may take to be ready, on a machine that does other things as well.
const START: Duration = Duration::from_secs(30);
/// Who uses the apps all the time, and who signs in and out and changes their password.
pub(super) const STEADY: &str = "ada";
pub(super) const CHANGING: &str = "bob";

/// `tessera serve` on a port that it keeps.
pub(super) struct Replica {
    port: u16,
    log: PathBuf,
    /// Which program, when it is not the one under test.
    program: Option<PathBuf>,
    more: Vec<(String, String)>,
    child: Option<Child>,
}

impl Replica {
    fn new(here: &Installation) -> Self {
        let port = free_port();
        let log = here.path(&format!("{port}.log"));
        Self { port, log, program: None, more: Vec::new(), child: None }
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sets a variable for the starts that follow.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.more.retain(|(known, _)| known != name);
        self.more.push((name.to_owned(), value.to_owned()));
    }

    pub(super) fn unset(&mut self, name: &str) {
        self.more.retain(|(known, _)| known != name);
    }

    /// Runs another program from the next start on, or the one under test again.
    pub(super) fn becomes(&mut self, program: Option<&Path>) {
        self.program = program.map(Path::to_owned);
    }

    pub(super) fn spawn(&mut self, here: &Installation) {
        let log = std::fs::File::options().create(true).append(true).open(&self.log).unwrap();
        let mut command = here.command_of(self.program.as_deref(), &["serve"]);
        command.env("TESSERA_LISTEN", format!("127.0.0.1:{}", self.port));
        command.envs(self.more.iter().map(|(name, value)| (name, value)));
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.child = Some(command.spawn().unwrap());
    }

    /// Starts it, and waits until it is ready; how long that took.
    pub(super) fn start(&mut self, here: &Installation) -> Duration {
        self.spawn(here);
        let since = Instant::now();
        while !is_ready(&self.url()) {
            let has_ended = !matches!(self.child.as_mut().unwrap().try_wait(), Ok(None));
            assert!(!has_ended && since.elapsed() < START, "it does not start: {}", self.logs());
            std::thread::sleep(Duration::from_millis(5));
        }
        since.elapsed()
    }

    /// What it logged in all of its lives.
    pub(super) fn logs(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Ends it without a warning.
    pub(super) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// Asks it to end; its exit code, and how long it took.
    pub(super) fn stop(&mut self) -> (Option<i32>, Duration) {
        let mut child = self.child.take().unwrap();
        let since = Instant::now();
        signal(child.id(), "TERM");
        let code = child.wait().unwrap().code();
        (code, since.elapsed())
    }

    /// Waits until it ends by itself.
    pub(super) fn ends(&mut self, within: Duration) {
        let mut child = self.child.take().unwrap();
        wait_until("it ends", within, || !matches!(child.try_wait(), Ok(None)));
    }

    /// Whether it is there.
    pub(super) fn is_running(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The status of a page, asked for on a connection of its own. None when there is no answer in a second.
pub(super) fn status_of(url: &str, path: &str) -> Option<u16> {
    use std::io::{Read as _, Write as _};
    let address = url.strip_prefix("http://")?.parse().ok()?;
    let second = Duration::from_secs(1);
    let mut stream = std::net::TcpStream::connect_timeout(&address, second).ok()?;
    stream.set_read_timeout(Some(second)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").ok()?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).ok()?;
    std::str::from_utf8(&head[9..]).ok()?.parse().ok()
}

pub(super) fn is_ready(url: &str) -> bool {
    status_of(url, "/readyz") == Some(200)
}

/// What a scenario stands on.
pub(super) struct Place {
    pub(super) name: &'static str,
    /// They end before the folder goes.
    pub(super) replicas: Vec<Replica>,
    pub(super) here: Installation,
    /// The app, as it meets each replica.
    pub(super) apps: Vec<App>,
    pub(super) postgres: Option<Postgres>,
    pub(super) redis: Option<Redis>,
    /// What stands before PostgreSQL and Redis.
    pub(super) to_postgres: Option<Relay>,
    pub(super) to_redis: Option<Relay>,
    /// The seal key, where it is no file of the installation.
    seal_key: Option<String>,
}

impl Place {
    /// One program on SQLite.
    pub(super) fn embedded() -> Self {
        Self::embedded_by(None)
    }

    /// The same, made by a program of its own.
    pub(super) fn embedded_by(program: Option<&Path>) -> Self {
        let here = Installation::new();
        let mut new = Self::of("SQLite", here, 1);
        new.populate(program);
        new
    }

    /// Programs on PostgreSQL and Redis, with a relay before each.
    pub(super) fn shared(programs: usize) -> Self {
        Self::shared_by(None, programs)
    }

    /// The same, made by a program of its own.
    pub(super) fn shared_by(program: Option<&Path>, programs: usize) -> Self {
        let (postgres, redis) = (Postgres::start(), Redis::start());
        let (to_postgres, to_redis) = (Relay::before(postgres.port()), Relay::before(redis.port()));
        let entropy: &dyn Entropy = &SystemEntropy;
        let key = base64::engine::general_purpose::STANDARD.encode(entropy.bytes::<32>());
        let here = Installation::new()
            .with("TESSERA_DATABASE_URL", &postgres.url_at(to_postgres.port))
            .with("TESSERA_REDIS_URL", &format!("redis://127.0.0.1:{}", to_redis.port))
            .with("TESSERA_SEAL_KEY", &key);
        let mut new = Self::of("PostgreSQL and Redis", here, programs);
        new.populate(program);
        (new.postgres, new.redis) = (Some(postgres), Some(redis));
        (new.to_postgres, new.to_redis) = (Some(to_postgres), Some(to_redis));
        new.seal_key = Some(key);
        new
    }

    fn of(name: &'static str, here: Installation, programs: usize) -> Self {
        let replicas = (0..programs).map(|_| Replica::new(&here)).collect();
        Self {
            name,
            here,
            replicas,
            apps: Vec::new(),
            postgres: None,
            redis: None,
            to_postgres: None,
            to_redis: None,
            seal_key: None,
        }
    }

    /// One program on SQLite that has the seal key of this place and nothing else.
    pub(super) fn elsewhere(&self) -> Self {
        let here = Installation::new();
        let folder = here.path("data");
        std::fs::create_dir(&folder).unwrap();
        let here = match &self.seal_key {
            Some(key) => here.with("TESSERA_SEAL_KEY", key),
            None => {
                let key = self.here.path("data/seal.key");
                std::fs::copy(key, folder.join("seal.key")).unwrap();
                here
            }
        };
        let mut new = Self::of("SQLite", here, 1);
        let provider = new.replicas[0].url();
        new.apps = vec![App { provider, ..self.app().clone() }];
        new
    }

    /// A schema, two people and an app, made by commands before anything runs.
    fn populate(&mut self, program: Option<&Path>) {
        let run = |words: &[&str], input: &str| self.here.run_of(program, words, input).succeeded();
        run(&["migrate"], "");
        for name in [STEADY, CHANGING] {
            let email = format!("{name}@example.com");
            let words = ["user", "create", "--username", name, "--email", &email];
            let words = [&words[..], &["--password-stdin"]].concat();
            run(&words, PASSWORD);
        }
        let redirect_uri = "https://notes.example/callback";
        let metadata = json!({
            "redirect_uris": [redirect_uri], "first_party": true,
            "grant_types": ["authorization_code", "refresh_token"],
            "post_logout_redirect_uris": ["https://notes.example/bye"],
        });
        let file = self.here.file("notes.json", &metadata.to_string());
        let made = run(&["client", "create", "--file", &file, "--json"], "").json();
        let app = |replica: &Replica| App {
            provider: replica.url(),
            client_id: text(&made, "client_id").to_owned(),
            secret: Some(text(&made, "client_secret").to_owned()),
            redirect_uri: redirect_uri.to_owned(),
        };
        self.apps = self.replicas.iter().map(app).collect();
    }

    pub(super) fn start(&mut self) {
        for replica in &mut self.replicas {
            replica.start(&self.here);
        }
    }

    /// Waits until every program is ready.
    pub(super) fn is_ready_within(&self, within: Duration) -> Duration {
        let urls: Vec<String> = self.replicas.iter().map(Replica::url).collect();
        wait_until("ready", within, || urls.iter().all(|url| is_ready(url)))
    }

    pub(super) fn app(&self) -> &App {
        &self.apps[0]
    }

    /// The database of an installation that has its own.
    pub(super) fn database(&self) -> PathBuf {
        self.here.path("data/tessera.db")
    }
}
