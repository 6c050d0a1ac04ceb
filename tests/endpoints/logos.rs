//! Logos of apps: fetched once beside the requests, made harmless, served by us (`security.md` R91).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::support::{App, Options, Server, TestApp};

/// A picture of one pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// The address of the logo on the sign-in page, once the server made its copy.
async fn logo_of(app: &TestApp, client: &App) -> Option<String> {
    for _ in 0..300 {
        let page = app.browser().authorize(client, &[]).await;
        let image = page.body.split("src=\"/logo/").nth(1).and_then(|rest| rest.split('"').next());
        if let Some(digest) = image {
            return Some(format!("/logo/{digest}"));
        }
        tokio::task::yield_now().await;
    }
    None
}

#[actix_web::test]
async fn r91_a_logo_is_our_own_picture_with_a_fixed_type() {
    let publisher = Server::start();
    let picture = STANDARD.decode(PNG).expect("a picture");
    let logo = publisher.serve("/logo", "text/html", picture);
    let app = TestApp::with(Options { outbound: publisher.outbound(), ..Options::default() }).await;
    // Made by the operator while the server runs.
    let client = app.app(json!({ "logo_uri": logo, "first_party": false })).await;
    publisher.next("/logo").await;
    let path = logo_of(&app, &client).await.expect("the logo is shown");
    let answer = app.browser().get(&path).await;
    assert_eq!(answer.header("content-type"), Some("image/png"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert!(answer.header("content-security-policy").is_some_and(|one| one.contains("sandbox")));
    for nonsense in
        ["/logo/x", "/logo/..%2f..", "/logo/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    {
        assert_eq!(app.browser().get(nonsense).await.status, 404, "{nonsense}");
    }
    app.stop().await;
    publisher.stop().await;
}

#[actix_web::test]
async fn r91_what_is_no_picture_is_never_shown_and_keeps_nobody_out() {
    let publisher = Server::start();
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let logo = publisher.serve("/logo", "image/svg+xml", svg);
    let app = TestApp::with(Options { outbound: publisher.outbound(), ..Options::default() }).await;
    app.user("ada").await;
    let client = app.app(json!({ "logo_uri": logo })).await;
    publisher.next("/logo").await;
    let page = app.browser().authorize(&client, &[]).await;
    assert!(page.has("login-submit") && !page.body.contains("/logo/"));
    assert!(client.sign_in("ada", &[]).await["id_token"].is_string());
    app.stop().await;
    publisher.stop().await;
}
