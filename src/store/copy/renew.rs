//! What a restore must not bring back: everything that was given out before it and opens something
//! by being shown. It ends in the copy, before the copy becomes the database.

use std::fs;
use std::path::Path;

use diesel::prelude::*;

use super::file::BackupProblem;
use super::manifest::Manifest;
use super::verify::verify_as;
use crate::base::Timestamp;
use crate::domain::AuditRecord;
use crate::store::db::each;
use crate::store::db::schema::{
    grants, interactions, meta, outbox, proofs, pushed_requests, recovery_codes,
    registration_tokens, revocations, session_clients, sessions, setup_links, totp_credentials,
    trusted_devices, users,
};
use crate::store::{Db, StoreError, audit, lite, migrations};

/// The row of `meta` that says before which instant nothing was given out that counts.
const NOT_BEFORE: &str = "not_before";
/// The row of `meta` that says when the last backup was made.
const BACKED_UP_AT: &str = "backed_up_at";

/// What is renewed in a copy before it becomes the database.
#[derive(Debug, Clone)]
pub struct Renewal {
    /// The instant of the restore: what was given out before it counts no more.
    pub at: Timestamp,
    /// The newest time step of authenticator apps that may have been used by then.
    pub totp_step: i64,
    /// No account that its person had asked to delete is deleted before.
    pub no_deletion_before: Timestamp,
    /// The row that tells of it.
    pub row: AuditRecord,
}

/// Makes `copy` of the backup `from`, checks it, brings it to this binary's version and renews it.
///
/// # Errors
/// When the backup is of no use, or a file cannot be written.
pub fn prepare(
    from: &Path,
    copy: &Path,
    key: &[u8; 32],
    renewal: impl FnOnce(&Manifest) -> Renewal,
) -> Result<Manifest, BackupProblem> {
    let failed = |error| BackupProblem::file(from, error);
    let mut source = fs::File::open(from).map_err(failed)?;
    let mut target = super::file::create(copy)?;
    std::io::copy(&mut source, &mut target).map_err(failed)?;
    drop(target);
    // The copy is checked and not the file: what is checked is what becomes the database.
    let manifest = verify_as(copy, from, key)?;
    let renewal = renewal(&manifest);
    let mut db = lite::connect_file(copy)?;
    db.batch("DROP TABLE backup")?;
    migrations::run(&mut db)?;
    super::in_transaction(&mut db, "BEGIN IMMEDIATE", |db| renew(db, &renewal))?;
    Ok(manifest)
}

/// Ends what a server that lacks the last moments may revive. How many rows there are does not
/// matter: the tables are emptied as a whole. Recovery codes and what waits to be delivered stay:
/// what was used or sent in those moments is little, and everybody would need new codes.
///
/// # Errors
/// When the store fails.
pub(in crate::store) fn end_short_lived(db: &mut Db, renewal: &Renewal) -> Result<(), StoreError> {
    db.batch(
        "TRUNCATE grants, session_clients, sessions, interactions, pushed_requests, proofs, \
         trusted_devices, registration_tokens, revocations, setup_links",
    )?;
    no_deletion_before(db, renewal.no_deletion_before)?;
    set_instant(db, NOT_BEFORE, renewal.at)?;
    audit::record(db, &renewal.row)
}

/// Who took the wish to be deleted back must have the time to do so again.
fn no_deletion_before(db: &mut Db, at: Timestamp) -> Result<(), StoreError> {
    let due = at.as_millis();
    let sooner = users::table.filter(users::delete_after.lt(due));
    each!(db, c => diesel::update(sooner).set(users::delete_after.eq(Some(due))).execute(c))?;
    Ok(())
}

/// Ends all of it. Accounts, clients, consents, keys and ways to sign in stay.
fn renew(db: &mut Db, renewal: &Renewal) -> Result<(), StoreError> {
    let at = renewal.at.as_millis();
    each!(db, c => {
        diesel::delete(grants::table).execute(c)?;
        diesel::delete(session_clients::table).execute(c)?;
        diesel::delete(sessions::table).execute(c)?;
        diesel::delete(interactions::table).execute(c)?;
        diesel::delete(pushed_requests::table).execute(c)?;
        diesel::delete(proofs::table).execute(c)?;
        diesel::delete(trusted_devices::table).execute(c)?;
        diesel::delete(registration_tokens::table).execute(c)?;
        diesel::delete(revocations::table).execute(c)?;
        diesel::delete(setup_links::table).execute(c)?;
        // Mails that waited were sent since, and their links open nothing.
        diesel::delete(outbox::table).execute(c)?;
        // Which code was used since is not known: none counts.
        diesel::update(recovery_codes::table.filter(recovery_codes::used_at.is_null()))
            .set(recovery_codes::used_at.eq(Some(at)))
            .execute(c)?;
        let older = totp_credentials::table
            .filter(totp_credentials::last_step.lt(renewal.totp_step));
        diesel::update(older).set(totp_credentials::last_step.eq(renewal.totp_step)).execute(c)?;
        Ok::<(), StoreError>(())
    })?;
    no_deletion_before(db, renewal.no_deletion_before)?;
    set_instant(db, NOT_BEFORE, renewal.at)?;
    audit::record(db, &renewal.row)
}

/// Before which instant nothing was given out that counts; none when nothing was ever restored.
///
/// # Errors
/// When the store fails, or the row cannot be read.
pub fn not_before(db: &mut Db) -> Result<Option<Timestamp>, StoreError> {
    instant(db, NOT_BEFORE)
}

/// When the last backup was made, if ever.
///
/// # Errors
/// When the store fails, or the row cannot be read.
pub fn backed_up_at(db: &mut Db) -> Result<Option<Timestamp>, StoreError> {
    instant(db, BACKED_UP_AT)
}

/// Notes that a backup was made.
///
/// # Errors
/// When the store fails.
pub fn note_backup(db: &mut Db, at: Timestamp) -> Result<(), StoreError> {
    set_instant(db, BACKED_UP_AT, at)
}

fn instant(db: &mut Db, name: &'static str) -> Result<Option<Timestamp>, StoreError> {
    let found: Option<String> =
        each!(db, c => meta::table.find(name).select(meta::value).first(c).optional())?;
    let corrupt = || StoreError::Corrupt { table: "meta", column: "value", id: name.to_owned() };
    let read = |text: String| text.parse().map(Timestamp::from_millis).map_err(|_| corrupt());
    found.map(read).transpose()
}

fn set_instant(db: &mut Db, name: &'static str, at: Timestamp) -> Result<(), StoreError> {
    let value = meta::value.eq(at.as_millis().to_string());
    each!(db, c => diesel::insert_into(meta::table)
        .values((meta::name.eq(name), value.clone()))
        .on_conflict(meta::name)
        .do_update()
        .set(value)
        .execute(c))?;
    Ok(())
}
