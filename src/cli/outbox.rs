//! `tessera outbox`: what must still be told to apps, and the mails that must still be sent.

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::installation::Installation;
use super::output::{Output, one_line};
use crate::app::outbox::{self, Listed};
use crate::base::OutboxId;
use crate::domain::{Delivery, DeliveryState, Message};

#[derive(Debug, Subcommand)]
pub(super) enum OutboxCommand {
    /// Show the logout tokens and mails that have not arrived, the oldest first
    List(List),
    /// Have the running server try again at once, also what was given up
    Retry(Retry),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Also those that have arrived, for 30 days
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Args)]
pub(super) struct Retry {
    /// One delivery, as `outbox list` shows it
    #[arg(required_unless_present = "all", conflicts_with = "all", value_parser = OutboxId::from_text)]
    id: Option<OutboxId>,
    /// Every delivery that has not arrived
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: Output,
}

/// Does what the command says.
pub(super) async fn run(on: &Installation, command: OutboxCommand) -> anyhow::Result<()> {
    match command {
        OutboxCommand::List(args) => list(on, &args).await,
        OutboxCommand::Retry(args) => retry(on, &args).await,
    }
}

async fn list(on: &Installation, args: &List) -> anyhow::Result<()> {
    let listed = outbox::list(&on.store, args.all).await?;
    let lines: Vec<String> = listed.iter().map(line).collect();
    let text = if listed.is_empty() { "nothing waits" } else { &lines.join("\n") };
    args.output.print(text, &listed.iter().map(view).collect())
}

async fn retry(on: &Installation, args: &Retry) -> anyhow::Result<()> {
    let count = outbox::retry(&on.store, &on.clock, args.id).await?;
    if count == 0 && args.id.is_some() {
        bail!("there is no such delivery that has not arrived");
    }
    let text = if count == 1 {
        "1 delivery is due".to_owned()
    } else {
        format!("{count} deliveries are due")
    };
    args.output.print(&text, &json!({ "due": count }))
}

fn view(listed: &Listed) -> Value {
    let delivery = &listed.delivery;
    let next = match delivery.state {
        DeliveryState::Waiting(at) => Some(at.as_seconds()),
        DeliveryState::Delivered(_) | DeliveryState::GivenUp(_) => None,
    };
    let ended = match delivery.state {
        DeliveryState::Waiting(_) => None,
        DeliveryState::Delivered(at) | DeliveryState::GivenUp(at) => Some(at.as_seconds()),
    };
    json!({
        "id": delivery.id.to_string(),
        "kind": delivery.message.kind(),
        "recipient": recipient(delivery),
        "client_id": listed.client.as_ref().map(|client| &client.client_id),
        "state": delivery.state.as_str(),
        "tries": delivery.tries,
        "problem": delivery.problem,
        "created_at": delivery.created_at.as_seconds(),
        "next_try_at": next,
        "ended_at": ended,
    })
}

fn line(listed: &Listed) -> String {
    let delivery = &listed.delivery;
    let client = listed.client.as_ref().map(|client| client.client_id.as_str());
    let to = client.or(recipient(delivery)).unwrap_or("-");
    let kind = delivery.message.kind().to_owned();
    let mut parts = vec![delivery.id.to_string(), kind, to.to_owned()];
    parts.push(delivery.state.as_str().to_owned());
    parts.push(format!("tries {}", delivery.tries));
    parts.extend(delivery.problem.as_deref().map(one_line));
    parts.join("  ")
}

/// Who gets a mail, with most of the address left out.
fn recipient(delivery: &Delivery) -> Option<&str> {
    match &delivery.message {
        Message::Mail(letter) => Some(&letter.recipient),
        Message::BackchannelLogout { .. } => None,
    }
}
