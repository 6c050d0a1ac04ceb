//! Judging a backup.

use std::path::Path;

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};

use super::file::BackupProblem;
use super::manifest::{self, Manifest, key_check};
use super::{count, tables_of};
use crate::base::constant_time_eq;
use crate::store::db::each;
use crate::store::{Db, StoreError, lite, migrations};

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// Reads the whole backup at `path`: whether it is one, belongs to the seal key that `key` comes
/// of, is as it was made, and is not newer than this binary. It changes nothing.
///
/// # Errors
/// The first of these that is not so.
pub fn verify(path: &Path, key: &[u8; 32]) -> Result<Manifest, BackupProblem> {
    verify_as(path, path, key)
}

/// The same for the file `at`, which is told as `path`.
pub(super) fn verify_as(at: &Path, path: &Path, key: &[u8; 32]) -> Result<Manifest, BackupProblem> {
    let is_file = std::fs::metadata(at).map_err(|error| BackupProblem::file(path, error))?;
    let not_one = || BackupProblem::NotOne(path.to_owned());
    if !is_file.is_file() {
        return Err(not_one());
    }
    let mut file = lite::connect_unchanged(at).map_err(|_| not_one())?;
    let (text, tag) = match manifest::stored(&mut file) {
        Ok(stored) => stored,
        Err(error) => return Err(of_reading(path, &error)),
    };
    let told: Manifest = serde_json::from_str(&text).map_err(|_| damaged(path, "its manifest"))?;
    if !constant_time_eq(told.key_check.as_bytes(), key_check(key).as_bytes()) {
        return Err(BackupProblem::OtherKey(path.to_owned()));
    }
    if !constant_time_eq(tag.as_bytes(), manifest::tag(key, &text).as_bytes()) {
        return Err(damaged(path, "its manifest"));
    }
    let missing = migrations::unknown(&told.schema)?;
    if !missing.is_empty() {
        let (path, version) = (path.to_owned(), told.version);
        return Err(BackupProblem::Newer { path, version, missing: missing.join(", ") });
    }
    check_content(&mut file, &told).map_err(|what| damaged(path, &what))?;
    Ok(told)
}

fn damaged(path: &Path, what: &str) -> BackupProblem {
    BackupProblem::Damaged { path: path.to_owned(), what: what.to_owned() }
}

/// A file that is none of SQLite's, or that has no manifest, is no backup; one that has a page
/// which cannot be read is damaged.
fn of_reading(path: &Path, error: &StoreError) -> BackupProblem {
    match error {
        StoreError::Damaged(what) if what.contains("malformed") => damaged(path, what),
        _ => BackupProblem::NotOne(path.to_owned()),
    }
}

/// Every page, and every row against what the manifest says of its table.
fn check_content(file: &mut Db, told: &Manifest) -> Result<(), String> {
    let text = |error: StoreError| error.to_string();
    let found: Vec<Finding> = each!(file, c => sql_query("PRAGMA integrity_check(1)").load(c))
        .map_err(|error| error.to_string())?;
    if let Some(finding) = found.iter().find(|finding| finding.integrity_check != "ok") {
        return Err(finding.integrity_check.clone());
    }
    let applied = migrations::applied(file).map_err(text)?;
    if applied != told.schema {
        return Err("its list of migrations".to_owned());
    }
    let tables = tables_of(file).map_err(text)?;
    let counted = count(file, &tables).map_err(text)?;
    if counted.len() != told.tables.len() {
        return Err("its list of tables".to_owned());
    }
    match counted.iter().zip(&told.tables).find(|(is, was)| is != was) {
        Some((is, _)) => Err(format!("table {}", is.table)),
        None => Ok(()),
    }
}
