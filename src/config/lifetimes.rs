use std::time::Duration;

use super::reader::Reader;
use super::values::duration;

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;
const YEAR: u64 = 365 * DAY;

/// How long things count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// An authorization code.
    pub code: Duration,
    /// An access token.
    pub access_token: Duration,
    /// An ID token.
    pub id_token: Duration,
    /// A refresh token that nobody uses.
    pub refresh_idle: Duration,
    /// A refresh token, however much it is used.
    pub refresh_absolute: Duration,
    /// A pushed authorization request.
    pub pushed_request: Duration,
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
        let mut within = |key, shortest, longest| {
            let range = Duration::from_secs(shortest)..=Duration::from_secs(longest);
            reader.text(key, |text| duration(text, &range))
        };
        // RFC 9126 §2.2: between five seconds and ten minutes are common.
        let pushed_request = within("lifetimes.pushed_request", 5, 10 * MINUTE);
        let mut read = |key, longest| within(key, 1, longest);
        // RFC 6749 §4.1.2: a code should not live longer than ten minutes.
        let code = read("lifetimes.code", 10 * MINUTE);
        // A token that an API verifies by itself cannot be called back before it expires.
        let access_token = read("lifetimes.access_token", DAY);
        let id_token = read("lifetimes.id_token", DAY);
        let refresh_idle = read("lifetimes.refresh_idle", 2 * YEAR);
        let refresh_absolute = read("lifetimes.refresh_absolute", 2 * YEAR);
        // Browsers keep no cookie for longer than 400 days.
        let session_idle = read("lifetimes.session_idle", 400 * DAY);
        let session_absolute = read("lifetimes.session_absolute", 400 * DAY);
        let session_remembered = read("lifetimes.session_remembered", 400 * DAY);
        let interaction = read("lifetimes.interaction", 7 * DAY);
        Some(Self {
            code: code?,
            access_token: access_token?,
            id_token: id_token?,
            refresh_idle: refresh_idle?,
            refresh_absolute: refresh_absolute?,
            pushed_request: pushed_request?,
            session_idle: session_idle?,
            session_absolute: session_absolute?,
            session_remembered: session_remembered?,
            interaction: interaction?,
        })
    }
}
