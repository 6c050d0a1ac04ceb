//! Time-based one-time passwords (RFC 6238) as every authenticator app knows them: SHA-1, six
//! digits, 30 seconds.

use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;

use crate::base::{Entropy, Secret, Timestamp, constant_time_eq};

const PERIOD_SECONDS: i64 = 30;
const MODULUS: u32 = 1_000_000;
/// RFC 4226 §4, R6: 160 bits.
const SEED_BYTES: usize = 20;

/// The seed that an authenticator app shares with us.
pub struct TotpSeed(Secret<Vec<u8>>);

/// Six digits as a person typed them: spaces and dashes do not count.
pub struct TypedCode(Secret<String>);

impl TypedCode {
    /// The code in `text`, when it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(7).collect();
        let is_code = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then(|| Self(Secret::new(digits)))
    }
}

impl TotpSeed {
    /// A new random seed.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(Secret::new(entropy.bytes::<SEED_BYTES>().to_vec()))
    }

    /// The seed that was stored.
    pub fn from_bytes(bytes: Secret<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The bytes to seal.
    pub fn bytes(&self) -> &[u8] {
        self.0.expose()
    }

    /// The seed as a person types it into an app: base32 without padding.
    pub fn to_text(&self) -> Secret<String> {
        Secret::new(BASE32_NOPAD.encode(self.0.expose()))
    }

    /// The code of one time step (RFC 4226 §5.3).
    pub fn code_at(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.0.expose());
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag[tag.len() - 1] & 0xf);
        let mut word = [0; 4];
        word.copy_from_slice(&tag[offset..offset + 4]);
        format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % MODULUS)
    }
}

/// The time step of which `typed` is the code: the present one, or one to either side, for clocks
/// that differ (`security.md` R74).
pub fn is_code_of(seed: &TotpSeed, typed: &TypedCode, now: Timestamp) -> Option<i64> {
    let present = now.as_seconds().div_euclid(PERIOD_SECONDS);
    [present, present - 1, present + 1]
        .into_iter()
        .find(|step| constant_time_eq(seed.code_at(*step).as_bytes(), typed.0.expose().as_bytes()))
}

/// The newest time step whose code may have been accepted by `now`.
pub fn newest_step(now: Timestamp) -> i64 {
    now.as_seconds().div_euclid(PERIOD_SECONDS) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed() -> TotpSeed {
        TotpSeed::from_bytes(Secret::new(b"12345678901234567890".to_vec()))
    }

    /// RFC 6238 appendix B, the last six of eight digits.
    #[test]
    fn the_codes_of_the_specification_come_out() {
        let known = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, code) in known {
            assert_eq!(seed().code_at(seconds / 30), code, "{seconds}");
        }
        assert_eq!(seed().to_text().expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn r74_one_step_to_either_side_counts_and_no_more() {
        let now = Timestamp::from_seconds(1_111_111_111);
        let present = 1_111_111_111 / 30;
        for (step, is_right) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let typed = TypedCode::parse(&seed().code_at(present + step)).expect("six digits");
            let found = is_code_of(&seed(), &typed, now);
            assert_eq!(found, is_right.then_some(present + step), "{step}");
        }
    }

    #[test]
    fn a_code_may_be_typed_in_groups() {
        for text in ["287082", " 287 082\n", "287-082"] {
            let typed = TypedCode::parse(text).expect("a code");
            assert_eq!(is_code_of(&seed(), &typed, Timestamp::from_seconds(59)), Some(1));
        }
        for text in ["", "28708", "2870822", "28708a", "٢٨٧٠٨٢", "287082 000000"] {
            assert!(TypedCode::parse(text).is_none(), "{text}");
        }
    }
}
