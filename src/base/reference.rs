use super::Entropy;

/// What joins a page, an answer's `X-Request-Id`, a log line and a row of the audit trail: 12
/// letters and digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Reference([u8; 12]);

impl Reference {
    /// A new one.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 12];
        bytes.copy_from_slice(&entropy.alphanumeric(12).as_bytes()[..12]);
        Self(bytes)
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

impl std::fmt::Debug for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reference({self})")
    }
}
