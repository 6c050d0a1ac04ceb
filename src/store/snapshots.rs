//! Copies of an embedded database from before each upgrade, beside it in the folder `backups`.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::copy::{BackupProblem, snapshot};

/// How many are kept.
const KEPT: usize = 3;
const PREFIX: &str = "before-";
const ENDING: &str = ".db";

/// Copies the database at `live` and removes the oldest copies. It tells where the new one is.
pub(super) fn keep(live: &Path) -> Result<PathBuf, BackupProblem> {
    let folder = live.parent().unwrap_or(Path::new(".")).join("backups");
    let failed = |source| BackupProblem::File { path: folder.clone(), source };
    DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(failed)?;
    let version = env!("CARGO_PKG_VERSION");
    let mut path = folder.join(format!("{PREFIX}{version}{ENDING}"));
    let mut number = 1;
    // A version that is still in the making may migrate more than once.
    while path.exists() {
        number += 1;
        path = folder.join(format!("{PREFIX}{version}-{number}{ENDING}"));
    }
    snapshot(live, &path)?;
    for old in copies(&folder).map_err(failed)?.into_iter().skip(KEPT) {
        fs::remove_file(&old).map_err(failed)?;
    }
    Ok(path)
}

/// The copies in `folder`, the newest first.
fn copies(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_copy =
            name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(ENDING));
        if is_copy {
            found.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    found.sort();
    Ok(found.into_iter().rev().map(|(_, path)| path).collect())
}
