//! `tessera doctor`: what stands in the way of a sound installation, and what to do about it.

mod data;
mod keys;
mod machine;
mod outside;
mod people;
mod reach;

use std::path::Path;

use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::installation::location;
use super::output::{Output, one_line};
use crate::config::{DatabaseUrl, Settings};
use crate::store::{Migrate, Store};

pub(super) const HELP: &str = "Each line is good (✓), worth a look (!) or wrong (✗), with what to do below it. Nothing is \
    changed, and no secret\nis shown. Run it as the user that the server runs as.";

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    output: Output,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Good,
    Look,
    Wrong,
}

/// What a check found.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    state: State,
    cause: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

impl Finding {
    fn good(check: &'static str, cause: impl Into<String>) -> Self {
        Self { check, state: State::Good, cause: one_line(&cause.into()), fix: None }
    }

    fn look(check: &'static str, cause: impl Into<String>, fix: impl Into<String>) -> Self {
        let fix = Some(one_line(&fix.into()));
        Self { check, state: State::Look, cause: one_line(&cause.into()), fix }
    }

    fn wrong(check: &'static str, cause: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { state: State::Wrong, ..Self::look(check, cause, fix) }
    }

    fn text(&self) -> String {
        let sign = match self.state {
            State::Good => '✓',
            State::Look => '!',
            State::Wrong => '✗',
        };
        let fix = self.fix.as_ref().map(|fix| format!("\n    {fix}")).unwrap_or_default();
        format!("{sign} {}: {}{fix}", self.check, self.cause)
    }
}

/// Looks at everything and tells. It fails when anything is wrong.
pub(super) async fn run(config: Option<&Path>, args: &DoctorArgs) -> anyhow::Result<()> {
    let findings = match Settings::load(config) {
        Ok(settings) => examine(&settings).await,
        Err(mistakes) => {
            let wrong = |mistake: &crate::config::Mistake| {
                Finding::wrong(
                    "configuration",
                    mistake.to_string(),
                    "correct it: nothing else can be looked at before",
                )
            };
            mistakes.0.iter().map(wrong).collect()
        }
    };
    let lines: Vec<String> = findings.iter().map(Finding::text).collect();
    args.output.print(&lines.join("\n"), &json!(findings))?;
    let wrong = findings.iter().filter(|finding| finding.state == State::Wrong).count();
    anyhow::ensure!(wrong == 0, "wrong: {wrong} of {} checks", findings.len());
    Ok(())
}

async fn examine(settings: &Settings) -> Vec<Finding> {
    let mut found = vec![Finding::good("configuration", "it holds together")];
    found.push(reach::public_url(settings));
    found.extend(outside::look(settings).await);
    found.push(reach::listener(settings));
    found.push(reach::passkeys(settings));
    let (database, is_usable) = data::database(settings);
    found.extend(database);
    found.push(data::redis(settings).await);
    if is_usable {
        // It is there and up to date: opening it changes nothing.
        match Store::open(&location(&settings.database), Migrate::Refuse) {
            Ok(store) => look_inside(settings, &store, &mut found).await,
            Err(error) => found.push(Finding::wrong(
                "database",
                error.to_string(),
                "see what the system says of it",
            )),
        }
    }
    found.push(reach::mail(settings).await);
    found.push(machine::disk(settings));
    found.push(machine::open_files());
    found.push(machine::password_cost().await);
    found
}

async fn look_inside(settings: &Settings, store: &Store, found: &mut Vec<Finding>) {
    found.push(keys::seal_key(settings, store).await);
    found.push(keys::signing_keys(settings, store).await);
    found.push(people::admins(store).await);
    found.push(people::clients(store).await);
    found.push(data::backup(store).await);
}

/// Whether the data is embedded.
fn is_embedded(settings: &Settings) -> bool {
    matches!(settings.database, DatabaseUrl::Sqlite(_))
}

/// A time span for people.
fn days(seconds: i64) -> String {
    let days = seconds.div_euclid(24 * 60 * 60);
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// The first few names, and how many more there are.
fn named(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_a_line_and_its_fix_another() {
        let good = Finding::good("mail", "it lets us in").text();
        assert_eq!(good, "✓ mail: it lets us in");
        let wrong = Finding::wrong("mail", "it\ndoes not", "ask\nit").text();
        assert_eq!(wrong, "✗ mail: it does not\n    ask it");
    }

    #[test]
    fn many_names_are_not_all_told() {
        let names: Vec<String> = ["a", "b", "c", "d", "e", "f", "g"].map(str::to_owned).into();
        assert_eq!(named(&names[..2]), "a, b");
        assert_eq!(named(&names), "a, b, c, d, e and 2 more");
    }
}
