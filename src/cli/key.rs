//! `tessera key`: the signing keys.

use clap::Subcommand;
use serde_json::{Value, json};

use super::installation::Installation;
use super::output::Output;
use crate::base::{Clock as _, Timestamp};
use crate::domain::SigningKeyRecord;
use crate::store::signing_keys;

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Show every signing key, the oldest first
    List(Output),
}

/// Does what the command says.
pub(super) async fn run(installation: &Installation, command: KeyCommand) -> anyhow::Result<()> {
    let KeyCommand::List(output) = command;
    let keys = installation.store.read(signing_keys::list_signing_keys).await?;
    let now = installation.clock.now();
    let lines: Vec<String> = keys.iter().map(|key| line(key, now)).collect();
    let text =
        if keys.is_empty() { "no keys: the first start makes them" } else { &lines.join("\n") };
    output.print(text, &keys.iter().map(|key| view(key, now)).collect())
}

/// What a key does at `now`.
fn state(key: &SigningKeyRecord, now: Timestamp) -> &'static str {
    if key.retired_at.is_some_and(|at| at <= now) {
        "retired"
    } else if key.active_from <= now {
        "active"
    } else {
        "published"
    }
}

fn view(key: &SigningKeyRecord, now: Timestamp) -> Value {
    json!({
        "kid": key.kid,
        "alg": key.algorithm,
        "state": state(key, now),
        "created_at": key.created_at.as_seconds(),
        "active_from": key.active_from.as_seconds(),
        "retired_at": key.retired_at.map(Timestamp::as_seconds),
    })
}

fn line(key: &SigningKeyRecord, now: Timestamp) -> String {
    format!("{}  {}  {}", key.kid, key.algorithm, state(key, now))
}
