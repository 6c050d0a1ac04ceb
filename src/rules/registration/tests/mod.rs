use serde_json::{Value, json};

use super::*;

mod itself;

const POLICY: RegistrationPolicy = RegistrationPolicy { is_dev: false };

/// The smallest metadata that passes, with `changes` put over it.
fn metadata(changes: Value) -> ClientMetadata {
    let mut all = json!({ "redirect_uris": ["https://app.example.com/cb"] });
    let (Some(all_members), Value::Object(changes)) = (all.as_object_mut(), changes) else {
        panic!("changes are an object")
    };
    all_members.extend(changes);
    serde_json::from_value(all).unwrap()
}

fn problems(changes: Value) -> Vec<MetadataProblem> {
    check(metadata(changes), POLICY).err().unwrap_or_default()
}

#[track_caller]
fn assert_refused(member: &str, values: &[Value]) {
    for value in values {
        let found = problems(json!({ member: value }));
        assert!(found.iter().any(|one| one.member == member), "{member} = {value}: {found:?}");
    }
}

#[track_caller]
fn assert_accepted(member: &str, values: &[Value]) {
    for value in values {
        assert_eq!(problems(json!({ member: value })), [], "{member} = {value}");
    }
}

#[test]
fn r3_addresses_that_may_not_be_registered() {
    let refused = [
        ("", "no address"),
        ("/cb", "relative"),
        ("app.example.com/cb", "without scheme"),
        ("https://app.example.com/cb#", "empty fragment"),
        ("https://app.example.com/cb#top", "fragment"),
        ("https://me@app.example.com/cb", "user"),
        ("https://me:pw@app.example.com/cb", "user and password"),
        ("https://@app.example.com/cb", "empty user"),
        ("https://*.example.com/cb", "wildcard host"),
        ("https://app.example.com/*", "wildcard path"),
        ("https://app.example.com/c\u{0}b", "null byte"),
        ("https://app.example.com/c\nb", "line break"),
        ("https://app.example.com/c b", "space"),
        (" https://app.example.com/cb", "leading space"),
        ("https://app.example.com\\@evil.example/cb", "backslash"),
        ("https://exämple.com/cb", "host outside ASCII"),
        ("https://app.example.com/ä", "path outside ASCII"),
        ("https:app.example.com/cb", "no slashes"),
        ("https:///app.example.com/cb", "three slashes"),
        ("javascript:alert(1)", "javascript"),
        ("JavaScript:alert(1)", "javascript in capitals"),
        ("data:text/html,x", "data"),
        ("vbscript:x", "vbscript"),
        ("file:///etc/passwd", "file"),
        ("blob:https://app.example.com/x", "blob"),
        ("http://app.example.com/cb", "plain http"),
        ("http://localhost.example.com/cb", "not loopback"),
        ("myapp:/cb", "private scheme without a dot"),
        ("myapp://cb", "private scheme without a dot"),
    ];
    for (uri, why) in refused {
        for member in ["redirect_uris", "post_logout_redirect_uris"] {
            let found = problems(json!({ member: [uri] }));
            assert!(found.iter().any(|one| one.member == member), "{member} {why}: {uri}");
        }
    }
}

#[test]
fn r3_addresses_that_may_be_registered() {
    let uris = [
        "https://app.example.com/cb",
        "https://app.example.com:8443/cb?tenant=a",
        "https://xn--exmple-cua.com/cb",
        "http://localhost/cb",
        "http://localhost:3000/cb",
        "http://app.localhost:3000/cb",
        "http://127.0.0.1/cb",
        "http://[::1]:9/cb",
        "com.example.app:/cb",
        "com.example.app://cb",
    ];
    assert_eq!(problems(json!({ "redirect_uris": uris, "post_logout_redirect_uris": uris })), []);
}

#[test]
fn r3_dev_lifts_the_http_rule_and_no_other() {
    let dev = RegistrationPolicy { is_dev: true };
    let plain = json!({ "redirect_uris": ["http://app.example.com/cb"] });
    assert!(check(metadata(plain), dev).is_ok());
    let wild = json!({ "redirect_uris": ["http://*.example.com/cb"] });
    assert!(check(metadata(wild), dev).is_err());
}

#[test]
fn every_problem_is_reported_at_once() {
    let found = problems(json!({
        "client_id": "a b",
        "client_secret": "short",
        "redirect_uris": ["http://app.example.com/cb", "x:y"],
        "response_types": ["token"],
        "grant_types": ["magic"],
        "scope": "a\"b",
        "client_name": "a\u{202E}b",
        "logo_uri": "javascript:x",
        "resources": ["#x"],
        "audience": "a b",
        "application_type": "toaster",
    }));
    let members: Vec<&str> = found.iter().map(|one| one.member).collect();
    assert_eq!(
        members,
        [
            "client_id",
            "client_secret",
            "response_types",
            "grant_types",
            "redirect_uris",
            "redirect_uris",
            "logo_uri",
            "scope",
            "resources",
            "audience",
            "client_name",
            "application_type",
        ]
    );
}

#[test]
fn names_and_secrets() {
    assert_accepted(
        "client_id",
        &[json!("a"), json!("my-app_1.2~3"), json!("https://app.example.com"), json!("a@b")],
    );
    assert_refused(
        "client_id",
        &[
            json!(""),
            json!("a b"),
            json!("ä"),
            json!("a\"b"),
            json!("a".repeat(256)),
            json!("a\nb"),
        ],
    );
    assert_accepted(
        "client_secret",
        &[json!("0123456789abcdef"), json!("a secret with spaces"), json!("x".repeat(256))],
    );
    assert_refused(
        "client_secret",
        &[json!(""), json!("0123456789abcde"), json!("0123456789\tabcdef"), json!("x".repeat(257))],
    );
    let found = problems(json!({ "client_secret": "hush" }));
    assert!(!format!("{found:?}").contains("hush"), "{found:?}");
}

#[test]
fn r39_a_public_client_holds_no_secret() {
    let public = json!({
        "token_endpoint_auth_method": "none",
        "client_secret": "0123456789abcdef",
    });
    assert_eq!(problems(public)[0].member, "client_secret");
    let checked = check(metadata(json!({ "token_endpoint_auth_method": "none" })), POLICY).unwrap();
    assert!(!checked.has_secret());
    assert!(check(metadata(json!({})), POLICY).unwrap().has_secret());
}

#[test]
fn flows() {
    for kind in crate::protocol::ResponseType::ALL {
        assert_accepted("response_types", &[json!([kind.as_str()])]);
    }
    assert_accepted("response_types", &[json!(["code", "token id_token"])]);
    assert_refused("response_types", &[json!(["token"]), json!(["none"]), json!(["code", ""])]);
    assert_accepted(
        "grant_types",
        &[
            json!(["authorization_code"]),
            json!(["authorization_code", "refresh_token"]),
            json!(["client_credentials"]),
            json!(["authorization_code", "implicit"]),
        ],
    );
    assert_refused("grant_types", &[json!(["authorization_code", "password"]), json!(["code"])]);
    let odd = json!({ "grant_types": ["client_credentials"], "response_types": ["code"] });
    assert_eq!(problems(odd)[0].member, "grant_types");
    let odd = json!({ "response_types": [] });
    assert_eq!(problems(odd)[0].member, "grant_types");
    let machine = json!({
        "grant_types": ["client_credentials"], "response_types": [], "redirect_uris": [],
    });
    assert_eq!(problems(machine), []);
    for (response, grants) in [
        ("id_token", json!(["authorization_code", "implicit"])),
        ("code id_token", json!(["authorization_code"])),
        ("code token", json!(["implicit"])),
    ] {
        let odd = json!({ "grant_types": grants, "response_types": [response] });
        assert_eq!(problems(odd)[0].member, "grant_types", "{response}");
    }
    let public = json!({
        "grant_types": ["authorization_code", "client_credentials"],
        "token_endpoint_auth_method": "none",
    });
    assert_eq!(problems(public)[0].member, "grant_types");
}

#[test]
fn a_client_with_codes_needs_an_address() {
    assert_refused("redirect_uris", &[json!([])]);
    assert_refused("redirect_uris", &[json!(vec!["https://app.example.com/cb"; 101])]);
}

#[test]
fn scopes_resources_audience_and_links() {
    assert_accepted("scope", &[json!(""), json!("openid read:all"), json!("a/b")]);
    assert_refused("scope", &[json!("a\\b"), json!("ä")]);
    assert_accepted("resources", &[json!(["https://api.example.com/v1", "urn:api:orders"])]);
    assert_refused(
        "resources",
        &[
            json!(["api"]),
            json!(["https://api.example.com/#a"]),
            json!(["https://a b"]),
            json!([""]),
        ],
    );
    assert_accepted("audience", &[json!("orders"), json!("urn:api:orders")]);
    assert_refused("audience", &[json!(""), json!("a b"), json!(":x")]);
    for member in ["client_uri", "logo_uri", "policy_uri", "tos_uri", "initiate_login_uri"] {
        assert_accepted(member, &[json!("https://app.example.com/x"), json!("http://localhost")]);
        assert_refused(
            member,
            &[
                json!(""),
                json!("javascript:x"),
                json!("https://me@a.example"),
                json!("/x"),
                json!("http://app.example.com/x"),
                json!("https://app.example.com/\u{7}"),
            ],
        );
    }
    assert_refused(
        "client_name",
        &[json!(""), json!("  "), json!("a\u{7}"), json!("x".repeat(101))],
    );
    assert_refused("contacts", &[json!(["a\nb"])]);
}

#[test]
fn what_is_stored_holds_no_name_no_secret_and_nothing_unknown() {
    let given = json!({
        "client_id": "app", "client_secret": "0123456789abcdef", "redirekt_uris": ["x"],
    });
    let checked = check(metadata(given), POLICY).unwrap();
    assert_eq!(checked.client_id(), Some("app"));
    assert_eq!(checked.secret().map(|secret| secret.expose().as_str()), Some("0123456789abcdef"));
    assert_eq!(checked.ignored(), ["redirekt_uris"]);
    assert!(!format!("{checked:?}").contains("0123456789abcdef"));
    assert_eq!(*checked.metadata(), metadata(json!({})));
}

#[test]
fn addresses_that_are_called() {
    let called =
        ["jwks_uri", "sector_identifier_uri", "frontchannel_logout_uri", "backchannel_logout_uri"];
    for member in called {
        assert_accepted(member, &[json!("https://app.example.com/x?a=b"), json!("http://[::1]:1")]);
        assert_refused(
            member,
            &[
                json!("http://app.example.com/x"),
                json!("https://app.example.com/x#y"),
                json!("https://app.example.com/x#"),
                json!("ftp://app.example.com/x"),
                json!("https://me:pw@app.example.com/x"),
                json!(""),
            ],
        );
    }
    assert_accepted("request_uris", &[json!(["https://app.example.com/r#hash"])]);
    assert_refused("request_uris", &[json!(["http://app.example.com/r"]), json!(["r"])]);
    let dev = RegistrationPolicy { is_dev: true };
    let plain = json!({ "backchannel_logout_uri": "http://app.internal/logout" });
    assert!(check(metadata(plain), dev).is_ok());
}

#[test]
fn keys_and_what_is_signed_with_them() {
    let keys = json!({ "keys": [] });
    let jwks_uri = "https://app.example.com/jwks";
    let first = |changes: Value| problems(changes).first().map(|one| one.member);
    let with = |method: &str| json!({ "token_endpoint_auth_method": method });
    assert_eq!(first(with("private_key_jwt")), Some("token_endpoint_auth_method"));
    for (member, value) in [("jwks", keys.clone()), ("jwks_uri", json!(jwks_uri))] {
        let mut signing = with("private_key_jwt");
        signing[member] = value;
        assert_eq!(first(signing.clone()), None, "{member}");
        signing["token_endpoint_auth_signing_alg"] = json!("HS256");
        assert_eq!(first(signing), Some("token_endpoint_auth_signing_alg"));
    }
    assert_eq!(first(json!({ "jwks": keys, "jwks_uri": jwks_uri })), Some("jwks"));
    let unsigned = json!({ "request_object_signing_alg": "RS256" });
    assert_eq!(first(unsigned), Some("request_object_signing_alg"));
    let unsigned = json!({ "require_signed_request_object": true });
    assert_eq!(first(unsigned), Some("require_signed_request_object"));
    assert_refused("token_endpoint_auth_signing_alg", &[json!("none"), json!("HS512")]);
    assert_accepted("token_endpoint_auth_signing_alg", &[json!("RS256"), json!("HS256")]);
}

#[test]
fn r44_an_hmac_needs_a_secret_of_256_bits() {
    let with = |secret: &str, alg: &str| {
        problems(json!({
            "token_endpoint_auth_method": "client_secret_jwt", "client_secret": secret,
            "token_endpoint_auth_signing_alg": alg,
        }))
    };
    let (short, long) = ("x".repeat(31), "x".repeat(32));
    assert_eq!(with(&short, "HS256")[0].member, "client_secret");
    assert_eq!(with(&long, "HS256"), []);
    assert_eq!(with(&long, "RS256")[0].member, "token_endpoint_auth_signing_alg");
    assert!(!format!("{:?}", with(&short, "HS256")).contains(&short));
}

#[test]
fn pairwise_apps_at_several_hosts_need_a_list() {
    let several = ["https://a.example.com/cb", "https://b.example.com/cb"];
    let mut pairwise = json!({ "subject_type": "pairwise", "redirect_uris": several });
    assert_eq!(problems(pairwise.clone())[0].member, "subject_type");
    pairwise["sector_identifier_uri"] = json!("https://a.example.com/sector");
    assert_eq!(problems(pairwise), []);
    let one = ["https://a.example.com/cb", "https://a.example.com:8443/other"];
    assert_eq!(problems(json!({ "subject_type": "pairwise", "redirect_uris": one })), []);
}

#[test]
fn a_sector_lists_every_address() {
    let metadata =
        metadata(json!({ "redirect_uris": ["https://a.example/1", "https://b.example"] }));
    let lists = |document: &str| lists_all(document.as_bytes(), &metadata).is_ok();
    assert!(lists(r#"["https://b.example", "https://c.example", "https://a.example/1"]"#));
    for document in [
        r#"["https://a.example/1"]"#,
        r#"["https://a.example/1", "https://b.example/"]"#,
        r#"{"0": "https://a.example/1", "1": "https://b.example"}"#,
        r#"["https://a.example/1", "https://b.example", 1]"#,
        "[]",
        "",
        "not JSON",
    ] {
        assert!(!lists(document), "{document}");
    }
}

#[test]
fn encryption_has_a_default_and_needs_a_key() {
    for kind in ["id_token", "userinfo"] {
        let member = |end: &str| format!("{kind}_encrypted_response_{end}");
        let alone = json!({ member("enc"): "A128GCM" });
        assert_eq!(problems(alone)[0].member, member("enc"));
        let mut with_key = json!({ member("alg"): "ECDH-ES" });
        assert_eq!(problems(with_key.clone())[0].member, member("alg"));
        with_key["jwks_uri"] = json!("https://app.example.com/jwks");
        let checked = check(metadata(with_key.clone()), POLICY).unwrap();
        let stored = serde_json::to_value(checked.metadata()).unwrap();
        assert_eq!(stored[member("enc")], "A128CBC-HS256");
        with_key[member("enc")] = json!("A256GCM");
        let checked = check(metadata(with_key), POLICY).unwrap();
        assert_eq!(serde_json::to_value(checked.metadata()).unwrap()[member("enc")], "A256GCM");
    }
}

#[test]
fn what_would_tighten_is_not_left_out_in_silence() {
    for value in [json!(true), json!("RSA-OAEP-256")] {
        let found = problems(json!({ "dpop_bound_access_tokens": value }));
        assert_eq!(found[0].member, "dpop_bound_access_tokens");
    }
    for value in [json!(false), json!(null)] {
        assert_eq!(problems(json!({ "dpop_bound_access_tokens": value })), []);
    }
}

#[test]
fn every_member_of_the_wrong_kind_is_named_and_null_is_nothing() {
    let object = json!({
        "redirect_uris": "https://app.example.com/cb",
        "id_token_signed_response_alg": "none",
        "token_endpoint_auth_method": "tls_client_auth",
        "client_name": null,
        "some_member": { "of": "others" },
    });
    let Value::Object(object) = object else { panic!("an object") };
    let found = read(object.clone()).unwrap_err();
    let members: Vec<&str> = found.iter().map(|one| one.member).collect();
    let expected = ["redirect_uris", "token_endpoint_auth_method", "id_token_signed_response_alg"];
    assert_eq!(members, expected);
    let good = object.into_iter().filter(|(name, _)| !expected.contains(&name.as_str()));
    assert_eq!(read(good.collect()).unwrap().client_name, None);
}

#[test]
fn the_list_of_members_is_complete() {
    let values = [
        ("redirect_uris", json!([])),
        ("post_logout_redirect_uris", json!(["a"])),
        ("require_auth_time", json!(true)),
        ("contacts", json!(["a"])),
        ("first_party", json!(true)),
        ("require_pkce", json!(true)),
        ("id_token_claims", json!("full")),
        ("email_verified", json!("omit")),
        ("resources", json!(["a"])),
        ("default_max_age", json!(1)),
        ("id_token_signed_response_alg", json!("RS256")),
        ("access_token_signed_response_alg", json!("RS256")),
        ("token_endpoint_auth_method", json!("none")),
        ("response_types", json!([])),
        ("grant_types", json!([])),
        ("refresh_rotation", json!(true)),
        ("client_assertion_audience", json!("issuer")),
        ("subject_type", json!("pairwise")),
        ("request_uris", json!(["a"])),
        ("request_object_signing_alg", json!("RS256")),
        ("require_signed_request_object", json!(true)),
        ("require_pushed_authorization_requests", json!(true)),
        ("id_token_encrypted_response_alg", json!("ECDH-ES")),
        ("id_token_encrypted_response_enc", json!("A128GCM")),
        ("userinfo_signed_response_alg", json!("RS256")),
        ("userinfo_encrypted_response_alg", json!("ECDH-ES")),
        ("userinfo_encrypted_response_enc", json!("A128GCM")),
        ("introspection_signed_response_alg", json!("RS256")),
        ("default_acr_values", json!(["a"])),
        ("frontchannel_logout_session_required", json!(true)),
        ("backchannel_logout_session_required", json!(true)),
    ];
    let mut object: serde_json::Map<String, Value> =
        MEMBERS.into_iter().map(|member| (member.to_owned(), json!("a"))).collect();
    object.extend(values.map(|(member, value)| (member.to_owned(), value)));
    let read: ClientMetadata = serde_json::from_value(Value::Object(object)).unwrap();
    assert!(read.unknown.is_empty(), "{:?}", read.unknown);
    let written = serde_json::to_value(&read).unwrap();
    // The secret is the one member that is never written.
    assert_eq!(written.as_object().map(serde_json::Map::len), Some(MEMBERS.len() - 1));
}
