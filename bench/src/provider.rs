//! The servers that are measured: each started on a free port, on throw-away data, and stopped with
//! its handle.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::load::Target;

/// How long a server may take to answer after it was started.
const START_LIMIT: Duration = Duration::from_secs(30);
/// The people of a measurement. Each has a session of their own.
pub const PEOPLE: usize = 16;
pub const PASSWORD: &str = "difference engine no. 2";
pub const REDIRECT_URI: &str = "https://app.example.com/callback";
pub const SECRET: &str = "bench-bench-bench-bench-bench-bench-bench-1";

/// A running server.
pub struct Server {
    process: Child,
    pub target: Target,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn new(mut command: Command, port: u16, ready: &str) -> Result<Self> {
        let process = command.stdin(Stdio::null()).spawn().context("the server did not start")?;
        let target = Target {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            host: format!("localhost:{port}"),
        };
        let mut server = Self { process, target };
        let until = Instant::now() + START_LIMIT;
        while !server.answers(ready) {
            if let Some(status) = server.process.try_wait()? {
                bail!("the server ended at once: {status}");
            }
            if Instant::now() > until {
                bail!("the server did not answer in {START_LIMIT:?}");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(server)
    }

    fn answers(&self, path: &str) -> bool {
        use std::io::{Read as _, Write as _};
        let Ok(mut stream) = std::net::TcpStream::connect(self.target.address) else {
            return false;
        };
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.target.host
        );
        let mut answer = [0; 12];
        stream.write_all(request.as_bytes()).is_ok()
            && stream.read_exact(&mut answer).is_ok()
            && answer.starts_with(b"HTTP/1.1 ")
            && matches!(&answer[9..], b"200" | b"404")
    }

    /// Processor seconds that it took since it began.
    pub fn processor_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()));
        let stat = stat.unwrap_or_default();
        // The name of the program, in brackets, may hold spaces.
        let fields: Vec<&str> =
            stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok());
        (ticks(11).unwrap_or_default() + ticks(12).unwrap_or_default()) / 100.0
    }

    /// Its memory that is in use, in MiB.
    pub fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        number.unwrap_or_default() / 1024.0
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// The raw limit: this program itself.
pub fn raw_limit() -> Result<Server> {
    let port = free_port()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["raw-limit", "--listen", &format!("127.0.0.1:{port}")]);
    Server::new(command, port, "/hello")
}

/// A client of each algorithm, for both sides.
fn client(algorithm: &str) -> Value {
    json!({
        "client_id": format!("app-{algorithm}"),
        "client_secret": SECRET,
        "redirect_uris": [REDIRECT_URI],
        "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
        "token_endpoint_auth_method": "client_secret_basic",
        "id_token_signed_response_alg": algorithm,
    })
}

/// npm's oidc-provider.
pub fn peer(folder: &Path) -> Result<Server> {
    let port = free_port()?;
    let clients = json!([client("ES256"), client("RS256")]);
    let mut command = Command::new(std::env::var("BENCH_NODE").unwrap_or("node".to_owned()));
    command.arg(folder.join("peer.mjs")).arg(port.to_string()).arg(clients.to_string());
    command.env("NODE_ENV", "production").stdout(Stdio::null()).stderr(Stdio::null());
    Server::new(command, port, "/.well-known/openid-configuration")
}

/// How a Tessera is set up.
#[derive(Clone)]
pub struct Setup {
    pub program: PathBuf,
    /// More settings.
    pub settings: String,
    /// Whether it listens before it has people and apps.
    pub has_people: bool,
}

/// A Tessera that can be started: its folder, and the program.
pub struct Installation {
    folder: TempDir,
    config: PathBuf,
    program: PathBuf,
    port: u16,
}

/// A Tessera on an empty folder, with people and apps, that runs.
pub fn tessera(setup: &Setup) -> Result<(Installation, Server)> {
    let installation = Installation::new(setup)?;
    let server = installation.start()?;
    Ok((installation, server))
}

impl Installation {
    /// An empty folder, with people and apps when they are wanted.
    pub fn new(setup: &Setup) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("tessera-bench.").tempdir()?;
        let (config, port) = (folder.path().join("tessera.toml"), free_port()?);
        let data = folder.path().join("data");
        std::fs::write(
            &config,
            format!(
                "public_url = \"http://localhost:{port}\"\nlisten = \"127.0.0.1:{port}\"\n\
                 data_dir = {data:?}\nmetrics = {{ listen = \"\" }}\n{}\n",
                setup.settings
            ),
        )?;
        let installation = Self { folder, config, program: setup.program.clone(), port };
        installation.run(&["migrate"], "")?;
        if setup.has_people {
            installation.add_people()?;
            installation.add_apps()?;
        }
        Ok(installation)
    }

    fn add_people(&self) -> Result<()> {
        for number in 0..PEOPLE {
            let (name, email) = (format!("person{number}"), format!("p{number}@example.com"));
            let words = ["user", "create", "--username", &name, "--email", &email];
            self.run(
                &[&words[..], &["--name", "A Person", "--password-stdin"]].concat(),
                PASSWORD,
            )?;
        }
        Ok(())
    }

    fn add_apps(&self) -> Result<()> {
        for algorithm in ["ES256", "RS256"] {
            let mut metadata = client(algorithm);
            metadata["first_party"] = json!(true);
            metadata["id_token_claims"] = json!("lean");
            metadata["access_token_signed_response_alg"] = json!(algorithm);
            metadata["resources"] = json!([api(algorithm)]);
            let file = self.folder.path().join("client.json");
            std::fs::write(&file, metadata.to_string())?;
            self.run(&["client", "create", "--file", &file.to_string_lossy()], "")?;
        }
        Ok(())
    }

    /// Runs a command on it.
    fn run(&self, words: &[&str], input: &str) -> Result<()> {
        use std::io::Write as _;
        let mut child = Command::new(&self.program)
            .args(words)
            .arg("--config")
            .arg(&self.config)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        child.stdin.take().context("no standard input")?.write_all(input.as_bytes())?;
        let status = child.wait()?;
        if !status.success() {
            bail!("{words:?} failed");
        }
        Ok(())
    }

    /// Starts it, and waits until it is ready.
    pub fn start(&self) -> Result<Server> {
        let mut command = Command::new(&self.program);
        command.arg("serve").arg("--config").arg(&self.config);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Server::new(command, self.port, "/readyz")
    }

    /// The embedded database.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("data").join("tessera.db")
    }
}

/// The API that the JWT access tokens of an algorithm are for.
pub fn api(algorithm: &str) -> String {
    format!("https://{}.example.com", algorithm.to_lowercase())
}
