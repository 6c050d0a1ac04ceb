use serde_json::json;

use crate::support::{Browser, PASSWORD, TestApp, payload};

#[actix_web::test]
async fn interop_9_private_schemes_match_as_registered() {
    let app = TestApp::start().await;
    let uris =
        ["com.example.app:/done", "com.example.app://done", "com.example.app:///done?from=web"];
    let native =
        app.app(json!({ "redirect_uris": uris, "token_endpoint_auth_method": "none" })).await;
    for uri in uris {
        let extra = [("redirect_uri", uri), ("prompt", "none")];
        let to = app.browser().authorize(&native, &extra).await.to_app();
        let joint = if uri.contains('?') { '&' } else { '?' };
        assert!(to.starts_with(&format!("{uri}{joint}error=login_required")), "{to}");
    }
    for other in ["com.example.app:done", "com.example.app:////done", "com.example.app:/done/"] {
        let page = app.browser().authorize(&native, &[("redirect_uri", other)]).await;
        assert!(page.has("error-page"), "{other}");
    }
}

#[actix_web::test]
async fn interop_11_a_nonce_comes_back_as_it_was() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let printable: String = (b' '..=b'~').map(char::from).collect();
    let nonce = printable.repeat(6);
    assert!(nonce.len() >= 512);
    let tokens = notes.sign_in("ada", &[("nonce", &nonce)]).await;
    assert_eq!(payload(tokens["id_token"].as_str().expect("text"))["nonce"], json!(nonce));
    let tokens = notes.sign_in("ada", &[("nonce", "")]).await;
    assert!(payload(tokens["id_token"].as_str().expect("text")).get("nonce").is_none());
}

#[actix_web::test]
async fn interop_16_hints_are_about_people() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user("bob").await;
    let notes = app.app(json!({})).await;
    let page = app.browser().authorize(&notes, &[("login_hint", "ada")]).await;
    assert!(page.body.contains("value=\"ada\""), "{}", page.body);
    let hint = notes.sign_in("ada", &[]).await["id_token"].as_str().expect("text").to_owned();
    // Bob sits at this browser, and the app means Ada.
    let mut browser = app.browser();
    browser.sign_in(&notes, "bob", &[]).await;
    let silent = [("id_token_hint", hint.as_str()), ("prompt", "none")];
    let answer = browser.authorize(&notes, &silent).await;
    assert_eq!(answer.told("error").as_deref(), Some("login_required"));
    let page = browser.authorize(&notes, &[("id_token_hint", &hint)]).await;
    assert!(page.location().is_none() && !page.has("handoff"), "{}", page.body);
}

#[actix_web::test]
async fn interop_17_what_is_unknown_is_ignored() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let extra = [
        ("scope", "openid email api://thing read:all"),
        ("access_type", "offline"),
        ("hd", "example.com"),
        ("claims", r#"{"id_token":{"groups":{"essential":true},"unheard_of":null}}"#),
    ];
    let tokens = notes.sign_in("ada", &extra).await;
    assert_eq!(tokens["scope"], "openid email");
    let claims = payload(tokens["id_token"].as_str().expect("text"));
    assert_eq!(claims["groups"], json!(["staff"]));
    assert!(claims.get("unheard_of").is_none());
}

/// Two tabs of one app and one of another, all open before anybody signed in.
#[actix_web::test]
async fn interop_19_three_tabs_of_two_apps_end_at_their_own() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let wiki = app.app(json!({ "redirect_uris": ["https://wiki.example/callback"] })).await;
    let mut browser: Browser = app.browser();
    let mut tabs = Vec::new();
    for (client, state) in [(&notes, "first"), (&wiki, "second"), (&notes, "third")] {
        tabs.push((client, state, browser.authorize(client, &[("state", state)]).await));
    }
    // The last tab signs in; the others send their forms afterwards.
    for (client, state, page) in tabs.into_iter().rev() {
        let fields = [("username", "ada"), ("password", PASSWORD)];
        let answer = browser.submit(&page, &fields).await;
        assert!(answer.to_app().starts_with(&client.redirect_uri), "{}", answer.to_app());
        assert_eq!(answer.told("state").as_deref(), Some(state));
        client.tokens(&answer.code()).await;
    }
}
