//! Logs: compact lines on a terminal, JSON everywhere else, always on standard error. And traces, where
//! they are collected.

mod line;
mod traces;

pub use line::JsonLine;
pub use traces::{Traces, begin_traces};

use std::io::IsTerminal as _;

use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, ParseError, Targets, filter_fn};
use tracing_subscriber::prelude::*;

/// The variable that says what is logged, as `info` or `info,tessera::store=debug`.
pub const LOG_VARIABLE: &str = "TESSERA_LOG";
const DEFAULT: &str = "info,tessera=info";

/// The variable cannot be understood, or logging was begun before.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `TESSERA_LOG` is no filter.
    #[error("{LOG_VARIABLE}: must be a level or a list as info,tessera::store=debug: {0}")]
    Filter(#[from] ParseError),
    /// A part of `TESSERA_LOG` is neither a level nor a module with one.
    #[error(
        "{LOG_VARIABLE}: {0:?} must be a level as info, or a module=level as tessera::store=debug"
    )]
    Part(String),
    /// Somebody else in this process logs already.
    #[error("logging was begun twice")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
}

/// Begins to log, for the rest of this process.
///
/// # Errors
/// When `TESSERA_LOG` cannot be understood, or logging was begun before.
pub fn begin() -> Result<(), TelemetryError> {
    let filter = filter_of(&std::env::var(LOG_VARIABLE).unwrap_or_default())?;
    // Below `info`, libraries print statements with their parameters and whole addresses. No
    // setting may bring those into a log (`security.md` R122).
    let ours = filter_fn(|meta| *meta.level() <= Level::INFO || is_ours(meta.target()));
    let logs = tracing_subscriber::registry().with(filter).with(ours);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        logs.with(lines.compact()).try_init()?;
    } else {
        logs.with(lines.event_format(JsonLine)).try_init()?;
    }
    Ok(())
}

/// What `wanted` asks for. The library would take an empty part for `error`, and any word that is no
/// level (`warning`, `info tessera=debug`) for a module that never speaks: nothing would be logged.
fn filter_of(wanted: &str) -> Result<Targets, TelemetryError> {
    let parts: Vec<&str> =
        wanted.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return Ok(DEFAULT.parse()?);
    }
    if let Some(odd) = parts.iter().find(|part| !is_understood(part)) {
        return Err(TelemetryError::Part((*odd).to_owned()));
    }
    Ok(parts.join(",").parse()?)
}

fn is_understood(part: &str) -> bool {
    let in_a_path = |c: char| c.is_ascii_alphanumeric() || "_:-".contains(c);
    match part.split_once('=') {
        Some((module, level)) => {
            !module.is_empty() && module.chars().all(in_a_path) && !level.is_empty()
        }
        None => part.parse::<LevelFilter>().is_ok(),
    }
}

fn is_ours(target: &str) -> bool {
    target == "tessera" || target.starts_with("tessera::")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_empty_parts_of_the_variable_say_nothing() {
        let all = filter_of("info,tessera::store=debug").unwrap();
        assert!(all.would_enable("other", &Level::INFO));
        assert!(!all.would_enable("other", &Level::DEBUG));
        assert!(all.would_enable("tessera::store::db", &Level::DEBUG));
        for same in [
            "info, tessera::store=debug",
            "tessera::store=debug ,info,",
            ",info,,tessera::store=debug",
        ] {
            assert_eq!(filter_of(same).unwrap(), all, "{same}");
        }
        for unset in ["", " ", ","] {
            assert_eq!(filter_of(unset).unwrap(), filter_of(DEFAULT).unwrap(), "{unset:?}");
        }
        for wrong in [
            "tessera=loudly",
            "warning",
            "info tessera=debug",
            "=debug",
            "tessera=",
            "[span]=info",
            "[span{a=b}]=info",
        ] {
            assert!(filter_of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_our_own_rooms_may_speak_below_info() {
        assert!(is_ours("tessera") && is_ours("tessera::store::db"));
        assert!(!is_ours("tokio_postgres::query") && !is_ours("tessera_like"));
    }
}
