use aws_lc_rs::agreement::{self, ECDH_P256, ECDH_P384, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::kdf::{SskdfDigestAlgorithmId, get_sskdf_digest_algorithm, sskdf_digest};
use aws_lc_rs::key_wrap::{AES_128, AES_256, AesBlockCipher, AesKek, KeyWrap as _};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use serde_json::{Value, json};

use super::content::key_length;
use super::{failed, random};
use crate::base::{Secret, to_base64url};
use crate::jose::JoseError;
use crate::jose::jwk::{KeyKind, PublicKey};
use crate::protocol::{ContentEncryption, KeyManagementAlgorithm};

/// The key of one message, and what tells its recipient.
pub(super) struct ContentKey {
    pub(super) key: Secret<Vec<u8>>,
    /// Its encrypted form; empty when both sides derive it (RFC 7516 §5.1 step 5).
    pub(super) encrypted: Vec<u8>,
    /// Our half of the agreement (RFC 7518 §4.6.1.1).
    pub(super) epk: Option<Value>,
}

/// A new key for content, for the owner of `recipient`.
pub(super) fn content_key(
    recipient: &PublicKey,
    alg: KeyManagementAlgorithm,
    enc: ContentEncryption,
) -> Result<ContentKey, JoseError> {
    match alg {
        KeyManagementAlgorithm::RsaOaep256 => {
            let key = Secret::new(random(key_length(enc))?);
            let encrypted = encrypt_oaep(recipient, key.expose())
                .map_err(|Unspecified| failed("a key could not be encrypted"))?;
            Ok(ContentKey { key, encrypted, epk: None })
        }
        KeyManagementAlgorithm::EcdhEs => {
            // RFC 7518 §4.6.2: named after what the derived key is for.
            let (key, epk) = agree(recipient, enc.as_str(), key_length(enc))?;
            Ok(ContentKey { key, encrypted: Vec::new(), epk: Some(epk) })
        }
        KeyManagementAlgorithm::EcdhEsA128Kw => wrapped(recipient, alg, &AES_128, 16, enc),
        KeyManagementAlgorithm::EcdhEsA256Kw => wrapped(recipient, alg, &AES_256, 32, enc),
    }
}

fn encrypt_oaep(recipient: &PublicKey, key: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let recipient = PublicEncryptingKey::from_der(&recipient.bytes)?;
    let recipient = OaepPublicEncryptingKey::new(recipient)?;
    let mut encrypted = vec![0; recipient.ciphertext_size()];
    recipient.encrypt(&OAEP_SHA256_MGF1SHA256, key, &mut encrypted, None)?;
    Ok(encrypted)
}

/// RFC 7518 §4.6: the derived key wraps a random one.
fn wrapped(
    recipient: &PublicKey,
    alg: KeyManagementAlgorithm,
    cipher: &'static AesBlockCipher,
    length: usize,
    enc: ContentEncryption,
) -> Result<ContentKey, JoseError> {
    let (wrapping, epk) = agree(recipient, alg.as_str(), length)?;
    let key = Secret::new(random(key_length(enc))?);
    let encrypted = wrap(cipher, wrapping.expose(), key.expose())
        .map_err(|Unspecified| failed("a key could not be wrapped"))?;
    Ok(ContentKey { key, encrypted, epk: Some(epk) })
}

/// AES key wrap (RFC 7518 §4.4).
pub(super) fn wrap(
    cipher: &'static AesBlockCipher,
    wrapping: &[u8],
    key: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    let mut wrapped = vec![0; key.len() + 8];
    AesKek::new(cipher, wrapping)?.wrap(key, &mut wrapped)?;
    Ok(wrapped)
}

/// A derived key of `length` bytes, and the public half of the key made for it.
fn agree(
    recipient: &PublicKey,
    algorithm: &str,
    length: usize,
) -> Result<(Secret<Vec<u8>>, Value), JoseError> {
    let (curve, crv, size) = match recipient.kind {
        KeyKind::P256 => (&ECDH_P256, "P-256", 32),
        KeyKind::P384 => (&ECDH_P384, "P-384", 48),
        KeyKind::Rsa | KeyKind::Ed25519 => return Err(JoseError::WrongKind),
    };
    let not_made = |Unspecified| failed("a key could not be made");
    let own = PrivateKey::generate(curve).map_err(not_made)?;
    let key = derive(&own, recipient, algorithm, ["", ""], length)?;
    let point = own.compute_public_key().map_err(not_made)?;
    let (x, y) = point.as_ref()[1..].split_at(size);
    let epk = json!({ "kty": "EC", "crv": crv, "x": to_base64url(x), "y": to_base64url(y) });
    Ok((key, epk))
}

/// The key that `own` and `recipient` share, by the Concat KDF over SHA-256 (RFC 7518 §4.6.2).
/// `parties` are `apu` and `apv`.
pub(super) fn derive(
    own: &PrivateKey,
    recipient: &PublicKey,
    algorithm: &str,
    parties: [&str; 2],
    length: usize,
) -> Result<Secret<Vec<u8>>, JoseError> {
    let mut info = Vec::new();
    for part in [algorithm, parties[0], parties[1]] {
        info.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        info.extend(part.as_bytes());
    }
    let bits = u32::try_from(length * 8).unwrap_or(u32::MAX);
    info.extend(bits.to_be_bytes());
    let recipient = UnparsedPublicKey::new(own.algorithm(), &recipient.bytes);
    let derived = agreement::agree(own, recipient, Unspecified, |shared| {
        let mut key = vec![0; length];
        let sha256 = get_sskdf_digest_algorithm(SskdfDigestAlgorithmId::Sha256);
        sskdf_digest(sha256.ok_or(Unspecified)?, shared, &info, &mut key)?;
        Ok(Secret::new(key))
    });
    derived.map_err(|Unspecified| failed("a key could not be agreed on"))
}
