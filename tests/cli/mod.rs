//! The command line, run as an operator runs it: the built binary on a data folder of its own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod audit;
mod beside;
mod breach;
mod clients;
mod configuration;
mod damage;
mod doctor;
mod health;
mod imports;
mod keeping;
mod keys;
mod moving;
mod outbox;
mod serve;
mod setup;
mod snapshots;
mod store;
mod traces;
mod users;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Where figures are to be had.
const METRICS: &str = "TESSERA_METRICS__LISTEN";

/// A folder to work in, with nothing of the environment but what a test sets. Gone at its end.
pub(super) struct Installation {
    folder: PathBuf,
    variables: Vec<(String, String)>,
}

/// How a command ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Installation {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("cli-{}-{number}", std::process::id());
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        // Installations run side by side, and the port has one place.
        let off = (METRICS.to_owned(), String::new());
        Self { folder, variables: vec![off] }
    }

    /// Sets a variable for every command.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes a file into the folder and tells its path.
    pub(super) fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// A path within the folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Runs `tessera` with `args` and nothing on standard input.
    pub(super) fn run(&self, args: &[&str]) -> Ended {
        self.run_with_input(args, "")
    }

    /// `tessera` with `args`, ready to run here.
    pub(super) fn command(&self, args: &[&str]) -> Command {
        self.command_of(None, args)
    }

    /// The same with another program, if there is one.
    pub(super) fn command_of(&self, program: Option<&Path>, args: &[&str]) -> Command {
        let mut command = Command::new(program.unwrap_or(Path::new(env!("CARGO_BIN_EXE_tessera"))));
        command.args(args).current_dir(&self.folder).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        if program.is_some() {
            // A version before may not know it, and refuses what it does not know.
            command.env_remove(METRICS);
        }
        command
    }

    /// Runs `tessera` with `args` and `input` on standard input.
    pub(super) fn run_with_input(&self, args: &[&str], input: &str) -> Ended {
        self.run_of(None, args, input)
    }

    /// The same with another program, if there is one.
    pub(super) fn run_of(&self, program: Option<&Path>, args: &[&str], input: &str) -> Ended {
        let mut child = self
            .command_of(program, args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads nothing may be gone already: that is no failure of the test.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ended {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Ended {
    /// The command did what it was asked and had nothing to complain of.
    #[track_caller]
    pub(super) fn succeeded(self) -> Self {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{self:?}");
        self
    }

    /// The command failed and explained it in one line, which holds `reason`.
    #[track_caller]
    pub(super) fn failed(self, reason: &str) -> Self {
        assert_eq!((self.code, self.out.as_str()), (1, ""), "{self:?}");
        assert_eq!(self.err.lines().count(), 1, "{self:?}");
        assert!(self.err.contains(reason), "{reason:?} not in {self:?}");
        self
    }

    /// The command was used wrongly and never began.
    #[track_caller]
    pub(super) fn misused(self, reason: &str) -> Self {
        assert_eq!((self.code, self.out.as_str()), (2, ""), "{self:?}");
        assert!(self.err.contains(reason), "{reason:?} not in {self:?}");
        self
    }

    /// What it printed, as JSON.
    #[track_caller]
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap()
    }
}
