//! `tessera audit`: what happened to accounts, clients and keys.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::installation::Installation;
use super::output::{Output, one_line, print_line};
use crate::app::audit::{self, Query, Verdict, written};
use crate::base::{AuditId, Clock as _, Timestamp};
use crate::config::duration;
use crate::domain::AuditRecord;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Show the last events, the newest at the end
    #[command(after_help = "Example: tessera audit tail --user ada --since 1h --follow")]
    Tail(Tail),
    /// Check that no event was altered, removed or put in since
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(super) struct Tail {
    /// Go on with what happens from now on
    #[arg(long)]
    follow: bool,
    /// One JSON object on each line, for programs
    #[arg(long)]
    json: bool,
    /// Only what this account did, or what was done to it: username, e-mail address or id
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Only what happened within this time, as 1h or 7d
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    since: Option<Duration>,
    /// How many events at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    lines: i64,
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// An end of the trail from a log line: it must still be there
    #[arg(long, value_name = "PLACE:HASH")]
    head: Option<String>,
    #[command(flatten)]
    output: Output,
}

const SECOND: Duration = Duration::from_secs(1);
const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

fn period(text: &str) -> Result<Duration, String> {
    duration(text, &(SECOND..=CENTURY))
}

/// Does what the command says.
pub(super) async fn run(on: &Installation, command: AuditCommand) -> anyhow::Result<()> {
    match command {
        AuditCommand::Tail(args) => tail(on, args).await,
        AuditCommand::Verify(args) => verify(on, &args).await,
    }
}

async fn tail(on: &Installation, args: Tail) -> anyhow::Result<()> {
    let since = args.since.map(|period| on.clock.now() - period);
    let query = Query { user: args.user, since };
    let rows = audit::tail(&on.store, &query, args.lines).await?;
    show(&rows, args.json)?;
    if args.follow { follow(on, query, &rows, args.json).await } else { Ok(()) }
}

/// A row may be committed a little later than its time says. So far back is looked each time.
const LATE: Duration = Duration::from_secs(30);
/// Rows that are looked at each time.
const LOOK_AT: i64 = 100_000;

async fn follow(
    on: &Installation,
    query: Query,
    shown: &[AuditRecord],
    is_json: bool,
) -> anyhow::Result<()> {
    let begun = on.clock.now();
    let mut shown: HashSet<AuditId> = shown.iter().map(|row| row.id).collect();
    loop {
        tokio::time::sleep(SECOND).await;
        // What was there before and is not shown was left out on purpose.
        let since = begun.max(on.clock.now() - LATE);
        let query = Query { since: Some(since), ..query.clone() };
        let mut rows = audit::tail(&on.store, &query, LOOK_AT).await?;
        let recent: HashSet<AuditId> = rows.iter().map(|row| row.id).collect();
        rows.retain(|row| !shown.contains(&row.id));
        show(&rows, is_json)?;
        shown = recent;
    }
}

fn show(rows: &[AuditRecord], is_json: bool) -> anyhow::Result<()> {
    for row in rows {
        print_line(&if is_json { view(row)?.to_string() } else { line(row)? })?;
    }
    Ok(())
}

fn at(at: Timestamp) -> anyhow::Result<String> {
    Ok(OffsetDateTime::from_unix_timestamp(at.as_seconds())?.format(&Rfc3339)?)
}

fn view(row: &AuditRecord) -> anyhow::Result<Value> {
    let (target_kind, target_id) = row.target.clone().unzip();
    let details: Value = serde_json::from_str(&row.details).unwrap_or_else(|_| json!(row.details));
    Ok(json!({
        "id": row.id.to_string(),
        "at": at(row.at)?,
        "event": row.event,
        "outcome": row.outcome,
        "actor_kind": row.actor_kind,
        "actor_id": row.actor_id,
        "target_kind": target_kind,
        "target_id": target_id,
        "network": row.network,
        "reference": row.reference,
        "details": details,
        "place": row.seal.map(|seal| seal.place),
    }))
}

fn line(row: &AuditRecord) -> anyhow::Result<String> {
    let party = |kind: &str, id: Option<&str>| match id {
        Some(id) => format!("{kind} {id}"),
        None => kind.to_owned(),
    };
    let mut parts = vec![at(row.at)?, row.event.clone(), row.outcome.clone()];
    parts.push(format!("by {}", party(&row.actor_kind, row.actor_id.as_deref())));
    parts.extend(row.target.as_ref().map(|(kind, id)| format!("on {}", party(kind, Some(id)))));
    parts.extend(row.network.as_ref().map(|network| format!("from {network}")));
    parts.extend(row.reference.as_ref().map(|reference| format!("request {reference}")));
    parts.extend(Some(row.details.clone()).filter(|details| details != "{}"));
    Ok(one_line(&parts.join("  ")))
}

async fn verify(on: &Installation, args: &Verify) -> anyhow::Result<()> {
    let sealer = on.sealer().await?;
    let verdict = audit::verify(&on.store, &sealer, args.head.as_deref()).await?;
    if let Some((row, why)) = &verdict.broken {
        let after = written(verdict.head);
        bail!("the audit trail is broken after {after}, at row {} ({}): {why}", row.id, row.event);
    }
    if !verdict.is_sound() {
        bail!("the audit trail is cut off: it ends at {}", written(verdict.head));
    }
    args.output.print(
        &told(&verdict),
        &json!({
            "sound": verdict.sound,
            "unsealed": verdict.unsealed,
            "head": written(verdict.head),
        }),
    )
}

fn told(verdict: &Verdict) -> String {
    let (sound, head) = (verdict.sound, written(verdict.head));
    let unsealed = match verdict.unsealed {
        0 => "nothing waits to be sealed".to_owned(),
        1 => "1 event waits to be sealed".to_owned(),
        more => format!("{more} events wait to be sealed"),
    };
    format!("{sound} events are as they were sealed, up to {head}; {unsealed}")
}
