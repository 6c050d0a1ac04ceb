//! Keeping everything in one file, and bringing it back.

use std::path::{Path, PathBuf};

use crate::app::audit::{self, Operator};
use crate::base::{Clock, Entropy, Timestamp};
use crate::credentials::{Purpose, Sealer, newest_step};
use crate::domain::{Actor, AuditRecord, DELETION_DELAY, Event, Occasion};
use crate::store::copy::{self, BackupProblem, Keep, Manifest, Renewal};
use crate::store::{Location, audit as rows};

/// Copies everything in `location`, where the operator's store is, into the new file `path`, and
/// notes that it was done. The seal key is not in the file, and nobody can restore it without.
///
/// # Errors
/// When there is a file already, or the store fails.
pub async fn make(
    on: Operator<'_>,
    sealer: &Sealer,
    location: &Location,
    path: &Path,
) -> Result<Manifest, BackupProblem> {
    let key = sealer.purpose_key(Purpose::Backup);
    let manifest = copy::backup_to(location, path, &key, on.clock.now())?;
    let counted = manifest.tables.iter().map(|table| table.rows).sum();
    let row = on.occasion().of(&Event::BackedUp { rows: counted });
    let (noted, at) = (row.clone(), manifest.made_at);
    let note = on.store.write("note backup", move |db| {
        copy::note_backup(db, at)?;
        rows::record(db, &noted)
    });
    note.await?;
    audit::log(&row);
    Ok(manifest)
}

/// Checks the backup at `path` as a restore would, and changes nothing.
///
/// # Errors
/// Why it could not be restored.
pub fn check(sealer: &Sealer, path: &Path) -> Result<Manifest, BackupProblem> {
    copy::verify(path, &sealer.purpose_key(Purpose::Backup))
}

/// What is restored, and where.
pub struct Restore<'a> {
    /// The backup.
    pub from: &'a Path,
    /// Where everything goes.
    pub to: &'a Location,
    /// A file that is not there yet, beside the embedded database or where nobody else reads.
    pub draft: &'a Path,
    /// Where what is there now is kept.
    pub aside: &'a Path,
    /// Whether accounts and apps that are there may be replaced.
    pub replace: bool,
}

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Where what was there before is kept, if anything was.
    pub kept: Option<PathBuf>,
}

/// What is renewed in a database that may lack what was committed last, as of `now`. `row` tells of it.
pub(super) fn renewal(now: Timestamp, row: AuditRecord) -> Renewal {
    let (totp_step, no_deletion_before) = (newest_step(now), now + DELETION_DELAY);
    Renewal { at: now, totp_step, no_deletion_before, row }
}

/// Brings everything back as it was when a backup was made. What was given out before this moment
/// and opens something by being shown is dead afterwards: sessions, codes, tokens, links, trusted
/// devices, codes of authenticator apps that may have been used, recovery codes.
///
/// # Errors
/// When the backup is of no use, a server works on the data, or there is something that must not be
/// replaced. Then nothing was changed.
pub fn restore(
    how: &Restore<'_>,
    sealer: &Sealer,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<Restored, BackupProblem> {
    let (key, now) = (sealer.purpose_key(Purpose::Backup), clock.now());
    let renewal = |manifest: &Manifest| {
        let event = Event::Restored { made_at: manifest.made_at };
        renewal(now, Occasion::inside(Actor::Command, now, entropy).of(&event))
    };
    let manifest = copy::prepare(how.from, how.draft, &key, renewal)?;
    let kept = match how.to {
        Location::SqliteMemory => {
            return Err(BackupProblem::NotEmpty("a database in memory keeps nothing"));
        }
        Location::SqliteFile(live) => copy::put_in_place(how.draft, live, how.aside, how.replace)?,
        Location::Postgres(url) => {
            let keep = || copy::backup_to(how.to, how.aside, &key, now).map(drop);
            let keep: Keep<'_> = &keep;
            copy::put_into_postgres(how.draft, url, how.replace.then_some(keep))?
                .then(|| how.aside.to_owned())
        }
    };
    Ok(Restored { manifest, kept })
}
