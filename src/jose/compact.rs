use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::{Map, Value};

use super::verify::VerifyError;
use crate::base::from_base64url;
use crate::protocol::SigningAlgorithm;
use crate::protocol::json::parse_object;

/// A longer token is refused before it is looked at.
const MAX_LENGTH: usize = 16 * 1024;
/// A longer `kid` names no key.
pub(super) const MAX_KID: usize = 256;

/// The header of a signed JWT. Nobody vouches for it until the signature was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwtHeader {
    /// `alg`: compared with what is expected, never followed.
    pub alg: String,
    /// `typ`.
    pub typ: Option<String>,
    /// `kid`: an opaque name, looked up and nothing else.
    pub kid: Option<String>,
}

impl JwtHeader {
    /// Whether `typ` is `expected`: without regard to case, and with or without the media type's
    /// prefix (RFC 7515 §4.1.9, RFC 9068 §4).
    pub(super) fn is_typed(&self, expected: &str) -> bool {
        self.typ.as_deref().is_some_and(|typ| {
            let prefix = typ.get(..12).filter(|p| p.eq_ignore_ascii_case("application/"));
            let typ = prefix.map_or(typ, |prefix| &typ[prefix.len()..]);
            typ.eq_ignore_ascii_case(expected)
        })
    }
}

/// A JWS in the compact serialisation (RFC 7515 §7.1), as a stranger sent it.
pub(super) struct CompactJws<'a> {
    pub(super) header: JwtHeader,
    payload: &'a str,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> CompactJws<'a> {
    /// Takes `token` apart. `jku`, `x5u`, `x5c` and `jwk` are not even looked at (`security.md`
    /// R46).
    pub(super) fn read(token: &'a str) -> Result<Self, VerifyError> {
        if token.len() > MAX_LENGTH {
            return Err(VerifyError::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(VerifyError::Malformed)?;
        Ok(Self { header: read_header(header)?, payload, signed, signature: decode(signature)? })
    }

    /// The payload, whoever wrote it.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, VerifyError> {
        parse_object(&decode(self.payload)?).ok_or(VerifyError::Malformed)
    }

    /// Whether the owner of the public key signed it. The key is in the form that the library
    /// takes: DER for RSA, an uncompressed point, or 32 bytes.
    ///
    /// The library refuses r or s of zero or not below the order, and other lengths than the
    /// fixed one (`security.md` R48).
    pub(super) fn check_signature(
        &self,
        algorithm: SigningAlgorithm,
        public_key: &[u8],
    ) -> Result<(), VerifyError> {
        let algorithm: &'static dyn VerificationAlgorithm = match algorithm {
            SigningAlgorithm::RS256 => &RSA_PKCS1_2048_8192_SHA256,
            SigningAlgorithm::PS256 => &RSA_PSS_2048_8192_SHA256,
            SigningAlgorithm::ES256 => &ECDSA_P256_SHA256_FIXED,
            SigningAlgorithm::ES384 => &ECDSA_P384_SHA384_FIXED,
            SigningAlgorithm::EdDSA => &ED25519,
        };
        UnparsedPublicKey::new(algorithm, public_key)
            .verify(self.signed.as_bytes(), &self.signature)
            .map_err(|_| VerifyError::Signature)
    }

    /// Whether the holder of the shared secret signed it, compared in constant time.
    pub(super) fn check_mac(&self, key: &aws_lc_rs::hmac::Key) -> Result<(), VerifyError> {
        aws_lc_rs::hmac::verify(key, self.signed.as_bytes(), &self.signature)
            .map_err(|_| VerifyError::Signature)
    }
}

fn decode(text: &str) -> Result<Vec<u8>, VerifyError> {
    from_base64url(text).map_err(|_| VerifyError::Malformed)
}

fn read_header(encoded: &str) -> Result<JwtHeader, VerifyError> {
    let header = parse_object(&decode(encoded)?).ok_or(VerifyError::Malformed)?;
    if header.contains_key("crit") || header.contains_key("b64") {
        return Err(VerifyError::Critical);
    }
    let text = |name: &str, wrong: VerifyError| match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong),
    };
    let kid = text("kid", VerifyError::UnknownKey)?;
    if kid.as_ref().is_some_and(|kid| kid.len() > MAX_KID) {
        return Err(VerifyError::UnknownKey);
    }
    Ok(JwtHeader {
        alg: text("alg", VerifyError::Malformed)?.ok_or(VerifyError::Malformed)?,
        typ: text("typ", VerifyError::Malformed)?,
        kid,
    })
}
