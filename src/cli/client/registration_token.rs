use std::time::Duration;

use serde_json::json;

use super::super::installation::Installation;
use super::super::output::Output;
use crate::app::registration::new_token;
use crate::config::duration;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// How many clients may register with it
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    uses: u32,
    /// For how long, as 1h or 7d
    #[arg(long, value_name = "PERIOD", default_value = "7d", value_parser = period)]
    expires: Duration,
    #[command(flatten)]
    output: Output,
}

const MINUTE: Duration = Duration::from_secs(60);
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

fn period(text: &str) -> Result<Duration, String> {
    duration(text, &(MINUTE..=YEAR))
}

/// Prints an initial access token (RFC 7591 §3).
pub(super) async fn run(on: &Installation, args: Args) -> anyhow::Result<()> {
    let made = new_token(on.operator(), args.uses, args.expires).await?;
    let token = made.token.expose();
    let shown = json!({
        "registration_token": token,
        "uses": made.uses,
        "expires_at": made.expires_at.as_seconds(),
    });
    args.output.print(token, &shown)
}
