use clap::Args;
use serde_json::json;

use super::installation::{location, open_store};
use super::output::Output;
use crate::config::Settings;
use crate::store::{Migrate, Store};

#[derive(Debug, Args)]
pub(super) struct MigrateArgs {
    /// Only tell what would be done
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

/// Brings the database to this binary's version, or tells what that would take.
pub(super) fn run(settings: &Settings, args: &MigrateArgs) -> anyhow::Result<()> {
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
