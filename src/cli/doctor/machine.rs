//! What the machine gives.

use std::path::Path;
use std::time::Instant;

use super::Finding;
use crate::base::{Entropy, Secret, SystemEntropy};
use crate::cli::backup::size;
use crate::config::{DatabaseUrl, Settings};
use crate::credentials::{Argon2Cost, PasswordPool};

/// Below this much the next backup or upgrade may fail.
const LITTLE: u64 = 1_000_000_000;
/// Below this much anything may.
const NOTHING: u64 = 50_000_000;

pub(super) fn disk(settings: &Settings) -> Finding {
    const CHECK: &str = "disk";
    let folder = match &settings.database {
        DatabaseUrl::Sqlite(path) => path.parent().unwrap_or(Path::new(".")),
        DatabaseUrl::Postgres(_) => {
            return Finding::good(CHECK, "the data is on the PostgreSQL server");
        }
    };
    // Before the first start there is no folder: what will hold it is asked.
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let told = match nix::sys::statvfs::statvfs(there) {
        Ok(told) => told,
        Err(error) => {
            let cause = format!("{}: {error}", there.display());
            return Finding::wrong(CHECK, cause, "see whose the data folder is");
        }
    };
    let free = told.blocks_available().saturating_mul(told.fragment_size());
    of_space(free)
}

fn of_space(free: u64) -> Finding {
    const CHECK: &str = "disk";
    let cause = format!("{} free", size(free));
    if free < NOTHING {
        return Finding::wrong(CHECK, cause, "make room: nothing can be written soon");
    }
    if free < LITTLE {
        return Finding::look(CHECK, cause, "make room: backups and upgrades need a copy of all");
    }
    Finding::good(CHECK, cause)
}

/// Apps allow about a minute; a server that is seconds off drifts, and is more off tomorrow.
const MAX_OFF: i64 = 5;

/// Whether the clock of `whom` and this machine's agree.
pub(super) fn clock(check: &'static str, whom: &str, ahead: i64) -> Finding {
    if ahead.abs() <= MAX_OFF {
        return Finding::good(check, format!("as that of {whom}"));
    }
    let way = if ahead > 0 { "ahead of" } else { "behind" };
    Finding::look(
        check,
        format!("that of {whom} is {} s {way} this machine's", ahead.abs()),
        "have both follow the same NTP servers: apps check the times in tokens",
    )
}

/// Each connection takes one.
const FEW: u64 = 4096;

pub(super) fn open_files() -> Finding {
    const CHECK: &str = "open files";
    let told = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    match limit(&told) {
        Some(limit) if limit < FEW => Finding::look(
            CHECK,
            format!("{limit} at most, and each connection takes one"),
            format!("raise it to {FEW} or more: ulimit -n, or LimitNOFILE= of the service"),
        ),
        Some(u64::MAX) => Finding::good(CHECK, "no limit"),
        Some(limit) => Finding::good(CHECK, format!("{limit} at most")),
        None => Finding::good(CHECK, "this system does not tell"),
    }
}

fn limit(told: &str) -> Option<u64> {
    let rest = told.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    match rest.split_whitespace().next()? {
        "unlimited" => Some(u64::MAX),
        number => number.parse().ok(),
    }
}

/// Somebody who signs in waits for it.
const SLOW_MILLIS: u128 = 500;
/// The better of so many counts: something else may run beside one.
const TRIES: u32 = 3;

pub(super) async fn password_cost() -> Finding {
    const CHECK: &str = "passwords";
    let entropy: &dyn Entropy = &SystemEntropy;
    let mut best = None;
    if let Ok(pool) = PasswordPool::new(Argon2Cost::DEFAULT, 1) {
        for _ in 0..TRIES {
            let begun = Instant::now();
            let password = Secret::new("a password of the usual length".to_owned());
            if pool.hash(password, entropy.bytes()).await.is_ok() {
                let took = begun.elapsed().as_millis();
                best = Some(best.map_or(took, |best: u128| best.min(took)));
            }
        }
    }
    match best {
        None => Finding::wrong(CHECK, "none can be hashed here", "give the server more memory"),
        Some(took) if took > SLOW_MILLIS => Finding::look(
            CHECK,
            format!("checking one takes {took} ms here"),
            "give the server a faster processor: sign-ins wait for it",
        ),
        Some(took) => Finding::good(CHECK, format!("checking one takes {took} ms here")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn the_limit_on_open_files_is_read() {
        let line = "Limit                     Soft Limit           Hard Limit           Units\n\
             Max open files            1024                 524288               files\n";
        assert_eq!(limit(line), Some(1024));
        assert_eq!(limit("Max open files  unlimited unlimited files"), Some(u64::MAX));
        assert_eq!(limit("nothing of the kind"), None);
    }

    #[test]
    fn room_is_judged_by_what_is_left() {
        for (free, state) in
            [(10_000_000, State::Wrong), (500_000_000, State::Look), (5_000_000_000, State::Good)]
        {
            assert_eq!(of_space(free).state, state, "{free}");
        }
    }
}
