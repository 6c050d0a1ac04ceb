//! Whether a server that did not answer is asked again: not at once, and then by one request.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Closed while the server answers; after a failure it is open for a while, and then lets one
/// request through to look.
pub(super) struct Circuit {
    left_alone_for: Duration,
    open_until: Mutex<Option<Instant>>,
}

impl Circuit {
    pub(super) fn new(left_alone_for: Duration) -> Self {
        Self { left_alone_for, open_until: Mutex::new(None) }
    }

    /// Whether this request may ask. The one that looks keeps the others away meanwhile.
    pub(super) fn lets_through(&self, now: Instant) -> bool {
        let mut open_until = self.open_until.lock().unwrap_or_else(PoisonError::into_inner);
        match *open_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                *open_until = Some(now + self.left_alone_for);
                true
            }
        }
    }

    pub(super) fn failed(&self, now: Instant) {
        let mut open_until = self.open_until.lock().unwrap_or_else(PoisonError::into_inner);
        *open_until = Some(now + self.left_alone_for);
    }

    pub(super) fn succeeded(&self) {
        *self.open_until.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_request_looks_whether_a_silent_server_is_back() {
        let (wait, start) = (Duration::from_secs(5), Instant::now());
        let circuit = Circuit::new(wait);
        assert!(circuit.lets_through(start) && circuit.lets_through(start));
        circuit.failed(start);
        assert!(!circuit.lets_through(start + wait / 2));
        assert!(circuit.lets_through(start + wait));
        assert!(!circuit.lets_through(start + wait), "one looks");
        assert!(
            circuit.lets_through(start + wait * 2),
            "one that never came back keeps nobody away"
        );
        circuit.failed(start + wait * 2);
        assert!(!circuit.lets_through(start + wait * 2));
        circuit.succeeded();
        assert!(circuit.lets_through(start + wait * 2));
    }
}
