//! Pairwise subjects (OpenID Connect Core §8): two apps cannot tell that they know one person.

use serde_json::{Value, json};

use crate::support::{App, TestApp, payload, text};

async fn app_at(app: &TestApp, host: &str) -> App {
    let metadata = json!({ "subject_type": "pairwise", "redirect_uris": [format!("https://{host}/callback")] });
    app.app(metadata).await
}

async fn sub(client: &App, username: &str) -> String {
    let tokens = client.sign_in(username, &[]).await;
    let sub = payload(text(&tokens, "id_token"))["sub"].as_str().expect("text").to_owned();
    let token = text(&tokens, "access_token");
    let info: Value = client.userinfo(token).await.json().await.expect("JSON");
    assert_eq!(info["sub"], json!(sub), "userinfo says the same");
    let (_, shown) = client.ask("/introspect", &[("token", token)]).await;
    assert_eq!(shown["sub"], json!(sub), "introspection says the same");
    sub
}

#[actix_web::test]
async fn sectors_see_different_subjects_that_stay() {
    let app = TestApp::start().await;
    let user = app.user("ada").await;
    app.user("bob").await;
    let (notes, photos) =
        (app_at(&app, "notes.example").await, app_at(&app, "photos.example").await);
    let (at_notes, at_photos) = (sub(&notes, "ada").await, sub(&photos, "ada").await);
    assert_ne!(at_notes, at_photos);
    assert_eq!(at_notes, sub(&notes, "ada").await, "it stays");
    assert_ne!(at_notes, sub(&notes, "bob").await);
    let sibling = app_at(&app, "notes.example").await;
    assert_eq!(at_notes, sub(&sibling, "ada").await, "one host, one sector");
    for one in [&at_notes, &at_photos] {
        let id = uuid::Uuid::try_parse(one).expect("a UUID");
        assert_eq!((id.get_version_num(), id.to_string().as_str()), (8, one.as_str()));
        assert_ne!(one.as_str(), user.subject.as_str());
    }
    // The session shows itself to each app under another name as well.
    let mut sids = Vec::new();
    let mut browser = app.browser();
    for client in [&notes, &photos] {
        let answer = match browser.cookies.len() {
            0 => browser.sign_in(client, "ada", &[]).await,
            _ => browser.authorize(client, &[]).await,
        };
        let tokens = client.tokens(&answer.code()).await;
        sids.push(payload(text(&tokens, "id_token"))["sid"].clone());
    }
    assert_ne!(sids[0], sids[1]);
}

#[actix_web::test]
async fn a_pairwise_subject_stands_in_access_tokens_too() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let api = "https://api.example/";
    let client = app.app(json!({ "subject_type": "pairwise", "resources": [api] })).await;
    let tokens = client.sign_in("ada", &[("resource", api)]).await;
    let sub = |name: &str| payload(text(&tokens, name))["sub"].clone();
    assert_eq!(sub("access_token"), sub("id_token"));
}
