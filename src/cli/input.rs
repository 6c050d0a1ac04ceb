use std::io::{BufRead as _, Read as _};
use std::path::Path;

use anyhow::Context as _;
use clap::Args;
use serde::de::DeserializeOwned;

use crate::base::Secret;
use crate::config::without_line_end;

/// Nothing that is read from a file or from standard input is larger.
const MAX_BYTES: u64 = 1 << 20;

/// Where a password comes from. There is no way to give it on the command line, where other
/// people of the machine could read it.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct PasswordInput {
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
}

impl PasswordInput {
    /// The first line of standard input, without its end.
    pub(super) fn read(self) -> anyhow::Result<Secret<String>> {
        first_line()
    }
}

/// Where the password of a new account comes from, or what another system kept of it.
#[derive(Debug, Clone, Copy, Args)]
#[group(required = true, multiple = false)]
pub(super) struct NewPasswordInput {
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    /// Read a hash of the password from there: bcrypt, PBKDF2, scrypt, argon2i or argon2id
    #[arg(long)]
    password_hash_stdin: bool,
}

impl NewPasswordInput {
    /// Whether it is a hash.
    pub(super) fn is_hash(self) -> bool {
        self.password_hash_stdin
    }

    /// The first line of standard input, without its end.
    pub(super) fn read(self) -> anyhow::Result<Secret<String>> {
        first_line()
    }
}

fn first_line() -> anyhow::Result<Secret<String>> {
    let mut line = String::new();
    let mut input = std::io::stdin().lock().take(MAX_BYTES);
    input.read_line(&mut line).context("cannot read the password from standard input")?;
    let line = Secret::new(line);
    Ok(Secret::new(without_line_end(line.expose()).to_owned()))
}

/// The JSON file at `path`.
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let place = || path.display().to_string();
    let mut text = String::new();
    let file = std::fs::File::open(path).with_context(place)?;
    file.take(MAX_BYTES).read_to_string(&mut text).with_context(place)?;
    let text = Secret::new(text);
    serde_json::from_str(text.expose()).with_context(place)
}
