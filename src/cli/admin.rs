//! `tessera admin`: what only somebody on the host may do.

use clap::Subcommand;

use super::installation::Installation;
use super::user::{Named, recovery_link};
use crate::app::users;

#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Print a link with which an administrator sets a new password, once, within 30 minutes
    #[command(after_help = "Example: tessera admin recover ada")]
    Recover(Named),
}

/// Does what the command says.
pub(super) async fn run(on: &Installation, command: AdminCommand) -> anyhow::Result<()> {
    let AdminCommand::Recover(args) = command;
    let user = users::find(&on.store, args.user()).await?;
    anyhow::ensure!(
        user.is_admin,
        "{} is no administrator: use tessera user recovery-link",
        user.username
    );
    recovery_link(on, args).await
}
