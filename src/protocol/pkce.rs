//! Proof Key for Code Exchange (RFC 7636), S256 only.

use crate::base::{constant_time_eq, sha256, to_base64url};

/// A `code_challenge` of the method S256: 43 characters of base64url.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge(String);

/// A `code_verifier` whose syntax was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeVerifier(String);

/// The text is no challenge or no verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not of the form that RFC 7636 gives")]
pub struct MalformedPkce;

impl CodeChallenge {
    /// Parses a challenge (RFC 7636 §4.2: the base64url form of 32 bytes).
    ///
    /// # Errors
    /// When it is not exactly 43 characters of base64url.
    pub fn parse(text: &str) -> Result<Self, MalformedPkce> {
        let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if text.len() == 43 && text.bytes().all(is_base64url) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedPkce)
        }
    }

    /// Whether `verifier` belongs to this challenge (RFC 7636 §4.6).
    pub fn matches(&self, verifier: &CodeVerifier) -> bool {
        let expected = to_base64url(&sha256(verifier.0.as_bytes()));
        constant_time_eq(expected.as_bytes(), self.0.as_bytes())
    }
}

impl CodeVerifier {
    /// Parses a verifier (RFC 7636 §4.1: 43 to 128 unreserved characters), before any hashing.
    ///
    /// # Errors
    /// When its length or a character is outside that.
    pub fn parse(text: &str) -> Result<Self, MalformedPkce> {
        let is_unreserved =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        if (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedPkce)
        }
    }
}

impl std::fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeVerifier(…)")
    }
}
