use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{TestApp, payload, text};

#[actix_web::test]
async fn every_standard_claim_is_there_for_its_scope() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let tokens =
        notes.sign_in("ada", &[("scope", "openid profile email phone address groups")]).await;
    let answer = notes.userinfo(tokens["access_token"].as_str().expect("text")).await;
    assert_eq!(answer.headers()["content-type"], "application/json");
    let claims: Value = answer.json().await.expect("JSON");
    for name in [
        "sub",
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
        "email",
        "email_verified",
        "phone_number",
        "phone_number_verified",
        "address",
        "groups",
    ] {
        assert!(claims.get(name).is_some_and(|value| !value.is_null()), "{name}");
    }
    assert_eq!(claims["sub"], payload(tokens["id_token"].as_str().expect("text"))["sub"]);
}

#[actix_web::test]
async fn r36_the_token_stands_in_the_header_or_the_form_and_never_in_the_query() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let tokens = notes.sign_in("ada", &[]).await;
    let token = tokens["access_token"].as_str().expect("text");
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("{}/userinfo", app.url);
    let form = [("access_token", token)];
    assert_eq!(http.post(&url).form(&form).send().await.expect("an answer").status(), 200);
    assert_eq!(http.post(&url).bearer_auth(token).send().await.expect("an answer").status(), 200);
    let both = http.post(&url).bearer_auth(token).form(&form).send().await.expect("an answer");
    assert_eq!(both.status(), 400);
    let query = http.get(format!("{url}?access_token={token}")).send().await.expect("an answer");
    assert_eq!(
        (query.status().as_u16(), &query.headers()["www-authenticate"]),
        (401, &"Bearer".parse().expect("a value"))
    );
    let wrong = http.get(&url).bearer_auth("tsa_nonsense").send().await.expect("an answer");
    let challenge = wrong.headers()["www-authenticate"].to_str().expect("text").to_owned();
    assert!(
        wrong.status() == 401 && challenge.starts_with("Bearer error=\"invalid_token\""),
        "{challenge}"
    );
    let altered: String = token
        .chars()
        .rev()
        .enumerate()
        .map(|(i, c)| if i == 3 { if c == 'A' { 'B' } else { 'A' } } else { c })
        .collect();
    let altered: String = altered.chars().rev().collect();
    assert_eq!(http.get(&url).bearer_auth(altered).send().await.expect("an answer").status(), 401);
}

#[actix_web::test]
async fn tokens_end_with_their_time_scope_user_and_session() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let plain = notes.sign_in("ada", &[("scope", "profile")]).await;
    assert!(plain.get("id_token").is_none());
    assert_eq!(notes.userinfo(plain["access_token"].as_str().expect("text")).await.status(), 403);
    let tokens = notes.sign_in("ada", &[]).await;
    let token = tokens["access_token"].as_str().expect("text");
    assert_eq!(notes.userinfo(token).await.status(), 200);
    app.advance(Duration::from_secs(3599));
    assert_eq!(notes.userinfo(token).await.status(), 200);
    app.advance(Duration::from_secs(1));
    assert_eq!(notes.userinfo(token).await.status(), 401);
    let tokens = notes.sign_in("ada", &[]).await;
    tessera::app::users::disable(app.operator(), "ada").await.expect("disabled");
    assert_eq!(notes.userinfo(tokens["access_token"].as_str().expect("text")).await.status(), 401);
}

/// A token, or what is none, by what it is; what it may read stands in the first.
async fn carried(app: &TestApp) -> Vec<(&'static str, String, u16)> {
    let api = "https://api.example/";
    let grant_types = json!(["authorization_code", "refresh_token", "client_credentials"]);
    let notes = app.app(json!({ "resources": [api], "grant_types": grant_types })).await;
    let full = notes.sign_in("ada", &[]).await;
    let jwt = notes.sign_in("ada", &[("resource", api)]).await;
    let plain = notes.sign_in("ada", &[("scope", "profile")]).await;
    let plain_jwt = notes.sign_in("ada", &[("scope", "profile"), ("resource", api)]).await;
    let (_, own) = notes.ask("/token", &[("grant_type", "client_credentials")]).await;
    let own_jwt = [("grant_type", "client_credentials"), ("resource", api)];
    let (_, own_jwt) = notes.ask("/token", &own_jwt).await;
    let revoked = notes.sign_in("ada", &[]).await;
    notes.ask("/revoke", &[("token", text(&revoked, "access_token"))]).await;
    let of = |tokens: &Value, name: &str| text(tokens, name).to_owned();
    vec![
        ("an opaque token", of(&full, "access_token"), 200),
        ("a JWT", of(&jwt, "access_token"), 200),
        ("without openid", of(&plain, "access_token"), 403),
        ("a JWT without openid, for an API alone", of(&plain_jwt, "access_token"), 403),
        ("of an app itself", of(&own, "access_token"), 401),
        ("a JWT of an app itself", of(&own_jwt, "access_token"), 401),
        ("taken back", of(&revoked, "access_token"), 401),
        ("an ID token", of(&full, "id_token"), 401),
        ("a refresh token", of(&full, "refresh_token"), 401),
        ("nonsense", "tsa_nonsense".to_owned(), 401),
    ]
}

#[actix_web::test]
async fn r109_what_a_token_opens_does_not_depend_on_how_it_is_carried() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("{}/userinfo", app.url);
    for (case, token, status) in carried(&app).await {
        let form = [("access_token", token.as_str())];
        let requests = [
            ("GET, header", http.get(&url).bearer_auth(&token)),
            ("POST, header", http.post(&url).bearer_auth(&token)),
            ("POST, header beside a form", http.post(&url).bearer_auth(&token).form(&[("x", "y")])),
            ("POST, form", http.post(&url).form(&form)),
        ];
        let mut told = Vec::new();
        for (carrier, request) in requests {
            let answer = request.send().await.expect("an answer");
            assert_eq!(answer.status().as_u16(), status, "{case}: {carrier}");
            let challenge = answer.headers().get("www-authenticate").cloned();
            told.push((challenge, answer.text().await.expect("a body")));
        }
        assert!(told.iter().all(|one| *one == told[0]), "{case}: {told:?}");
    }
}
