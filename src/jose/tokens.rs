//! Our own tokens coming back: typed claims with their required members (`security.md` R45).

use serde_json::{Map, Value};

use super::claims::{audience, numeric_date, optional_text, text};
use super::key_ring::KeyRing;
use super::sign::TokenType;
use super::verify::{VerifyError, verify};
use crate::base::Timestamp;

/// The claims of a JWT access token (RFC 9068 §2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessTokenClaims {
    /// Whom it is for.
    pub aud: Vec<String>,
    /// Whose data it opens.
    pub sub: String,
    /// Which client holds it.
    pub client_id: String,
    /// What it opens.
    pub scope: Option<String>,
    /// Its id, which names the grant.
    pub jti: String,
    /// When it was made.
    pub issued_at: Timestamp,
    /// When it stops to count.
    pub expires_at: Timestamp,
}

/// The claims of an ID token that comes back as a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdTokenHint {
    /// Whom it was for.
    pub aud: Vec<String>,
    /// Whom it is about.
    pub sub: String,
    /// The session it was made in.
    pub sid: Option<String>,
}

/// Verifies an access token of ours. An ID token never passes: its type is another (R28).
///
/// # Errors
/// The first thing that is wrong.
pub fn verify_access_token(
    ring: &KeyRing,
    token: &str,
    issuer: &str,
    now: Timestamp,
) -> Result<AccessTokenClaims, VerifyError> {
    let claims = verify(ring, token, TokenType::AccessToken)?.claims;
    check_issuer(&claims, issuer)?;
    let expires_at = numeric_date(&claims, "exp")?;
    let issued_at = numeric_date(&claims, "iat")?;
    if now >= expires_at {
        return Err(VerifyError::Expired);
    }
    Ok(AccessTokenClaims {
        aud: audience(&claims)?.as_slice().to_vec(),
        sub: text(&claims, "sub")?,
        client_id: text(&claims, "client_id")?,
        scope: claims.get("scope").map(|_| text(&claims, "scope")).transpose()?,
        jti: text(&claims, "jti")?,
        issued_at,
        expires_at,
    })
}

/// Verifies an ID token of ours that comes back as `id_token_hint`. It may have expired
/// (RP-Initiated Logout §4); it must not have been altered.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify_id_token_hint(
    ring: &KeyRing,
    token: &str,
    issuer: &str,
) -> Result<IdTokenHint, VerifyError> {
    let claims = verify(ring, token, TokenType::IdToken)?.claims;
    check_issuer(&claims, issuer)?;
    numeric_date(&claims, "exp")?;
    numeric_date(&claims, "iat")?;
    Ok(IdTokenHint {
        aud: audience(&claims)?.as_slice().to_vec(),
        sub: text(&claims, "sub")?,
        sid: optional_text(&claims, "sid")?,
    })
}

fn check_issuer(claims: &Map<String, Value>, issuer: &str) -> Result<(), VerifyError> {
    if text(claims, "iss")? == issuer { Ok(()) } else { Err(VerifyError::Issuer) }
}
