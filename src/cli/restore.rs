//! `tessera restore`: everything as it was when a backup was made.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::backup::{folder, in_a_name};
use super::installation::{location, make_folder};
use super::output::Output;
use crate::app::backup::{self, Restore};
use crate::base::{Clock as _, Entropy, SystemClock, SystemEntropy, Timestamp};
use crate::config::{DatabaseUrl, SealKeySource, Settings};
use crate::credentials::{SealKey, SealKeyProblem, Sealer, load_or_create_seal_key};
use crate::store::copy::Manifest;

pub(super) const HELP: &str = "Stop the server first (SQLite). Accounts, apps, consents, keys and ways to sign in come back as \
    they were;\nevery session, code, token, link, trusted device and recovery code of before is dead. Look \
    afterwards at what was\nchanged since the backup: accounts that were disabled or deleted, passwords, \
    factors, groups and client secrets.\n\nExamples:\n  tessera restore tessera.db --check\n  tessera restore \
    tessera.db\n  tessera restore tessera.db --replace";

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// The backup
    file: PathBuf,
    /// Only tell whether it could be restored
    #[arg(long)]
    check: bool,
    /// Replace what is here, and keep it in a file beside
    #[arg(long, conflicts_with = "check")]
    replace: bool,
    #[command(flatten)]
    output: Output,
}

/// Restores, or tells whether that would work.
pub(super) fn run(settings: &Settings, args: &RestoreArgs) -> anyhow::Result<()> {
    let sealer = Sealer::new(seal_key(&settings.seal_key)?)?;
    if args.check {
        let manifest = backup::check(&sealer, &args.file)?;
        let text = format!(
            "{} can be restored: {} rows of {}, made by Tessera {}",
            args.file.display(),
            rows(&manifest),
            written(manifest.made_at)?,
            manifest.version
        );
        return args.output.print(&text, &view(&manifest, None));
    }
    let place = Place::of(settings)?;
    let how = Restore {
        from: &args.file,
        to: &location(&settings.database),
        draft: &place.draft,
        aside: &place.aside,
        replace: args.replace,
    };
    let restored = backup::restore(&how, &sealer, &SystemClock, &SystemEntropy)?;
    let manifest = &restored.manifest;
    let kept = restored.kept.as_deref();
    let beside =
        kept.map(|path| format!("; what was here is in {}", path.display())).unwrap_or_default();
    let text = format!(
        "everything is as it was at {}: sessions, tokens, links and recovery codes are dead, and what \
         was disabled, deleted or changed since is back: look at it{beside}",
        written(manifest.made_at)?
    );
    args.output.print(&text, &view(manifest, kept))
}

fn rows(manifest: &Manifest) -> u64 {
    manifest.tables.iter().map(|table| table.rows).sum()
}

fn view(manifest: &Manifest, kept: Option<&Path>) -> serde_json::Value {
    json!({
        "made_at": manifest.made_at.as_seconds(),
        "version": manifest.version,
        "engine": manifest.engine,
        "tables": manifest.tables,
        "kept": kept,
    })
}

fn written(at: Timestamp) -> anyhow::Result<String> {
    Ok(OffsetDateTime::from_unix_timestamp(at.as_seconds())?.format(&Rfc3339)?)
}

/// The seal key of the backup. None is ever made here: it would open nothing.
fn seal_key(source: &SealKeySource) -> anyhow::Result<SealKey> {
    match source {
        SealKeySource::Given(key) => Ok(key.clone()),
        SealKeySource::File(path) => match load_or_create_seal_key(path, false, &SystemEntropy) {
            Err(SealKeyProblem::Lost(path)) => anyhow::bail!(
                "{} is missing: a backup opens with its seal key alone, so put that there first",
                path.display()
            ),
            found => Ok(found?),
        },
    }
}

/// Where the copy is made, and where what is here is kept.
struct Place {
    draft: PathBuf,
    aside: PathBuf,
    /// A folder that goes with it.
    temporary: Option<PathBuf>,
}

impl Place {
    fn of(settings: &Settings) -> anyhow::Result<Self> {
        let entropy: &dyn Entropy = &SystemEntropy;
        let name = format!("restoring-{}.db", entropy.alphanumeric(12));
        let now = in_a_name(SystemClock.now())?;
        match &settings.database {
            DatabaseUrl::Sqlite(live) => {
                make_folder(&settings.data_dir)?;
                let aside = format!("tessera-before-restore-{now}.db");
                Ok(Self {
                    draft: live.with_file_name(name),
                    aside: live.with_file_name(aside),
                    temporary: None,
                })
            }
            // There may be no disk that is ours beside a server.
            DatabaseUrl::Postgres(_) => {
                let folder_name = format!("tessera-{}", entropy.alphanumeric(12));
                let temporary = std::env::temp_dir().join(folder_name);
                let mut builder = DirBuilder::new();
                let made = builder.mode(0o700).create(&temporary);
                made.with_context(|| temporary.display().to_string())?;
                let aside =
                    folder(&settings.data_dir)?.join(format!("tessera-before-restore-{now}.db"));
                Ok(Self { draft: temporary.join(name), aside, temporary: Some(temporary) })
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // It holds everything: what did not become the database is not left about.
        let _ = fs::remove_file(&self.draft);
        if let Some(folder) = &self.temporary {
            let _ = fs::remove_dir_all(folder);
        }
    }
}
