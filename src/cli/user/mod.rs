//! `tessera user`: the accounts.

mod create;
mod import;
mod invite;
mod view;

use clap::{Args, Subcommand};
use serde_json::json;

use super::input::PasswordInput;
use super::installation::Installation;
use super::output::Output;
use crate::app::recovery;
use crate::app::users::{self, NewPassword};
use view::{line, view};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make an account
    #[command(after_help = create::EXAMPLE)]
    Create(create::CreateArgs),
    /// Make the accounts of another system, with the password hashes that it kept: all or none
    #[command(after_help = import::EXAMPLE)]
    Import(import::ImportArgs),
    /// Invite somebody to make their account, once, within 7 days: prints the link, and mails one
    /// where mail is set up
    #[command(after_help = invite::EXAMPLE)]
    Invite(invite::InviteArgs),
    /// Show the invitations that were not used yet
    Invitations(Output),
    /// Withdraw an invitation
    Uninvite(invite::UninviteArgs),
    /// Show every account
    List(Output),
    /// Show one account
    Show(Named),
    /// Let nobody sign in to an account, and end its sessions and grants
    Disable(Named),
    /// Let a disabled account sign in again
    Enable(Named),
    /// Set a new password, and end the account's sessions and grants
    #[command(
        after_help = "Example: tessera user set-password ada --password-stdin < new-password"
    )]
    SetPassword(SetPassword),
    /// Print a link with which a person sets a new password, once, within 30 minutes
    #[command(after_help = "Example: tessera user recovery-link ada")]
    RecoveryLink(Named),
    /// Remove the second factors of a person who lost them, and end the account's sessions and grants
    ResetFactors(Named),
    /// Remove an account with all that belongs to it
    Delete(Named),
    /// Set the groups of an account
    #[command(after_help = "Example: tessera user groups ada --set staff,admins")]
    Groups(Groups),
}

/// One account.
#[derive(Debug, Args)]
pub(super) struct Named {
    /// Username or e-mail address
    user: String,
    #[command(flatten)]
    output: Output,
}

impl Named {
    /// Username or e-mail address.
    pub(super) fn user(&self) -> &str {
        &self.user
    }
}

#[derive(Debug, Args)]
pub(super) struct SetPassword {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    password: PasswordInput,
}

#[derive(Debug, Args)]
pub(super) struct Groups {
    #[command(flatten)]
    named: Named,
    /// All groups it shall be in; an empty text takes it out of all
    #[arg(long, value_name = "A,B", value_delimiter = ',', required = true)]
    set: Vec<String>,
}

/// Does what the command says.
pub(super) async fn run(on: &Installation, command: UserCommand) -> anyhow::Result<()> {
    let (user, said, output) = match command {
        UserCommand::Create(args) => return create::run(on, args).await,
        UserCommand::Import(args) => return import::run(on, args).await,
        UserCommand::Invite(args) => return invite::run(on, args).await,
        UserCommand::Invitations(output) => return invite::list(on, output).await,
        UserCommand::Uninvite(args) => return invite::withdraw(on, args).await,
        UserCommand::List(output) => return list(on, output).await,
        UserCommand::Show(args) => {
            let user = users::find(&on.store, &args.user).await?;
            return args.output.print(&line(&user), &view(&user));
        }
        UserCommand::SetPassword(args) => return set_password(on, args).await,
        UserCommand::RecoveryLink(args) => return recovery_link(on, args).await,
        UserCommand::Groups(args) => return set_groups(on, args).await,
        UserCommand::Disable(args) => {
            let post = on.post_office().await?;
            let on = on.operator().with_post(post.as_ref());
            (users::disable(on, &args.user).await?, "disabled", args.output)
        }
        UserCommand::Enable(args) => {
            (users::enable(on.operator(), &args.user).await?, "enabled", args.output)
        }
        UserCommand::ResetFactors(args) => {
            let post = on.post_office().await?;
            let on = on.operator().with_post(post.as_ref());
            let user = users::reset_factors(on, &args.user).await?;
            (user, "has no second factor now", args.output)
        }
        UserCommand::Delete(args) => {
            let post = on.post_office().await?;
            let on = on.operator().with_post(post.as_ref());
            (users::delete(on, &args.user).await?, "deleted", args.output)
        }
    };
    output.print(&format!("user {} {said}", user.username), &view(&user))
}

async fn list(on: &Installation, output: Output) -> anyhow::Result<()> {
    let users = users::list(&on.store).await?;
    let lines: Vec<String> = users.iter().map(line).collect();
    let text = if users.is_empty() { "no users" } else { &lines.join("\n") };
    output.print(text, &users.iter().map(view).collect())
}

/// Makes a link for a new password and prints it.
pub(super) async fn recovery_link(on: &Installation, args: Named) -> anyhow::Result<()> {
    let (user, path) = recovery::make_link(on.operator(), &args.user).await?;
    let link = format!("{}{}", on.public_url(), path.expose());
    args.output.print(&link, &json!({ "username": user.username, "link": link }))
}

async fn set_password(on: &Installation, args: SetPassword) -> anyhow::Result<()> {
    let new = NewPassword { user: &args.named.user, password: args.password.read()? };
    let passwords = on.password_pool()?;
    let post = on.post_office().await?;
    let operator = on.operator().with_post(post.as_ref());
    let user = users::set_password(operator, &passwords, new).await?;
    args.named.output.print(&format!("password of {} set", user.username), &view(&user))
}

async fn set_groups(on: &Installation, args: Groups) -> anyhow::Result<()> {
    let names: Vec<String> = args.set.into_iter().filter(|name| !name.is_empty()).collect();
    let user = users::set_groups(on.operator(), &args.named.user, &names).await?;
    let text = match user.groups.as_slice() {
        [] => format!("user {} is in no group", user.username),
        groups => format!("user {} is in {}", user.username, groups.join(", ")),
    };
    args.named.output.print(&text, &view(&user))
}
