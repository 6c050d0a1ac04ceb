//! Passkeys over HTTP, with an authenticator made of software that can be made to lie.

use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tessera::base::sha256;

use crate::support::{Answer, App, Browser, PASSWORD, TestApp, payload};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// An authenticator with one passkey, and what it says of itself.
pub(super) struct Authenticator {
    key: EcdsaKeyPair,
    credential_id: Vec<u8>,
    user_handle: String,
    origin: String,
    rp_id: String,
    flags: u8,
    count: u32,
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    pub(super) fn new(app: &TestApp, credential_id: &[u8]) -> Self {
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"),
            credential_id: credential_id.to_vec(),
            user_handle: String::new(),
            origin: app.url.clone(),
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
    pub(super) fn create(&mut self, options: &Value) -> String {
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
        let id = encode(&self.credential_id);
        json!({ "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(&self.client_data("webauthn.create", challenge)),
                "attestationObject": encode(&object),
            } })
        .to_string()
    }

    pub(super) fn get(&self, challenge: &str) -> String {
        let client_data = self.client_data("webauthn.get", challenge);
        let data = self.data(self.flags);
        let signed = [&data[..], &sha256(&client_data)].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        let id = encode(&self.credential_id);
        json!({ "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(&client_data),
                "authenticatorData": encode(&data),
                "signature": encode(signature.as_ref()),
                "userHandle": self.user_handle,
            } })
        .to_string()
    }
}

/// What a page asks: where the answer goes, the hidden fields, the options.
pub(super) struct Question {
    pub(super) action: String,
    pub(super) csrf: String,
    pub(super) ticket: String,
    pub(super) options: Value,
}

pub(super) fn between(text: &str, before: &str) -> String {
    let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("no {before}: {text}"));
    rest.split('"').next().unwrap_or_default().replace("&#34;", "\"").replace("&quot;", "\"")
}

pub(super) fn question(page: &Answer) -> Question {
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
    pub(super) fn challenge(&self) -> &str {
        self.options["challenge"].as_str().expect("a challenge")
    }

    pub(super) async fn answer(&self, browser: &mut Browser, answer: &str) -> Answer {
        let form = [("csrf", &*self.csrf), ("ticket", &*self.ticket), ("answer", answer)];
        browser.post(&self.action, &form).await
    }
}

/// Signs in with a password on a device that can keep a passkey, up to the offer.
async fn offered(browser: &mut Browser, notes: &App, username: &str) -> Answer {
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

/// A person with a passkey, and an app.
pub(super) async fn enrolled(app: &TestApp, notes: &App, username: &str) -> Authenticator {
    app.user(username).await;
    let mut authenticator = Authenticator::new(app, format!("key of {username}").as_bytes());
    let mut browser = app.browser();
    let asked = question(&offered(&mut browser, notes, username).await);
    assert_eq!(asked.options["authenticatorSelection"]["residentKey"], "required");
    let made = authenticator.create(&asked.options);
    asked.answer(&mut browser, &made).await.code();
    authenticator
}

fn assert_refused(answer: &Answer, why: &str) {
    assert_eq!(answer.status, 422, "{why}: {}", answer.body);
    assert!(answer.body.contains("This passkey could not be used"), "{why}");
}

#[actix_web::test]
async fn r79_a_passkey_signs_in_and_says_what_it_was() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let authenticator = enrolled(&app, &notes, "ada").await;
    let mut browser = app.browser();
    let asked = question(&browser.authorize(&notes, &[]).await);
    assert_eq!(asked.options["userVerification"], "required");
    let answer = asked.answer(&mut browser, &authenticator.get(asked.challenge())).await;
    let tokens = notes.tokens(&answer.code()).await;
    let claims = payload(tokens["id_token"].as_str().expect("text"));
    assert_eq!(claims["acr"], "phr");
    assert_eq!(claims["amr"], json!(["pop", "user", "mfa"]));
}

#[actix_web::test]
async fn r78_an_answer_that_lies_is_refused() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let honest = enrolled(&app, &notes, "ada").await;
    let handle_of_bob = enrolled(&app, &notes, "bob").await.user_handle;
    type Lie = fn(&mut Authenticator);
    let lies: [(&str, Lie); 5] = [
        ("origin", |one| one.origin = "http://localhost:1".to_owned()),
        ("rpIdHash", |one| one.rp_id = "example.com".to_owned()),
        ("verification", |one| one.flags = PRESENT),
        ("presence", |one| one.flags = VERIFIED),
        ("signature", |one| {
            one.key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        }),
    ];
    let mut browser = app.browser();
    for (why, lie) in lies {
        let pkcs8 = honest.key.to_pkcs8v1().expect("a key");
        let mut liar = Authenticator {
            key: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref())
                .expect("a key"),
            credential_id: honest.credential_id.clone(),
            user_handle: honest.user_handle.clone(),
            ..Authenticator::new(&app, b"")
        };
        lie(&mut liar);
        let asked = question(&browser.authorize(&notes, &[]).await);
        let answer = asked.answer(&mut browser, &liar.get(asked.challenge())).await;
        assert_refused(&answer, why);
    }
    let mut other = honest;
    other.user_handle = handle_of_bob;
    let asked = question(&browser.authorize(&notes, &[]).await);
    let answer = asked.answer(&mut browser, &other.get(asked.challenge())).await;
    assert_refused(&answer, "another person's credential");
}

#[actix_web::test]
async fn r78_a_challenge_counts_once_for_one_page_and_five_minutes() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let key = enrolled(&app, &notes, "ada").await;
    let mut browser = app.browser();
    let first = question(&browser.authorize(&notes, &[]).await);
    let second = question(&browser.authorize(&notes, &[]).await);
    let wrong = first.answer(&mut browser, &key.get(second.challenge())).await;
    assert_refused(&wrong, "another challenge");
    let used = first.answer(&mut browser, &key.get(first.challenge())).await;
    assert_refused(&used, "a used challenge");

    let crossed = Question { ticket: second.ticket.clone(), ..question(&used) };
    let answer = crossed.answer(&mut browser, &key.get(second.challenge())).await;
    assert_refused(&answer, "another interaction");
    let stranger = second.answer(&mut app.browser(), &key.get(second.challenge())).await;
    assert!(!stranger.body.contains("handoff"), "another browser");
    app.advance(Duration::from_secs(5 * 60));
    let late = second.answer(&mut browser, &key.get(second.challenge())).await;
    assert_refused(&late, "an old challenge");
    let asked = question(&late);
    asked.answer(&mut browser, &key.get(asked.challenge())).await.code();
}

#[actix_web::test]
async fn r78_a_counter_that_falls_is_refused() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let mut key = enrolled(&app, &notes, "ada").await;
    for (count, is_good) in [(5, true), (5, false), (4, false), (6, true)] {
        key.count = count;
        let mut browser = app.browser();
        let asked = question(&browser.authorize(&notes, &[]).await);
        let answer = asked.answer(&mut browser, &key.get(asked.challenge())).await;
        if is_good {
            answer.code();
        } else {
            assert_refused(&answer, "a counter that did not grow");
        }
    }
}

#[actix_web::test]
async fn r58_wrong_passwords_keep_nobody_from_their_passkey() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let key = enrolled(&app, &notes, "ada").await;
    let mut stranger = app.browser();
    let mut page = stranger.authorize(&notes, &[]).await;
    for _ in 0..20 {
        page = stranger.submit(&page, &[("username", "ada"), ("password", "wrong")]).await;
    }
    assert_eq!(page.status, 429);
    let mut browser = app.browser();
    let asked = question(&browser.authorize(&notes, &[]).await);
    asked.answer(&mut browser, &key.get(asked.challenge())).await.code();
}

#[actix_web::test]
async fn a_passkey_that_is_not_wanted_is_offered_again_after_thirty_days() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    app.user("ada").await;
    let mut browser = app.browser();
    let page = offered(&mut browser, &notes, "ada").await;
    let asked = question(&page);
    let decline = asked.action.replace("/enrol", "/decline");
    browser.post(&decline, &[("csrf", &asked.csrf)]).await.code();
    offered(&mut app.browser(), &notes, "ada").await.code();
    app.advance(Duration::from_secs(30 * 24 * 60 * 60));
    question(&offered(&mut app.browser(), &notes, "ada").await);
}

#[actix_web::test]
async fn a_passkey_that_is_not_known_is_told_to_the_browser() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let mut key = enrolled(&app, &notes, "ada").await;
    key.credential_id = b"gone".to_vec();
    let mut browser = app.browser();
    let asked = question(&browser.authorize(&notes, &[]).await);
    let answer = asked.answer(&mut browser, &key.get(asked.challenge())).await;
    assert_refused(&answer, "unknown");
    assert_eq!(between(&answer.body, "data-unknown=\""), encode(b"gone"));
}
