//! Where a test ends the process, as a power cut would: between the work of a job and its commit, or
//! between the commit and the answer. There is none of it in a build without debug assertions.

/// Names a place and a job: `after-commit redeem code`.
#[cfg(debug_assertions)]
const VARIABLE: &str = "TESSERA_TEST_ABORT_AT";

/// Ends the process when this is the place that [`VARIABLE`] names.
#[cfg(debug_assertions)]
pub(super) fn reach(place: &str, job: &str) {
    static ASKED: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    let asked = ASKED.get_or_init(|| std::env::var(VARIABLE).ok());
    let here = asked.as_ref().and_then(|asked| asked.strip_prefix(place));
    if here.is_some_and(|rest| rest.trim_start() == job) {
        std::process::abort();
    }
}

/// Nothing.
#[cfg(not(debug_assertions))]
pub(super) fn reach(_place: &str, _job: &str) {}
