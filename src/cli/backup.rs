//! `tessera backup`: everything but the seal key in one file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::Args;
use serde_json::json;
use time::OffsetDateTime;

use super::installation::{Installation, location, make_folder};
use super::output::Output;
use crate::app::backup;
use crate::base::{Clock as _, Timestamp};
use crate::config::Settings;
use crate::store::signing_keys;

pub(super) const HELP: &str = "The file holds everything but the seal key: keep that elsewhere, because nobody can restore \
    without it.\n\nExamples:\n  tessera backup\n  tessera backup --to /mnt/safe/tessera.db";

/// The folder in the data folder for files that are kept.
const FOLDER: &str = "backups";

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The file to make; by default one with the date in its name, in the folder backups of the
    /// data folder
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// Makes a backup beside whatever works on the data.
pub(super) async fn run(
    settings: &Settings,
    on: &Installation,
    args: BackupArgs,
) -> anyhow::Result<()> {
    // A seal key must not be made for an installation that never started.
    let keys = on.store.read(signing_keys::list_signing_keys).await?;
    ensure!(!keys.is_empty(), "there is nothing to keep: the first start makes the keys");
    let path = match args.to {
        Some(path) => path,
        None => {
            folder(&settings.data_dir)?.join(format!("tessera-{}.db", in_a_name(on.clock.now())?))
        }
    };
    let sealer = on.sealer().await?;
    let manifest =
        backup::make(on.operator(), &sealer, &location(&settings.database), &path).await?;
    let bytes = fs::metadata(&path).with_context(|| path.display().to_string())?.len();
    let text = format!("{} ({}); the seal key is not in it", path.display(), size(bytes));
    let value = json!({
        "file": path,
        "bytes": bytes,
        "made_at": manifest.made_at.as_seconds(),
        "tables": manifest.tables,
    });
    args.output.print(&text, &value)
}

/// Where files are kept: in the data folder, or here where there is none.
pub(super) fn folder(data_dir: &Path) -> anyhow::Result<PathBuf> {
    if !data_dir.exists() {
        return Ok(PathBuf::from("."));
    }
    let folder = data_dir.join(FOLDER);
    make_folder(&folder)?;
    Ok(folder)
}

/// An instant as it stands in the name of a file.
pub(super) fn in_a_name(at: Timestamp) -> anyhow::Result<String> {
    let at = OffsetDateTime::from_unix_timestamp(at.as_seconds())?;
    let ((year, month, day), (hour, minute, second)) = (at.to_calendar_date(), at.to_hms());
    let month = u8::from(month);
    Ok(format!("{year}-{month:02}-{day:02}-{hour:02}{minute:02}{second:02}"))
}

/// A size for people.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let (mut tenths, mut unit) = (bytes.div_ceil(100), 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        (tenths, unit) = (tenths.div_ceil(1000), unit + 1);
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_read_at_a_glance() {
        for (bytes, text) in [
            (0, "0.0 kB"),
            (1, "0.1 kB"),
            (250_000, "250.0 kB"),
            (1_250_000, "1.3 MB"),
            (7_000_000_000, "7.0 GB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
