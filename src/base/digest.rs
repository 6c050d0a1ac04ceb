use aws_lc_rs::{digest, hmac};

use super::{InvalidEncoding, from_base64url, to_base64url};

/// The SHA-256 digest of a secret: what the database keeps in the secret's place.
///
/// It is its own type so that a plain secret can never be stored where a digest belongs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `secret`.
    pub fn of(secret: &[u8]) -> Self {
        Self(sha256(secret))
    }

    /// The HMAC-SHA-256 of `parts` under `key`, kept as digests are.
    pub fn of_hmac(key: &[u8; 32], parts: &[&[u8]]) -> Self {
        Self(hmac_sha256(key, parts))
    }

    /// The digest that stands in a row, in the form of [`Digest::to_text`].
    ///
    /// # Errors
    /// When `text` is not the base64url form of 32 bytes.
    pub fn from_text(text: &str) -> Result<Self, InvalidEncoding> {
        let bytes = from_base64url(text)?;
        Ok(Self(bytes.try_into().map_err(|_| InvalidEncoding)?))
    }

    /// The form that is stored: base64url, 43 characters.
    pub fn to_text(self) -> String {
        to_base64url(&self.0)
    }

    /// Whether this is the digest of `secret`, in time that does not depend on where they differ.
    pub fn matches(&self, secret: &[u8]) -> bool {
        constant_time_eq(&self.0, &sha256(secret))
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digest(…)")
    }
}

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

/// HMAC-SHA-256 of `parts` under `key`.
///
/// Each part is preceded by its length, so that two lists of parts never share an input.
pub fn hmac_sha256(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let mut context = hmac::Context::with_key(&key);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.sign().as_ref());
    out
}

/// Whether `a` and `b` are equal, in time that depends on their lengths alone.
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    subtle::ConstantTimeEq::ct_eq(a, b).into()
}
