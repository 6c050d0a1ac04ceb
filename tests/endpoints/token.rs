use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{App, TestApp, VERIFIER, basic, header, payload};

async fn code(app: &TestApp, client: &App, extra: &[(&str, &str)]) -> String {
    app.browser().sign_in(client, "ada", extra).await.code()
}

async fn error(answer: reqwest::Response) -> (StatusCode, String) {
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let status = answer.status();
    let body: Value = answer.json().await.expect("JSON");
    (status, body["error"].as_str().expect("an error").to_owned())
}

fn refused(status: u16, error: &str) -> (StatusCode, String) {
    (StatusCode::from_u16(status).expect("a status"), error.to_owned())
}

#[actix_web::test]
async fn the_answer_has_its_form() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let answer = notes.redeem(&code(&app, &notes, &[]).await).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["content-type"], "application/json");
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert_eq!(body["scope"], "openid profile email groups");
    assert!(
        body.as_object().expect("an object").values().all(|value| !value.is_null() && value != "")
    );
    assert!(body.get("refresh_token").is_none());
}

#[actix_web::test]
async fn id_tokens_say_what_apps_need() {
    let app = TestApp::start().await;
    let user = app.user("ada").await;
    let notes = app.app(json!({})).await;
    let tokens = notes.sign_in("ada", &[]).await;
    let claims = payload(tokens["id_token"].as_str().expect("an ID token"));
    assert_eq!(claims["iss"], json!(app.url));
    assert_eq!(claims["aud"], json!(notes.client_id));
    assert_eq!(claims["sub"], json!(user.subject));
    assert_eq!(claims["nonce"], "the-nonce");
    assert_eq!(claims["iat"], 1_800_000_000);
    assert_eq!(claims["exp"], 1_800_003_600);
    assert_eq!(claims["auth_time"], 1_800_000_000);
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!("urn:tessera:acr:1"), &json!(["pwd"])));
    assert_eq!(claims["groups"], json!(["staff"]));
    assert_eq!(claims["preferred_username"], "ada");
    assert_eq!(
        (&claims["email"], &claims["email_verified"]),
        (&json!("ada@example.com"), &json!(true))
    );
    assert!(claims["at_hash"].is_string() && claims["sid"].is_string());
    for absent in ["nbf", "azp", "phone_number", "address"] {
        assert!(claims.get(absent).is_none(), "{absent}");
    }
    let sub = claims["sub"].as_str().expect("text");
    assert!(sub.len() <= 36 && !sub.contains(':'));
    let without = notes.sign_in("ada", &[("nonce", ""), ("scope", "openid groups")]).await;
    let claims = payload(without["id_token"].as_str().expect("an ID token"));
    assert!(claims.get("nonce").is_none() && claims.get("email").is_none());
    let lean = app.app(json!({ "id_token_claims": "lean", "email_verified": "omit" })).await;
    let tokens = lean.sign_in("ada", &[]).await;
    assert!(payload(tokens["id_token"].as_str().expect("text")).get("email").is_none());
    let info: Value = lean
        .userinfo(tokens["access_token"].as_str().expect("text"))
        .await
        .json()
        .await
        .expect("JSON");
    assert!(info["email"].is_string() && info.get("email_verified").is_none());
}

#[actix_web::test]
async fn every_algorithm_signs_with_a_published_key() {
    let app = TestApp::start().await;
    app.user("ada").await;
    for algorithm in ["RS256", "PS256", "ES256", "ES384", "EdDSA"] {
        let client = app.app(json!({ "id_token_signed_response_alg": algorithm })).await;
        let tokens = client.sign_in("ada", &[]).await;
        let head = header(tokens["id_token"].as_str().expect("text"));
        assert_eq!((&head["alg"], &head["typ"]), (&json!(algorithm), &json!("JWT")));
        let keys = app.browser().get("/jwks").await;
        let keys: Value = serde_json::from_str(&keys.body).expect("JSON");
        let key =
            keys["keys"].as_array().expect("keys").iter().find(|key| key["kid"] == head["kid"]);
        assert_eq!(key.expect("the key is published")["alg"], json!(algorithm));
    }
}

#[actix_web::test]
async fn secrets_are_read_as_clients_send_them() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let secret = "imported%+:/= secret";
    let notes = app.app(json!({ "client_secret": secret })).await;
    let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    for header in [basic(&notes.client_id, secret), basic(&notes.client_id, &encoded)] {
        let code = code(&app, &notes, &[]).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", &notes.redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        let answer = notes
            .token_request(&form)
            .header("authorization", header)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200);
    }
    let code = code(&app, &notes, &[]).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &notes.redirect_uri),
        ("code_verifier", VERIFIER),
        ("client_id", &notes.client_id),
        ("client_secret", secret),
    ];
    assert_eq!(notes.token_request(&form).send().await.expect("an answer").status(), 200);
}

#[actix_web::test]
async fn r38_unknown_client_and_wrong_secret_get_the_same_answer_and_spare_the_code() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let code = code(&app, &notes, &[]).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &notes.redirect_uri),
        ("code_verifier", VERIFIER),
    ];
    let mut bodies = Vec::new();
    for header in
        [basic(&notes.client_id, "wrong"), basic("nobody", "wrong"), basic(&notes.client_id, "")]
    {
        let answer = notes
            .token_request(&form)
            .header("authorization", header)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 401);
        assert!(answer.headers()["www-authenticate"].to_str().expect("text").starts_with("Basic "));
        bodies.push(answer.text().await.expect("a body"));
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    let mut both = form.to_vec();
    both.extend([("client_id", notes.client_id.as_str()), ("client_secret", "x")]);
    let answer = notes
        .token_request(&both)
        .header("authorization", basic(&notes.client_id, "x"))
        .send()
        .await;
    assert_eq!(error(answer.expect("an answer")).await, refused(400, "invalid_request"));
    // r39: a confidential client is nobody with its name alone.
    let mut named = form.to_vec();
    named.push(("client_id", notes.client_id.as_str()));
    let answer = notes.token_request(&named).send().await.expect("an answer");
    assert_eq!(error(answer).await, refused(401, "invalid_client"));
    assert_eq!(notes.redeem(&code).await.status(), 200);
}

#[actix_web::test]
async fn r19_a_code_is_bound_to_client_address_and_challenge() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let uris = json!(["https://notes.example/callback", "https://notes.example/second"]);
    let notes = app.app(json!({ "redirect_uris": uris })).await;
    let other = app.app(json!({})).await;
    let code = code(&app, &notes, &[]).await;
    assert_eq!(error(other.redeem(&code).await).await, refused(400, "invalid_grant"));
    let second = App { redirect_uri: "https://notes.example/second".to_owned(), ..notes.clone() };
    assert_eq!(error(second.redeem(&code).await).await, refused(400, "invalid_grant"));
    assert_eq!(
        error(notes.redeem_with(&code, &"a".repeat(43)).await).await,
        refused(400, "invalid_grant")
    );
    assert_eq!(notes.redeem(&code).await.status(), 200);
}

#[actix_web::test]
async fn r20_fifty_redemptions_at_once_succeed_once() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let code = code(&app, &notes, &[]).await;
    let answers = futures_util::future::join_all((0..50).map(|_| notes.redeem(&code))).await;
    let winners: Vec<_> = answers.into_iter().filter(|answer| answer.status() == 200).collect();
    assert_eq!(winners.len(), 1);
    // r22: the others were valid redemptions as well, so what the first one got is taken back.
    let tokens: Value = winners.into_iter().next().expect("a winner").json().await.expect("JSON");
    let token = tokens["access_token"].as_str().expect("text");
    assert_eq!(notes.userinfo(token).await.status(), 401);
}

#[actix_web::test]
async fn r21_a_code_lives_for_sixty_seconds() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let (fresh, stale) = (code(&app, &notes, &[]).await, code(&app, &notes, &[]).await);
    app.advance(Duration::from_secs(59));
    assert_eq!(notes.redeem(&fresh).await.status(), 200);
    app.advance(Duration::from_secs(1));
    assert_eq!(error(notes.redeem(&stale).await).await, refused(400, "invalid_grant"));
}

#[actix_web::test]
async fn r22_a_valid_second_redemption_revokes_and_an_invalid_one_does_not() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let (notes, other) = (app.app(json!({})).await, app.app(json!({})).await);
    let code = code(&app, &notes, &[]).await;
    let tokens = notes.tokens(&code).await;
    let token = tokens["access_token"].as_str().expect("text");
    assert_eq!(error(other.redeem(&code).await).await, refused(400, "invalid_grant"));
    assert_eq!(
        error(notes.redeem_with(&code, &"b".repeat(43)).await).await,
        refused(400, "invalid_grant")
    );
    assert_eq!(notes.userinfo(token).await.status(), 200);
    assert_eq!(error(notes.redeem(&code).await).await, refused(400, "invalid_grant"));
    assert_eq!(notes.userinfo(token).await.status(), 401);
}

#[actix_web::test]
async fn r23_verifiers_have_their_syntax_and_three_wrong_ones_destroy_the_code() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let first = code(&app, &notes, &[]).await;
    for malformed in ["short", &"a".repeat(129), &format!("{}!", "a".repeat(42))] {
        assert_eq!(
            error(notes.redeem_with(&first, malformed).await).await,
            refused(400, "invalid_grant")
        );
    }
    assert_eq!(notes.redeem(&first).await.status(), 200);
    let second = code(&app, &notes, &[]).await;
    for _ in 0..3 {
        notes.redeem_with(&second, &"c".repeat(43)).await;
    }
    assert_eq!(error(notes.redeem(&second).await).await, refused(400, "invalid_grant"));
    // A verifier without a challenge, and a challenge without a verifier.
    let plain = code(&app, &notes, &[("code_challenge", ""), ("code_challenge_method", "")]).await;
    assert_eq!(error(notes.redeem(&plain).await).await, refused(400, "invalid_grant"));
    let third = code(&app, &notes, &[]).await;
    assert_eq!(error(notes.redeem_with(&third, "").await).await, refused(400, "invalid_grant"));
}

#[actix_web::test]
async fn r24_one_kind_of_secret_never_passes_as_another() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let code = code(&app, &notes, &[]).await;
    assert_eq!(notes.userinfo(&code).await.status(), 401);
    let tokens = notes.tokens(&code).await;
    let access = tokens["access_token"].as_str().expect("text");
    assert_eq!(error(notes.redeem(access).await).await, refused(400, "invalid_grant"));
    let disguised = access.replace("tsa_", "tsc_");
    assert_eq!(error(notes.redeem(&disguised).await).await, refused(400, "invalid_grant"));
}

#[actix_web::test]
async fn r26_the_token_endpoint_takes_posted_forms_only() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let code = code(&app, &notes, &[]).await;
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let query = format!("{}/token?grant_type=authorization_code&code={code}", app.url);
    assert_eq!(http.get(&query).send().await.expect("an answer").status(), 405);
    let secret = notes.secret.as_deref();
    let posted =
        http.post(&query).basic_auth(&notes.client_id, secret).form(&[("x", "y")]).send().await;
    assert_eq!(error(posted.expect("an answer")).await, refused(400, "invalid_request"));
    let body = json!({ "grant_type": "authorization_code" });
    let answer =
        http.post(format!("{}/token", app.url)).json(&body).send().await.expect("an answer");
    assert_eq!(error(answer).await, refused(415, "invalid_request"));
    let twice = [("grant_type", "authorization_code"), ("code", &code), ("code", &code)];
    let answer = notes.token_request(&twice).basic_auth(&notes.client_id, secret).send().await;
    assert_eq!(error(answer.expect("an answer")).await, refused(400, "invalid_request"));
}

#[actix_web::test]
async fn r27_there_is_no_password_grant() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    for (grant_type, code) in [
        ("password", "unsupported_grant_type"),
        ("implicit", "unsupported_grant_type"),
        ("nonsense", "unsupported_grant_type"),
        // Served, but not for a client that did not register it.
        ("client_credentials", "unauthorized_client"),
        ("refresh_token", "unauthorized_client"),
    ] {
        let form = [
            ("grant_type", grant_type),
            ("username", "ada"),
            ("password", crate::support::PASSWORD),
        ];
        let answer = notes
            .token_request(&form)
            .basic_auth(&notes.client_id, notes.secret.as_deref())
            .send()
            .await;
        assert_eq!(error(answer.expect("an answer")).await, refused(400, code), "{grant_type}");
    }
}

#[actix_web::test]
async fn r28_access_tokens_for_an_api_are_typed_and_bound_to_it() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let api = "https://api.example/";
    let notes = app.app(json!({ "resources": [api] })).await;
    let tokens = notes.sign_in("ada", &[("resource", api)]).await;
    let token = tokens["access_token"].as_str().expect("text");
    assert_eq!(header(token)["typ"], "at+jwt");
    let claims = payload(token);
    assert_eq!(claims["aud"], json!([api, app.url]));
    assert_eq!((&claims["client_id"], &claims["iss"]), (&json!(notes.client_id), &json!(app.url)));
    assert!(claims.get("email").is_none());
    assert_eq!(notes.userinfo(token).await.status(), 200);
    // An ID token is no access token.
    let id_token = tokens["id_token"].as_str().expect("text");
    assert_eq!(notes.userinfo(id_token).await.status(), 401);
    let foreign = app.browser().authorize(&notes, &[("resource", "https://other.example/")]).await;
    assert_eq!(foreign.told("error").as_deref(), Some("invalid_target"));
    let by_audience = app.app(json!({ "audience": "https://default.example/" })).await;
    let tokens = by_audience.sign_in("ada", &[]).await;
    assert_eq!(
        payload(tokens["access_token"].as_str().expect("text"))["aud"][0],
        "https://default.example/"
    );
}

/// Guessing a client's secret is given up after a while; many good requests at once are no guess.
#[actix_web::test]
async fn r43_refusals_of_a_client_are_limited_and_its_bursts_are_not() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let ask = async |secret: &str| {
        let request = notes.token_request(&[("grant_type", "authorization_code")]);
        let answer = request.basic_auth(&notes.client_id, Some(secret)).send().await;
        answer.expect("an answer").status().as_u16()
    };
    let secret = notes.secret.as_deref().expect("a secret");
    // 400: the client is let in, and its request lacks a code.
    for status in futures_util::future::join_all((0..60).map(|_| ask(secret))).await {
        assert_eq!(status, 400);
    }
    for _ in 0..30 {
        assert_eq!(ask("wrong").await, 401);
    }
    assert_eq!((ask("wrong").await, ask(secret).await), (429, 429));
    app.advance(Duration::from_secs(600));
    assert_eq!(ask(secret).await, 400);
}
