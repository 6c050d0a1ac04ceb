//! The command line: one file for each command. A command parses, calls a use case of `app` and
//! prints; it decides nothing.
//!
//! Every command prints one line on success, or JSON with `--json`, explains a failure in one line
//! on standard error, and exits with 0, 1 (it failed) or 2 (wrong usage or configuration).

mod admin;
mod audit;
mod backup;
mod breach;
mod client;
mod demo;
mod doctor;
mod healthcheck;
mod input;
mod installation;
mod key;
mod migrate;
mod outbox;
mod output;
mod provider;
mod restore;
mod serve;
mod setup_link;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Mistakes, Settings};
use crate::telemetry::{self, TelemetryError};
use installation::Installation;
use output::one_line;

/// Self-hosted single sign-on: an OpenID Connect provider.
#[derive(Debug, Parser)]
#[command(name = "tessera", version, propagate_version = true)]
struct Cli {
    /// Configuration file in TOML; TESSERA_CONFIG names it too
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the provider, two sample apps and a sample API on throw-away data
    Demo(demo::Args),
    /// Run the provider
    #[command(after_help = "Example: tessera serve --config /etc/tessera.toml")]
    Serve,
    /// Bring the database to this binary's version
    Migrate(migrate::MigrateArgs),
    /// Accounts
    #[command(subcommand)]
    User(user::UserCommand),
    /// What only somebody on the host may do
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Apps that send people here
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Signing keys
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// What apps must still be told
    #[command(subcommand)]
    Outbox(outbox::OutboxCommand),
    /// What happened to accounts, clients and keys
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Passwords that are known from breaches elsewhere
    #[command(subcommand)]
    Breach(breach::BreachCommand),
    /// Copy everything but the seal key into one file, while the server runs
    #[command(after_help = backup::HELP)]
    Backup(backup::BackupArgs),
    /// Bring everything back from a backup
    #[command(after_help = restore::HELP)]
    Restore(restore::RestoreArgs),
    /// Look for what is wrong, and tell what to do about it
    #[command(after_help = doctor::HELP)]
    Doctor(doctor::DoctorArgs),
    /// Print a new link for making the first administrator; the one before counts no more
    SetupLink(output::Output),
    /// Exit with 0 when the running provider is ready
    Healthcheck,
}

/// Parses the arguments of this process, does what they ask, and tells how it went.
pub fn run() -> ExitCode {
    // The allocator asks for pages of 2 MiB for the arena of every thread, half of them empty: an idle provider would
    // take 20 MiB more. A kernel that does not know the wish has no such pages either.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    let cli = Cli::parse();
    match actix_web::rt::System::new().block_on(dispatch(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => explain(&error),
    }
}

async fn dispatch(cli: Cli) -> anyhow::Result<()> {
    // A demonstration shows the same wherever it runs: it reads no configuration.
    let settings = || Settings::load(cli.config.as_deref());
    let installation = || Installation::open(&settings()?);
    match cli.command {
        Command::Demo(args) => {
            telemetry::begin()?;
            demo::run(cli.config.as_deref(), &args).await
        }
        Command::Serve => {
            telemetry::begin()?;
            serve::run(&settings()?).await
        }
        Command::Migrate(args) => migrate::run(&settings()?, &args),
        Command::User(command) => user::run(&installation()?, command).await,
        Command::Admin(command) => admin::run(&installation()?, command).await,
        Command::Client(command) => client::run(&installation()?, command).await,
        Command::Key(command) => key::run(&installation()?, command).await,
        Command::Outbox(command) => outbox::run(&installation()?, command).await,
        Command::Audit(command) => audit::run(&installation()?, command).await,
        Command::Breach(command) => breach::run(&settings()?, command),
        Command::Backup(args) => {
            let settings = settings()?;
            backup::run(&settings, &Installation::open(&settings)?, args).await
        }
        Command::Doctor(args) => doctor::run(cli.config.as_deref(), &args).await,
        Command::Restore(args) => restore::run(&settings()?, &args),
        Command::SetupLink(output) => {
            let settings = settings()?;
            setup_link::run(&settings, &Installation::open(&settings)?, output).await
        }
        Command::Healthcheck => healthcheck::run(&settings()?).await,
    }
}

/// Explains a failure on standard error: one line, or one for each mistake in the configuration,
/// which counts as wrong usage because the command never began.
fn explain(error: &anyhow::Error) -> ExitCode {
    if let Some(Mistakes(mistakes)) = error.downcast_ref() {
        for mistake in mistakes {
            eprintln!("{}", one_line(&mistake.to_string()));
        }
        return ExitCode::from(2);
    }
    eprintln!("{}", one_line(&format!("{error:#}")));
    ExitCode::from(if error.is::<TelemetryError>() { 2 } else { 1 })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Cli::command().debug_assert();
    }
}
