use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RsaKeyPair,
};
use serde_json::{Value, json};

use super::JoseError;
use crate::base::{Secret, sha256, to_base64url};
use crate::protocol::SigningAlgorithm;

/// A private key, parsed once, pinned to one algorithm.
pub struct KeyPair {
    algorithm: SigningAlgorithm,
    pub(super) material: Material,
    kid: String,
    jwk: Value,
}

pub(super) enum Material {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl KeyPair {
    /// A new key: RSA of 2048 bits, P-256, P-384 or Ed25519. The system's generator is used, by
    /// way of the crypto library. An RSA key takes a good part of a second.
    ///
    /// # Errors
    /// When the crypto library fails.
    pub fn generate(algorithm: SigningAlgorithm) -> Result<Self, JoseError> {
        let failed = |_| JoseError::Failed("a key could not be made".to_owned());
        let material = match algorithm {
            SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => {
                Material::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?)
            }
            SigningAlgorithm::ES256 | SigningAlgorithm::ES384 => {
                Material::Ec(EcdsaKeyPair::generate(curve(algorithm)?).map_err(failed)?)
            }
            SigningAlgorithm::EdDSA => Material::Ed(Ed25519KeyPair::generate().map_err(failed)?),
        };
        Self::new(algorithm, material)
    }

    /// Reads a PKCS#8 key for `algorithm`.
    ///
    /// # Errors
    /// When the bytes are no key, the key is of another kind, or RSA under 2048 bits.
    pub fn from_pkcs8(algorithm: SigningAlgorithm, pkcs8: &[u8]) -> Result<Self, JoseError> {
        let unreadable = |refused: KeyRejected| match refused.description_() {
            "TooSmall" => JoseError::TooSmall,
            _ => JoseError::Unreadable,
        };
        let material = match algorithm {
            SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => {
                Material::Rsa(RsaKeyPair::from_pkcs8(pkcs8).map_err(unreadable)?)
            }
            SigningAlgorithm::ES256 | SigningAlgorithm::ES384 => Material::Ec(
                EcdsaKeyPair::from_pkcs8(curve(algorithm)?, pkcs8).map_err(unreadable)?,
            ),
            SigningAlgorithm::EdDSA => {
                Material::Ed(Ed25519KeyPair::from_pkcs8(pkcs8).map_err(unreadable)?)
            }
        };
        Self::new(algorithm, material)
    }

    fn new(algorithm: SigningAlgorithm, material: Material) -> Result<Self, JoseError> {
        if let Material::Rsa(pair) = &material
            && pair.public_modulus_len() < 256
        {
            return Err(JoseError::TooSmall);
        }
        let members = public_members(&material)?;
        // RFC 7638 §3: the required members in the order of their names, without white space.
        // The algorithm is mixed in, so that two keys never share a name.
        let thumbprint = sha256(format!("{algorithm}{members}").as_bytes());
        let kid = to_base64url(&thumbprint);
        let mut jwk = members;
        jwk["use"] = json!("sig");
        jwk["alg"] = json!(algorithm.as_str());
        jwk["kid"] = json!(kid);
        Ok(Self { algorithm, material, kid, jwk })
    }

    /// The one algorithm it signs with.
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// Its public name.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Its public members (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).
    pub fn public_jwk(&self) -> &Value {
        &self.jwk
    }

    /// The private key, to be sealed.
    ///
    /// # Errors
    /// When the crypto library cannot write it.
    pub fn to_pkcs8(&self) -> Result<Secret<Vec<u8>>, JoseError> {
        let failed = |_| JoseError::Failed("a key could not be written".to_owned());
        let bytes = match &self.material {
            Material::Rsa(pair) => pair.as_der().map_err(failed)?.as_ref().to_vec(),
            Material::Ec(pair) => pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec(),
            Material::Ed(pair) => pair.to_pkcs8().map_err(failed)?.as_ref().to_vec(),
        };
        Ok(Secret::new(bytes))
    }

    /// The public key in the form that verification takes: `RSAPublicKey` DER, an uncompressed
    /// point, or 32 bytes.
    pub(super) fn public_bytes(&self) -> &[u8] {
        match &self.material {
            Material::Rsa(pair) => pair.public_key().as_ref(),
            Material::Ec(pair) => pair.public_key().as_ref(),
            Material::Ed(pair) => pair.public_key().as_ref(),
        }
    }
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyPair({}, {})", self.algorithm, self.kid)
    }
}

fn curve(algorithm: SigningAlgorithm) -> Result<&'static EcdsaSigningAlgorithm, JoseError> {
    match algorithm {
        SigningAlgorithm::ES256 => Ok(&ECDSA_P256_SHA256_FIXED_SIGNING),
        SigningAlgorithm::ES384 => Ok(&ECDSA_P384_SHA384_FIXED_SIGNING),
        _ => Err(JoseError::WrongKind),
    }
}

fn public_members(material: &Material) -> Result<Value, JoseError> {
    match material {
        Material::Rsa(pair) => {
            let public = pair.public_key();
            let (n, e) = (public.modulus(), public.exponent());
            Ok(json!({
                "e": to_base64url(e.big_endian_without_leading_zero()),
                "kty": "RSA",
                "n": to_base64url(n.big_endian_without_leading_zero()),
            }))
        }
        Material::Ec(pair) => {
            let point = pair.public_key().as_ref();
            let (crv, size) = match point.len() {
                65 => ("P-256", 32),
                97 => ("P-384", 48),
                _ => return Err(JoseError::WrongKind),
            };
            let (x, y) = point[1..].split_at(size);
            Ok(json!({ "crv": crv, "kty": "EC", "x": to_base64url(x), "y": to_base64url(y) }))
        }
        Material::Ed(pair) => {
            let x = to_base64url(pair.public_key().as_ref());
            Ok(json!({ "crv": "Ed25519", "kty": "OKP", "x": x }))
        }
    }
}
