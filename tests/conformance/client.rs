use std::sync::OnceLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::bench::Bench;
use super::variant::{Registration, Variant};

/// Where the suite's client lives.
pub(super) const REDIRECT_URI: &str = "https://rp.example/test/a/tessera/callback";

/// A client of the suite, as it knows itself.
pub(super) struct Client {
    pub(super) client_id: String,
    pub(super) secret: Option<String>,
    pub(super) redirect_uri: String,
    pub(super) auth: &'static str,
    pub(super) key: &'static ClientKey,
    /// The name of that key, when its set has one.
    pub(super) kid: Option<&'static str>,
    /// What the registration answered; nothing for a static client.
    pub(super) registered: Value,
}

impl Client {
    /// A client as the suite registers it, with `extra` on top.
    pub(super) async fn register(bench: &Bench, variant: Variant, extra: Value) -> Self {
        let key = ClientKey::first();
        let mut metadata = json!({
            "client_name": "Conformance suite",
            "redirect_uris": [REDIRECT_URI],
            "response_types": [variant.response_type],
            "grant_types": variant.grant_types(),
            "token_endpoint_auth_method": variant.auth,
            "contacts": ["certification@rp.example"],
            "jwks": { "keys": [key.public(None)] },
        });
        let members = metadata.as_object_mut().expect("an object");
        members.extend(extra.as_object().cloned().unwrap_or_default());
        members.retain(|_, value| !value.is_null());
        let redirect_uri = members["redirect_uris"][0].as_str().expect("an address").to_owned();
        let (client_id, secret, registered) = match variant.registration {
            Registration::Static => bench.static_client(metadata).await,
            Registration::Dynamic => bench.dynamic_client(metadata).await,
        };
        Self { client_id, secret, redirect_uri, auth: variant.auth, key, kid: None, registered }
    }

    /// Adds what proves who it is to a form for the token endpoint; what it answers is the
    /// `Authorization` header.
    pub(super) fn prove(&self, bench: &Bench, form: &mut Vec<(String, String)>) -> Option<String> {
        let mut put = |name: &str, value: &str| form.push((name.to_owned(), value.to_owned()));
        match self.auth {
            "client_secret_basic" => Some(self.basic()),
            "client_secret_post" => {
                put("client_id", &self.client_id);
                put("client_secret", self.secret.as_deref().expect("a secret"));
                None
            }
            _ => {
                // The suite names the token endpoint here (`oidcc-server` in the Dynamic plan).
                let audience = format!("{}/token", bench.app.url);
                let assertion = self.assertion(bench, &audience, self.key, self.kid);
                put("client_assertion_type", ASSERTION_TYPE);
                put("client_assertion", &assertion);
                None
            }
        }
    }

    /// RFC 6749 §2.3.1: both halves are form-encoded first.
    fn basic(&self) -> String {
        let encoded =
            |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let secret = encoded(self.secret.as_deref().expect("a secret"));
        format!("Basic {}", STANDARD.encode(format!("{}:{secret}", encoded(&self.client_id))))
    }

    /// A client assertion (RFC 7523 §3) under `key`, named `kid` if at all.
    pub(super) fn assertion(
        &self,
        bench: &Bench,
        audience: &str,
        key: &ClientKey,
        kid: Option<&str>,
    ) -> String {
        let now = bench.app.clock_seconds();
        let claims = json!({
            "iss": self.client_id, "sub": self.client_id, "aud": audience,
            "jti": bench.unique("jti"), "iat": now, "exp": now + 60,
        });
        key.sign(&claims, kid)
    }
}

/// RFC 7523 §2.2.
pub(super) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An RSA key of a client.
pub(super) struct ClientKey(RsaKeyPair);

impl ClientKey {
    /// The key that clients begin with.
    pub(super) fn first() -> &'static Self {
        static KEY: OnceLock<ClientKey> = OnceLock::new();
        KEY.get_or_init(Self::new)
    }

    /// The key that they change to.
    pub(super) fn second() -> &'static Self {
        static KEY: OnceLock<ClientKey> = OnceLock::new();
        KEY.get_or_init(Self::new)
    }

    fn new() -> Self {
        Self(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"))
    }

    /// The public half. The suite leaves `kid` out.
    pub(super) fn public(&self, kid: Option<&str>) -> Value {
        let public = self.0.public_key();
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut key = json!({
            "kty": "RSA", "use": "sig", "alg": "RS256",
            "n": number(public.modulus().big_endian_without_leading_zero()),
            "e": number(public.exponent().big_endian_without_leading_zero()),
        });
        if let Some(kid) = kid {
            key["kid"] = json!(kid);
        }
        key
    }

    /// A JWT with these claims, signed with RS256.
    pub(super) fn sign(&self, claims: &Value, kid: Option<&str>) -> String {
        let mut header = json!({ "alg": "RS256" });
        if let Some(kid) = kid {
            header["kid"] = json!(kid);
        }
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(claims));
        let mut signature = vec![0; self.0.public_modulus_len()];
        let random = SystemRandom::new();
        self.0
            .sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature)
            .expect("a signature");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
