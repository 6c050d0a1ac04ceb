use serde_json::{Value, json};

use super::{Ended, Installation};

const CALLBACK: &str = "https://app.example.com/cb";

fn create(here: &Installation, metadata: &Value) -> Ended {
    let file = here.file("client.json", &metadata.to_string());
    here.run(&["client", "create", "--file", &file, "--json"])
}

fn update(here: &Installation, client_id: &str, metadata: &Value) -> Ended {
    let file = here.file("client.json", &metadata.to_string());
    here.run(&["client", "update", client_id, "--file", &file, "--json"])
}

fn shown(here: &Installation, client_id: &str) -> Value {
    here.run(&["client", "show", client_id, "--json"]).succeeded().json()
}

fn is_alphanumeric(value: &Value, length: usize) -> bool {
    value.as_str().is_some_and(|text| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[test]
fn a_client_gets_a_name_and_a_secret_that_is_shown_once() {
    let here = Installation::new();
    let made = create(&here, &json!({ "redirect_uris": [CALLBACK] })).succeeded().json();
    assert!(is_alphanumeric(&made["client_id"], 24), "{made}");
    assert!(is_alphanumeric(&made["client_secret"], 43), "{made}");
    assert_eq!(made["client_secret_expires_at"], 0);
    assert_eq!(made["redirect_uris"], json!([CALLBACK]));
    let client_id = made["client_id"].as_str().unwrap();
    let shown = shown(&here, client_id);
    assert_eq!(shown["client_id"], client_id);
    assert_eq!(shown.get("client_secret"), None);
    let listed = here.run(&["client", "list", "--json"]).succeeded().json();
    assert_eq!(listed, json!([shown]));
}

#[test]
fn people_read_two_lines() {
    let here = Installation::new();
    let metadata = json!({ "client_id": "wiki", "redirect_uris": [CALLBACK] });
    let file = here.file("client.json", &metadata.to_string());
    let out = here.run(&["client", "create", "--file", &file]).succeeded().out;
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "client_id: wiki");
    let secret = lines[1].strip_prefix("client_secret: ").unwrap();
    assert!(is_alphanumeric(&json!(secret), 43), "{out}");
    assert_eq!(lines.len(), 2);
    let listed = here.run(&["client", "list"]).succeeded().out;
    assert_eq!(listed, format!("wiki  {CALLBACK}\n"));
}

#[test]
fn a_name_and_a_secret_may_be_brought_along() {
    let here = Installation::new();
    let metadata = json!({
        "client_id": "wiki", "client_secret": "a-secret-from-elsewhere", "redirect_uris": [CALLBACK],
        "client_name": "Wiki", "first_party": true,
    });
    let made = create(&here, &metadata).succeeded().json();
    assert_eq!(made["client_secret"], "a-secret-from-elsewhere");
    create(&here, &metadata).failed("the client_id is taken");
    let listed = here.run(&["client", "list"]).succeeded().out;
    assert_eq!(listed, format!("wiki  Wiki  first party  {CALLBACK}\n"));
}

#[test]
fn r39_a_public_client_has_no_secret() {
    let here = Installation::new();
    let public = json!({
        "client_id": "spa", "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none",
    });
    let made = create(&here, &public).succeeded().json();
    assert_eq!(made.get("client_secret"), None);
    here.run(&["client", "rotate-secret", "spa"]).failed("it is a client without a secret");
    let with_secret = json!({
        "client_secret": "a-secret-from-elsewhere", "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "none",
    });
    let ended = create(&here, &with_secret).failed("a public client has none");
    assert!(!ended.err.contains("elsewhere"), "{ended:?}");
}

#[test]
fn r3_every_problem_is_told_in_one_line() {
    let here = Installation::new();
    let metadata = json!({
        "redirect_uris": ["http://app.example.com/cb", "https://*.example.com/cb"],
        "scope": "a\"b", "grant_types": ["magic"],
    });
    let ended = create(&here, &metadata);
    ended
        .failed("uses http for a host that is not loopback")
        .failed("wildcard")
        .failed("scope: ")
        .failed("grant_types: ");
    here.run(&["client", "create", "--file", "none.json"]).failed("none.json");
    let file = here.file("client.json", "{");
    here.run(&["client", "create", "--file", &file]).failed("client.json");
    assert_eq!(here.run(&["client", "list"]).succeeded().out, "no clients\n");
}

#[test]
fn dev_lets_http_go_anywhere() {
    let here = Installation::new().with("TESSERA_DEV", "true");
    create(&here, &json!({ "redirect_uris": ["http://app.example.com/cb"] })).succeeded();
}

#[test]
fn members_that_nothing_acts_on_are_named() {
    let here = Installation::new();
    let metadata = json!({
        "redirect_uris": [CALLBACK], "software_statement": "x.y.z",
        "client_nmae": "Wiki",
    });
    let ended = create(&here, &metadata);
    assert_eq!(ended.code, 0);
    assert_eq!(
        ended.err,
        "warning: client_nmae: unknown, did you mean client_name?\n\
         warning: software_statement: this version does not act on it\n"
    );
    let made = ended.json();
    assert_eq!((made.get("software_statement"), made.get("client_nmae")), (None, None));
}

#[test]
fn what_would_make_a_client_safer_is_never_left_out_in_silence() {
    let here = Installation::new();
    let made = create(&here, &json!({ "redirect_uris": [CALLBACK], "client_id": "app" }));
    made.succeeded();
    let safer = json!({ "redirect_uris": [CALLBACK], "dpop_bound_access_tokens": true });
    create(&here, &safer).failed("dpop_bound_access_tokens: this version cannot do it");
    update(&here, "app", &safer).failed("dpop_bound_access_tokens: this version cannot do it");
    let signed = json!({ "redirect_uris": [CALLBACK], "require_signed_request_object": true });
    update(&here, "app", &signed).failed("require_signed_request_object: jwks or jwks_uri");
}

#[test]
fn keys_of_a_client_are_looked_at_when_it_is_made() {
    let here = Installation::new();
    let with = |keys: Value| {
        json!({
            "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt",
            "jwks": { "keys": keys },
        })
    };
    let private = json!([{ "kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA" }]);
    create(&here, &with(private)).failed("jwks: keys[0]: ");
    let missing = "jwks: holds no key that can verify its client assertions";
    create(&here, &with(json!([]))).failed(missing);
}

#[test]
fn the_signing_keys_of_a_client_exist_before_its_first_token() {
    let here = Installation::new();
    let metadata = json!({ "redirect_uris": [CALLBACK], "userinfo_signed_response_alg": "PS256" });
    create(&here, &metadata).succeeded();
    let keys = here.run(&["key", "list", "--json"]).succeeded().json();
    let has = |name: &str| keys.as_array().unwrap().iter().any(|key| key["alg"] == name);
    assert!(has("PS256") && !has("ES384"), "{keys}");
}

#[test]
fn a_registration_token_is_printed_once() {
    let here = Installation::new();
    let out = here.run(&["client", "registration-token"]).succeeded().out;
    assert!(out.starts_with("tsi_") && out.lines().count() == 1, "{out}");
    let args = ["client", "registration-token", "--uses", "3", "--expires", "1h", "--json"];
    let made = here.run(&args).succeeded().json();
    let members: Vec<&String> = made.as_object().unwrap().keys().collect();
    assert_eq!(members, ["expires_at", "registration_token", "uses"]);
    assert!(made["uses"] == 3 && made["registration_token"] != json!(out.trim()), "{made}");
    for wrong in [["--uses", "0"], ["--expires", "soon"], ["--expires", "0d"]] {
        here.run(&["client", "registration-token", wrong[0], wrong[1]]).misused(wrong[0]);
    }
}

#[test]
fn metadata_is_replaced_and_the_secret_stays() {
    let here = Installation::new();
    let before = json!({ "client_id": "wiki", "redirect_uris": [CALLBACK], "client_name": "Wiki" });
    let secret = create(&here, &before).succeeded().json()["client_secret"].clone();
    let after = json!({ "redirect_uris": ["https://app.example.com/new"] });
    let updated = update(&here, "wiki", &after).succeeded().json();
    assert_eq!(updated.get("client_secret"), None);
    assert_eq!(updated["redirect_uris"], after["redirect_uris"]);
    assert_eq!(updated.get("client_name"), None);
    assert_eq!(shown(&here, "wiki"), updated);

    let same = json!({
        "client_id": "wiki", "client_secret": secret, "redirect_uris": [CALLBACK],
    });
    update(&here, "wiki", &same).succeeded();
    let other_secret = json!({
        "client_secret": "a-secret-from-elsewhere", "redirect_uris": [CALLBACK],
    });
    update(&here, "wiki", &other_secret).failed("rotate-secret");
    let other_name = json!({ "client_id": "blog", "redirect_uris": [CALLBACK] });
    update(&here, "wiki", &other_name).failed("names another client");
    update(&here, "blog", &after).failed("there is no such client");
}

#[test]
fn a_client_that_begins_to_keep_a_secret_gets_one() {
    let here = Installation::new();
    let public = json!({
        "client_id": "app", "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none",
    });
    create(&here, &public).succeeded();
    let confidential = json!({ "redirect_uris": [CALLBACK] });
    let updated = update(&here, "app", &confidential).succeeded().json();
    assert!(is_alphanumeric(&updated["client_secret"], 43), "{updated}");
    update(&here, "app", &public).succeeded();
    here.run(&["client", "rotate-secret", "app"]).failed("it is a client without a secret");
}

#[test]
fn a_secret_is_rotated_and_a_client_deleted() {
    let here = Installation::new();
    let metadata = json!({ "client_id": "wiki", "redirect_uris": [CALLBACK] });
    let first = create(&here, &metadata).succeeded().json()["client_secret"].clone();
    let second = here.run(&["client", "rotate-secret", "wiki", "--json"]).succeeded().json();
    assert!(is_alphanumeric(&second["client_secret"], 43), "{second}");
    assert_ne!(second["client_secret"], first);
    // Until its day is over, the first secret is one of the client's.
    let with = |secret: &Value| json!({ "client_secret": secret, "redirect_uris": [CALLBACK] });
    update(&here, "wiki", &with(&first)).succeeded();
    here.run(&["client", "rotate-secret", "wiki", "--now"]).succeeded();
    update(&here, "wiki", &with(&second["client_secret"])).failed("is not its secret");

    assert_eq!(here.run(&["client", "delete", "wiki"]).succeeded().out, "client wiki deleted\n");
    for args in [["client", "show", "wiki"], ["client", "delete", "wiki"]] {
        here.run(&args).failed("there is no such client");
    }
    here.run(&["client", "rotate-secret", "wiki"]).failed("there is no such client");
}
