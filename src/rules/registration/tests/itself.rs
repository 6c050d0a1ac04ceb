use serde_json::{Map, Value, json};

use super::super::*;
use super::POLICY;
use crate::protocol::ResponseTypeSwitches;

const OFF: Granted<'_> = Granted {
    policy: POLICY,
    response_types: ResponseTypeSwitches { implicit: false, hybrid: false },
    before: None,
};

fn asks(changes: Value) -> ClientMetadata {
    super::metadata(changes)
}

fn gets(changes: Value) -> ClientMetadata {
    ask_for_itself(asks(changes), OFF).unwrap().metadata().clone()
}

fn refused(changes: Value, granted: Granted<'_>) -> Vec<&'static str> {
    let found = ask_for_itself(asks(changes), granted).err().unwrap_or_default();
    found.iter().map(|one| one.member).collect()
}

#[test]
fn r96_what_only_an_operator_can_give_is_not_taken() {
    let got = ask_for_itself(
        asks(json!({
            "client_id": "admin", "client_secret": "a-secret-of-its-own-choice",
            "first_party": true, "id_token_claims": "full", "email_verified": "true",
            "resources": ["https://api.example.com"], "audience": "https://api.example.com",
            "access_token_signed_response_alg": "ES256", "refresh_rotation": false,
            "client_assertion_audience": "issuer", "dpop_bound_access_tokens": true,
            "scope": "openid admin email offline_access",
            "grant_types": ["authorization_code", "client_credentials", "implicit", "refresh_token"],
            "software_statement": "x",
        })),
        OFF,
    );
    let got = got.unwrap();
    assert_eq!((got.client_id(), got.secret()), (None, None));
    assert!(got.ignored().is_empty());
    let expected = json!({
        "redirect_uris": ["https://app.example.com/cb"],
        "response_types": ["code"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "client_secret_basic",
        "scope": "openid email offline_access",
        "subject_type": "public",
        "id_token_signed_response_alg": "RS256",
        "application_type": "web",
        "id_token_claims": "lean",
        "email_verified": "actual",
        "client_assertion_audience": "issuer_or_token_endpoint",
    });
    assert_eq!(serde_json::to_value(got.metadata()).unwrap(), expected);
}

#[test]
fn r96_what_it_got_it_can_ask_for_again() {
    let keys = json!({ "keys": [] });
    let got = gets(json!({
        "client_name": "Notes", "jwks": keys, "token_endpoint_auth_method": "private_key_jwt",
        "id_token_encrypted_response_alg": "RSA-OAEP-256", "default_max_age": 60,
        "request_uris": ["https://app.example.com/r#1"], "logo_uri": "https://app.example.com/l",
        "scope": "profile openid", "grant_types": ["refresh_token", "authorization_code"],
    }));
    let again = serde_json::to_value(&got).unwrap();
    let Value::Object(again) = again else { panic!("an object") };
    let granted = Granted { before: Some(&got), ..OFF };
    let checked = ask_for_itself(read(again).unwrap(), granted).unwrap();
    assert_eq!(*checked.metadata(), got);
}

#[test]
fn r96_what_its_operator_gave_it_stays() {
    let mut before = gets(json!({}));
    before.first_party = true;
    before.resources = vec!["https://api.example.com/".to_owned()];
    before.scope = Some("openid orders".to_owned());
    before.grant_types =
        Some(vec!["authorization_code".to_owned(), "client_credentials".to_owned()]);
    let Value::Object(again) = serde_json::to_value(&before).unwrap() else { panic!("an object") };
    let granted = Granted { before: Some(&before), ..OFF };
    let checked = ask_for_itself(read(again).unwrap(), granted).unwrap();
    assert_eq!(*checked.metadata(), before);
    // It cannot give it away or take it by leaving it out either.
    let uris = Map::from_iter([("redirect_uris".to_owned(), json!(before.redirect_uris))]);
    let checked = ask_for_itself(read(uris).unwrap(), granted).unwrap();
    assert!(checked.metadata().first_party);
    assert_eq!(checked.metadata().resources, before.resources);
}

#[test]
fn response_types_that_are_off_are_refused() {
    let hybrid = json!({
        "response_types": ["code", "code id_token"],
        "grant_types": ["authorization_code", "implicit"],
    });
    assert!(refused(hybrid.clone(), OFF).contains(&"response_types"));
    let on = ResponseTypeSwitches { hybrid: true, implicit: false };
    let granted = Granted { response_types: on, ..OFF };
    assert_eq!(refused(hybrid, granted), [""; 0]);
    let implicit = json!({ "response_types": ["id_token"], "grant_types": ["implicit"] });
    assert_eq!(refused(implicit, granted), ["response_types"]);
}

#[test]
fn the_type_of_an_application_bounds_its_addresses() {
    let kind = |uris: Value| gets(json!({ "redirect_uris": uris })).application_type.unwrap();
    assert_eq!(kind(json!(["https://app.example.com/cb"])), "web");
    assert_eq!(kind(json!(["http://localhost:33418/cb", "http://127.0.0.1/cb"])), "native");
    assert_eq!(kind(json!(["com.example.app:/cb"])), "native");
    assert_eq!(kind(json!(["http://localhost/cb", "https://app.example.com/cb"])), "web");
    let web = |uri: &str| json!({ "application_type": "web", "redirect_uris": [uri] });
    assert_eq!(refused(web("com.example.app:/cb"), OFF), ["redirect_uris"]);
    assert_eq!(refused(web("http://localhost/cb"), OFF), [""; 0]);
    assert_eq!(refused(web("http://app.example.com/cb"), OFF), ["redirect_uris"]);
    let on =
        Granted { response_types: ResponseTypeSwitches { implicit: true, hybrid: true }, ..OFF };
    let mut front = web("http://localhost/cb");
    front["response_types"] = json!(["id_token"]);
    assert_eq!(refused(front, on), ["redirect_uris"]);
}

#[test]
fn only_a_page_of_its_own_is_framed() {
    let framed = |uri: &str| refused(json!({ "frontchannel_logout_uri": uri }), OFF);
    assert_eq!(framed("https://app.example.com/logout"), [""; 0]);
    for other in ["https://app.example.com:8443/logout", "https://other.example.com/logout"] {
        assert_eq!(framed(other), ["frontchannel_logout_uri"]);
    }
}

#[test]
fn nothing_that_is_left_to_do_is_a_problem() {
    let machine = json!({ "grant_types": ["client_credentials"] });
    assert_eq!(refused(machine, OFF), ["grant_types"]);
}
