//! The one anatomy of codes and tokens: `prefix + base64url(grant id ‖ generation ‖ …)`.
//!
//! Everything is found by primary key, so no random index is ever written.

use crate::base::{
    Digest, Entropy, GrantId, InvalidEncoding, Timestamp, from_base64url, to_base64url,
};

/// The prefix of an authorization code.
pub const CODE_PREFIX: &str = "tsc_";
/// The prefix of an opaque access token.
pub const ACCESS_TOKEN_PREFIX: &str = "tsa_";

/// An authorization code as a client sends it: its grant, and the 32 random bytes that prove it.
///
/// The grant keeps only the digest of the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// The grant it belongs to.
    pub grant: GrantId,
    secret: [u8; 32],
}

impl AuthorizationCode {
    /// A new code for `grant`.
    pub fn new(grant: GrantId, entropy: &dyn Entropy) -> Self {
        Self { grant, secret: entropy.bytes() }
    }

    /// Parses what a client sent.
    ///
    /// # Errors
    /// When it is not of our anatomy.
    pub fn parse(text: &str) -> Result<Self, InvalidEncoding> {
        let bytes = parse_body(text, CODE_PREFIX)?;
        let (id, rest) = bytes.split_at_checked(16).ok_or(InvalidEncoding)?;
        let (generation, secret) = rest.split_at_checked(4).ok_or(InvalidEncoding)?;
        if generation != [0; 4] {
            return Err(InvalidEncoding);
        }
        Ok(Self {
            grant: GrantId::from_bytes(id).map_err(|_| InvalidEncoding)?,
            secret: secret.try_into().map_err(|_| InvalidEncoding)?,
        })
    }

    /// The text that travels.
    pub fn to_text(&self) -> String {
        let mut bytes = self.grant.to_bytes();
        bytes.extend([0; 4]);
        bytes.extend(self.secret);
        format!("{CODE_PREFIX}{}", to_base64url(&bytes))
    }

    /// What the grant's row keeps.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.secret)
    }

    /// The bytes that must match the digest in the row.
    pub fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}

impl std::fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AuthorizationCode({})", self.grant)
    }
}

/// An opaque access token taken apart. It proves nothing until its tag was compared.
///
/// The expiry stands in the token, under the tag, so that no row has to remember one for each
/// generation.
#[derive(Clone, PartialEq, Eq)]
pub struct OpaqueAccessToken {
    /// The grant it belongs to.
    pub grant: GrantId,
    /// How many times the grant had been renewed when the token was made.
    pub generation: u32,
    /// When it stops to count.
    pub expires_at: Timestamp,
    /// HMAC-SHA-256 under the purpose key over kind, grant, generation, expiry, scopes, audience.
    pub tag: [u8; 32],
}

impl OpaqueAccessToken {
    /// Parses what a client sent.
    ///
    /// # Errors
    /// When it is not of our anatomy.
    pub fn parse(text: &str) -> Result<Self, InvalidEncoding> {
        let bytes = parse_body(text, ACCESS_TOKEN_PREFIX)?;
        let bytes: [u8; 60] = bytes.try_into().map_err(|_| InvalidEncoding)?;
        let (id, rest) = bytes.split_at(16);
        let (generation, rest) = rest.split_at(4);
        let (expiry, tag) = rest.split_at(8);
        let number = |part: &[u8]| part.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        Ok(Self {
            grant: GrantId::from_bytes(id).map_err(|_| InvalidEncoding)?,
            generation: u32::try_from(number(generation)).map_err(|_| InvalidEncoding)?,
            expires_at: Timestamp::from_seconds(
                i64::try_from(number(expiry)).map_err(|_| InvalidEncoding)?,
            ),
            tag: tag.try_into().map_err(|_| InvalidEncoding)?,
        })
    }

    /// The text that travels.
    pub fn to_text(&self) -> String {
        let mut bytes = self.grant.to_bytes();
        bytes.extend(self.generation.to_be_bytes());
        bytes.extend(self.expires_at.as_seconds().to_be_bytes());
        bytes.extend(self.tag);
        format!("{ACCESS_TOKEN_PREFIX}{}", to_base64url(&bytes))
    }
}

impl std::fmt::Debug for OpaqueAccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpaqueAccessToken({}, {})", self.grant, self.generation)
    }
}

fn parse_body(text: &str, prefix: &str) -> Result<Vec<u8>, InvalidEncoding> {
    from_base64url(text.strip_prefix(prefix).ok_or(InvalidEncoding)?)
}
