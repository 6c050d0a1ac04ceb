use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The text is not base64url without padding (RFC 4648 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not base64url without padding")]
pub struct InvalidEncoding;

/// Base64url without padding (RFC 4648 §5), as JOSE and PKCE use it.
pub fn to_base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of strict base64url: no padding, no line breaks, no stray bits.
///
/// # Errors
/// When `text` is anything but the one canonical form of its bytes.
pub fn from_base64url(text: &str) -> Result<Vec<u8>, InvalidEncoding> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidEncoding)
}
