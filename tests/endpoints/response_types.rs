//! The response types of the front channel (OAuth 2.0 Multiple Response Types, OpenID Connect Core §3.2, §3.3).

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tessera::protocol::ResponseTypeSwitches;

use crate::support::{App, Options, TestApp, header, payload};

const TYPES: [&str; 5] =
    ["id_token", "id_token token", "code id_token", "code token", "code id_token token"];

async fn world(implicit: bool, hybrid: bool) -> (TestApp, App) {
    let response_types = ResponseTypeSwitches { implicit, hybrid };
    let app = TestApp::with(Options { response_types, ..Options::default() }).await;
    app.user("ada").await;
    let notes = front_channel_app(&app, json!({})).await;
    (app, notes)
}

async fn front_channel_app(app: &TestApp, metadata: Value) -> App {
    let mut all = json!({
        "response_types": ["code", "id_token", "id_token token", "code id_token", "code token", "code id_token token"],
        "grant_types": ["authorization_code", "implicit", "refresh_token"],
    });
    all.as_object_mut()
        .expect("an object")
        .extend(metadata.as_object().cloned().unwrap_or_default());
    app.app(all).await
}

/// OpenID Connect Core §3.1.3.6, computed by ourselves.
fn half_hash(text: &str) -> String {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

#[actix_web::test]
async fn each_type_gives_what_its_words_say_in_the_fragment() {
    let (app, notes) = world(true, true).await;
    for kind in TYPES {
        let answer = app.browser().sign_in(&notes, "ada", &[("response_type", kind)]).await;
        let url = answer.to_app();
        assert!(
            url.starts_with(&format!("{}#", notes.redirect_uri)) && !url.contains('?'),
            "{url}"
        );
        let words: Vec<&str> = kind.split(' ').collect();
        let [code, id_token, token] =
            ["code", "id_token", "access_token"].map(|name| answer.told(name));
        assert_eq!(code.is_some(), words.contains(&"code"), "{kind}");
        assert_eq!(id_token.is_some(), words.contains(&"id_token"), "{kind}");
        assert_eq!(token.is_some(), words.contains(&"token"), "{kind}");
        assert_eq!(answer.told("iss"), Some(app.url.clone()));
        assert_eq!(answer.told("state").as_deref(), Some("the-state"));
        let is_bearer = answer.told("token_type").as_deref() == Some("Bearer");
        assert_eq!(
            is_bearer && answer.told("expires_in").as_deref() == Some("3600"),
            token.is_some()
        );
        if let Some(id_token) = &id_token {
            let claims = payload(id_token);
            assert_eq!(
                (&header(id_token)["alg"], &claims["nonce"]),
                (&json!("RS256"), &json!("the-nonce"))
            );
            let bound = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
            assert_eq!(bound("at_hash"), token.as_deref().map(half_hash), "{kind}");
            assert_eq!(bound("c_hash"), code.as_deref().map(half_hash), "{kind}");
        }
        if let Some(token) = &token {
            assert_eq!(notes.userinfo(token).await.status(), 200, "{kind}");
        }
        if let Some(code) = &code {
            let tokens = notes.tokens(code).await;
            let second = payload(tokens["id_token"].as_str().expect("text"));
            assert_eq!(second["nonce"], "the-nonce");
            if let Some(first) = &id_token {
                let first = payload(first);
                assert_eq!((&first["sub"], &first["iss"]), (&second["sub"], &second["iss"]));
            }
        }
        // Without a code there is nothing to renew.
        assert!(answer.told("refresh_token").is_none());
    }
}

#[actix_web::test]
async fn words_come_in_any_order_and_a_lonely_id_token_carries_the_claims() {
    let (app, _) = world(true, true).await;
    let lean = front_channel_app(&app, json!({ "id_token_claims": "lean" })).await;
    let claims =
        |answer: &crate::support::Answer| payload(&answer.told("id_token").expect("an ID token"));
    let alone = app.browser().sign_in(&lean, "ada", &[("response_type", "id_token")]).await;
    assert_eq!(claims(&alone)["email"], "ada@example.com");
    for kind in ["token id_token", "token code id_token"] {
        let both = app.browser().sign_in(&lean, "ada", &[("response_type", kind)]).await;
        assert!(claims(&both).get("email").is_none(), "{kind}");
    }
}

#[actix_web::test]
async fn r6_switch_and_registration_are_two_locks() {
    for (implicit, hybrid) in [(false, false), (true, false), (false, true)] {
        let (app, notes) = world(implicit, hybrid).await;
        for kind in TYPES {
            let is_on = if kind.starts_with("code") { hybrid } else { implicit };
            let answer = app.browser().authorize(&notes, &[("response_type", kind)]).await;
            if is_on {
                assert!(answer.has("login-submit"), "{kind}");
                let plain = app.app(json!({})).await;
                let refused = app.browser().authorize(&plain, &[("response_type", kind)]).await;
                assert_eq!(refused.told("error").as_deref(), Some("unauthorized_client"), "{kind}");
            } else {
                assert_eq!(answer.told("error").as_deref(), Some("unsupported_response_type"));
                assert!(answer.to_app().contains("#error="), "{kind}");
            }
        }
    }
}

#[actix_web::test]
async fn what_a_front_channel_request_must_have() {
    let (app, notes) = world(true, true).await;
    let public = front_channel_app(&app, json!({ "token_endpoint_auth_method": "none" })).await;
    for kind in TYPES {
        let ask = async |extra: &[(&str, &str)]| {
            let mut all = vec![("response_type", kind)];
            all.extend(extra);
            app.browser().authorize(&notes, &all).await
        };
        let without = ask(&[("nonce", "")]).await;
        if kind.contains("id_token") {
            assert_eq!(without.told("error").as_deref(), Some("invalid_request"), "{kind}");
            let no_openid = ask(&[("scope", "email")]).await;
            assert_eq!(no_openid.told("error").as_deref(), Some("invalid_scope"), "{kind}");
        } else {
            assert!(without.has("login-submit"), "{kind}");
        }
        // Tokens never stand in a query, not even an error about it.
        let query = ask(&[("response_mode", "query")]).await;
        assert_eq!(query.told("error").as_deref(), Some("invalid_request"), "{kind}");
        assert!(query.to_app().contains("#error="), "{kind}");
        let silent = ask(&[("prompt", "none")]).await;
        assert!(silent.to_app().contains("#error=login_required"), "{kind}: {}", silent.to_app());
        assert_eq!(silent.told("state").as_deref(), Some("the-state"));
        // r7: a public client proves itself by PKCE wherever there is a code.
        let bare = [("response_type", kind), ("code_challenge", ""), ("code_challenge_method", "")];
        let bare = app.browser().authorize(&public, &bare).await;
        if kind.starts_with("code") {
            assert_eq!(bare.told("error").as_deref(), Some("invalid_request"), "{kind}");
        }
    }
}

#[actix_web::test]
async fn by_form_post_nothing_stands_in_the_address() {
    let (app, notes) = world(true, true).await;
    let mode = ("response_mode", "form_post");
    for kind in TYPES {
        let page = app.browser().sign_in(&notes, "ada", &[("response_type", kind), mode]).await;
        let (action, fields) = page.form();
        assert_eq!((action.as_str(), page.location()), (notes.redirect_uri.as_str(), None));
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        for (word, name) in [("code", "code"), ("id_token", "id_token"), ("token", "access_token")]
        {
            let is_asked = kind.split(' ').any(|asked| asked == word);
            assert_eq!(names.contains(&name), is_asked, "{kind}: {names:?}");
        }
        let extra = [("response_type", kind), mode, ("prompt", "none")];
        let refused = app.browser().authorize(&notes, &extra).await;
        let error = ("error".to_owned(), "login_required".to_owned());
        assert!(refused.form().1.contains(&error) && refused.location().is_none());
    }
}

#[actix_web::test]
async fn the_tokens_of_a_hybrid_answer_die_with_its_code() {
    let (app, notes) = world(true, true).await;
    let answer = app.browser().sign_in(&notes, "ada", &[("response_type", "code token")]).await;
    let (code, token) = (answer.code(), answer.told("access_token").expect("a token"));
    let tokens = notes.tokens(&code).await;
    assert_eq!(notes.redeem(&code).await.status(), 400);
    assert_eq!(notes.userinfo(&token).await.status(), 401);
    assert!(!notes.is_live(&tokens).await);
}
