//! Where the data is, and whether there is a copy.

use super::machine::clock;
use super::{Finding, days, is_embedded};
use crate::base::{Clock as _, SystemClock};
use crate::cli::installation::location;
use crate::config::Settings;
use crate::store::{Health, Store, StoreError, copy, eviction_policy, look};

const CHECK: &str = "database";

/// How the database is, and whether it can be looked into.
pub(super) fn database(settings: &Settings) -> (Vec<Finding>, bool) {
    match look(&location(&settings.database)) {
        Ok(Some(health)) => {
            let (finding, is_usable) = of_health(settings, &health);
            let mut found = vec![finding];
            // Replicas on several machines have this clock in common.
            found.extend(health.clock.map(|theirs| {
                let ahead = theirs.as_seconds() - SystemClock.now().as_seconds();
                clock("database clock", "the database", ahead)
            }));
            (found, is_usable)
        }
        Ok(None) => {
            let finding = Finding::look(
                CHECK,
                "there is none yet",
                "the first start makes it; if there was one, look for data_dir and database_url",
            );
            (vec![finding], false)
        }
        Err(error) => (vec![unreachable(settings, &error)], false),
    }
}

fn unreachable(settings: &Settings, error: &StoreError) -> Finding {
    let fix = match error {
        StoreError::Damaged(_) => "tessera restore FILE --replace brings a backup back",
        _ if is_embedded(settings) => "see whose the file in data_dir is, and its folder",
        _ => "see database_url: host, port, user and password, and whether PostgreSQL runs",
    };
    Finding::wrong(CHECK, error.to_string(), fix)
}

fn of_health(settings: &Settings, health: &Health) -> (Finding, bool) {
    let engine = &health.engine;
    if !health.unknown.is_empty() {
        let cause = format!("a newer Tessera has changed it ({})", health.unknown.join(", "));
        return (Finding::wrong(CHECK, cause, "run that version"), false);
    }
    // PostgreSQL says the same of a table that is not there yet.
    let may_tell = is_embedded(settings) || health.pending.is_empty();
    if let Some(why) = health.not_writable.as_ref().filter(|_| may_tell) {
        let cause = format!("{engine}: nothing can be written ({why})");
        let fix = "see whose file and folder are, and whether the disk is full or read-only";
        return (Finding::wrong(CHECK, cause, fix), health.pending.is_empty());
    }
    if !health.pending.is_empty() {
        let cause = format!("{engine}: it lacks {}", health.pending.join(", "));
        let finding = if is_embedded(settings) {
            Finding::look(CHECK, cause, "the next start does it")
        } else {
            Finding::wrong(CHECK, cause, "run tessera migrate")
        };
        return (finding, false);
    }
    match health.journal_mode.as_deref() {
        None | Some("wal") => {
            let log = if is_embedded(settings) { ", with a write-ahead log" } else { "" };
            (Finding::good(CHECK, format!("{engine}, up to date{log}")), true)
        }
        Some(mode) => (
            Finding::look(
                CHECK,
                format!("{engine} keeps no write-ahead log ({mode})"),
                "the next start turns it on; if it does not, the folder is on a network disk",
            ),
            true,
        ),
    }
}

pub(super) async fn redis(settings: &Settings) -> Finding {
    const CHECK: &str = "redis";
    let Some(url) = &settings.redis_url else {
        return Finding::good(CHECK, "not used: limits count in each process");
    };
    let asked =
        tokio::time::timeout(std::time::Duration::from_secs(5), eviction_policy(url.expose()));
    match asked.await {
        Ok(Ok(Some(policy))) if policy == "noeviction" => {
            Finding::good(CHECK, "it answers, and forgets nothing by itself")
        }
        Ok(Ok(Some(policy))) => Finding::look(
            CHECK,
            format!("when its memory is full it forgets counters ({policy})"),
            "set maxmemory-policy to noeviction",
        ),
        Ok(Ok(None)) => Finding::good(CHECK, "it answers, and does not tell its eviction policy"),
        // The message could hold the address, and that a password.
        Ok(Err(_)) | Err(_) => Finding::wrong(
            CHECK,
            "it does not answer",
            "see redis_url: host, port and password, and whether Redis runs",
        ),
    }
}

/// A week without a backup is long.
const OLD: i64 = 7 * 24 * 60 * 60;

pub(super) async fn backup(store: &Store) -> Finding {
    const CHECK: &str = "backup";
    let made = match store.read(copy::backed_up_at).await {
        Ok(made) => made,
        Err(error) => {
            return Finding::wrong(CHECK, error.to_string(), "see the line of the database");
        }
    };
    let Some(made) = made else {
        return Finding::look(CHECK, "there was never one", "run tessera backup every night");
    };
    let age = SystemClock.now().as_seconds() - made.as_seconds();
    if age > OLD {
        let cause = format!("the last one is {} old", days(age));
        return Finding::look(CHECK, cause, "run tessera backup every night");
    }
    Finding::good(CHECK, format!("the last one is {} old", days(age)))
}
