//! A form sets what its page asks for, and nothing else that travels with it (`security.md` R90, R111).

use serde_json::json;
use tessera::app::{recovery, setup, users};
use tessera::domain::User;

use crate::support::{PASSWORD, TestApp, payload, text};

const NEW: &str = "staple battery horse correct";

/// Fields that name somebody or something else, or what only an operator sets.
const MORE: [(&str, &str); 22] = [
    ("sub", "somebody"),
    ("user", "bob"),
    ("user_id", "bob"),
    ("account", "bob"),
    ("id", "1"),
    ("is_admin", "true"),
    ("admin", "1"),
    ("groups", "admins"),
    ("groups[]", "admins"),
    ("role", "admin"),
    ("is_email_verified", "true"),
    ("email_verified", "true"),
    ("disabled_at", ""),
    ("delete_after", "1"),
    ("password_hash", "x"),
    ("client_id", "another"),
    ("redirect_uri", "https://evil.example/"),
    ("scope", "openid email phone offline_access"),
    ("acr", "phr"),
    ("auth_time", "1"),
    ("nonce", "another"),
    ("state", "another"),
];

fn with<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let is_own = |name: &str| fields.iter().any(|(own, _)| *own == name);
    let more = MORE.iter().copied().filter(|(name, _)| !is_own(name));
    more.chain(fields.iter().copied()).collect()
}

async fn user(app: &TestApp, name: &str) -> User {
    users::find(&app.store, name).await.expect("the account")
}

#[actix_web::test]
async fn r111_r90_the_steps_of_a_sign_in_take_nothing_of_the_request_from_a_form() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user("bob").await;
    let maps = app.app(json!({ "first_party": false })).await;
    let mut browser = app.browser();
    let page = browser.authorize(&maps, &[("scope", "openid profile")]).await;
    let form = with(&[("username", "ada"), ("password", PASSWORD)]);
    let page = browser.submit(&page, &form).await;
    assert!(page.has("consent-allow"), "{}", page.body);
    let done = browser.submit(&page, &with(&[("decision", "allow")])).await;
    assert!(done.to_app().starts_with("https://notes.example/callback?"), "{}", done.to_app());
    assert_eq!(done.told("state").as_deref(), Some("the-state"));
    let tokens = maps.tokens(&done.code()).await;
    assert_eq!(tokens["scope"], "openid profile");
    assert!(tokens.get("refresh_token").is_none(), "{tokens}");
    let claims = payload(text(&tokens, "id_token"));
    assert_eq!(claims["sub"].as_str(), Some(user(&app, "ada").await.subject.as_str()));
    assert_eq!(
        (&claims["nonce"], &claims["acr"]),
        (&json!("the-nonce"), &json!("urn:tessera:acr:1"))
    );
}

#[actix_web::test]
async fn r111_a_new_password_is_that_of_the_person_whose_page_it_is() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user("bob").await;
    let bob = user(&app, "bob").await;
    let before = user(&app, "ada").await;
    let mut browser = app.browser();
    let page = browser.get("/account/password").await;
    let page = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    let form = with(&[("username", "bob"), ("current", PASSWORD), ("password", NEW)]);
    let done = browser.submit(&page, &form).await;
    assert!(done.url.ends_with("done=password"), "{} {}", done.url, done.body);
    let changed = user(&app, "ada").await;
    assert_ne!(changed.password_hash, before.password_hash);
    let (_, link) = recovery::make_link(app.operator(), "ada").await.expect("a link");
    let mut browser = app.browser();
    let page = browser.get(link.expose()).await;
    let again = "correct staple horse battery";
    browser.submit(&page, &with(&[("username", "bob"), ("password", again)])).await;
    let reset = user(&app, "ada").await;
    assert_ne!(reset.password_hash, changed.password_hash);
    let expected =
        User { password_hash: reset.password_hash.clone(), updated_at: reset.updated_at, ..before };
    assert_eq!(reset, expected);
    assert_eq!(user(&app, "bob").await, bob);
}

#[actix_web::test]
async fn r111_the_first_administrator_is_what_the_page_says() {
    let app = TestApp::start().await;
    let token = setup::new_link(app.issuer.operator()).await.expect("a link");
    let mut browser = app.browser();
    let page = browser.get(&format!("/setup/{}", token.expose())).await;
    let form = with(&[("username", "ada"), ("email", "ada@example.com"), ("password", PASSWORD)]);
    let home = browser.submit(&page, &form).await;
    assert!(home.url.ends_with("/account"), "{} {}", home.url, home.body);
    let ada = user(&app, "ada").await;
    assert!(ada.is_admin && !ada.is_email_verified && ada.groups.is_empty(), "{ada:?}");
    assert!(ada.subject.as_str() != "somebody" && ada.delete_after.is_none(), "{ada:?}");
}
