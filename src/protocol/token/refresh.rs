use super::parse_body;
use crate::base::{GrantId, InvalidEncoding, to_base64url};

/// The prefix of a refresh token.
const PREFIX: &str = "tsr_";

/// A refresh token taken apart. It proves nothing until its tag was compared.
///
/// It is computed from the grant and its generation, so a lost answer can be made again and no row
/// is added by a rotation. How long it counts stands in the grant's row.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The grant it renews.
    pub grant: GrantId,
    /// How many times the grant had been renewed when the token was made.
    pub generation: u32,
    /// HMAC-SHA-256 under the purpose key over kind, grant and generation.
    pub tag: [u8; 32],
}

impl RefreshToken {
    /// Parses what a client sent.
    ///
    /// # Errors
    /// When it is not of our anatomy.
    pub fn parse(text: &str) -> Result<Self, InvalidEncoding> {
        let bytes = parse_body(text, PREFIX)?;
        let (id, rest) = bytes.split_at_checked(16).ok_or(InvalidEncoding)?;
        let (generation, tag) = rest.split_at_checked(4).ok_or(InvalidEncoding)?;
        let generation: [u8; 4] = generation.try_into().map_err(|_| InvalidEncoding)?;
        Ok(Self {
            grant: GrantId::from_bytes(id).map_err(|_| InvalidEncoding)?,
            generation: u32::from_be_bytes(generation),
            tag: tag.try_into().map_err(|_| InvalidEncoding)?,
        })
    }

    /// Whether the text is meant as one, whatever it holds.
    pub fn is_meant_by(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// The text that travels.
    pub fn to_text(&self) -> String {
        let mut bytes = self.grant.to_bytes();
        bytes.extend(self.generation.to_be_bytes());
        bytes.extend(self.tag);
        format!("{PREFIX}{}", to_base64url(&bytes))
    }
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RefreshToken({}, {})", self.grant, self.generation)
    }
}
