//! What no module of these plans asks, and still must hold: the claims of a person who has told
//! nothing, a page that is loaded again, and the metadata to the letter.

use std::rc::Rc;

use reqwest::Method;
use serde_json::{Value, json};
use tessera::protocol::StandardClaims;

use super::bench::{Bench, Offer};
use super::checks::{SCOPES, check_claim};
use super::flow::{Flow, value};
use super::variant::{Registration, Variant};

const CODE: Variant = Variant {
    response_type: "code",
    is_form_post: false,
    auth: "client_secret_basic",
    registration: Registration::Static,
};

/// Claims without a value are left out: never null, never empty.
#[actix_web::test]
async fn a_person_who_told_nothing_has_few_claims_and_no_empty_one() {
    let bench = Rc::new(Bench::start().await);
    bench.app.user_with("eve", |new| new.claims = StandardClaims::default()).await;
    let mut flow = Flow::begin(&bench, CODE).await;
    flow.username = "eve";
    let scope = format!("openid {}", SCOPES.join(" "));
    let request = flow.request(&[("scope", &scope)]);
    let visit = flow.visit(&request).await;
    let code = value(&flow.arrived(&visit.answer), "code").expect("a code").to_owned();
    let tokens = flow.redeem(&code).await;
    let token = tokens["access_token"].as_str().expect("a token");
    let answer = bench.ask(Method::GET, "/userinfo").bearer_auth(token).send().await;
    let claims: Value = answer.expect("an answer").json().await.expect("JSON");
    for (name, value) in claims.as_object().expect("an object") {
        check_claim(name, value, bench.app.clock_seconds());
    }
    for absent in ["name", "phone_number", "phone_number_verified", "address", "birthdate"] {
        assert!(claims.get(absent).is_none(), "{absent}");
    }
    for present in ["sub", "preferred_username", "email", "email_verified", "updated_at"] {
        assert!(claims.get(present).is_some(), "{present}");
    }
}

/// A pushed request counts as used when it is answered, not when its page is first seen
/// (RFC 9126 §4): a person may reload the page before they sign in.
#[actix_web::test]
async fn a_pushed_request_survives_a_reload_before_the_sign_in() {
    let bench = Rc::new(Bench::start().await);
    let mut flow = Flow::begin(&bench, CODE).await;
    let request = flow.request(&[]);
    let mut form = request.pairs().clone();
    let header = flow.client.prove(&bench, &mut form).expect("a header");
    let pushed = bench.ask(Method::POST, "/par").header("authorization", header).form(&form);
    let pushed = pushed.send().await.expect("an answer");
    assert_eq!(pushed.status(), 201);
    let pushed: Value = pushed.json().await.expect("JSON");
    let request_uri = pushed["request_uri"].as_str().expect("an address");
    assert!(pushed["expires_in"].as_u64().is_some_and(|seconds| seconds >= 5));
    let by_reference = flow.request(&[
        ("request_uri", request_uri),
        ("redirect_uri", ""),
        ("scope", ""),
        ("state", ""),
        ("nonce", ""),
        ("response_type", ""),
    ]);
    for _ in 0..2 {
        let page = flow.browser.get(&by_reference.url(&bench)).await;
        assert!(page.has("login-submit"), "{}", page.body);
    }
    let visit = flow.visit(&by_reference).await;
    flow.complete(visit, &request).await;
    let again = flow.visit(&by_reference).await;
    assert!(again.answer.location().is_none() && !again.answer.has("handoff"));
}

/// The whole document, as it is with everything switched off and with everything switched on:
/// `TESSERA_PRINT=1 cargo test conformance` writes it anew.
#[actix_web::test]
async fn the_metadata_is_the_stored_one() {
    let mut documents = serde_json::Map::new();
    for (name, offer) in [("default", Offer::Default), ("everything", Offer::Everything)] {
        let bench = Bench::with(offer).await;
        let text = bench.metadata().await.to_string();
        let text = text.replace(&bench.app.url, "https://issuer.example");
        documents.insert(name.to_owned(), serde_json::from_str(&text).expect("JSON"));
    }
    let page = serde_json::to_string_pretty(&json!(documents)).expect("JSON") + "\n";
    super::assert_printed("tests/conformance/metadata.json", &page);
}
