//! Encrypting to clients, in the compact serialisation (RFC 7516 §7.1). No crate covers this
//! without OpenSSL, so it is put together from what `aws-lc-rs` offers. Nothing that arrives is
//! ever decrypted, and there is no compression (`security.md` R49).

mod content;
mod content_key;
#[cfg(test)]
mod tests;

use aws_lc_rs::rand;
use serde_json::{Value, json};

use self::content::{iv_length, seal};
use self::content_key::{ContentKey, content_key};
use super::JoseError;
use super::client_keys::ClientEncryptionKey;
use crate::base::to_base64url;
use crate::protocol::{ContentEncryption, KeyManagementAlgorithm};

/// What is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JweContent<'a> {
    /// A signed JWT: signed first, then encrypted (RFC 7519 §5.2, §11.2).
    SignedJwt(&'a str),
    /// A JSON object, for a client that asked for encryption alone (OpenID Connect Core §5.3.2).
    Json(&'a [u8]),
}

/// Encrypts `content` so that only the owner of `key` can read it. Everything random comes from
/// the crypto library's generator, and each call has a key of its own.
///
/// # Errors
/// [`JoseError::WrongKind`] when the key does not fit `alg`; or the crypto library fails.
pub fn encrypt(
    content: JweContent<'_>,
    key: &ClientEncryptionKey,
    alg: KeyManagementAlgorithm,
    enc: ContentEncryption,
) -> Result<String, JoseError> {
    if !key.fits(alg) {
        return Err(JoseError::WrongKind);
    }
    let content_key = content_key(&key.key, alg, enc)?;
    let (bytes, cty) = match content {
        JweContent::SignedJwt(jwt) => (jwt.as_bytes(), Some("JWT")),
        JweContent::Json(json) => (json, None),
    };
    let header = header(key, alg, enc, cty, &content_key);
    let header = to_base64url(header.to_string().as_bytes());
    let iv = random(iv_length(enc))?;
    // RFC 7516 §5.1: the header, as it is sent, is authenticated with the content.
    let sealed = seal(enc, content_key.key.expose(), &iv, header.as_bytes(), bytes)?;
    let encrypted_key = to_base64url(&content_key.encrypted);
    let (iv, text) = (to_base64url(&iv), to_base64url(&sealed.ciphertext));
    Ok(format!("{header}.{encrypted_key}.{iv}.{text}.{}", to_base64url(&sealed.tag)))
}

fn header(
    key: &ClientEncryptionKey,
    alg: KeyManagementAlgorithm,
    enc: ContentEncryption,
    cty: Option<&str>,
    content_key: &ContentKey,
) -> Value {
    let mut header = json!({ "alg": alg, "enc": enc });
    let members = [
        ("cty", cty.map(Value::from)),
        ("kid", key.kid().map(Value::from)),
        ("epk", content_key.epk.clone()),
    ];
    for (name, value) in members {
        if let Some(value) = value {
            header[name] = value;
        }
    }
    header
}

/// `length` bytes that nobody can foresee.
fn random(length: usize) -> Result<Vec<u8>, JoseError> {
    let mut bytes = vec![0; length];
    rand::fill(&mut bytes).map_err(|_| failed("random bytes could not be made"))?;
    Ok(bytes)
}

fn failed(what: &str) -> JoseError {
    JoseError::Failed(what.to_owned())
}
