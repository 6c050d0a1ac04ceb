//! `tessera client`: the apps that send people here.

mod registration_token;
mod view;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::input::read_json;
use super::installation::Installation;
use super::output::{Output, warn};
use crate::app::clients::{self, Registered, Replacement, SECRET_OVERLAP};
use crate::config::similar;
use crate::protocol::ClientMetadata;
use crate::rules::registration::MEMBERS;
use view::{credentials, line, view, view_registered};

const EXAMPLE: &str = "Example:\n  \
    echo '{\"client_name\": \"Wiki\", \"redirect_uris\": [\"https://wiki.example.com/callback\"]}' \
    > wiki.json\n  tessera client create --file wiki.json";

#[derive(Debug, Subcommand)]
pub(super) enum ClientCommand {
    /// Register a client; its secret is shown this once
    #[command(after_help = EXAMPLE)]
    Create(Metadata),
    /// Show every client
    List(Output),
    /// Show one client
    Show(Named),
    /// Put other metadata in the place of a client's
    Update(Update),
    /// Make a new secret, shown this once; the old one counts for another 24 hours
    RotateSecret(RotateSecret),
    /// Make a token with which apps register themselves, shown this once
    RegistrationToken(registration_token::Args),
    /// Remove a client with all that was granted to it
    Delete(Named),
}

/// Metadata in a file.
#[derive(Debug, Args)]
pub(super) struct Metadata {
    /// JSON file with client metadata
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    output: Output,
}

/// One client.
#[derive(Debug, Args)]
pub(super) struct Named {
    /// Its client_id
    client_id: String,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Args)]
pub(super) struct Update {
    /// Its client_id
    client_id: String,
    #[command(flatten)]
    metadata: Metadata,
}

#[derive(Debug, Args)]
pub(super) struct RotateSecret {
    #[command(flatten)]
    named: Named,
    /// End the old secret at once
    #[arg(long)]
    now: bool,
}

/// Does what the command says.
pub(super) async fn run(on: &Installation, command: ClientCommand) -> anyhow::Result<()> {
    match command {
        ClientCommand::Create(args) => create(on, args).await,
        ClientCommand::List(output) => list(on, output).await,
        ClientCommand::Show(args) => {
            let client = clients::find(&on.store, &args.client_id).await?;
            args.output.print(&line(&client), &view(&client)?)
        }
        ClientCommand::Update(args) => update(on, args).await,
        ClientCommand::RotateSecret(args) => rotate_secret(on, args).await,
        ClientCommand::RegistrationToken(args) => registration_token::run(on, args).await,
        ClientCommand::Delete(args) => {
            let client = clients::delete(on.operator(), &args.client_id).await?;
            args.output.print(&format!("client {} deleted", client.client_id), &view(&client)?)
        }
    }
}

async fn create(on: &Installation, args: Metadata) -> anyhow::Result<()> {
    let metadata: ClientMetadata = read_json(&args.file)?;
    let sealer = on.sealer().await?;
    let made = clients::create(on.registrar(&sealer), metadata).await?;
    on.ensure_keys(&made.client).await?;
    warn_of_ignored(&made);
    args.output.print(&credentials(&made), &view_registered(&made)?)
}

async fn list(on: &Installation, output: Output) -> anyhow::Result<()> {
    let clients = clients::list(&on.store).await?;
    let lines: Vec<String> = clients.iter().map(line).collect();
    let text = if clients.is_empty() { "no clients" } else { &lines.join("\n") };
    output.print(text, &clients.iter().map(view).collect::<anyhow::Result<_>>()?)
}

async fn update(on: &Installation, args: Update) -> anyhow::Result<()> {
    let metadata: ClientMetadata = read_json(&args.metadata.file)?;
    let new = Replacement { client_id: &args.client_id, metadata };
    let sealer = on.sealer().await?;
    let made = clients::update(on.registrar(&sealer), new).await?;
    on.ensure_keys(&made.client).await?;
    warn_of_ignored(&made);
    let text = match made.secret {
        Some(_) => credentials(&made),
        None => format!("client {} updated", made.client.client_id),
    };
    args.metadata.output.print(&text, &view_registered(&made)?)
}

async fn rotate_secret(on: &Installation, args: RotateSecret) -> anyhow::Result<()> {
    let id = &args.named.client_id;
    let overlap = if args.now { Duration::ZERO } else { SECRET_OVERLAP };
    let sealer = on.sealer().await?;
    let made = clients::rotate_secret(on.registrar(&sealer), id, overlap).await?;
    args.named.output.print(&credentials(&made), &view_registered(&made)?)
}

/// Metadata copied from elsewhere often says more than we act on; a typing error looks the same.
fn warn_of_ignored(made: &Registered) {
    for member in &made.ignored {
        match similar(member, MEMBERS) {
            Some(meant) => warn(&format!("{member}: unknown, did you mean {meant}?")),
            None => warn(&format!("{member}: this version does not act on it")),
        }
    }
}
