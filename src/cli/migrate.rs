//! `tessera migrate`: brings the database to this binary's version, or to PostgreSQL.

use anyhow::{bail, ensure};
use clap::Args;
use serde_json::json;

use super::installation::{location, open_store};
use super::output::Output;
use crate::config::{DatabaseUrl, SealKeySource, Settings};
use crate::store::copy::{Counted, move_to_postgres};
use crate::store::{Migrate, Store};

#[derive(Debug, Args)]
pub(super) struct MigrateArgs {
    /// Only tell what would be done
    #[arg(long)]
    dry_run: bool,
    /// Copy everything into this empty PostgreSQL database, as postgres://USER:PASSWORD@HOST/NAME;
    /// the server must be stopped
    #[arg(long, value_name = "URL", conflicts_with = "dry_run")]
    to: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// Brings the database to this binary's version, or tells what that would take.
pub(super) fn run(settings: &Settings, args: &MigrateArgs) -> anyhow::Result<()> {
    if let Some(url) = &args.to {
        return move_to(settings, url, args.output);
    }
    let pending = Store::pending_migrations(&location(&settings.database))?;
    if !args.dry_run && !pending.is_empty() {
        open_store(settings, Migrate::Now)?;
    }
    let names = pending.join(", ");
    let member = if args.dry_run { "pending" } else { "applied" };
    let text = match (pending.is_empty(), args.dry_run) {
        (true, _) => "the database is up to date".to_owned(),
        (false, true) => format!("the database lacks {names}"),
        (false, false) => format!("applied {names}"),
    };
    args.output.print(&text, &json!({ member: pending }))
}

/// Copies an embedded installation into PostgreSQL, and shows what arrived.
fn move_to(settings: &Settings, url: &str, output: Output) -> anyhow::Result<()> {
    let DatabaseUrl::Sqlite(live) = &settings.database else {
        bail!("only an embedded database moves: take a backup of this one and restore it there");
    };
    ensure!(live.exists(), "{} is not there: there is nothing to move", live.display());
    ensure!(
        url.starts_with("postgres://") || url.starts_with("postgresql://"),
        "--to takes an address as postgres://USER:PASSWORD@HOST/NAME"
    );
    let moved = move_to_postgres(live, url)?;
    let line = |(sent, arrived): (&Counted, &Counted)| {
        format!(
            "{}: {} rows {} here, {} rows {} there",
            sent.table,
            sent.rows,
            short(sent),
            arrived.rows,
            short(arrived)
        )
    };
    let mut lines: Vec<String> = moved.sent.iter().zip(&moved.arrived).map(line).collect();
    let key = match &settings.seal_key {
        SealKeySource::Given(_) => "keep seal_key as it is".to_owned(),
        SealKeySource::File(path) => format!("set seal_key to what {} holds", path.display()),
    };
    lines.push(format!("everything arrived: set database_url to that address, {key}, and start"));
    output.print(&lines.join("\n"), &json!({ "sent": moved.sent, "arrived": moved.arrived }))
}

/// The beginning of a digest, for people to compare.
fn short(counted: &Counted) -> &str {
    counted.digest.get(..12).unwrap_or(&counted.digest)
}
