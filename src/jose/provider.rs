//! A `CryptoProvider` that signs with keys parsed before. The library's own parses the private
//! key again for every signature, which costs more than the signature itself.
//!
//! The library hands our function nothing but the bytes of an `EncodingKey`. So these bytes are a
//! random handle into a table, the one piece of state that is not passed along; an entry leaves
//! the table with the key that owns it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Once, PoisonError, RwLock};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, KeyUtils, aws_lc};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{Error as SignatureError, Signer};
use jsonwebtoken::{Algorithm, EncodingKey};

use super::key::{KeyPair, Material};
use crate::base::{Entropy, SystemEntropy};
use crate::protocol::SigningAlgorithm;

type Handle = [u8; 16];

static KEYS: LazyLock<RwLock<HashMap<Handle, Arc<KeyPair>>>> = LazyLock::new(RwLock::default);
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: new_signer,
    verifier_factory: aws_lc::DEFAULT_PROVIDER.verifier_factory,
    key_utils: KeyUtils::new_unimplemented(),
};
static INSTALL: Once = Once::new();

/// A key's place in the table. Dropping it takes the key out.
pub(super) struct Registered {
    handle: Handle,
    pub(super) pair: Arc<KeyPair>,
}

/// Has this process sign with keys of [`KeyPair`]. The first key does it; who uses the library before
/// that, to verify, must ask for it, because the library keeps the provider it was first used with.
pub fn install_signer() {
    INSTALL.call_once(|| {
        if PROVIDER.install_default().is_err() {
            tracing::error!(
                "tokens were verified in this process before it had keys: none can be signed"
            );
        }
    });
}

impl Registered {
    pub(super) fn new(pair: KeyPair) -> Self {
        install_signer();
        let entropy: &dyn Entropy = &SystemEntropy;
        let registered = Self { handle: entropy.bytes(), pair: Arc::new(pair) };
        let pair = Arc::clone(&registered.pair);
        KEYS.write().unwrap_or_else(PoisonError::into_inner).insert(registered.handle, pair);
        registered
    }

    /// The key as the library takes it.
    pub(super) fn encoding_key(&self) -> EncodingKey {
        match self.pair.algorithm() {
            SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => {
                EncodingKey::from_rsa_der(&self.handle)
            }
            SigningAlgorithm::ES256 | SigningAlgorithm::ES384 => {
                EncodingKey::from_ec_der(&self.handle)
            }
            SigningAlgorithm::EdDSA => EncodingKey::from_ed_der(&self.handle),
        }
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        KEYS.write().unwrap_or_else(PoisonError::into_inner).remove(&self.handle);
    }
}

/// The library's name of an algorithm.
pub(super) fn library_name(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::RS256 => Algorithm::RS256,
        SigningAlgorithm::PS256 => Algorithm::PS256,
        SigningAlgorithm::ES256 => Algorithm::ES256,
        SigningAlgorithm::ES384 => Algorithm::ES384,
        SigningAlgorithm::EdDSA => Algorithm::EdDSA,
    }
}

fn new_signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    let invalid = || Error::from(ErrorKind::InvalidKeyFormat);
    let handle: Handle = key.as_bytes().try_into().map_err(|_| invalid())?;
    let keys = KEYS.read().unwrap_or_else(PoisonError::into_inner);
    let pair = keys.get(&handle).cloned().ok_or_else(invalid)?;
    if library_name(pair.algorithm()) != *algorithm {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(ParsedSigner(pair)))
}

struct ParsedSigner(Arc<KeyPair>);

impl JwtSigner for ParsedSigner {
    fn algorithm(&self) -> Algorithm {
        library_name(self.0.algorithm())
    }
}

impl Signer<Vec<u8>> for ParsedSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let random = SystemRandom::new();
        match &self.0.material {
            Material::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let encoding: &'static dyn aws_lc_rs::signature::RsaEncoding =
                    match self.0.algorithm() {
                        SigningAlgorithm::PS256 => &RSA_PSS_SHA256,
                        _ => &RSA_PKCS1_SHA256,
                    };
                pair.sign(encoding, &random, message, &mut signature)
                    .map_err(SignatureError::from_source)?;
                Ok(signature)
            }
            Material::Ec(pair) => Ok(pair
                .sign(&random, message)
                .map_err(SignatureError::from_source)?
                .as_ref()
                .to_vec()),
            Material::Ed(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }
}
