//! Answers that come through the browser: for old apps, behind two locks (`security.md` R6).

use reqwest::StatusCode;
use serde_json::{Value, json};
use tessera::protocol::ResponseTypeSwitches;

use crate::support::{Answer, App, Options, TestApp, payload, read};

const ALL: [&str; 6] =
    ["code", "id_token", "id_token token", "code id_token", "code token", "code id_token token"];
const FRONT: [&str; 5] =
    ["id_token", "id_token token", "code id_token", "code token", "code id_token token"];

async fn provider() -> TestApp {
    let response_types = ResponseTypeSwitches { implicit: true, hybrid: true };
    let app = TestApp::with(Options { response_types, ..Options::default() }).await;
    app.user("ada").await;
    app
}

/// A client of every type.
async fn client(app: &TestApp, metadata: Value) -> App {
    let mut all = json!({
        "response_types": ALL, "grant_types": ["authorization_code", "implicit", "refresh_token"],
    });
    let extra = metadata.as_object().cloned().unwrap_or_default();
    all.as_object_mut().expect("an object").extend(extra);
    app.app(all).await
}

fn fragment(answer: &Answer) -> String {
    let url = answer.to_app();
    url.split_once('#').unwrap_or_else(|| panic!("no fragment: {url}")).1.to_owned()
}

#[actix_web::test]
async fn r6_a_type_needs_the_switch_and_the_registration() {
    let with_switches = provider().await;
    let only_code = with_switches.app(json!({})).await;
    let without = TestApp::start().await;
    for kind in FRONT {
        let asked = [("response_type", kind)];
        let answer = with_switches.browser().authorize(&only_code, &asked).await;
        assert_eq!(answer.told("error").as_deref(), Some("unauthorized_client"), "{kind}");
        // The switch went off after the client registered: nothing that it says brings it back.
        let registered = client(&without, json!({})).await;
        let answer = without.browser().authorize(&registered, &asked).await;
        assert_eq!(answer.told("error").as_deref(), Some("unsupported_response_type"), "{kind}");
        assert!(
            fragment(&answer).contains("state=the-state") && fragment(&answer).contains("iss=")
        );
    }
}

#[actix_web::test]
async fn each_type_brings_what_it_names_and_nothing_else() {
    let app = provider().await;
    let client = client(&app, json!({})).await;
    let mut browser = app.browser();
    for kind in FRONT {
        let asked = [("response_type", kind)];
        let answer = match browser.cookies.len() {
            0 => browser.sign_in(&client, "ada", &asked).await,
            _ => browser.authorize(&client, &asked).await,
        };
        let has = |name: &str| answer.told(name).is_some();
        let words: Vec<&str> = kind.split(' ').collect();
        assert_eq!(has("code"), words.contains(&"code"), "{kind}");
        assert_eq!(has("id_token"), words.contains(&"id_token"), "{kind}");
        for name in ["access_token", "token_type", "expires_in"] {
            assert_eq!(has(name), words.contains(&"token"), "{kind}: {name}");
        }
        assert_eq!(answer.told("state").as_deref(), Some("the-state"));
        assert_eq!(answer.told("iss"), Some(app.url.clone()));
        // r123: a query is written down everywhere.
        assert!(!answer.to_app().contains('?'), "{kind}: {}", answer.to_app());
        if let Some(token) = answer.told("access_token") {
            assert_eq!(client.userinfo(&token).await.status(), 200, "{kind}");
        }
    }
}

#[actix_web::test]
async fn tokens_never_travel_in_a_query() {
    let app = provider().await;
    let client = client(&app, json!({})).await;
    for kind in FRONT {
        let asked = [("response_type", kind), ("response_mode", "query")];
        let answer = app.browser().authorize(&client, &asked).await;
        assert_eq!(answer.told("error").as_deref(), Some("invalid_request"), "{kind}");
        assert!(fragment(&answer).contains("error="));
    }
}

#[actix_web::test]
async fn every_type_may_be_posted() {
    let app = provider().await;
    let client = client(&app, json!({})).await;
    for kind in ALL {
        let asked = [("response_type", kind), ("response_mode", "form_post")];
        let page = app.browser().sign_in(&client, "ada", &asked).await;
        let (action, fields) = page.form();
        assert_eq!(action, client.redirect_uri);
        let has = |name: &str| fields.iter().any(|(key, _)| key == name);
        for (word, name) in [("code", "code"), ("id_token", "id_token"), ("token", "access_token")]
        {
            assert_eq!(has(name), kind.split(' ').any(|one| one == word), "{kind}: {name}");
        }
    }
}

#[actix_web::test]
async fn an_id_token_through_the_browser_needs_a_nonce() {
    let app = provider().await;
    let client = client(&app, json!({})).await;
    for kind in FRONT {
        let asked = [("response_type", kind), ("nonce", "")];
        let answer = app.browser().authorize(&client, &asked).await;
        if kind.contains("id_token") {
            assert_eq!(answer.told("error").as_deref(), Some("invalid_request"), "{kind}");
        } else {
            assert!(answer.has("login-submit"), "{kind}");
        }
    }
}

#[actix_web::test]
async fn hashes_bind_the_id_token_to_what_comes_with_it() {
    use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let app = provider().await;
    for (algorithm, hash) in [("RS256", &SHA256), ("ES384", &SHA384), ("EdDSA", &SHA512)] {
        let client = client(&app, json!({ "id_token_signed_response_alg": algorithm })).await;
        let asked = [("response_type", "code id_token token")];
        let answer = app.browser().sign_in(&client, "ada", &asked).await;
        let claims = payload(&answer.told("id_token").expect("an ID token"));
        for (name, value) in [("c_hash", "code"), ("at_hash", "access_token")] {
            let value = answer.told(value).expect("a value");
            let whole = digest(hash, value.as_bytes());
            let half = &whole.as_ref()[..whole.as_ref().len() / 2];
            assert_eq!(claims[name], URL_SAFE_NO_PAD.encode(half), "{algorithm}: {name}");
        }
        assert_eq!(claims["nonce"], "the-nonce");
    }
}

#[actix_web::test]
async fn an_id_token_alone_tells_the_claims_of_its_scopes() {
    let app = provider().await;
    let lean = client(&app, json!({ "id_token_claims": "lean" })).await;
    let told = async |kind: &str| {
        let answer = app.browser().sign_in(&lean, "ada", &[("response_type", kind)]).await;
        payload(&answer.told("id_token").expect("an ID token"))
    };
    assert_eq!(told("id_token").await["email"], "ada@example.com");
    for kind in ["id_token token", "code id_token", "code id_token token"] {
        assert!(told(kind).await.get("email").is_none(), "{kind}");
    }
}

#[actix_web::test]
async fn the_code_of_a_hybrid_answer_is_redeemed_as_any_other() {
    let app = provider().await;
    let client = client(&app, json!({})).await;
    let asked =
        [("response_type", "code id_token token"), ("scope", "openid email offline_access")];
    let answer = app.browser().sign_in(&client, "ada", &asked).await;
    let tokens = client.tokens(&answer.code()).await;
    let front = payload(&answer.told("id_token").expect("an ID token"));
    let back = payload(tokens["id_token"].as_str().expect("an ID token"));
    for name in ["iss", "sub", "aud", "nonce", "auth_time", "sid"] {
        assert_eq!(front[name], back[name], "{name}");
    }
    assert!(tokens["refresh_token"].is_string());
    assert!(tokens["scope"].as_str().expect("scopes").contains("offline_access"));
    // A second redemption takes back what came through the browser as well.
    let token = answer.told("access_token").expect("a token");
    assert_eq!(client.userinfo(&token).await.status(), 200);
    assert_eq!(client.redeem(&answer.code()).await.status(), 400);
    assert_eq!(client.userinfo(&token).await.status(), 401);
}

#[actix_web::test]
async fn without_a_code_there_is_nothing_to_refresh() {
    let app = provider().await;
    let client = client(&app, json!({})).await;
    let asked = [("response_type", "id_token token"), ("scope", "openid offline_access")];
    let answer = app.browser().sign_in(&client, "ada", &asked).await;
    assert_eq!(answer.told("scope").as_deref(), Some("openid"));
    assert!(answer.told("refresh_token").is_none());
}

#[actix_web::test]
async fn a_token_through_the_browser_dies_with_the_session() {
    let app = provider().await;
    let client = client(&app, json!({})).await;
    let mut browser = app.browser();
    let answer = browser.sign_in(&client, "ada", &[("response_type", "id_token token")]).await;
    let token = answer.told("access_token").expect("a token");
    let hint = answer.told("id_token").expect("a hint");
    browser.get(&format!("/end_session?id_token_hint={hint}")).await;
    assert_eq!(client.userinfo(&token).await.status(), 401);
}

#[actix_web::test]
async fn r7_pkce_holds_for_the_code_of_a_hybrid_answer() {
    let app = provider().await;
    let public = client(&app, json!({ "token_endpoint_auth_method": "none" })).await;
    let bare = [("code_challenge", ""), ("code_challenge_method", "")];
    for kind in FRONT {
        let asked = [("response_type", kind), bare[0], bare[1]];
        let answer = app.browser().authorize(&public, &asked).await;
        if kind.contains("code") {
            assert_eq!(answer.told("error").as_deref(), Some("invalid_request"), "{kind}");
        } else {
            assert!(answer.has("login-submit"), "{kind}");
        }
    }
}

#[actix_web::test]
async fn prompt_none_answers_its_error_in_the_fragment() {
    let app = provider().await;
    let client = client(&app, json!({})).await;
    for kind in FRONT {
        let answer =
            app.browser().authorize(&client, &[("response_type", kind), ("prompt", "none")]).await;
        assert_eq!(answer.told("error").as_deref(), Some("login_required"), "{kind}");
        assert!(fragment(&answer).contains("iss="));
    }
}

#[actix_web::test]
async fn words_in_any_order_are_the_same_type() {
    let app = provider().await;
    let client = client(&app, json!({})).await;
    let answer =
        app.browser().sign_in(&client, "ada", &[("response_type", "token id_token")]).await;
    assert!(answer.told("id_token").is_some() && answer.told("access_token").is_some());
    for kind in ["token", "none", "code code", "code foo"] {
        let answer = app.browser().authorize(&client, &[("response_type", kind)]).await;
        assert_eq!(answer.told("error").as_deref(), Some("unsupported_response_type"), "{kind}");
    }
}

#[actix_web::test]
async fn the_documents_name_the_types_that_are_switched_on() {
    let hybrid = ResponseTypeSwitches { implicit: false, hybrid: true };
    let app = TestApp::with(Options { response_types: hybrid, ..Options::default() }).await;
    let request = reqwest::Client::builder().no_proxy().build().expect("a client");
    let (status, metadata) =
        read(request.get(format!("{}/.well-known/openid-configuration", app.url))).await;
    assert_eq!(status, StatusCode::OK.as_u16());
    assert_eq!(
        metadata["response_types_supported"],
        json!(["code", "code id_token", "code token", "code id_token token"])
    );
}
