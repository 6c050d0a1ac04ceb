//! Answers that are signed and encrypted for a client alone (OpenID Connect Core §10.2).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tessera::protocol::KeyManagementAlgorithm;

use crate::support::{App, TestApp, header, payload};

/// The client's own key pair for encryption.
struct Recipient(PrivateDecryptingKey);

impl Recipient {
    fn new() -> Self {
        Self(PrivateDecryptingKey::generate(KeySize::Rsa2048).expect("a key"))
    }

    /// What it registers: `RSAPublicKey` taken out of its `SubjectPublicKeyInfo`.
    fn jwks(&self) -> Value {
        let der = self.0.public_key().as_der().expect("DER").as_ref().to_vec();
        // The last 5 bytes are the exponent, the 256 before its two bytes of head the modulus.
        let modulus = &der[der.len() - 261..der.len() - 5];
        let n = URL_SAFE_NO_PAD.encode(modulus);
        json!({ "keys": [{ "kty": "RSA", "use": "enc", "kid": "box", "e": "AQAB", "n": n }] })
    }

    /// Opens a JWE of RSA-OAEP-256 and A256GCM (RFC 7516 §5.2).
    fn open(&self, jwe: &str) -> String {
        let parts: Vec<&str> = jwe.split('.').collect();
        let [head, key, nonce, text, tag] = parts[..] else { panic!("five parts: {jwe}") };
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).expect("base64url");
        let opener = OaepPrivateDecryptingKey::new(self.0.clone()).expect("a key");
        let mut content_key = vec![0; opener.min_output_size()];
        let content_key = opener
            .decrypt(&OAEP_SHA256_MGF1SHA256, &decode(key), &mut content_key, None)
            .expect("the key opens");
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, content_key).expect("a key"));
        let mut sealed = [decode(text), decode(tag)].concat();
        let nonce = Nonce::try_assume_unique_for_key(&decode(nonce)).expect("a nonce");
        let plain = cipher.open_in_place(nonce, Aad::from(head.as_bytes()), &mut sealed);
        String::from_utf8(plain.expect("the content opens").to_vec()).expect("text")
    }
}

async fn userinfo(client: &App, tokens: &Value) -> (String, String) {
    let token = tokens["access_token"].as_str().expect("text");
    let answer = client.userinfo(token).await;
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
    (kind, answer.text().await.expect("a body"))
}

#[actix_web::test]
async fn userinfo_is_signed_when_the_client_registered_for_it() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let client = app.app(json!({ "userinfo_signed_response_alg": "RS256" })).await;
    let tokens = client.sign_in("ada", &[]).await;
    let (kind, jwt) = userinfo(&client, &tokens).await;
    assert_eq!(kind, "application/jwt");
    assert_eq!(header(&jwt)["alg"], "RS256");
    let claims = payload(&jwt);
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(app.url), &json!(client.client_id)));
    assert_eq!(
        (&claims["sub"], &claims["email"]),
        (&json!(ada.subject), &json!("ada@example.com"))
    );
    assert!(claims.get("nonce").is_none() && claims.get("exp").is_none());
}

#[actix_web::test]
async fn id_tokens_and_userinfo_are_encrypted_after_they_were_signed() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let recipient = Recipient::new();
    let client = app
        .app(json!({
            "jwks": recipient.jwks(),
            "id_token_encrypted_response_alg": "RSA-OAEP-256",
            "id_token_encrypted_response_enc": "A256GCM",
            "userinfo_signed_response_alg": "RS256",
            "userinfo_encrypted_response_alg": "RSA-OAEP-256",
            "userinfo_encrypted_response_enc": "A256GCM",
        }))
        .await;
    let tokens = client.sign_in("ada", &[]).await;
    let (kind, info) = userinfo(&client, &tokens).await;
    assert_eq!(kind, "application/jwt");
    for jwe in [tokens["id_token"].as_str().expect("text"), &info] {
        let head = header(jwe);
        assert_eq!((&head["alg"], &head["enc"]), (&json!("RSA-OAEP-256"), &json!("A256GCM")));
        assert_eq!((&head["cty"], &head["kid"]), (&json!("JWT"), &json!("box")));
        assert!(head.get("zip").is_none());
        // r49: what is inside is a signed JWT.
        let inside = recipient.open(jwe);
        assert_eq!(header(&inside)["alg"], "RS256");
        assert_eq!(payload(&inside)["sub"], json!(ada.subject));
    }
}

#[actix_web::test]
async fn userinfo_may_be_encrypted_alone() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let recipient = Recipient::new();
    let client = app
        .app(json!({
            "jwks": recipient.jwks(),
            "userinfo_encrypted_response_alg": "RSA-OAEP-256",
            "userinfo_encrypted_response_enc": "A256GCM",
        }))
        .await;
    let tokens = client.sign_in("ada", &[]).await;
    let (_, jwe) = userinfo(&client, &tokens).await;
    let claims: Value = serde_json::from_str(&recipient.open(&jwe)).expect("JSON");
    assert_eq!(claims["email"], "ada@example.com");
}

#[actix_web::test]
async fn what_cannot_be_encrypted_is_never_sent_open() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let ec = json!({ "keys": [{ "kty": "EC", "crv": "P-256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM" }] });
    let client = app.app(json!({ "jwks": ec })).await;
    // It has changed its keys since it registered.
    let change = |client: &mut tessera::domain::Client| {
        client.metadata.id_token_encrypted_response_alg = Some(KeyManagementAlgorithm::RsaOaep256);
    };
    app.change(&client, change).await;
    let code = app.browser().sign_in(&client, "ada", &[]).await.code();
    let answer = client.redeem(&code).await;
    assert_eq!(answer.status(), 500);
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(body["error"], "server_error");
    assert!(body.get("id_token").is_none() && body.get("access_token").is_none());
}
