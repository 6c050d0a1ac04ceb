use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;

/// A refusal that stays with us: no address to go to, no form, no link to the given address.
async fn assert_own_page(app: &TestApp, url: &str, given: &str) {
    let answer = app.browser().send(Method::GET, url, None).await;
    assert_eq!(answer.status, 400, "{url}");
    assert!(answer.has("error-page") && answer.has("error-reference"), "{url}");
    assert_eq!(answer.location(), None, "{url}");
    assert!(!answer.body.contains("<form") && answer.header("refresh").is_none(), "{url}");
    assert!(given.is_empty() || !answer.body.contains(&format!("href=\"{given}")), "{url}");
}

#[actix_web::test]
async fn r4_an_unknown_client_or_address_gets_our_own_page() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    for (extra, given) in [
        (vec![("client_id", "nobody")], notes.redirect_uri.as_str()),
        (vec![("client_id", "")], notes.redirect_uri.as_str()),
        (vec![("redirect_uri", "")], ""),
        (vec![("redirect_uri", "https://evil.example/callback")], "https://evil.example"),
        (vec![("redirect_uri", "javascript:alert(1)")], "javascript:"),
    ] {
        assert_own_page(&app, &notes.authorize_url(&extra), given).await;
    }
    let twice = format!("{}&redirect_uri=https%3A%2F%2Fevil.example", notes.authorize_url(&[]));
    assert_own_page(&app, &twice, "https://evil.example").await;
    let twice = format!("{}&client_id={}", notes.authorize_url(&[]), notes.client_id);
    assert_own_page(&app, &twice, "").await;
}

#[actix_web::test]
async fn r1_addresses_match_byte_for_byte() {
    let app = TestApp::start().await;
    let notes = app.app(json!({ "redirect_uris": ["https://notes.example/callback?a=b"] })).await;
    for other in [
        "https://notes.example/callback?a=b/",
        "https://notes.example/callback",
        "https://notes.example/callback?a=c",
        "https://notes.example/callback?a=b&c=d",
        "https://NOTES.example/callback?a=b",
        "https://notes.example:443/callback?a=b",
        "http://notes.example/callback?a=b",
        "https://notes.example/./callback?a=b",
        "https://notes.example/callback?a=%62",
        "https://notes.example/callback?a=b#",
        "https://notes.example.evil.example/callback?a=b",
        "https://notes.example@evil.example/callback?a=b",
        " https://notes.example/callback?a=b",
    ] {
        assert_own_page(&app, &notes.authorize_url(&[("redirect_uri", other)]), "").await;
    }
    let error = app.browser().authorize(&notes, &[("prompt", "none")]).await;
    assert!(
        error.to_app().starts_with("https://notes.example/callback?a=b&error=login_required&"),
        "{}",
        error.to_app()
    );
}

#[actix_web::test]
async fn r2_at_loopback_the_port_is_free() {
    let app = TestApp::start().await;
    let uris = json!(["http://127.0.0.1/cb", "http://[::1]:1/cb", "http://localhost:4000/cb"]);
    let cli = app.app(json!({ "redirect_uris": uris, "token_endpoint_auth_method": "none" })).await;
    for uri in ["http://127.0.0.1:5123/cb", "http://[::1]:9/cb", "http://localhost/cb"] {
        let answer =
            app.browser().authorize(&cli, &[("redirect_uri", uri), ("prompt", "none")]).await;
        assert!(answer.to_app().starts_with(&format!("{uri}?error=login_required")), "{uri}");
    }
    for uri in ["http://127.0.0.2:5123/cb", "https://localhost/cb", "http://127.0.0.1:5123/other"] {
        assert_own_page(&app, &cli.authorize_url(&[("redirect_uri", uri)]), "").await;
    }
}

#[actix_web::test]
async fn r5_a_repeated_parameter_is_an_invalid_request() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    for name in [
        "response_type",
        "scope",
        "nonce",
        "prompt",
        "max_age",
        "code_challenge",
        "claims",
        "id_token_hint",
    ] {
        let url = format!("{}&{name}=a&{name}=a", notes.authorize_url(&[]));
        let answer = app.browser().get(&url).await;
        assert_eq!(answer.told("error").as_deref(), Some("invalid_request"), "{name}");
        assert_eq!(answer.told("state").as_deref(), Some("the-state"), "{name}");
    }
    let answer = app.browser().get(&format!("{}&state=other", notes.authorize_url(&[]))).await;
    assert_eq!(
        (answer.told("error").as_deref(), answer.told("state")),
        (Some("invalid_request"), None)
    );
    let unknown = format!("{}&extra=1&extra=2&prompt=none", notes.authorize_url(&[]));
    assert_eq!(app.browser().get(&unknown).await.told("error").as_deref(), Some("login_required"));
}

#[actix_web::test]
async fn r6_only_the_code_flow_is_served() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    for (kind, error) in [
        ("", "invalid_request"),
        ("token", "unsupported_response_type"),
        ("id_token", "unsupported_response_type"),
        ("code id_token", "unsupported_response_type"),
        ("id_token token", "unsupported_response_type"),
    ] {
        let answer = app.browser().authorize(&notes, &[("response_type", kind)]).await;
        assert_eq!(answer.told("error").as_deref(), Some(error), "{kind}");
        // The error travels as the answer would have (Multiple Response Types §5).
        let is_front_channel = kind.contains("id_token");
        assert_eq!(answer.to_app().contains('#'), is_front_channel, "{kind}");
    }
}

#[actix_web::test]
async fn r7_public_clients_must_use_pkce_with_s256() {
    let app = TestApp::start().await;
    let public = app.app(json!({ "token_endpoint_auth_method": "none" })).await;
    let strict = app.app(json!({ "require_pkce": true })).await;
    let usual = app.app(json!({})).await;
    let none = [("code_challenge", ""), ("code_challenge_method", "")];
    for client in [&public, &strict] {
        let answer = app.browser().authorize(client, &none).await;
        assert_eq!(answer.told("error").as_deref(), Some("invalid_request"));
    }
    assert!(app.browser().authorize(&usual, &none).await.has("login-submit"));
    for wrong in [
        [("code_challenge_method", "plain")].as_slice(),
        &[("code_challenge_method", "")],
        &[("code_challenge", "")],
        &[("code_challenge", "short")],
        &[("code_challenge_method", "s256")],
    ] {
        let answer = app.browser().authorize(&usual, wrong).await;
        assert_eq!(answer.told("error").as_deref(), Some("invalid_request"), "{wrong:?}");
    }
}

#[actix_web::test]
async fn r8_every_answer_names_the_issuer() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let success = app.browser().sign_in(&notes, "ada", &[]).await;
    let error = app.browser().authorize(&notes, &[("prompt", "none")]).await;
    for answer in [success, error] {
        assert_eq!(answer.told("iss"), Some(app.url.clone()));
        assert_eq!(answer.told("state").as_deref(), Some("the-state"));
    }
}

#[actix_web::test]
async fn r10_the_authorization_endpoint_sends_no_cors_headers() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let answer = http
        .get(notes.authorize_url(&[]))
        .header("origin", "https://notes.example")
        .send()
        .await
        .expect("an answer");
    assert!(answer.headers().get("access-control-allow-origin").is_none());
}

#[actix_web::test]
async fn r11_form_post_escapes_every_value_and_posts_to_the_registered_address() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let state = "\"><script>alert(1)</script>&amp;";
    let page = app
        .browser()
        .sign_in(&notes, "ada", &[("response_mode", "form_post"), ("state", state)])
        .await;
    assert_eq!((page.status.as_u16(), page.location()), (200, None));
    assert!(!page.body.contains("<script>alert"));
    let (action, fields) = page.form();
    assert_eq!(action, notes.redirect_uri);
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["code", "state", "iss"]);
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(!policy.contains("unsafe-") && !policy.contains("form-action"), "{policy}");
    let error = app
        .browser()
        .authorize(&notes, &[("response_mode", "form_post"), ("prompt", "none")])
        .await;
    assert!(error.form().1.contains(&("error".to_owned(), "login_required".to_owned())));
}

#[actix_web::test]
async fn r12_long_and_strange_values_come_back_as_they_were() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let long = "x".repeat(2000);
    for state in [long.as_str(), "a b+c&d=e%2F#f\"<>'", "line\r\nX-Injected: yes", "ünïcødé ☃"]
    {
        let answer = app.browser().authorize(&notes, &[("prompt", "none"), ("state", state)]).await;
        assert_eq!(answer.told("state").as_deref(), Some(state));
        assert!(answer.header("x-injected").is_none());
    }
    let answer = app.browser().authorize(&notes, &[("state", &"x".repeat(5000))]).await;
    assert_eq!(answer.told("error").as_deref(), Some("invalid_request"));
}

#[actix_web::test]
async fn a_request_from_another_site_by_post_is_stored_and_goes_on() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let url = notes.authorize_url(&[]);
    let pairs: Vec<(String, String)> =
        url::Url::parse(&url).expect("an address").query_pairs().into_owned().collect();
    let pairs: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut browser = app.browser();
    browser.sign_in(&notes, "ada", &[]).await;
    let kept = std::mem::take(&mut browser.cookies);
    let stored = browser.send(Method::POST, "/authorize", Some(&pairs)).await;
    let path = stored.location().expect("an address");
    assert!(stored.status == 303 && path.starts_with("/i/") && path.len() == 3 + 43, "{path}");
    browser.cookies = kept;
    let answer = browser.get(&path).await;
    assert!(answer.code().starts_with("tsc_"));
    // The first browser that opened it owns it.
    let other = app.browser().get(&path).await;
    assert!(!other.body.contains("tsc_") && other.location().is_none());
}

/// Addresses that are not registered, and what the page says of each to the app's developer.
const MISMATCHES: [(&str, &str); 13] = [
    ("https://notes.example/callback/", "a slash at the end"),
    ("http://notes.example/callback", "only in the scheme"),
    ("https://notes.example:8443/callback", "only in the port"),
    ("https://notes.example/other", "only in the path"),
    ("https://notes.example/Callback", "only in the path"),
    ("https://notes.example/callback?x=1", "only in the query"),
    ("https://other.example/callback", "only in the host"),
    ("https://NOTES.example/callback", "upper and lower case"),
    ("https://notes.example/callback#x", "has a fragment"),
    ("http://localhost/callback", "says localhost where a loopback address is registered"),
    ("http://127.0.0.1/desktop", "says localhost where a loopback address is registered"),
    ("https://evil.example/<script>alert(1)</script>", "is not registered"),
    ("javascript:alert(1)", "is not registered"),
];

#[actix_web::test]
async fn the_problem_page_names_the_difference() {
    let app = TestApp::start().await;
    let registered =
        ["https://notes.example/callback", "http://127.0.0.1/callback", "http://localhost/desktop"];
    let notes = app.app(json!({ "redirect_uris": registered })).await;
    for (given, words) in MISMATCHES {
        let page = app.browser().authorize(&notes, &[("redirect_uri", given)]).await;
        assert_eq!((page.status.as_u16(), page.location()), (400, None), "{given}");
        assert!(page.body.contains(words), "{given}: {}", page.body);
        let reference = page.header("x-request-id").expect("a reference");
        assert!(page.body.contains(reference));
        // What came is shown, as text; what is registered is nobody's business.
        let shown = given.replace('<', "&#60;").replace('>', "&#62;");
        assert!(page.body.contains(&shown) && !page.body.contains("<script>alert"), "{given}");
        assert!(registered.iter().all(|uri| !page.body.contains(&format!(">{uri}<"))), "{given}");
        assert!(!page.body.contains(&format!("href=\"{shown}")), "{given}");
    }
    let german =
        app.browser().authorize(&notes, &[("redirect_uri", "x"), ("ui_locales", "de")]).await;
    assert!(german.body.contains("<html lang=\"de\">"));
}
