use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tessera::base::Clock as _;
use tessera::domain::Client;
use tessera::store::{Db, clients};

use crate::support::{App, Browser, TestApp, payload};

async fn signed_in(app: &TestApp) -> (App, Browser, Value) {
    app.user("ada").await;
    let notes =
        app.app(json!({ "post_logout_redirect_uris": ["https://notes.example/bye"] })).await;
    let mut browser = app.browser();
    let tokens = notes.tokens(&browser.sign_in(&notes, "ada", &[]).await.code()).await;
    (notes, browser, tokens)
}

fn url(pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    format!("/end_session?{}", query.finish())
}

async fn is_signed_in(browser: &mut Browser, app: &App) -> bool {
    browser.authorize(app, &[("prompt", "none")]).await.told("code").is_some()
}

#[actix_web::test]
async fn a_hint_for_the_current_session_signs_out_at_once() {
    let app = TestApp::start().await;
    let (notes, mut browser, tokens) = signed_in(&app).await;
    let pending = browser.authorize(&notes, &[]).await.code();
    // An expired hint is as good.
    app.advance(std::time::Duration::from_secs(2 * 60 * 60));
    let later = browser.authorize(&notes, &[]).await.code();
    let hint = tokens["id_token"].as_str().expect("text");
    let old = browser.cookies["tessera"].clone();
    let answer = browser
        .get(&url(&[
            ("id_token_hint", hint),
            ("post_logout_redirect_uri", "https://notes.example/bye"),
            ("state", "a b"),
        ]))
        .await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.location().as_deref(), Some("https://notes.example/bye?state=a+b"));
    assert!(!browser.cookies.contains_key("tessera"));
    // It is over on every path: silently, with the old cookie, with codes, and with tokens.
    browser.cookies.insert("tessera".to_owned(), old);
    assert!(!is_signed_in(&mut browser, &notes).await);
    for code in [pending, later] {
        assert_eq!(notes.redeem(&code).await.status(), 400);
    }
    assert_eq!(notes.userinfo(tokens["access_token"].as_str().expect("text")).await.status(), 401);
}

#[actix_web::test]
async fn access_tokens_die_with_the_session() {
    let app = TestApp::start().await;
    let (notes, mut browser, tokens) = signed_in(&app).await;
    let token = tokens["access_token"].as_str().expect("text");
    assert_eq!(notes.userinfo(token).await.status(), 200);
    let page = browser.get("/end_session").await;
    assert!(page.has("logout-confirm"));
    let done = browser.submit(&page, &[]).await;
    assert!(done.has("logged-out"));
    assert_eq!(notes.userinfo(token).await.status(), 401);
    assert!(!is_signed_in(&mut browser, &notes).await);
}

#[actix_web::test]
async fn r103_without_a_valid_hint_the_person_is_asked() {
    let app = TestApp::start().await;
    let (notes, mut browser, tokens) = signed_in(&app).await;
    let hint = tokens["id_token"].as_str().expect("text");
    let altered = format!("{}x", &hint[..hint.len() - 1]);
    let bye = "https://notes.example/bye";
    let client = notes.client_id.as_str();
    let foreign_browser_hint = notes.sign_in("ada", &[]).await;
    let foreign = foreign_browser_hint["id_token"].as_str().expect("text");
    for pairs in [
        vec![],
        vec![("post_logout_redirect_uri", bye)],
        vec![("client_id", client), ("post_logout_redirect_uri", bye)],
        vec![("id_token_hint", altered.as_str()), ("post_logout_redirect_uri", bye)],
        vec![("id_token_hint", foreign), ("post_logout_redirect_uri", bye)],
        vec![("id_token_hint", hint), ("client_id", "another")],
    ] {
        let page = browser.get(&url(&pairs)).await;
        assert!(page.status == 200 && page.has("logout-confirm"), "{pairs:?}");
        assert!(is_signed_in(&mut browser, &notes).await, "{pairs:?}");
        notes.tokens(&browser.authorize(&notes, &[]).await.code()).await;
    }
    // r87: our own question needs its token.
    let forged = browser.post("/end_session", &[("csrf", "wrong")]).await;
    assert_eq!(forged.status, 403);
    assert!(is_signed_in(&mut browser, &notes).await);
    // r104: with the client named, the answer goes on to its registered address, and no other.
    let page = browser
        .get(&url(&[("client_id", client), ("post_logout_redirect_uri", bye), ("state", "s")]))
        .await;
    let done = browser.submit(&page, &[]).await;
    assert!(done.has("logged-out") && done.to_app() == "https://notes.example/bye?state=s");
}

#[actix_web::test]
async fn r104_addresses_that_are_not_registered_lead_nowhere() {
    let app = TestApp::start().await;
    let (_, mut browser, tokens) = signed_in(&app).await;
    let hint = tokens["id_token"].as_str().expect("text");
    for uri in [
        "https://evil.example/",
        "https://notes.example/bye?x=1",
        "https://notes.example/bye/",
        "javascript:alert(1)",
    ] {
        let answer =
            browser.get(&url(&[("id_token_hint", hint), ("post_logout_redirect_uri", uri)])).await;
        assert!(
            answer.status == 200 && answer.has("logged-out") && answer.header("refresh").is_none(),
            "{uri}"
        );
        assert!(!answer.body.contains(uri));
    }
}

/// Only what we signed for this client counts as a hint; how old it is does not matter.
#[actix_web::test]
async fn r105_a_hint_is_ours_or_none() {
    let app = TestApp::start().await;
    let (_, mut browser, tokens) = signed_in(&app).await;
    let hint = tokens["id_token"].as_str().expect("text");
    let other = app.app(json!({ "subject_type": "pairwise" })).await;
    let id_token = other.tokens(&browser.authorize(&other, &[]).await.code()).await;
    let parts: Vec<&str> = hint.split('.').collect();
    let [head, claims, signature] = parts.as_slice() else { panic!("{hint}") };
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let with = |name: &str, value: Value| {
        let mut changed = payload(hint);
        changed[name] = value;
        format!("{head}.{}.{signature}", encode(&changed))
    };
    let unsigned = encode(&json!({ "alg": "none" }));
    let access_token = tokens["access_token"].as_str().expect("text");
    let bye = "https://notes.example/bye";
    for altered in [
        with("iss", json!("https://other.example")),
        with("aud", json!(other.client_id)),
        with("sid", json!("another")),
        with("exp", json!(4_000_000_000_u64)),
        format!("{unsigned}.{claims}."),
        format!("{head}.{claims}."),
        access_token.to_owned(),
        "nonsense".to_owned(),
    ] {
        let pairs = [("id_token_hint", altered.as_str()), ("post_logout_redirect_uri", bye)];
        let page = browser.get(&url(&pairs)).await;
        assert!(page.status == 200 && page.has("logout-confirm"), "{altered}");
        assert!(!page.body.contains(bye) || page.header("refresh").is_none(), "{altered}");
        let again = url(&[("id_token_hint", altered.as_str()), ("post_logout_redirect_uri", bye)]);
        let nobody = app.browser().get(&again).await;
        assert!(nobody.has("logged-out") && nobody.location().is_none(), "{altered}");
    }
    // One of a client with pairwise subjects is as good, beside its `client_id` too.
    let hint = id_token["id_token"].as_str().expect("text");
    let pairs = [("id_token_hint", hint), ("client_id", &other.client_id), ("logout_hint", "ada")];
    assert!(browser.get(&url(&pairs)).await.has("logged-out"));
    assert!(!is_signed_in(&mut browser, &other).await);
}

#[actix_web::test]
async fn interop_36_with_nobody_signed_in_a_hint_leads_on_at_once() {
    let app = TestApp::start().await;
    let (_, mut browser, tokens) = signed_in(&app).await;
    let hint = tokens["id_token"].as_str().expect("text");
    let bye = "https://notes.example/bye";
    let pairs = [("id_token_hint", hint), ("post_logout_redirect_uri", bye), ("state", "s")];
    for _ in 0..2 {
        let answer = browser.get(&url(&pairs)).await;
        assert_eq!(answer.location().as_deref(), Some("https://notes.example/bye?state=s"));
    }
}

/// A form of another site comes without cookies (SameSite=Lax). What is done about it is no
/// "signed out" that is none.
#[actix_web::test]
async fn a_post_from_another_site_signs_out_all_the_same() {
    let app = TestApp::start().await;
    let (notes, mut browser, tokens) = signed_in(&app).await;
    let form = [
        ("id_token_hint", tokens["id_token"].as_str().expect("text")),
        ("post_logout_redirect_uri", "https://notes.example/bye"),
        ("state", "a&b"),
        ("unknown", "x"),
    ];
    let mut without_cookies = app.browser();
    let answer = without_cookies.send(reqwest::Method::POST, "/end_session", Some(&form)).await;
    assert_eq!(answer.status, 303);
    let to = answer.location().expect("an address");
    assert!(to.starts_with("/end_session?id_token_hint=") && !to.contains("unknown"), "{to}");
    let done = browser.get(&to).await;
    assert_eq!(done.location().as_deref(), Some("https://notes.example/bye?state=a%26b"));
    assert!(!is_signed_in(&mut browser, &notes).await);
}

/// Who is disabled in the middle of a flow does not come to its end; what a disabled app asks for
/// is not done without a question.
#[actix_web::test]
async fn r114_what_is_disabled_meanwhile_counts_at_once() {
    let app = TestApp::start().await;
    let (notes, mut browser, tokens) = signed_in(&app).await;
    let careful = app.app(json!({ "first_party": false })).await;
    let consent = browser.authorize(&careful, &[]).await;
    assert!(consent.has("consent-allow"));
    let client_id = notes.client_id.clone();
    let at = app.clock.now();
    let disable = move |db: &mut Db| {
        let found = clients::find_client_by_client_id(db, &client_id)?;
        let disabled = found.map(|client| Client { disabled_at: Some(at), ..client });
        disabled.map_or(Ok(false), |client| clients::update_client(db, &client))
    };
    assert!(app.store.write("test", disable).await.expect("disabled"));
    let hint = tokens["id_token"].as_str().expect("text");
    let bye = ("post_logout_redirect_uri", "https://notes.example/bye");
    let question = browser.get(&url(&[("id_token_hint", hint), bye])).await;
    assert!(question.has("logout-confirm"));
    tessera::app::users::disable(app.operator(), "ada").await.expect("disabled");
    let refused = browser.submit(&consent, &[("decision", "allow")]).await;
    assert!(refused.location().is_none() && !refused.has("handoff") && refused.has("login-submit"));
}

#[actix_web::test]
async fn r95_nothing_redirects_where_a_parameter_says() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for path in ["/", "/sign-in", "/end_session", "/authorize"] {
        for name in [
            "next",
            "return_to",
            "redirect",
            "redirect_uri",
            "post_logout_redirect_uri",
            "url",
            "continue",
        ] {
            let answer = browser
                .send(
                    reqwest::Method::GET,
                    &format!("{path}?{name}=https%3A%2F%2Fevil.example%2F"),
                    None,
                )
                .await;
            let to = answer.location().unwrap_or_default();
            assert!(
                !to.contains("evil.example")
                    && !answer.body.contains("href=\"https://evil.example"),
                "{path} {name}"
            );
        }
    }
}

#[actix_web::test]
async fn disabling_a_user_or_a_new_password_ends_everything() {
    let app = TestApp::start().await;
    let (notes, mut browser, tokens) = signed_in(&app).await;
    let pending = browser.authorize(&notes, &[]).await.code();
    tessera::app::users::disable(app.operator(), "ada").await.expect("disabled");
    assert!(!is_signed_in(&mut browser, &notes).await);
    assert_eq!(notes.redeem(&pending).await.status(), 400);
    assert_eq!(notes.userinfo(tokens["access_token"].as_str().expect("text")).await.status(), 401);
    tessera::app::users::enable(app.operator(), "ada").await.expect("enabled");
    assert!(!is_signed_in(&mut browser, &notes).await);
}
