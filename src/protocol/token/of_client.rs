//! The opaque access token of a client that speaks for itself.

use super::{ACCESS_TOKEN_PREFIX, JwtTokenId, parse_body, take};
use crate::base::{ClientRowId, GrantId, InvalidEncoding, Timestamp, to_base64url};
use crate::protocol::ScopeSet;

/// What a client was given for itself (RFC 6749 §4.4), taken apart. No row keeps what it opens, so it
/// says so, under its tag. It proves nothing until that was compared.
///
/// In place of a generation it has [`JwtTokenId::WITHOUT_ROW`], which tells it from the tokens of a
/// grant that has a row.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientAccessToken {
    /// What tells it from others, and what it is called in the audit trail.
    pub id: GrantId,
    /// Whose it is.
    pub client: ClientRowId,
    /// When it was made.
    pub issued_at: Timestamp,
    /// When it stops to count.
    pub expires_at: Timestamp,
    /// What it opens.
    pub scopes: ScopeSet,
    /// HMAC-SHA-256 under the purpose key over all of it.
    pub tag: [u8; 32],
}

impl ClientAccessToken {
    /// Parses what a client sent. There is one text for each token: one that was taken back is known
    /// by its text, and must not count again in another spelling.
    ///
    /// # Errors
    /// When it is not of this anatomy, or says its scopes in another way than [`Self::to_text`].
    pub fn parse(text: &str) -> Result<Self, InvalidEncoding> {
        let bytes = parse_body(text, ACCESS_TOKEN_PREFIX)?;
        let (id, rest) = take::<16>(&bytes)?;
        let (generation, rest) = take::<4>(rest)?;
        if u32::from_be_bytes(generation) != JwtTokenId::WITHOUT_ROW {
            return Err(InvalidEncoding);
        }
        let (expiry, rest) = take::<8>(rest)?;
        let (client, rest) = take::<16>(rest)?;
        let (issued, rest) = take::<8>(rest)?;
        let (scopes, tag) = rest.split_last_chunk::<32>().ok_or(InvalidEncoding)?;
        let scopes = std::str::from_utf8(scopes).map_err(|_| InvalidEncoding)?;
        let token = Self {
            id: GrantId::from_bytes(&id).map_err(|_| InvalidEncoding)?,
            client: ClientRowId::from_bytes(&client).map_err(|_| InvalidEncoding)?,
            issued_at: Timestamp::from_seconds(i64::from_be_bytes(issued)),
            expires_at: Timestamp::from_seconds(i64::from_be_bytes(expiry)),
            scopes: ScopeSet::parse(scopes).map_err(|_| InvalidEncoding)?,
            tag: *tag,
        };
        (token.to_text() == text).then_some(token).ok_or(InvalidEncoding)
    }

    /// What the tag is made over.
    pub fn tagged(&self) -> Vec<u8> {
        let mut bytes = self.id.to_bytes();
        bytes.extend(JwtTokenId::WITHOUT_ROW.to_be_bytes());
        bytes.extend(self.expires_at.as_seconds().to_be_bytes());
        bytes.extend(self.client.to_bytes());
        bytes.extend(self.issued_at.as_seconds().to_be_bytes());
        bytes.extend(self.scopes.to_string().as_bytes());
        bytes
    }

    /// The text that travels.
    pub fn to_text(&self) -> String {
        let bytes = [self.tagged().as_slice(), &self.tag].concat();
        format!("{ACCESS_TOKEN_PREFIX}{}", to_base64url(&bytes))
    }
}

impl std::fmt::Debug for ClientAccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClientAccessToken({}, {})", self.id, self.client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Entropy, SystemEntropy};
    use crate::protocol::token::OpaqueAccessToken;

    #[test]
    fn it_is_read_as_it_was_written_and_for_no_token_of_a_grant() {
        let (now, entropy): (_, &dyn Entropy) =
            (Timestamp::from_seconds(1_700_000_000), &SystemEntropy);
        for scopes in ["", "read", "read write https://api.example/all"] {
            let token = ClientAccessToken {
                id: GrantId::new(now, entropy),
                client: ClientRowId::new(now, entropy),
                issued_at: now,
                expires_at: now + std::time::Duration::from_secs(3600),
                scopes: ScopeSet::parse(scopes).unwrap_or_default(),
                tag: entropy.bytes(),
            };
            let text = token.to_text();
            assert_eq!(ClientAccessToken::parse(&text), Ok(token));
            assert!(OpaqueAccessToken::parse(&text).is_err(), "{text}");
        }
        for text in ["", "tsa_", "tsa_AAAA", "tsr_AAAA"] {
            assert!(ClientAccessToken::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn r34_a_token_that_was_taken_back_has_no_other_spelling() {
        let (now, entropy): (_, &dyn Entropy) =
            (Timestamp::from_seconds(1_700_000_000), &SystemEntropy);
        let head = [
            &GrantId::new(now, entropy).to_bytes()[..],
            &JwtTokenId::WITHOUT_ROW.to_be_bytes(),
            &[0; 8],
            &ClientRowId::new(now, entropy).to_bytes(),
            &[0; 8],
        ];
        let spelt = |scopes: &str| {
            let bytes = [&head.concat()[..], scopes.as_bytes(), &[7; 32]].concat();
            ClientAccessToken::parse(&format!("{ACCESS_TOKEN_PREFIX}{}", to_base64url(&bytes)))
        };
        assert!(spelt("read write").is_ok());
        for scopes in ["read write ", " read write", "read  write", "read write read"] {
            assert!(spelt(scopes).is_err(), "{scopes:?}");
        }
    }
}
