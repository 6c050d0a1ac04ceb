//! JWTs that clients sign: client assertions (RFC 7523) and request objects (RFC 9101).

use aws_lc_rs::hmac;
use serde_json::{Map, Value};

use super::JoseError;
use super::claims::{
    Audience, audience, numeric_date, optional_audience, optional_date, optional_text, text,
};
use super::client_keys::{ClientKeySet, signing_algorithm};
use super::compact::{CompactJws, JwtHeader};
use super::verify::VerifyError;
use crate::base::{Secret, Timestamp};
use crate::protocol::SigningAlgorithm;

/// What a client signs a JWT for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientJwtType {
    /// To authenticate (RFC 7523 §2.2).
    Assertion,
    /// To ask (RFC 9101 §2.1).
    RequestObject,
}

impl ClientJwtType {
    /// The type that says so.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assertion => "client-authentication+jwt",
            Self::RequestObject => "oauth-authz-req+jwt",
        }
    }

    /// Most clients write no type, or `JWT`. One that names another kind of token is refused: a
    /// request object never authenticates (RFC 8725 §3.11).
    fn check(self, header: &JwtHeader) -> Result<(), VerifyError> {
        let is_plain = header.typ.is_none() || header.is_typed("JWT");
        if is_plain || header.is_typed(self.as_str()) { Ok(()) } else { Err(VerifyError::Mismatch) }
    }
}

/// A JWT that the client signed. Its claims are still what the client says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedClientJwt {
    /// Its header.
    pub header: JwtHeader,
    /// Its payload.
    pub claims: Map<String, Value>,
}

impl VerifiedClientJwt {
    /// Whether it says in its header what it was signed for (`security.md` R41).
    pub fn is_typed(&self, expected: ClientJwtType) -> bool {
        self.header.is_typed(expected.as_str())
    }
}

/// The client that an assertion claims to come from, its `sub` (RFC 7523 §3), before anything is
/// verified: it tells whose keys to load and proves nothing.
///
/// # Errors
/// When the token is malformed, demands an extension or has no `sub`.
pub fn claimed_client(token: &str) -> Result<String, VerifyError> {
    text(&CompactJws::read(token)?.claims()?, "sub")
}

/// Verifies a JWT with the keys of its client. The algorithm has to be among those `accepted` for
/// this client and to fit the key; without a `kid`, every key that fits is tried. Times are not
/// looked at.
///
/// # Errors
/// The first thing that is wrong. [`VerifyError::UnknownKey`] says that the set has no such key:
/// with a `jwks_uri`, the caller looks there again.
pub fn verify_with_client_keys(
    token: &str,
    keys: &ClientKeySet,
    accepted: &[SigningAlgorithm],
    expected: ClientJwtType,
) -> Result<VerifiedClientJwt, VerifyError> {
    let jws = CompactJws::read(token)?;
    expected.check(&jws.header)?;
    let algorithm = signing_algorithm(&jws.header.alg).filter(|named| accepted.contains(named));
    let algorithm = algorithm.ok_or(VerifyError::Mismatch)?;
    let kid = jws.header.kid.as_deref();
    if kid.is_some() && keys.named(kid).next().is_none() {
        return Err(VerifyError::UnknownKey);
    }
    // RFC 7517 §4.5: keys of different kinds may share a name.
    let fitting: Vec<_> = keys.named(kid).filter(|named| named.fits(algorithm)).collect();
    if fitting.is_empty() {
        return Err(if kid.is_some() { VerifyError::Mismatch } else { VerifyError::UnknownKey });
    }
    if !fitting.iter().any(|named| jws.check_signature(algorithm, &named.key.bytes).is_ok()) {
        return Err(VerifyError::Signature);
    }
    Ok(VerifiedClientJwt { claims: jws.claims()?, header: jws.header })
}

/// A client secret as the key of `client_secret_jwt`. It is made from a secret alone, so that a
/// public key can never take its place (`security.md` R44).
pub struct ClientSecretKey(hmac::Key);

impl ClientSecretKey {
    /// The one algorithm that a secret signs with: HS384 and HS512 ask for longer secrets than
    /// ours (RFC 7518 §3.2).
    pub const ALGORITHM: &'static str = "HS256";

    /// The key of `secret`, its UTF-8 bytes (OpenID Connect Core §10.1).
    ///
    /// # Errors
    /// When it has fewer than 32 bytes.
    pub fn new(secret: &Secret<String>) -> Result<Self, JoseError> {
        let bytes = secret.expose().as_bytes();
        if bytes.len() < 32 {
            return Err(JoseError::TooSmall);
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, bytes)))
    }
}

impl std::fmt::Debug for ClientSecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientSecretKey(…)")
    }
}

/// Verifies a JWT that the client signed with its secret, by HS256. A `kid` is not looked at.
/// Times are not looked at.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify_with_secret(
    token: &str,
    secret: &ClientSecretKey,
    expected: ClientJwtType,
) -> Result<VerifiedClientJwt, VerifyError> {
    let jws = CompactJws::read(token)?;
    expected.check(&jws.header)?;
    if jws.header.alg != ClientSecretKey::ALGORITHM {
        return Err(VerifyError::Mismatch);
    }
    jws.check_mac(&secret.0)?;
    Ok(VerifiedClientJwt { claims: jws.claims()?, header: jws.header })
}

/// The claims of a client assertion (RFC 7523 §3, OpenID Connect Core §9). What they say is
/// judged by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAssertion {
    /// Who made it: the client.
    pub iss: String,
    /// Who authenticates: the client.
    pub sub: String,
    /// Whom it is for.
    pub aud: Audience,
    /// When it stops to count.
    pub exp: Timestamp,
    /// Its name, good for one use.
    pub jti: String,
    /// When it was made.
    pub iat: Option<Timestamp>,
    /// When it begins to count.
    pub nbf: Option<Timestamp>,
}

impl ClientAssertion {
    /// Reads the claims.
    ///
    /// # Errors
    /// [`VerifyError::Claim`] for the first that is missing or of the wrong type.
    pub fn read(claims: &Map<String, Value>) -> Result<Self, VerifyError> {
        Ok(Self {
            iss: text(claims, "iss")?,
            sub: text(claims, "sub")?,
            aud: audience(claims)?,
            exp: numeric_date(claims, "exp")?,
            jti: text(claims, "jti")?,
            iat: optional_date(claims, "iat")?,
            nbf: optional_date(claims, "nbf")?,
        })
    }
}

/// The claims of a request object that are about itself; its other members are the request
/// (RFC 9101 §4). Which of them must be there is a matter of the client's profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestObjectClaims {
    /// Who made it: the client.
    pub iss: Option<String>,
    /// Whom it is for.
    pub aud: Option<Audience>,
    /// When it stops to count.
    pub exp: Option<Timestamp>,
    /// When it begins to count.
    pub nbf: Option<Timestamp>,
    /// When it was made.
    pub iat: Option<Timestamp>,
    /// Its name.
    pub jti: Option<String>,
}

impl RequestObjectClaims {
    /// Reads the claims.
    ///
    /// # Errors
    /// [`VerifyError::Claim`] for the first of the wrong type. A `sub` that names the client is
    /// wrong too: with it, the object could pass as a client assertion (RFC 9101 §10.8).
    pub fn read(claims: &Map<String, Value>) -> Result<Self, VerifyError> {
        let (iss, sub) = (optional_text(claims, "iss")?, optional_text(claims, "sub")?);
        if sub.is_some() && (sub == iss || sub == optional_text(claims, "client_id")?) {
            return Err(VerifyError::Claim("sub"));
        }
        Ok(Self {
            iss,
            aud: optional_audience(claims)?,
            exp: optional_date(claims, "exp")?,
            nbf: optional_date(claims, "nbf")?,
            iat: optional_date(claims, "iat")?,
            jti: optional_text(claims, "jti")?,
        })
    }
}
