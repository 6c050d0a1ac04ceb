//! An authenticator made of software that can be made to lie.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tessera::base::sha256;

use super::{Answer, App, Browser, PASSWORD, TestApp};

pub(crate) const PRESENT: u8 = 0x01;
pub(crate) const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// An authenticator with one passkey, and what it says of itself.
pub(crate) struct Passkey {
    pub(crate) key: EcdsaKeyPair,
    pub(crate) credential_id: Vec<u8>,
    pub(crate) user_handle: String,
    pub(crate) origin: String,
    pub(crate) rp_id: String,
    pub(crate) flags: u8,
    pub(crate) count: u32,
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Passkey {
    pub(crate) fn new(app: &TestApp, credential_id: &[u8]) -> Self {
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"),
            credential_id: credential_id.to_vec(),
            user_handle: String::new(),
            origin: app.issuer.url().to_owned(),
            rp_id: "localhost".to_owned(),
            flags: PRESENT | VERIFIED,
            count: 0,
        }
    }

    fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        [&sha256(self.rp_id.as_bytes())[..], &[flags], &self.count.to_be_bytes()].concat()
    }

    /// WebAuthn Level 3 §6.5: authenticator data with a COSE key, in an attestation object that
    /// attests nothing. Written byte by byte: CBOR of a fixed shape.
    pub(crate) fn create(&mut self, options: &Value) -> String {
        self.user_handle = options["user"]["id"].as_str().expect("a handle").to_owned();
        let point = self.key.public_key().as_ref();
        let cose = [
            &[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20][..],
            &point[1..33],
            &[0x22, 0x58, 0x20],
            &point[33..65],
        ]
        .concat();
        let length = u16::try_from(self.credential_id.len()).expect("short").to_be_bytes();
        let data =
            [&self.data(self.flags | ATTESTED)[..], &[0; 16], &length, &self.credential_id, &cose]
                .concat();
        let size = u8::try_from(data.len()).expect("below 256");
        let object = [
            &[0xa3, 0x63][..],
            b"fmt",
            &[0x64],
            b"none",
            &[0x67],
            b"attStmt",
            &[0xa0, 0x68],
            b"authData",
            &[0x58, size],
            &data,
        ]
        .concat();
        let challenge = options["challenge"].as_str().expect("a challenge");
        let id = base64url(&self.credential_id);
        json!({ "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&self.client_data("webauthn.create", challenge)),
                "attestationObject": base64url(&object),
            } })
        .to_string()
    }

    pub(crate) fn get(&self, challenge: &str) -> String {
        let client_data = self.client_data("webauthn.get", challenge);
        let data = self.data(self.flags);
        let signed = [&data[..], &sha256(&client_data)].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        let id = base64url(&self.credential_id);
        json!({ "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&client_data),
                "authenticatorData": base64url(&data),
                "signature": base64url(signature.as_ref()),
                "userHandle": self.user_handle,
            } })
        .to_string()
    }
}

/// What a page asks: where the answer goes, the hidden fields, the options.
pub(crate) struct Question {
    pub(crate) action: String,
    pub(crate) csrf: String,
    pub(crate) ticket: String,
    pub(crate) options: Value,
}

pub(crate) fn between(text: &str, before: &str) -> String {
    let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("no {before}: {text}"));
    rest.split('"').next().unwrap_or_default().replace("&#34;", "\"").replace("&quot;", "\"")
}

pub(crate) fn question(page: &Answer) -> Question {
    let form = page.body.split("<form").find(|form| form.contains("data-passkey"));
    let form = form.unwrap_or_else(|| panic!("no question: {} {}", page.status, page.body));
    Question {
        action: between(form, "action=\""),
        csrf: between(form, "name=\"csrf\" value=\""),
        ticket: between(form, "name=\"ticket\" value=\""),
        options: serde_json::from_str(&between(form, "data-options=\"")).expect("options"),
    }
}

impl Question {
    pub(crate) fn challenge(&self) -> &str {
        self.options["challenge"].as_str().expect("a challenge")
    }

    pub(crate) async fn answer(&self, browser: &mut Browser, answer: &str) -> Answer {
        let form = [("csrf", &*self.csrf), ("ticket", &*self.ticket), ("answer", answer)];
        browser.post(&self.action, &form).await
    }
}

/// Signs in with a password on a device that can keep a passkey, up to the offer.
pub(crate) async fn offered(browser: &mut Browser, notes: &App, username: &str) -> Answer {
    let page = browser.authorize(notes, &[]).await;
    let (action, _) = page.form();
    let csrf = between(&page.body, "name=\"csrf\" value=\"");
    let form = [
        ("csrf", &*csrf),
        ("username", username),
        ("password", PASSWORD),
        ("can_keep_passkey", "1"),
    ];
    browser.post(&action, &form).await
}

/// A person with a passkey.
pub(crate) async fn enrolled(app: &TestApp, notes: &App, username: &str) -> Passkey {
    app.user(username).await;
    enrol(app, notes, username).await
}

/// Gives a person a passkey, after a sign-in by password at an app of our own house.
pub(crate) async fn enrol(app: &TestApp, notes: &App, username: &str) -> Passkey {
    let mut passkey = Passkey::new(app, format!("key of {username}").as_bytes());
    let mut browser = app.browser();
    let asked = question(&offered(&mut browser, notes, username).await);
    assert_eq!(asked.options["authenticatorSelection"]["residentKey"], "required");
    let made = passkey.create(&asked.options);
    asked.answer(&mut browser, &made).await.code();
    passkey
}
