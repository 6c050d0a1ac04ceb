use crate::base::{Digest, Entropy, Secret};

/// No look-alikes: nobody takes a 0 for an O or a 1 for an I.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: usize = 8;

/// A code that a person reads in a mail and types: 40 random bits, for ten tries at most
/// (`security.md` R67).
pub struct ProofCode(Secret<String>);

impl ProofCode {
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

    /// The code in two groups, as it is sent.
    pub fn to_text(&self) -> Secret<String> {
        let code = self.0.expose();
        Secret::new(format!("{}-{}", &code[..4], &code[4..]))
    }

    /// What is stored: a digest under a key outside the database, bound to the proof's link, so
    /// that nobody who reads the table finds codes by trying.
    pub fn digest(&self, key: &[u8; 32], link: &Digest) -> Digest {
        Digest::of_hmac(key, &[link.to_text().as_bytes(), self.0.expose().as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SeededEntropy;

    #[test]
    fn r67_a_code_is_read_as_it_was_sent_and_belongs_to_one_proof() {
        let code = ProofCode::generate(&SeededEntropy::new(7));
        let shown = code.to_text();
        assert_eq!(shown.expose().len(), 9);
        let [here, there] = [Digest::of(b"here"), Digest::of(b"there")];
        for typed in [shown.expose().clone(), format!(" {} ", shown.expose().to_lowercase())] {
            let read = ProofCode::parse(&typed).expect("a code");
            assert!(read.digest(&[1; 32], &here) == code.digest(&[1; 32], &here));
        }
        assert!(code.digest(&[1; 32], &here) != code.digest(&[1; 32], &there));
        assert!(code.digest(&[1; 32], &here) != code.digest(&[2; 32], &here));
        for text in ["", "AAAA", "AAAA-AAA1", "AAAA-AAAAA"] {
            assert!(ProofCode::parse(text).is_none(), "{text}");
        }
    }
}
