use std::time::Duration;

use super::reader::Reader;
use super::values::duration;

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;

/// How long things count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// An authorization code.
    pub code: Duration,
    /// An access token.
    pub access_token: Duration,
    /// An ID token.
    pub id_token: Duration,
    /// A session that nobody uses.
    pub session_idle: Duration,
    /// A session, however much it is used.
    pub session_absolute: Duration,
    /// A session of a person who asked to stay signed in.
    pub session_remembered: Duration,
    /// A request that waits for its person.
    pub interaction: Duration,
}

impl Lifetimes {
    /// Reads all of them, so that every mistake is found.
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let mut read =
            |key, longest| reader.text(key, |text| duration(text, Duration::from_secs(longest)));
        // RFC 6749 §4.1.2: a code should not live longer than ten minutes.
        let code = read("lifetimes.code", 10 * MINUTE);
        // A token that an API verifies by itself cannot be called back before it expires.
        let access_token = read("lifetimes.access_token", DAY);
        let id_token = read("lifetimes.id_token", DAY);
        // Browsers keep no cookie for longer than 400 days.
        let session_idle = read("lifetimes.session_idle", 400 * DAY);
        let session_absolute = read("lifetimes.session_absolute", 400 * DAY);
        let session_remembered = read("lifetimes.session_remembered", 400 * DAY);
        let interaction = read("lifetimes.interaction", 7 * DAY);
        Some(Self {
            code: code?,
            access_token: access_token?,
            id_token: id_token?,
            session_idle: session_idle?,
            session_absolute: session_absolute?,
            session_remembered: session_remembered?,
            interaction: interaction?,
        })
    }
}
