//! When a delivery that failed is tried again.

use std::time::Duration;

use crate::base::Timestamp;

const HOUR: u64 = 60 * 60;
/// Seconds after a delivery was asked for. It is tried at once, then at these, then every hour.
const TRIES: [u64; 6] = [5, 30, 2 * 60, 10 * 60, 30 * 60, HOUR];
/// The last try.
const LAST: u64 = 24 * HOUR;

/// The instant of the next try of a delivery that was asked for at `created_at` and has failed just
/// now, at `now`; none when a day has passed and it is given up.
///
/// What was missed while nobody could try is not caught up with. `jitter` is any random number: it
/// moves the try by up to a fifth of the pause before it, so that what failed together does not
/// come back together.
pub fn next_try(created_at: Timestamp, now: Timestamp, jitter: u32) -> Option<Timestamp> {
    let age = now.since(created_at).as_secs();
    if age >= LAST {
        return None;
    }
    let next = TRIES.into_iter().find(|at| *at > age).unwrap_or((age / HOUR + 1) * HOUR);
    let previous = TRIES.into_iter().rfind(|at| *at < next).unwrap_or(0);
    let pause = Duration::from_secs((next - previous).min(HOUR));
    let moved = (pause / 5).mul_f64(f64::from(jitter) / f64::from(u32::MAX));
    Some(created_at + (Duration::from_secs(next) + moved).min(Duration::from_secs(LAST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_800_000_000);

    /// The tries of a delivery that always fails, each at its instant, in seconds.
    fn tries(jitter: u32) -> Vec<f64> {
        let mut now = START;
        let mut tries = Vec::new();
        while let Some(next) = next_try(START, now, jitter) {
            assert!(next > now, "{next:?}");
            tries.push(next.since(START).as_secs_f64());
            now = next;
        }
        tries
    }

    #[test]
    fn the_tries_grow_apart_to_an_hour_and_end_after_a_day() {
        let hours = (1..=24).map(|hour| f64::from(hour * 3600));
        let all: Vec<f64> = [5.0, 30.0, 120.0, 600.0, 1800.0].into_iter().chain(hours).collect();
        assert_eq!(tries(0), all);
    }

    #[test]
    fn jitter_moves_each_try_and_leaves_out_none() {
        let (early, late) = (tries(0), tries(u32::MAX));
        assert_eq!(early.len(), late.len());
        assert_eq!(late[..7], [6.0, 35.0, 138.0, 696.0, 2040.0, 3960.0, 7920.0]);
        assert!(early.iter().zip(&late).rev().skip(1).all(|(early, late)| early < late));
        assert_eq!(late.last(), Some(&86_400.0));
    }

    #[test]
    fn what_was_missed_is_not_caught_up_with() {
        let after = |seconds: u64| {
            let next = next_try(START, START + Duration::from_secs(seconds), 0);
            next.map(|next| next.since(START).as_secs())
        };
        assert_eq!(after(40), Some(120));
        assert_eq!(after(3 * HOUR + 7), Some(4 * HOUR));
        assert_eq!(after(LAST - 1), Some(LAST));
        assert_eq!(after(LAST), None);
        assert_eq!(after(10 * LAST), None);
    }

    #[test]
    fn a_clock_that_went_back_tries_soon() {
        let next = next_try(START, START - Duration::from_secs(99), 0);
        assert_eq!(next, Some(START + Duration::from_secs(5)));
    }
}
