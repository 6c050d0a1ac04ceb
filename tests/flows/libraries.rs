use serde_json::json;
use tessera::demo::{Callback, RelyingParty, http_client};

use crate::support::TestApp;

/// The `openidconnect` crate as somebody else's relying party: discovery, PKCE, and an ID token of
/// each algorithm that it can verify, checked by the library against `/jwks`.
#[actix_web::test]
async fn the_openidconnect_crate_signs_in() {
    let app = TestApp::start().await;
    let user = app.user("ada").await;
    for algorithm in ["RS256", "PS256", "ES256", "ES384", "EdDSA"] {
        let client = app.app(json!({ "id_token_signed_response_alg": algorithm })).await;
        let http = http_client(&["localhost"]).expect("a client");
        let party = RelyingParty::discover(
            &app.url,
            &client.client_id,
            client.secret.as_deref(),
            &client.redirect_uri,
            http,
        )
        .await
        .expect("it discovers");
        let (url, pending) = party.begin(&["profile", "email"], &[]);
        let mut browser = app.browser();
        let page = browser.get(&url).await;
        let answer = browser
            .submit(&page, &[("username", "ada"), ("password", crate::support::PASSWORD)])
            .await;
        let callback = Callback {
            code: answer.told("code"),
            state: answer.told("state"),
            iss: answer.told("iss"),
            error: None,
        };
        let tokens = party.finish(pending, callback).await.expect(algorithm);
        assert_eq!(tokens.subject, user.subject.as_str());
        assert_eq!(tokens.email.as_deref(), Some("ada@example.com"));
        let info = party.userinfo(&tokens).await.expect("userinfo");
        assert_eq!(info.subject().as_str(), user.subject.as_str());
    }
}
