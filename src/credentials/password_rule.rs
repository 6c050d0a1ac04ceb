use unicode_normalization::UnicodeNormalization as _;

use super::common_passwords::is_common;

/// What a new password must be (NIST SP 800-63B §3.1.1.2): long enough and not one of those that
/// are tried first. No kinds of characters are demanded, and nothing expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordRule {
    min: usize,
}

/// Why a password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Too short.
    #[error("the password needs at least {min} characters")]
    TooShort {
        /// The least number of characters.
        min: usize,
    },
    /// Too long.
    #[error("the password may have at most 256 characters")]
    TooLong,
    /// One of those that are tried first.
    #[error(
        "the password is one of the first that attackers try: choose another, for instance several words"
    )]
    Common,
    /// Made of the account's own names.
    #[error("the password is made of the username, the email address or the name of the service")]
    Context,
}

const MAX: usize = 256;

impl PasswordRule {
    /// The rule where the password is the only factor: 15 characters.
    pub const ONLY_FACTOR: Self = Self { min: 15 };
    /// The rule beside a second factor: 8 characters.
    pub const WITH_SECOND_FACTOR: Self = Self { min: 8 };

    /// Checks a new password; `context` holds the account's own words.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn check(&self, password: &str, context: &[&str]) -> Result<(), PasswordProblem> {
        let normal: String = password.nfkc().collect();
        let length = normal.chars().count();
        if length < self.min {
            return Err(PasswordProblem::TooShort { min: self.min });
        }
        if length > MAX {
            return Err(PasswordProblem::TooLong);
        }
        let lower = normal.to_lowercase();
        if is_common(&lower) || is_pattern(&lower) {
            return Err(PasswordProblem::Common);
        }
        if is_mostly_context(&lower, context) {
            return Err(PasswordProblem::Context);
        }
        Ok(())
    }
}

/// One short piece over and over, or a run of neighbours: `abcabcabc…`, `123456789…`.
fn is_pattern(lower: &str) -> bool {
    let chars: Vec<char> = lower.chars().collect();
    let repeats = (1..=4).any(|size| {
        chars.len() > size && chars.iter().zip(chars.iter().skip(size)).all(|(a, b)| a == b)
    });
    let steps: Vec<i64> = chars
        .windows(2)
        .map(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])))
        .collect();
    let runs = steps.iter().filter(|step| step.abs() <= 1).count();
    repeats || (!steps.is_empty() && runs * 10 >= steps.len() * 9)
}

/// What is left without the account's own words must still be something.
fn is_mostly_context(lower: &str, context: &[&str]) -> bool {
    let mut rest = lower.to_owned();
    let words = context.iter().flat_map(|word| word.split('@')).chain(["tessera", "password"]);
    for word in words.map(str::to_lowercase).filter(|word| word.chars().count() >= 3) {
        rest = rest.replace(&word, "");
    }
    let left = rest.chars().filter(|c| c.is_alphanumeric()).count();
    rest.len() < lower.len() && left < 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r54_length_counts_code_points_after_nfkc() {
        let rule = PasswordRule::ONLY_FACTOR;
        assert_eq!(rule.check("fourteen chars", &[]), Err(PasswordProblem::TooShort { min: 15 }));
        assert_eq!(rule.check("æøåßüñçé wörtér", &[]), Ok(()));
        assert_eq!(rule.check(&"ab cd! ".repeat(40), &[]), Err(PasswordProblem::TooLong));
    }

    #[test]
    fn r54_what_is_tried_first_is_refused() {
        let rule = PasswordRule::ONLY_FACTOR;
        for password in [
            "passwordpassword",
            "123456789012345",
            "aaaaaaaaaaaaaaaa",
            "qwertyuiopasdfghjkl",
            "abcabcabcabcabcabc",
        ] {
            assert!(rule.check(password, &[]).is_err(), "{password} was accepted");
        }
        let context = ["alexandria", "alexandria@example.com"];
        assert_eq!(rule.check("alexandria-alexandria1", &context), Err(PasswordProblem::Context));
        assert_eq!(rule.check("correct horse battery staple", &context), Ok(()));
    }
}
