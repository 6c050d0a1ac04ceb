//! What a browser tells apps itself: frames on the signed-out page, and the state of its session.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{Answer, App, Browser, Options, TestApp, TestCertificate, payload};

const BYE: &str = "https://notes.example/bye";

/// Two apps that want a frame, one that does not, and somebody signed in to all.
async fn scene() -> (TestApp, App, Browser, Vec<Value>) {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = json!({
        "client_name": "Notes", "frontchannel_logout_uri": "https://notes.example/out?app=notes",
        "post_logout_redirect_uris": [BYE],
    });
    let photos = json!({
        "client_name": "Photos", "redirect_uris": ["https://photos.example:8443/cb"],
        "frontchannel_logout_uri": "https://photos.example:8443/out",
    });
    let plain = json!({ "client_name": "Plain", "redirect_uris": ["https://plain.example/cb"] });
    let mut browser = app.browser();
    let notes = app.app(notes).await;
    let mut ids = vec![notes.tokens(&browser.sign_in(&notes, "ada", &[]).await.code()).await];
    for metadata in [photos, plain] {
        app.advance(std::time::Duration::from_secs(1));
        let other = app.app(metadata).await;
        ids.push(other.tokens(&browser.authorize(&other, &[]).await.code()).await);
    }
    (app, notes, browser, ids)
}

fn sid(tokens: &Value) -> String {
    let claims = payload(tokens["id_token"].as_str().expect("text"));
    claims["sid"].as_str().expect("a sid").to_owned()
}

fn frames(page: &Answer) -> Vec<String> {
    let sources = page.body.split("<iframe src=\"").skip(1);
    sources.map(|rest| rest.split('"').next().unwrap_or_default().replace("&#38;", "&")).collect()
}

fn end_session(pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    format!("/end_session?{}", query.finish())
}

fn expected_frames(app: &TestApp, ids: &[Value]) -> [String; 2] {
    let iss: String = url::form_urlencoded::byte_serialize(app.url.as_bytes()).collect();
    [
        format!("https://notes.example/out?app=notes&iss={iss}&sid={}", sid(&ids[0])),
        format!("https://photos.example:8443/out?iss={iss}&sid={}", sid(&ids[1])),
    ]
}

#[actix_web::test]
async fn the_signed_out_page_holds_a_frame_for_each_app_that_wants_one() {
    let (app, _, mut browser, ids) = scene().await;
    let question = browser.get("/end_session").await;
    for (name, is_told) in [("Notes", true), ("Photos", true), ("Plain", false)] {
        assert_eq!(question.body.contains(&format!("<li>{name}</li>")), is_told, "{name}");
    }
    let page = browser.submit(&question, &[]).await;
    assert!(page.has("logged-out") && page.body.contains("<li>Photos</li>"));
    assert_eq!(frames(&page), expected_frames(&app, &ids));
    let policy = page.header("content-security-policy").expect("a policy");
    let (rest, origins) = policy.split_once("; frame-src ").expect("frames");
    assert_eq!(origins, "https://notes.example https://photos.example:8443");
    // r92: nothing else differs, and on no other answer.
    assert_eq!(question.header("content-security-policy"), Some(rest));
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    assert_eq!(page.header("refresh"), None);
    // Nobody is told twice.
    let again = browser.get("/end_session").await;
    assert!(again.has("logged-out") && frames(&again).is_empty());
}

#[actix_web::test]
async fn interop_38_after_the_frames_the_browser_goes_on_by_itself() {
    let (app, _, mut browser, ids) = scene().await;
    let hint = ids[0]["id_token"].as_str().expect("text");
    let url = end_session(&[
        ("id_token_hint", hint),
        ("post_logout_redirect_uri", BYE),
        ("state", "s"),
        ("ui_locales", "de"),
    ]);
    let page = browser.get(&url).await;
    assert_eq!((page.status.as_u16(), page.location()), (200, None));
    assert_eq!(frames(&page), expected_frames(&app, &ids));
    let onward = format!("{BYE}?state=s");
    assert_eq!(page.header("refresh"), Some(format!("2;url={onward}").as_str()));
    assert_eq!(page.to_app(), onward);
    assert!(page.body.contains("Sie sind abgemeldet"));
}

async fn over_https() -> TestApp {
    let certificate = TestCertificate::new();
    let app = TestApp::with(Options { tls: Some(certificate.files()), ..Options::default() }).await;
    app.user("ada").await;
    app
}

/// What the frame finds (Session Management §3.2): the hash over client, origin, browser state and
/// salt, made anew.
fn frame_finds(browser: &Browser, client: &App, answer: &Answer) -> &'static str {
    let session_state = answer.told("session_state").expect("a session state");
    let (_, salt) = session_state.split_once('.').expect("a salt");
    let state = &browser.cookies["__Host-tessera-state"];
    let text = format!("{} https://notes.example {state} {salt}", client.client_id);
    let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()));
    if format!("{hash}.{salt}") == session_state { "unchanged" } else { "changed" }
}

#[actix_web::test]
async fn the_session_state_changes_with_the_active_session() {
    let app = over_https().await;
    app.user("bob").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let first = browser.sign_in(&notes, "ada", &[]).await;
    assert_eq!(frame_finds(&browser, &notes, &first), "unchanged");
    // Another answer has another salt and means the same.
    let second = browser.authorize(&notes, &[("response_mode", "query")]).await;
    assert_ne!(first.told("session_state"), second.told("session_state"));
    assert_eq!(frame_finds(&browser, &notes, &second), "unchanged");
    assert_eq!(frame_finds(&browser, &notes, &first), "unchanged");
    // A browser that lost the cookie gets it back with the next answer.
    browser.cookies.remove("__Host-tessera-state");
    browser.authorize(&notes, &[]).await;
    assert_eq!(frame_finds(&browser, &notes, &first), "unchanged");
    // Another account comes first, then goes back behind.
    let choice = browser.authorize(&notes, &[("prompt", "select_account")]).await;
    let page = browser.submit(&choice, &[("account", "other")]).await;
    let bob =
        browser.submit(&page, &[("username", "bob"), ("password", crate::support::PASSWORD)]).await;
    assert_eq!(frame_finds(&browser, &notes, &bob), "unchanged");
    assert_eq!(frame_finds(&browser, &notes, &first), "changed");
    let choice = browser.authorize(&notes, &[("prompt", "select_account")]).await;
    let ada = browser.submit(&choice, &[("account", "1")]).await;
    assert_eq!(frame_finds(&browser, &notes, &ada), "unchanged");
    assert_eq!(frame_finds(&browser, &notes, &first), "unchanged");
    let page = browser.get("/end_session").await;
    browser.submit(&page, &[]).await;
    assert_eq!(frame_finds(&browser, &notes, &first), "changed");
}

#[actix_web::test]
async fn a_final_step_that_is_posted_twice_has_the_same_session_state() {
    let app = over_https().await;
    let notes = app.app(json!({ "first_party": false })).await;
    let mut browser = app.browser();
    let consent = browser.sign_in(&notes, "ada", &[]).await;
    let first = browser.submit(&consent, &[("decision", "allow")]).await;
    let second = browser.submit(&consent, &[("decision", "allow")]).await;
    assert_eq!(first.to_app(), second.to_app());
    assert_eq!(frame_finds(&browser, &notes, &second), "unchanged");
}

#[actix_web::test]
async fn r92_the_frame_of_session_management_may_be_shown_by_others() {
    let app = over_https().await;
    let answer = app.browser().get("/check_session").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-frame-options"), None);
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(!policy.contains("frame-ancestors") && policy.contains("script-src 'self'"));
    assert!(!answer.body.contains("<form") && !answer.body.contains("<a"));
    let script = answer.body.split("<script src=\"").nth(1).and_then(|rest| rest.split('"').next());
    let script = app.browser().get(script.expect("a script")).await;
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    // Old engines run it: none of this may stand in it.
    for word in ["=>", "let ", "const ", "`", "crypto", "fetch", "async ", "import "] {
        assert!(!script.body.contains(word), "{word}");
    }
}

#[actix_web::test]
async fn without_https_there_is_no_session_management() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let answer = browser.sign_in(&notes, "ada", &[]).await;
    assert_eq!(answer.told("session_state"), None);
    assert!(browser.seen.iter().all(|cookie| !cookie.contains("state=")));
    assert_eq!(browser.get("/check_session").await.status, 404);
    let discovery = browser.get("/.well-known/openid-configuration").await.body;
    assert!(!discovery.contains("check_session_iframe"));
    for key in ["frontchannel_logout_session", "backchannel_logout_session"] {
        assert!(discovery.contains(&format!("\"{key}_supported\":true")), "{key}");
    }
}
