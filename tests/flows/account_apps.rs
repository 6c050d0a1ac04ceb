//! The apps of a person: which they can open, and what they allowed each.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, App, Browser, Options, PASSWORD, Server, TestApp, payload};

const OFFLINE: [(&str, &str); 1] = [("scope", "openid profile email offline_access")];

async fn renewing(app: &TestApp, name: &str, mut metadata: Value) -> App {
    metadata["client_name"] = json!(name);
    metadata["first_party"] = json!(false);
    metadata["grant_types"] = json!(["authorization_code", "refresh_token"]);
    app.app(metadata).await
}

/// Signs in, allows everything, and redeems the code.
async fn allowed(app: &TestApp, client: &App, username: &str) -> (Browser, Value) {
    let mut browser = app.browser();
    let page = browser.sign_in(client, username, &OFFLINE).await;
    let code = browser.submit(&page, &[("decision", "allow")]).await.code();
    let tokens = client.tokens(&code).await;
    (browser, tokens)
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().expect("a token")
}

async fn is_active(client: &App, token: &str) -> bool {
    let (status, body) = client.ask("/introspect", &[("token", token)]).await;
    assert_eq!(status, 200);
    body["active"] == true
}

#[actix_web::test]
async fn r86_removing_an_app_ends_consent_and_tokens_and_tells_it() {
    let server = Server::start();
    let app = TestApp::with(Options { outbound: server.outbound(), ..Options::default() }).await;
    app.user("ada").await;
    let told = json!({ "backchannel_logout_uri": format!("{}/notes", server.url) });
    let notes = renewing(&app, "Notes", told).await;
    let photos = renewing(&app, "Photos", json!({})).await;
    let (mut ada, tokens) = allowed(&app, &notes, "ada").await;
    let page = ada.authorize(&photos, &OFFLINE).await;
    let code = ada.submit(&page, &[("decision", "allow")]).await.code();
    let others = photos.tokens(&code).await;
    // What each may do stands there in plain words.
    let page = ada.get("/account/apps").await;
    for words in ["Notes", "Photos", "notes.example", "See your email address", "Keep this access"]
    {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let done = ada.submit(&page, &[("app", &notes.client_id)]).await;
    assert!(done.url.ends_with("/account/apps?done=apps"), "{}", done.url);
    assert!(!done.body.contains("Notes") && done.body.contains("Photos"), "{}", done.body);
    // Nothing of it counts, at any endpoint.
    assert_eq!(notes.userinfo(text(&tokens, "access_token")).await.status(), 401);
    for name in ["access_token", "refresh_token"] {
        assert!(!is_active(&notes, text(&tokens, name)).await, "{name}");
        assert!(is_active(&photos, text(&others, name)).await, "{name} of another app");
    }
    let (status, body) = notes.refresh(text(&tokens, "refresh_token"), &[]).await;
    assert_eq!((status, body["error"].as_str()), (400, Some("invalid_grant")));
    // The app hears of it as of a sign-out, and must ask again.
    let body = server.next("/notes").await.body;
    let claims = payload(body.strip_prefix("logout_token=").expect("a logout token"));
    assert_eq!(claims["sid"], payload(text(&tokens, "id_token"))["sid"]);
    let silent = ada.authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("consent_required"));
    assert!(ada.authorize(&notes, &[]).await.has("consent-allow"));
}

#[actix_web::test]
async fn r86_what_other_people_allowed_stays() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user("bob").await;
    let notes = renewing(&app, "Notes", json!({})).await;
    let photos = renewing(&app, "Photos", json!({})).await;
    let (_, tokens) = allowed(&app, &notes, "ada").await;
    let (mut bob, _) = allowed(&app, &photos, "bob").await;
    let page = bob.get("/account/apps").await;
    assert!(!page.body.contains("Notes"), "{}", page.body);
    for id in [notes.client_id.as_str(), "", "no-such-client"] {
        let unchanged = bob.submit(&page, &[("app", id)]).await;
        assert!(unchanged.url.ends_with("/account/apps"), "{id}: {}", unchanged.url);
        assert!(unchanged.body.contains("Photos"), "{id}");
    }
    assert!(is_active(&notes, text(&tokens, "refresh_token")).await);
}

#[actix_web::test]
async fn an_app_without_consent_is_shown_while_its_tokens_count() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let own = json!({ "client_name": "Intranet", "first_party": true });
    let intranet = app.app(own).await;
    let mut ada = app.browser();
    let code = ada.sign_in(&intranet, "ada", &[]).await.code();
    assert!(ada.get("/account/apps").await.body.contains("Intranet"), "its code may be redeemed");
    intranet.tokens(&code).await;
    let missed = ada.authorize(&intranet, &[]).await.code();
    let page = ada.get("/account/apps").await;
    assert!(page.body.contains("Intranet"));
    let done = ada.submit(&page, &[("app", &intranet.client_id)]).await;
    assert!(!done.body.contains("Intranet"), "{}", done.body);
    assert_eq!(intranet.redeem(&missed).await.status(), 400, "a code dies as well");
    // A code that nobody redeemed in time gives nothing, so there is nothing to show.
    ada.authorize(&intranet, &[]).await.code();
    app.advance(Duration::from_secs(61));
    assert!(!ada.get("/account/apps").await.body.contains("Intranet"));
}

/// The names of the tiles, in order.
fn tiles(page: &Answer) -> Vec<String> {
    let tiles = page.body.split("class=\"tile\"").skip(1);
    let name = |tile: &str| tile.split("<strong>").nth(1)?.split('<').next().map(str::to_owned);
    tiles.filter_map(name).collect()
}

#[actix_web::test]
async fn the_home_shows_the_apps_that_can_be_opened_and_finds_them() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let mut ada = app.browser();
    let page = ada.get("/account").await;
    let home = ada.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(tiles(&home).is_empty() && home.body.contains("class=\"empty\""), "{}", home.body);
    let launchable = |name: &str| {
        json!({
            "client_name": name,
            "client_uri": format!("https://{}.example/start", name.to_lowercase()),
            "redirect_uris": [format!("https://{}.example/callback", name.to_lowercase())],
        })
    };
    let zebra = app.app(launchable("Zebra")).await;
    app.app(launchable("Apricot")).await;
    let mango = app.app(launchable("Mango")).await;
    app.app(json!({ "client_name": "Hidden" })).await;
    assert_eq!(tiles(&ada.get("/account").await), ["Apricot", "Mango", "Zebra"]);
    for client in [&zebra, &mango] {
        app.advance(Duration::from_secs(60));
        ada.authorize(client, &[]).await.code();
    }
    for path in ["/account", "/"] {
        assert_eq!(tiles(&ada.get(path).await), ["Mango", "Zebra", "Apricot"], "{path}");
    }
    assert_eq!(tiles(&ada.get("/account?q=+ZEB+").await), ["Zebra"]);
    assert_eq!(tiles(&ada.get("/account?q=apricot.example").await), ["Apricot"]);
    let none = ada.get("/account?q=%3Cb%3E%22").await;
    assert!(tiles(&none).is_empty() && none.body.contains("href=\"/account\""), "{}", none.body);
    assert!(!none.body.contains("<b>"), "r91");
}
