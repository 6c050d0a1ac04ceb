use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding,
    RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tessera::jose::KeyPair;
use tessera::protocol::SigningAlgorithm;

/// A private key of an app, which signs whatever a test wants.
pub(crate) struct ClientKey {
    algorithm: SigningAlgorithm,
    pkcs8: Vec<u8>,
    /// The public half, as it stands in a key set: with `kid`, `use` and `alg`.
    pub(crate) jwk: Value,
}

impl ClientKey {
    pub(crate) fn new(algorithm: SigningAlgorithm) -> Self {
        let pair = KeyPair::generate(algorithm).expect("a key");
        let pkcs8 = pair.to_pkcs8().expect("a key").expose().clone();
        Self { algorithm, pkcs8, jwk: pair.public_jwk().clone() }
    }

    /// The public half with nothing but what the kind of key asks for.
    pub(crate) fn nameless(&self) -> Value {
        let mut jwk = self.jwk.clone();
        jwk.as_object_mut()
            .expect("an object")
            .retain(|name, _| !["kid", "use", "alg"].contains(&name.as_str()));
        jwk
    }

    /// A key set of this key alone.
    pub(crate) fn jwks(&self) -> Value {
        json!({ "keys": [self.jwk] })
    }

    /// Signs with the usual header.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": self.algorithm.as_str(), "kid": self.jwk["kid"] });
        self.sign_as(&header, claims)
    }

    /// Signs under any header.
    pub(crate) fn sign_as(&self, header: &Value, claims: &Value) -> String {
        let signed = unsigned(header, claims);
        let signature = self.signature(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        match self.algorithm {
            SigningAlgorithm::RS256 => self.rsa(&RSA_PKCS1_SHA256, message),
            SigningAlgorithm::PS256 => self.rsa(&RSA_PSS_SHA256, message),
            SigningAlgorithm::ES256 => self.ec(&ECDSA_P256_SHA256_FIXED_SIGNING, message),
            SigningAlgorithm::ES384 => self.ec(&ECDSA_P384_SHA384_FIXED_SIGNING, message),
            SigningAlgorithm::EdDSA => {
                let pair = Ed25519KeyPair::from_pkcs8(&self.pkcs8).expect("a key");
                pair.sign(message).as_ref().to_vec()
            }
        }
    }

    fn rsa(&self, padding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
        let pair = RsaKeyPair::from_pkcs8(&self.pkcs8).expect("a key");
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(padding, &SystemRandom::new(), message, &mut signature).expect("a signature");
        signature
    }

    fn ec(&self, curve: &'static EcdsaSigningAlgorithm, message: &[u8]) -> Vec<u8> {
        let pair = EcdsaKeyPair::from_pkcs8(curve, &self.pkcs8).expect("a key");
        pair.sign(&SystemRandom::new(), message).expect("a signature").as_ref().to_vec()
    }
}

/// Header and payload of a JWT, without a signature.
pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

/// A JWT under an HMAC.
pub(crate) fn hs256(secret: &[u8], claims: &Value) -> String {
    let signed = unsigned(&json!({ "alg": "HS256" }), claims);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
}
