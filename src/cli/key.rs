//! `tessera key`: the signing keys.

use anyhow::{Context as _, bail, ensure};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::installation::Installation;
use super::output::{Output, warn};
use crate::app::KeyKeeper;
use crate::app::key_rotation::{Removal, Rotation};
use crate::base::{Clock as _, Timestamp};
use crate::domain::SigningKeyRecord;
use crate::rules::key_rotation::{SETTLED_AFTER, signer};
use crate::store::signing_keys;

const NO_KEYS: &str = "no keys: the first start makes them";

const ROTATE_HELP: &str = "Without an option, the next key of each algorithm is published and signs 25 hours later, \
    when every app\nhas fetched it. The server does so by itself, as keys.rotate_every says.\n\n\
    Examples:\n  tessera key rotate\n  tessera key rotate --now\n  tessera key rotate --drop KID";

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Show every signing key, the oldest first
    List(Output),
    /// Let other keys take over
    #[command(after_help = ROTATE_HELP)]
    Rotate(Rotate),
}

#[derive(Debug, Args)]
pub(super) struct Rotate {
    /// Let the next keys sign at once; the old ones stay published
    #[arg(long)]
    now: bool,
    /// Remove this key at once, when it has become known to others: whatever it signed is refused
    /// from then on
    #[arg(long, value_name = "KID", allow_hyphen_values = true)]
    drop: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// Does what the command says.
pub(super) async fn run(on: &Installation, command: KeyCommand) -> anyhow::Result<()> {
    match command {
        KeyCommand::List(output) => {
            let keys = on.store.read(signing_keys::list_signing_keys).await?;
            let now = on.clock.now();
            let lines: Vec<String> = keys.iter().map(|key| line(key, &keys, now)).collect();
            let text = if keys.is_empty() { NO_KEYS } else { &lines.join("\n") };
            output.print(text, &views(&keys, now))
        }
        KeyCommand::Rotate(args) => rotate(on, args).await,
    }
}

async fn rotate(on: &Installation, args: Rotate) -> anyhow::Result<()> {
    // Before anything else: a seal key must not be made for an installation that never started.
    let keys = on.store.read(signing_keys::list_signing_keys).await?;
    ensure!(!keys.is_empty(), NO_KEYS);
    let sealer = on.sealer().await?;
    let keeper = on.key_keeper(&sealer);
    let mut done = Vec::new();
    if args.now {
        keeper.rotate(Rotation::Now).await?;
        settle(&keeper).await?;
        done.push("other keys sign from now on, and the old ones stay published".to_owned());
    }
    if let Some(kid) = &args.drop {
        drop_key(&keeper, &keys, kid).await?;
        done.push(format!("{kid} is removed"));
    }
    if done.is_empty() {
        keeper.rotate(Rotation::Next).await?;
    }
    let (keys, now) = (keeper.list().await?, on.clock.now());
    if done.is_empty() {
        let from = keys.iter().map(|key| key.active_from).max().unwrap_or(now);
        done.push(format!("the next keys are published and sign from {}", written(from)?));
    }
    args.output.print(&done.join("; "), &views(&keys, now))
}

/// Removes a key, after another one has taken over from it.
async fn drop_key(
    keeper: &KeyKeeper<'_>,
    keys: &[SigningKeyRecord],
    kid: &str,
) -> anyhow::Result<()> {
    let key = keys.iter().find(|key| key.kid == kid);
    let key = key.with_context(|| format!("no signing key is called {kid}"))?;
    let mut removal = keeper.remove(kid).await?;
    if removal == Removal::Signs {
        keeper.replace_signer(key.algorithm).await?;
        settle(keeper).await?;
        removal = keeper.remove(kid).await?;
    }
    match removal {
        Removal::Removed => warn(&format!(
            "whatever {kid} signed is refused from now on, and apps fail until they fetch the key \
             set again"
        )),
        Removal::Signs => bail!("{kid} signs still: try again"),
        Removal::Unknown => bail!("{kid} is gone already"),
    }
    Ok(())
}

/// Waits until every process has read the change and the new keys sign, and notes when the old
/// ones leave.
async fn settle(keeper: &KeyKeeper<'_>) -> anyhow::Result<()> {
    tokio::time::sleep(SETTLED_AFTER).await;
    Ok(keeper.keep().await?)
}

/// What a key does at `now`.
fn state(key: &SigningKeyRecord, keys: &[SigningKeyRecord], now: Timestamp) -> &'static str {
    if signer(keys, key.algorithm, now).is_some_and(|signer| signer.id == key.id) {
        "active"
    } else if key.active_from > now {
        "published"
    } else {
        "retired"
    }
}

fn views(keys: &[SigningKeyRecord], now: Timestamp) -> Value {
    let view = |key: &SigningKeyRecord| {
        json!({
            "kid": key.kid,
            "alg": key.algorithm,
            "state": state(key, keys, now),
            "created_at": key.created_at.as_seconds(),
            "active_from": key.active_from.as_seconds(),
            "retired_at": key.retired_at.map(Timestamp::as_seconds),
        })
    };
    keys.iter().map(view).collect()
}

fn line(key: &SigningKeyRecord, keys: &[SigningKeyRecord], now: Timestamp) -> String {
    format!("{}  {}  {}", key.kid, key.algorithm, state(key, keys, now))
}

fn written(at: Timestamp) -> anyhow::Result<String> {
    Ok(OffsetDateTime::from_unix_timestamp(at.as_seconds())?.format(&Rfc3339)?)
}
