use serde_json::{Value, json};

use crate::support::{Options, Server, TestApp, payload};

/// Every app that the person used hears of it, each in its own words, when their account is
/// disabled.
#[actix_web::test]
async fn interop_37_every_app_of_the_session_is_told() {
    let server = Server::start();
    let app = TestApp::with(Options { outbound: server.outbound(), ..Options::default() }).await;
    app.user("ada").await;
    let mut browser = app.browser();
    let mut apps: Vec<(&str, Value)> = Vec::new();
    for path in ["/notes", "/wiki"] {
        let metadata = json!({ "backchannel_logout_uri": format!("{}{path}", server.url) });
        let client = app.app(metadata).await;
        let answer = if apps.is_empty() {
            browser.sign_in(&client, "ada", &[]).await
        } else {
            browser.authorize(&client, &[]).await
        };
        let tokens = client.tokens(&answer.code()).await;
        apps.push((path, payload(tokens["id_token"].as_str().expect("text"))));
    }
    tessera::app::users::disable(app.operator(), "ada").await.expect("disabled");
    for (path, id_token) in apps {
        let call = server.next(path).await;
        let token = call.body.strip_prefix("logout_token=").expect("a token");
        let claims = payload(token);
        for name in ["iss", "sub", "sid", "aud"] {
            assert_eq!(claims[name], id_token[name], "{name}");
        }
        assert!(claims.get("nonce").is_none());
    }
    server.stop().await;
}
