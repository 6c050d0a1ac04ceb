use std::cell::RefCell;

use super::Entropy;
use super::entropy::alphanumeric_of;

/// What joins a page, an answer's `X-Request-Id`, a log line and a row of the audit trail: 12
/// letters and digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Reference([u8; 12]);

/// Makes references, on one thread, from random bytes that were drawn ahead: every request takes one, and asking the
/// generator each time took a fiftieth of a small answer. A reference is no secret, so its bytes may lie here until
/// they are used.
#[derive(Debug)]
pub struct References(RefCell<Ahead>);

/// Bytes for some forty references.
#[derive(Debug)]
struct Ahead {
    bytes: [u8; 512],
    used: usize,
}

impl Default for References {
    fn default() -> Self {
        Self(RefCell::new(Ahead { bytes: [0; 512], used: 512 }))
    }
}

impl References {
    /// The next one.
    pub fn next(&self, entropy: &dyn Entropy) -> Reference {
        let mut ahead = self.0.borrow_mut();
        Reference([(); 12].map(|()| ahead.character(entropy)))
    }
}

impl Ahead {
    fn character(&mut self, entropy: &dyn Entropy) -> u8 {
        loop {
            if self.used == self.bytes.len() {
                entropy.fill(&mut self.bytes);
                self.used = 0;
            }
            self.used += 1;
            if let Some(character) = alphanumeric_of(self.bytes[self.used - 1]) {
                return character;
            }
        }
    }
}

impl Reference {
    /// A single one.
    pub fn new(entropy: &dyn Entropy) -> Self {
        References::default().next(entropy)
    }

    /// The letters and digits.
    pub fn as_str(&self) -> &str {
        // Letters and digits are text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reference({self})")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::base::SystemEntropy;

    #[test]
    fn references_are_letters_and_digits_and_none_comes_twice() {
        let references = References::default();
        let all: Vec<Reference> = (0..1000).map(|_| references.next(&SystemEntropy)).collect();
        let is_plain =
            |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        assert!(all.iter().all(|reference| is_plain(reference.as_str())));
        assert_eq!(all.iter().map(Reference::as_str).collect::<HashSet<_>>().len(), 1000);
    }
}
