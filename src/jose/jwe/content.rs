use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;

use super::failed;
use crate::jose::JoseError;
use crate::protocol::ContentEncryption;

/// Encrypted content, and the tag that vouches for it and for the header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

/// Bytes of the content key (RFC 7518 §5.2.3, §5.3).
pub(super) fn key_length(enc: ContentEncryption) -> usize {
    match enc {
        ContentEncryption::A128Gcm => 16,
        ContentEncryption::A128CbcHs256 | ContentEncryption::A256Gcm => 32,
    }
}

/// Bytes of the initialization vector (RFC 7518 §5.2.2.1, §5.3).
pub(super) fn iv_length(enc: ContentEncryption) -> usize {
    match enc {
        ContentEncryption::A128CbcHs256 => 16,
        ContentEncryption::A128Gcm | ContentEncryption::A256Gcm => 12,
    }
}

/// Encrypts `content` under a key and a vector that are used this once, and vouches for `aad`.
pub(super) fn seal(
    enc: ContentEncryption,
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    content: &[u8],
) -> Result<Sealed, JoseError> {
    let sealed = match enc {
        ContentEncryption::A128Gcm => seal_gcm(&AES_128_GCM, key, iv, aad, content),
        ContentEncryption::A256Gcm => seal_gcm(&AES_256_GCM, key, iv, aad, content),
        ContentEncryption::A128CbcHs256 => seal_cbc(key, iv, aad, content),
    };
    sealed.map_err(|Unspecified| failed("content could not be encrypted"))
}

fn seal_gcm(
    algorithm: &'static Algorithm,
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    content: &[u8],
) -> Result<Sealed, Unspecified> {
    // "Less safe" leaves the nonce to the caller: here each key seals one message.
    let key = LessSafeKey::new(UnboundKey::new(algorithm, key)?);
    let nonce = Nonce::try_assume_unique_for_key(iv)?;
    let mut ciphertext = content.to_vec();
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(aad), &mut ciphertext)?;
    Ok(Sealed { ciphertext, tag: tag.as_ref().to_vec() })
}

/// RFC 7518 §5.2.2.1 and §5.2.3: encrypt, then authenticate.
fn seal_cbc(key: &[u8], iv: &[u8], aad: &[u8], content: &[u8]) -> Result<Sealed, Unspecified> {
    let (mac_key, encryption_key) = key.split_at_checked(16).ok_or(Unspecified)?;
    let cipher = UnboundCipherKey::new(&AES_128, encryption_key)?;
    let vector: [u8; 16] = iv.try_into().map_err(|_| Unspecified)?;
    let vector = EncryptionContext::Iv128(FixedLength::from(vector));
    let mut ciphertext = content.to_vec();
    PaddedBlockEncryptingKey::cbc_pkcs7(cipher)?.less_safe_encrypt(&mut ciphertext, vector)?;
    let tag = cbc_tag(mac_key, iv, aad, &ciphertext);
    Ok(Sealed { ciphertext, tag })
}

/// The left half of the HMAC over header, vector, ciphertext and the header's length in bits.
pub(super) fn cbc_tag(mac_key: &[u8], iv: &[u8], aad: &[u8], ciphertext: &[u8]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, mac_key));
    let bits = (aad.len() as u64) * 8;
    for part in [aad, iv, ciphertext, &bits.to_be_bytes()] {
        context.update(part);
    }
    context.sign().as_ref()[..16].to_vec()
}
