//! Passkeys over HTTP, with an authenticator made of software that can be made to lie.

use std::time::Duration;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use serde_json::json;

use crate::support::{Answer, PRESENT, Question, TestApp, VERIFIED, base64url, offered, payload};
pub(super) use crate::support::{Passkey as Authenticator, between, enrolled, question};

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
    assert_eq!(between(&answer.body, "data-unknown=\""), base64url(b"gone"));
}
