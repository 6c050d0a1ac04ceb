//! Encryption algorithms for what is sent to clients. `RSA1_5`, `PBES2` and compression have no
//! name here, so nothing can ask for them (`security.md` R49).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How the key of a JWE reaches its recipient (RFC 7518 §4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyManagementAlgorithm {
    /// RSAES-OAEP with SHA-256.
    #[serde(rename = "RSA-OAEP-256")]
    RsaOaep256,
    /// The key that both sides agree on is the content key.
    #[serde(rename = "ECDH-ES")]
    EcdhEs,
    /// The key that both sides agree on wraps the content key with AES-128.
    #[serde(rename = "ECDH-ES+A128KW")]
    EcdhEsA128Kw,
    /// The key that both sides agree on wraps the content key with AES-256.
    #[serde(rename = "ECDH-ES+A256KW")]
    EcdhEsA256Kw,
}

/// How the content of a JWE is encrypted (RFC 7518 §5.1).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum ContentEncryption {
    /// AES-128 in CBC mode with HMAC-SHA-256: what holds when a client registers `alg` alone
    /// (OpenID Connect Registration §2).
    #[default]
    #[serde(rename = "A128CBC-HS256")]
    A128CbcHs256,
    /// AES-128 in GCM mode.
    #[serde(rename = "A128GCM")]
    A128Gcm,
    /// AES-256 in GCM mode.
    #[serde(rename = "A256GCM")]
    A256Gcm,
}

/// The name is none of the algorithms that Tessera encrypts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnknownEncryption {
    /// An unknown `alg`.
    #[error("not one of RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A256KW")]
    Algorithm,
    /// An unknown `enc`.
    #[error("not one of A128CBC-HS256, A128GCM, A256GCM")]
    Content,
}

impl KeyManagementAlgorithm {
    /// Every algorithm.
    pub const ALL: [Self; 4] =
        [Self::RsaOaep256, Self::EcdhEs, Self::EcdhEsA128Kw, Self::EcdhEsA256Kw];

    /// The name in a JOSE header and in metadata.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsA128Kw => "ECDH-ES+A128KW",
            Self::EcdhEsA256Kw => "ECDH-ES+A256KW",
        }
    }
}

impl ContentEncryption {
    /// Every algorithm.
    pub const ALL: [Self; 3] = [Self::A128CbcHs256, Self::A128Gcm, Self::A256Gcm];

    /// The name in a JOSE header and in metadata.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A128Gcm => "A128GCM",
            Self::A256Gcm => "A256GCM",
        }
    }
}

impl std::fmt::Display for KeyManagementAlgorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Display for ContentEncryption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for KeyManagementAlgorithm {
    type Err = UnknownEncryption;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|alg| alg.as_str() == name).ok_or(UnknownEncryption::Algorithm)
    }
}

impl FromStr for ContentEncryption {
    type Err = UnknownEncryption;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|enc| enc.as_str() == name).ok_or(UnknownEncryption::Content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_registry() {
        for algorithm in KeyManagementAlgorithm::ALL {
            assert_eq!(serde_json::json!(algorithm), algorithm.as_str());
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
        }
        for encryption in ContentEncryption::ALL {
            assert_eq!(serde_json::json!(encryption), encryption.as_str());
            assert_eq!(encryption.as_str().parse(), Ok(encryption));
        }
    }

    #[test]
    fn r49_weak_algorithms_have_no_name() {
        for name in ["RSA1_5", "RSA-OAEP", "PBES2-HS256+A128KW", "dir", "A128KW", "none", ""] {
            let refused = name.parse::<KeyManagementAlgorithm>();
            assert_eq!(refused, Err(UnknownEncryption::Algorithm), "{name}");
        }
        for name in ["A192GCM", "a128gcm", "none", ""] {
            assert_eq!(name.parse::<ContentEncryption>(), Err(UnknownEncryption::Content));
        }
    }
}
