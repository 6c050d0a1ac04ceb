//! The one anatomy of codes and tokens: `prefix + base64url(grant id ‖ generation ‖ …)`.
//!
//! Everything is found by primary key, so no random index is ever written.

mod handle;
mod of_client;
mod refresh;

pub use handle::{ManagementToken, PushedRequestUri, RegistrationToken};
pub use of_client::ClientAccessToken;
pub use refresh::RefreshToken;

use super::ScopeSet;
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

/// The part of a grant's scopes that one access token opens: a bit for each, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeMask(u128);

impl ScopeMask {
    /// The part `narrowed` of `all`; `None` when that is all of them.
    pub fn of(narrowed: &ScopeSet, all: &ScopeSet) -> Option<Self> {
        let bit = |(place, scope): (usize, &str)| u128::from(narrowed.contains(scope)) << place;
        let mask = all.iter().enumerate().map(bit).fold(0, |mask, bit| mask | bit);
        (all.iter().count() != narrowed.iter().count()).then_some(Self(mask))
    }

    /// The scopes of `all` that it stands for.
    pub fn apply(self, all: &ScopeSet) -> ScopeSet {
        let is_open = |(place, _): &(usize, &str)| self.0 >> place & 1 == 1;
        all.iter()
            .enumerate()
            .filter(is_open)
            .fold(ScopeSet::default(), |open, (_, scope)| open.with(scope))
    }

    /// The bytes that stand in the token.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
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
    /// Which of the grant's scopes it opens; none: all of them.
    pub scopes: Option<ScopeMask>,
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
        let (id, rest) = bytes.split_at_checked(16).ok_or(InvalidEncoding)?;
        let (generation, rest) = take::<4>(rest)?;
        if u32::from_be_bytes(generation) == JwtTokenId::WITHOUT_ROW {
            return Err(InvalidEncoding);
        }
        let (expiry, rest) = take::<8>(rest)?;
        let (scopes, tag) = match rest.len() {
            32 => (None, rest),
            48 => {
                let (mask, tag) = take::<16>(rest)?;
                (Some(ScopeMask(u128::from_be_bytes(mask))), tag)
            }
            _ => return Err(InvalidEncoding),
        };
        Ok(Self {
            grant: GrantId::from_bytes(id).map_err(|_| InvalidEncoding)?,
            generation: u32::from_be_bytes(generation),
            expires_at: Timestamp::from_seconds(i64::from_be_bytes(expiry)),
            scopes,
            tag: tag.try_into().map_err(|_| InvalidEncoding)?,
        })
    }

    /// The text that travels.
    pub fn to_text(&self) -> String {
        let mut bytes = self.grant.to_bytes();
        bytes.extend(self.generation.to_be_bytes());
        bytes.extend(self.expires_at.as_seconds().to_be_bytes());
        bytes.extend(self.scopes.map(ScopeMask::to_bytes).into_iter().flatten());
        bytes.extend(self.tag);
        format!("{ACCESS_TOKEN_PREFIX}{}", to_base64url(&bytes))
    }
}

fn take<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), InvalidEncoding> {
    let (head, rest) = bytes.split_at_checked(N).ok_or(InvalidEncoding)?;
    Ok((head.try_into().map_err(|_| InvalidEncoding)?, rest))
}

impl std::fmt::Debug for OpaqueAccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpaqueAccessToken({}, {})", self.grant, self.generation)
    }
}

fn parse_body(text: &str, prefix: &str) -> Result<Vec<u8>, InvalidEncoding> {
    from_base64url(text.strip_prefix(prefix).ok_or(InvalidEncoding)?)
}

/// The `jti` of a JWT access token: it names the grant, so that a dead grant makes it inactive
/// at our own endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JwtTokenId {
    /// The grant it belongs to.
    pub grant: GrantId,
    /// How many times the grant had been renewed when the token was made.
    pub generation: u32,
    /// What tells the tokens of one generation apart (RFC 7519 §4.1.7): an answer that was lost is
    /// made again, and a token may come through the browser as well as with the code.
    pub unique: [u8; 8],
}

impl JwtTokenId {
    /// The generation of a token whose grant has no row: a client that speaks for itself gets a JWT, and all that
    /// counts of it stands in the token. No grant is renewed so often.
    pub const WITHOUT_ROW: u32 = u32::MAX;

    /// Parses a `jti` of ours.
    ///
    /// # Errors
    /// When it is not of our anatomy.
    pub fn parse(text: &str) -> Result<Self, InvalidEncoding> {
        let bytes = from_base64url(text)?;
        let (id, rest) = bytes.split_at_checked(16).ok_or(InvalidEncoding)?;
        let (generation, unique) = take::<4>(rest)?;
        Ok(Self {
            grant: GrantId::from_bytes(id).map_err(|_| InvalidEncoding)?,
            generation: u32::from_be_bytes(generation),
            unique: unique.try_into().map_err(|_| InvalidEncoding)?,
        })
    }

    /// The text that stands in the token.
    pub fn to_text(self) -> String {
        let mut bytes = self.grant.to_bytes();
        bytes.extend(self.generation.to_be_bytes());
        bytes.extend(self.unique);
        to_base64url(&bytes)
    }
}
