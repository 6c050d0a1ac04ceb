//! What a person tells apps about themselves.

use serde_json::{Value, json};
use tessera::app::users;
use tessera::domain::User;

use crate::support::{Answer, App, Browser, PASSWORD, TestApp};

async fn signed_in(app: &TestApp) -> (Browser, Answer) {
    app.user("ada").await;
    let mut browser = app.browser();
    let page = browser.get("/account/profile").await;
    let page = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(page.has("profile-submit"), "{}", page.body);
    (browser, page)
}

async fn ada(app: &TestApp) -> User {
    users::find(&app.store, "ada").await.expect("the account")
}

async fn userinfo(client: &App, browser: &mut Browser) -> Value {
    let scope = [("scope", "openid profile email phone address")];
    let tokens = client.tokens(&browser.authorize(client, &scope).await.code()).await;
    let token = tokens["access_token"].as_str().expect("a token");
    client.userinfo(token).await.json().await.expect("claims")
}

/// Every field with a value that fits.
const FILLED: [(&str, &str); 19] = [
    ("name", "Ada King"),
    ("given_name", "Ada"),
    ("middle_name", "Augusta"),
    ("family_name", "King"),
    ("nickname", "Countess"),
    ("picture", "https://example.org/ada.png"),
    ("profile", "https://example.org/ada"),
    ("website", "http://example.org/"),
    ("gender", "female"),
    ("birthdate", "1815-12-10"),
    ("locale", "fr"),
    ("zoneinfo", "Europe/London"),
    ("phone_number", "+44 20 7946 0000"),
    ("formatted", "12 St James's Square\r\nLondon"),
    ("street_address", "12 St James's Square"),
    ("locality", "London"),
    ("region", "Greater London"),
    ("postal_code", "SW1Y 4JH"),
    ("country", "United Kingdom"),
];

#[actix_web::test]
async fn every_claim_of_ones_own_is_set_and_reaches_the_apps() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let (mut browser, page) = signed_in(&app).await;
    assert!(page.body.contains("value=\"ada Example\""), "what stands there is shown");
    let done = browser.submit(&page, &FILLED).await;
    assert!(done.url.ends_with("/account/profile?done=profile"), "{} {}", done.url, done.body);
    // The account's own language counts at once.
    assert!(done.body.contains("<html lang=\"fr\""), "{}", done.body);
    let claims = userinfo(&notes, &mut browser).await;
    for (name, value) in FILLED {
        let told = claims.get(name).unwrap_or(&claims["address"][name]);
        assert_eq!(told.as_str(), Some(value.replace('\r', "").as_str()), "{name}");
    }
    assert_eq!(claims["phone_number_verified"], false, "another number is not verified");
    // Empty fields take everything away.
    let nothing = FILLED.map(|(name, _)| (name, ""));
    browser.submit(&done, &nothing).await;
    assert_eq!(ada(&app).await.claims, tessera::protocol::StandardClaims::default());
}

#[actix_web::test]
async fn what_is_wrong_is_said_at_its_field_and_nothing_is_lost() {
    let app = TestApp::start().await;
    let (mut browser, page) = signed_in(&app).await;
    let before = ada(&app).await;
    for (name, value) in [
        ("name", "a\u{202E}b"),
        ("picture", "http://example.com/other.png"),
        ("website", "javascript:alert(1)"),
        ("birthdate", "31.12.1990"),
        ("locale", "<b>"),
        ("zoneinfo", "my kitchen"),
        ("phone_number", "none"),
    ] {
        let wrong = browser.submit(&page, &[("nickname", "kept"), (name, value)]).await;
        assert_eq!(wrong.status, 422, "{name}");
        assert!(wrong.has("error-summary") && wrong.has(&format!("{name}-error")), "{name}");
        assert_eq!(wrong.body.matches("class=\"wrong\"").count(), 1, "{name}: {}", wrong.body);
        assert!(wrong.body.contains("value=\"kept\""), "{name}: what was typed stays");
    }
    assert_eq!(ada(&app).await, before);
}

#[actix_web::test]
async fn r111_a_form_sets_nothing_but_the_fields_of_the_page() {
    let app = TestApp::start().await;
    let (mut browser, page) = signed_in(&app).await;
    let before = ada(&app).await;
    let more = [
        ("username", "root"),
        ("preferred_username", "root"),
        ("sub", "somebody"),
        ("email", "other@example.com"),
        ("email_verified", "true"),
        ("is_email_verified", "true"),
        ("phone_number_verified", "true"),
        ("groups", "admins"),
        ("is_admin", "true"),
        ("admin", "true"),
        ("disabled_at", "1"),
        ("password_hash", "x"),
        ("claims", "{}"),
        ("address[country]", "X"),
    ];
    let fields: Vec<_> = FILLED.into_iter().chain(more).collect();
    let done = browser.submit(&page, &fields).await;
    assert!(done.url.ends_with("done=profile"), "{}", done.body);
    let after = ada(&app).await;
    assert_eq!(after.claims.phone_number_verified, Some(false));
    assert_eq!(after.claims.name.as_deref(), Some("Ada King"));
    let claims = before.claims.clone();
    assert_eq!(User { claims, updated_at: before.updated_at, ..after }, before);
}
