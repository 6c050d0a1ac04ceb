use std::path::PathBuf;

use clap::Args;

use super::view::view;
use crate::app::user_import::{self, ImportedUser};
use crate::app::users::{self, NewUser};
use crate::cli::input::{NewPasswordInput, read_json};
use crate::cli::installation::Installation;
use crate::cli::output::Output;
use crate::protocol::StandardClaims;

pub(super) const EXAMPLE: &str = "Example: tessera user create --username ada --email \
                                  ada@example.com --group staff --password-stdin < password";

#[derive(Debug, Args)]
pub(in crate::cli) struct CreateArgs {
    /// Name for signing in: letters a to z, digits, dots, dashes and underscores
    #[arg(long)]
    username: String,
    /// E-mail address
    #[arg(long)]
    email: String,
    /// Full name, as pages and apps show it
    #[arg(long)]
    name: Option<String>,
    /// Somebody has proved that the e-mail address is theirs
    #[arg(long)]
    email_verified: bool,
    /// May open the console
    #[arg(long)]
    admin: bool,
    /// A group it is in; may be given more than once
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// JSON file with an object of further standard claims
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
    #[command(flatten)]
    password: NewPasswordInput,
    #[command(flatten)]
    output: Output,
}

/// Makes the account.
pub(super) async fn run(installation: &Installation, args: CreateArgs) -> anyhow::Result<()> {
    let mut claims: StandardClaims = match &args.claims {
        Some(path) => read_json(path)?,
        None => StandardClaims::default(),
    };
    claims.name = args.name.or(claims.name);
    if args.password.is_hash() {
        let new = ImportedUser {
            username: args.username,
            email: args.email,
            email_verified: args.email_verified,
            name: None,
            claims,
            groups: args.groups,
            admin: args.admin,
            disabled: false,
            password_hash: Some(args.password.read()?),
        };
        let user = user_import::create(installation.operator(), new).await?;
        return args.output.print(&format!("user {} created", user.username), &view(&user));
    }
    let new = NewUser {
        username: args.username,
        email: args.email,
        is_email_verified: args.email_verified,
        password: args.password.read()?,
        is_admin: args.admin,
        groups: args.groups,
        claims,
    };
    let passwords = installation.password_pool()?;
    let user = users::create(installation.operator(), &passwords, new).await?;
    args.output.print(&format!("user {} created", user.username), &view(&user))
}
