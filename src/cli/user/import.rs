use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};

use super::view::{line, view};
use crate::app::user_import as app;
use crate::cli::installation::Installation;
use crate::cli::output::Output;

pub(super) const EXAMPLE: &str = "Example:\n  \
    echo '{\"username\": \"ada\", \"email\": \"ada@example.com\", \"groups\": [\"staff\"], \
    \"password_hash\": \"$2b$12$…\"}' > people.jsonl\n  \
    tessera user import people.jsonl --dry-run";

#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArgs {
    /// JSON lines: `username`, `email`, and as needed `name`, `email_verified`, `claims`, `groups`,
    /// `admin`, `disabled`, `password_hash`
    file: PathBuf,
    /// Check the file and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

/// Makes all the accounts of the file, or none.
pub(super) async fn run(on: &Installation, args: ImportArgs) -> anyhow::Result<()> {
    let place = || args.file.display().to_string();
    let file = BufReader::new(File::open(&args.file).with_context(place)?);
    let checked = app::check(on.operator(), file).await.with_context(place)?;
    if args.dry_run {
        let lines: Vec<String> = checked.users().map(line).collect();
        let would = format!("{} would be imported", count(lines.len()));
        let text = [&lines[..], &[would]].concat().join("\n");
        let users: Vec<Value> = checked.users().map(planned).collect();
        return args.output.print(&text, &json!({ "dry_run": true, "users": users }));
    }
    let users = app::import(on.operator(), checked).await.with_context(place)?;
    let text = format!("{} imported", count(users.len()));
    let users: Vec<Value> = users.iter().map(view).collect();
    args.output.print(&text, &json!({ "dry_run": false, "users": users }))
}

/// The account that would be made, without the name that it would get by chance.
fn planned(user: &crate::domain::User) -> Value {
    let mut planned = view(user);
    if let Some(members) = planned.as_object_mut() {
        members.remove("sub");
    }
    planned
}

fn count(users: usize) -> String {
    if users == 1 { "1 user".to_owned() } else { format!("{users} users") }
}
