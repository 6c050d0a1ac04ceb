use std::sync::Mutex;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};

use super::{sha256, to_base64url};

/// Where randomness comes from. It is passed as an argument, so that a test can repeat a run.
pub trait Entropy: Send + Sync {
    /// Fills `buffer` with bytes that nobody can foresee.
    fn fill(&self, buffer: &mut [u8]);
}

impl dyn Entropy + '_ {
    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// 32 random bytes as 43 characters of base64url.
    pub fn token(&self) -> String {
        to_base64url(&self.bytes::<32>())
    }

    /// `length` characters from letters and digits, each with equal chance: they survive every
    /// way that relying parties encode a client secret.
    pub fn alphanumeric(&self, length: usize) -> String {
        let mut out = String::with_capacity(length);
        while out.len() < length {
            let left = length - out.len();
            let characters = self.bytes::<64>().into_iter().filter_map(alphanumeric_of);
            out.extend(characters.take(left).map(char::from));
        }
        out
    }
}

/// The letter or digit that a random byte stands for. 248 is the largest multiple of 62 that a byte can
/// hold: what is above would favour some, and stands for none.
pub(super) fn alphanumeric_of(byte: u8) -> Option<u8> {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    (byte < 248).then(|| ALPHABET[usize::from(byte % 62)])
}

/// The operating system's generator.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        // A system that cannot give random bytes cannot run an identity provider at all.
        #[expect(clippy::expect_used, reason = "there is no safe way to go on without randomness")]
        SystemRandom::new().fill(buffer).expect("the operating system gives random bytes");
    }
}

/// A repeatable stream for tests and properties. Never used by the binary.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<(u64, u64)>);

impl SeededEntropy {
    /// The stream that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new((seed, 0)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in buffer.chunks_mut(32) {
            let mut block = [0; 16];
            block[..8].copy_from_slice(&state.0.to_be_bytes());
            block[8..].copy_from_slice(&state.1.to_be_bytes());
            state.1 += 1;
            chunk.copy_from_slice(&sha256(&block)[..chunk.len()]);
        }
    }
}
