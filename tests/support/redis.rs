use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tessera::base::{Entropy, SystemEntropy};

/// A Redis of a test's own, on a socket file, which the test may kill, stop and start again.
pub(crate) struct PrivateRedis {
    folder: PathBuf,
    child: Child,
}

impl PrivateRedis {
    /// None when this machine has no services, and whoever runs the tests said that it may be so.
    pub(crate) fn start() -> Option<Self> {
        if std::env::var_os("TESSERA_TEST_REDIS").is_none() {
            let may_miss = std::env::var_os("TESSERA_TEST_ALLOW_MISSING").is_some();
            assert!(may_miss, "no Redis: run scripts/with-services cargo test");
            return None;
        }
        let entropy: &dyn Entropy = &SystemEntropy;
        // A socket's path may not be longer than a hundred characters.
        let folder =
            std::env::temp_dir().join(format!("tessera-redis-{}", entropy.alphanumeric(12)));
        std::fs::create_dir_all(&folder).expect("a folder");
        let child = serve(&folder);
        Some(Self { folder, child })
    }

    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}", self.folder.join("socket").display())
    }

    /// Ends it without a warning.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it ran");
        self.child.wait().expect("it ends");
    }

    /// Starts it again, empty.
    pub(crate) fn start_again(&mut self) {
        self.child = serve(&self.folder);
    }

    /// It stays and answers nothing.
    pub(crate) fn pause(&self) {
        signal(&self.child, "-STOP");
    }

    /// It goes on where it stood.
    pub(crate) fn go_on(&self) {
        signal(&self.child, "-CONT");
    }
}

impl Drop for PrivateRedis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn serve(folder: &Path) -> Child {
    let mut command = Command::new("redis-server");
    command.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"]);
    command.arg(folder.join("socket")).arg("--dir").arg(folder);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    child.expect("redis-server is installed")
}

fn signal(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.expect("kill").success());
}

/// Asks until the answer is yes. It fails when that takes a minute.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}: not within a minute");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
