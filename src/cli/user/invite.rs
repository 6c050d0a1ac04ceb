use clap::Args;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::app::invitations::{self, NewInvitation};
use crate::cli::installation::Installation;
use crate::cli::output::Output;
use crate::domain::Proof;

pub(super) const EXAMPLE: &str =
    "Example: tessera user invite --email eve@example.com --name 'Eve Example' --group staff";

#[derive(Debug, Args)]
pub(in crate::cli) struct InviteArgs {
    /// E-mail address of the person; the newest invitation of an address counts
    #[arg(long)]
    email: String,
    /// Full name; the person says it themselves when it is left out
    #[arg(long)]
    name: Option<String>,
    /// Name for signing in: letters a to z, digits, dots, dashes and underscores; the address when
    /// it is left out
    #[arg(long)]
    username: Option<String>,
    /// The address is known to be the person's. Otherwise the mailed link proves it, and the printed
    /// one does not
    #[arg(long)]
    email_verified: bool,
    /// May open the console
    #[arg(long)]
    admin: bool,
    /// A group it is in; may be given more than once
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    #[command(flatten)]
    output: Output,
}

/// The invitation of one address.
#[derive(Debug, Args)]
pub(in crate::cli) struct UninviteArgs {
    /// E-mail address of the person
    email: String,
    #[command(flatten)]
    output: Output,
}

/// Makes an invitation and prints its link.
pub(super) async fn run(on: &Installation, args: InviteArgs) -> anyhow::Result<()> {
    let post = on.post_office().await?;
    let new = NewInvitation {
        email: args.email,
        username: args.username,
        name: args.name,
        groups: args.groups,
        is_admin: args.admin,
        is_email_verified: args.email_verified,
    };
    let made = invitations::invite(on.operator().with_post(post.as_ref()), new).await?;
    let link = format!("{}{}", on.public_url(), made.path.expose());
    let mut text = link.clone();
    if made.is_mailed {
        text.push_str(
            "\nA mail is on its way. Its own link proves the address; this one does not.",
        );
    }
    let mut value = view(&made.proof);
    value["link"] = json!(link);
    value["mailed"] = json!(made.is_mailed);
    args.output.print(&text, &value)
}

/// Shows the invitations that count.
pub(super) async fn list(on: &Installation, output: Output) -> anyhow::Result<()> {
    let open = invitations::list(on.operator()).await?;
    let lines: Vec<String> = open.iter().map(line).collect();
    let text = if open.is_empty() { "no invitations" } else { &lines.join("\n") };
    output.print(text, &open.iter().map(view).collect())
}

/// Withdraws an invitation.
pub(super) async fn withdraw(on: &Installation, args: UninviteArgs) -> anyhow::Result<()> {
    invitations::withdraw(on.operator(), &args.email).await?;
    let text = format!("the invitation of {} is withdrawn", args.email);
    args.output.print(&text, &json!({ "email": args.email, "withdrawn": true }))
}

/// What programs are shown of an invitation. Its link is no part of it: it is told once.
fn view(proof: &Proof) -> Value {
    let invited = proof.invited.as_ref();
    json!({
        "email": proof.address,
        "username": invited.map(|one| &one.username),
        "name": invited.and_then(|one| one.name.as_ref()),
        "groups": invited.map(|one| &one.groups),
        "admin": invited.is_some_and(|one| one.is_admin),
        "email_verified": invited.is_some_and(|one| one.is_email_verified),
        "expires_at": proof.expires_at.as_seconds(),
    })
}

/// An invitation in one line, for people.
fn line(proof: &Proof) -> String {
    let mut parts: Vec<String> = proof.address.iter().cloned().collect();
    if let Some(invited) = &proof.invited {
        parts.extend(
            Some(invited.username.clone()).filter(|name| Some(name) != proof.address.as_ref()),
        );
        parts.extend(invited.name.clone());
        if invited.is_admin {
            parts.push("admin".to_owned());
        }
        if !invited.groups.is_empty() {
            parts.push(invited.groups.join(","));
        }
    }
    if let Ok(day) = OffsetDateTime::from_unix_timestamp(proof.expires_at.as_seconds()) {
        parts.push(format!("until {}", day.date()));
    }
    parts.join("  ")
}
