//! `tessera setup-link`: the link of the first run, once more.

use std::path::Path;

use serde_json::json;

use super::installation::{Installation, SETUP_LINK_FILE};
use super::output::{Output, warn};
use crate::app::Operator;
use crate::app::setup::{self, SETUP_LINK_FOR, SetupProblem};
use crate::base::Secret;
use crate::config::Settings;

/// Prints a new link; the one before counts no more.
pub(super) async fn run(
    settings: &Settings,
    on: &Installation,
    output: Output,
) -> anyhow::Result<()> {
    let token = match setup::new_link(on.operator()).await {
        Ok(token) => token,
        Err(problem) => {
            if matches!(problem, SetupProblem::AlreadySetUp) {
                forget(settings);
            }
            return Err(problem.into());
        }
    };
    let link = address(settings, &token);
    keep(settings, &link);
    let value = json!({ "setup_link": link, "counts_for_seconds": SETUP_LINK_FOR.as_secs() });
    output.print(&said(&link), &value)
}

/// The line for an empty database; none when anybody has an account.
pub(super) async fn on_first_start(
    settings: &Settings,
    on: Operator<'_>,
) -> anyhow::Result<Option<String>> {
    let Some(token) = setup::first_link(on).await? else {
        forget(settings);
        return Ok(None);
    };
    let link = address(settings, &token);
    keep(settings, &link);
    Ok(Some(said(&link)))
}

fn address(settings: &Settings, token: &Secret<String>) -> String {
    format!("{}/setup/{}", settings.public_url.as_str(), token.expose())
}

fn said(link: &str) -> String {
    format!("Finish setup: {link}")
}

/// Beside PostgreSQL there may be no disk to write to: then the line is all there is.
fn keep(settings: &Settings, link: &str) {
    let path = settings.data_dir.join(SETUP_LINK_FILE);
    if !settings.data_dir.exists() {
        return;
    }
    if let Err(error) = setup::keep_link(&path, link) {
        told(&path, &error);
    }
}

/// A link that was left over opens nothing, and confuses.
fn forget(settings: &Settings) {
    let path = settings.data_dir.join(SETUP_LINK_FILE);
    if let Err(error) = setup::remove_link(&path) {
        told(&path, &error);
    }
}

fn told(path: &Path, error: &std::io::Error) {
    warn(&format!("{}: {error}", path.display()));
}
