use crate::base::{Digest, Entropy, Secret, UserId};

/// No look-alikes: nobody takes a 0 for an O or a 1 for an I.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: usize = 16;

/// A code that stands in for a lost second factor: 80 random bits (`security.md` R75).
pub struct RecoveryCode(Secret<String>);

impl RecoveryCode {
    /// A new code.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let bytes = entropy.bytes::<LENGTH>();
        let letters = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        Self(Secret::new(letters.collect()))
    }

    /// The code that a person typed: spaces, dashes and case do not count.
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(LENGTH + 1);
        let code: String = letters.map(|c| c.to_ascii_uppercase()).collect();
        let is_code = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
        is_code.then(|| Self(Secret::new(code)))
    }

    /// The code in groups of four, as it is shown once.
    pub fn to_text(&self) -> Secret<String> {
        let code = self.0.expose();
        let groups = [&code[..4], &code[4..8], &code[8..12], &code[12..]];
        Secret::new(groups.join("-"))
    }

    /// What is stored: the digest over person and code, so that equal codes of two people differ.
    pub fn digest(&self, user: UserId) -> Digest {
        Digest::of(&[user.as_bytes().as_slice(), self.0.expose().as_bytes()].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{SeededEntropy, Timestamp};

    #[test]
    fn r75_a_code_is_read_as_it_was_shown_and_belongs_to_one_person() {
        let entropy = SeededEntropy::new(7);
        let code = RecoveryCode::generate(&entropy);
        let [ada, bob] = [1, 2].map(|ms| UserId::new(Timestamp::from_millis(ms), &entropy));
        let shown = code.to_text();
        assert_eq!(shown.expose().len(), 19);
        for typed in [shown.expose().clone(), format!(" {} ", shown.expose().to_lowercase())] {
            let read = RecoveryCode::parse(&typed).expect("a code");
            assert!(read.digest(ada) == code.digest(ada));
        }
        assert!(code.digest(ada) != code.digest(bob));
        for text in ["", "AAAA", "AAAA-AAAA-AAAA-AAA1", "AAAA-AAAA-AAAA-AAAAA"] {
            assert!(RecoveryCode::parse(text).is_none(), "{text}");
        }
    }
}
