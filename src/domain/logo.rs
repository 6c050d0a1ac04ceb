use std::time::Duration;

use crate::base::{ClientRowId, Timestamp};

/// The wait after the first try that fails; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_secs(60);
/// How often it doubles: then it is nearly a day.
const MOST_DOUBLINGS: u32 = 10;

/// A client's logo that was not fetched yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLogo {
    /// Whose.
    pub client: ClientRowId,
    /// Where it lies.
    pub source: String,
    /// Since when it may be fetched.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
}

impl DueLogo {
    /// When it is tried again, should the try at `now` fail.
    pub fn due_again(&self, now: Timestamp) -> Timestamp {
        now + FIRST_WAIT * 2_u32.pow(self.tries.min(MOST_DOUBLINGS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SeededEntropy;

    #[test]
    fn the_wait_doubles_up_to_most_of_a_day() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let client = ClientRowId::new(now, &SeededEntropy::new(1));
        let wait = |tries| {
            let due = DueLogo { client, source: String::new(), due_at: now, tries };
            due.due_again(now).since(now).as_secs()
        };
        assert_eq!([0, 1, 5, 10, 11, u32::MAX].map(wait), [60, 120, 1920, 61_440, 61_440, 61_440]);
    }
}
