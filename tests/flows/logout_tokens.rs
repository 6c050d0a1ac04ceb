//! Back-channel logout: every app of a session that ended is told, whatever happens meanwhile.

use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::{Value, json};
use tessera::app::outbox::{self, Listed};
use tessera::app::users::{self, NewPassword};
use tessera::base::Secret;
use tessera::credentials::{Argon2Cost, PasswordPool};
use tessera::domain::DeliveryState;

use crate::support::{
    App, Browser, Closed, Manner, Options, PASSWORD, Received, Server, TestApp, header, payload,
};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

async fn begin() -> (TestApp, Server) {
    let server = Server::start();
    let app = TestApp::with(Options { outbound: server.outbound(), ..Options::default() }).await;
    app.user("ada").await;
    (app, server)
}

/// An app that wants to be told at `path`.
async fn listening(app: &TestApp, base: &str, path: &str, mut metadata: Value) -> App {
    metadata["backchannel_logout_uri"] = json!(format!("{base}{path}"));
    app.app(metadata).await
}

async fn sign_out(browser: &mut Browser) {
    let page = browser.get("/end_session").await;
    assert!(browser.submit(&page, &[]).await.has("logged-out"));
}

fn token(call: &Received) -> String {
    assert_eq!(
        (call.method.as_str(), call.content_type.as_str()),
        ("POST", "application/x-www-form-urlencoded")
    );
    let form: Vec<_> = url::form_urlencoded::parse(call.body.as_bytes()).into_owned().collect();
    let [(name, token)] = form.as_slice() else { panic!("{form:?}") };
    assert_eq!(name, "logout_token");
    token.clone()
}

async fn next(server: &Server, path: &str) -> Value {
    payload(&token(&server.next(path).await))
}

/// The claims, after another library found the signature right.
async fn verified(app: &TestApp, client: &App, token: &str) -> Value {
    let jwks: JwkSet =
        serde_json::from_str(&app.browser().get("/jwks").await.body).expect("a key set");
    let head = header(token);
    let jwk = jwks.find(head["kid"].as_str().expect("a kid")).expect("a published key");
    let alg = head["alg"].as_str().and_then(|alg| alg.parse().ok()).expect("an algorithm");
    let mut checks = Validation::new(alg);
    checks.set_audience(&[&client.client_id]);
    checks.set_issuer(&[&app.url]);
    let key = DecodingKey::from_jwk(jwk).expect("a key");
    jsonwebtoken::decode::<Value>(token, &key, &checks).expect("a valid token").claims
}

/// The deliveries, as soon as they are as wanted.
async fn until(app: &TestApp, wanted: impl Fn(&[Listed]) -> bool) -> Vec<Listed> {
    let look = async {
        loop {
            let listed = outbox::list(&app.store, true).await.expect("the outbox");
            if wanted(&listed) {
                return listed;
            }
        }
    };
    let limit = Duration::from_secs(60);
    tokio::time::timeout(limit, look).await.expect("the outbox is never as wanted")
}

fn is_delivered(listed: &Listed) -> bool {
    matches!(listed.delivery.state, DeliveryState::Delivered(_))
}

#[actix_web::test]
async fn r106_every_app_of_the_session_gets_its_logout_token() {
    let (app, server) = begin().await;
    let notes = listening(&app, &server.url, "/notes", json!({})).await;
    let photos = json!({ "subject_type": "pairwise", "id_token_signed_response_alg": "ES256" });
    let photos = listening(&app, &server.url, "/photos", photos).await;
    listening(&app, &server.url, "/never-used", json!({})).await;
    let deaf = app.app(json!({})).await;
    let mut browser = app.browser();
    let mut ids = Vec::new();
    ids.push(notes.tokens(&browser.sign_in(&notes, "ada", &[]).await.code()).await);
    for other in [&photos, &deaf] {
        ids.push(other.tokens(&browser.authorize(other, &[]).await.code()).await);
    }
    sign_out(&mut browser).await;
    for (client, path, tokens, alg) in
        [(&notes, "/notes", &ids[0], "RS256"), (&photos, "/photos", &ids[1], "ES256")]
    {
        let id_token = payload(tokens["id_token"].as_str().expect("text"));
        let token = token(&server.next(path).await);
        let head = header(&token);
        assert_eq!((head["typ"].as_str(), head["alg"].as_str()), (Some("logout+jwt"), Some(alg)));
        let claims = verified(&app, client, &token).await;
        for name in ["iss", "sub", "sid"] {
            assert_eq!(claims[name], id_token[name], "{name}");
        }
        assert_eq!(claims["aud"], json!(client.client_id));
        assert_eq!(claims["events"], json!({ EVENT: {} }));
        assert_eq!(claims["iat"], json!(app.clock_seconds()));
        assert_eq!(claims["exp"], json!(app.clock_seconds() + 120));
        let names = claims.as_object().expect("an object").keys().map(String::as_str);
        let names: Vec<&str> = names.collect();
        assert_eq!(names, ["aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"]);
    }
    let listed = until(&app, |listed| listed.iter().all(is_delivered)).await;
    assert_eq!(listed.len(), 2);
    // It is no token of another kind (R28).
    let token = token_of(&app, &notes, &server, &mut browser).await;
    assert_eq!(notes.userinfo(&token).await.status(), 401);
}

/// Signs in and out once more for a logout token.
async fn token_of(app: &TestApp, notes: &App, server: &Server, browser: &mut Browser) -> String {
    app.advance(Duration::from_secs(1));
    browser.sign_in(notes, "ada", &[]).await;
    sign_out(browser).await;
    token(&server.next("/notes").await)
}

#[actix_web::test]
async fn r106_what_failed_is_tried_again_with_the_same_jti() {
    let closed = Closed::new();
    let app = TestApp::with(Options { outbound: closed.outbound(), ..Options::default() }).await;
    app.user("ada").await;
    let notes = listening(&app, &closed.url, "/notes", json!({})).await;
    let mut browser = app.browser();
    browser.sign_in(&notes, "ada", &[]).await;
    sign_out(&mut browser).await;
    let listed = until(&app, |listed| listed[0].delivery.problem.is_some()).await;
    assert_eq!(listed[0].delivery.state.as_str(), "waiting");
    let problem = listed[0].delivery.problem.clone().expect("a problem");
    assert!(problem.starts_with("no answer"), "{problem}");
    let server = closed.open();
    server.behave("/notes", Manner::Status(500));
    app.advance(Duration::from_secs(7));
    let first = next(&server, "/notes").await;
    until(&app, |listed| {
        listed[0].delivery.problem.as_deref() == Some("the answer's status is 500")
    })
    .await;
    server.behave("/notes", Manner::Status(204));
    app.advance(Duration::from_secs(30));
    let second = next(&server, "/notes").await;
    assert_eq!(first["jti"], second["jti"]);
    assert_eq!(second["iat"].as_i64(), first["iat"].as_i64().map(|at| at + 30));
    let listed = until(&app, |listed| is_delivered(&listed[0])).await;
    assert_eq!((listed[0].delivery.tries, &listed[0].delivery.problem), (3, &None));
}

#[actix_web::test]
async fn r106_after_a_day_it_is_given_up_and_seen() {
    let (app, server) = begin().await;
    let notes = listening(&app, &server.url, "/notes", json!({})).await;
    server.behave("/notes", Manner::Status(400));
    let mut browser = app.browser();
    browser.sign_in(&notes, "ada", &[]).await;
    sign_out(&mut browser).await;
    until(&app, |listed| listed[0].delivery.problem.is_some()).await;
    app.advance(Duration::from_secs(25 * 60 * 60));
    let listed = until(&app, |listed| listed[0].delivery.state.as_str() == "given_up").await;
    assert_eq!(listed[0].delivery.tries, 2);
    // An operator has it tried once more.
    server.behave("/notes", Manner::Status(200));
    let id = listed[0].delivery.id;
    assert_eq!(outbox::retry(&app.store, app.clock.as_ref(), Some(id)).await.expect("due"), 1);
    until(&app, |listed| is_delivered(&listed[0])).await;
    assert_eq!(outbox::retry(&app.store, app.clock.as_ref(), None).await.expect("due"), 0);
}

#[actix_web::test]
async fn r37_a_lost_account_is_told_to_every_app_of_every_session() {
    let (app, server) = begin().await;
    let notes = listening(&app, &server.url, "/notes", json!({})).await;
    let pairwise = json!({ "subject_type": "pairwise" });
    let photos = listening(&app, &server.url, "/photos", pairwise).await;
    let sign_in = async || {
        // One of them is old: apps may keep people signed in for longer than we do.
        let here = notes.sign_in("ada", &[]).await;
        // What is on its way then would be taken for lost, and be told twice.
        until(&app, |listed| listed.iter().all(is_delivered)).await;
        app.advance(Duration::from_secs(13 * 60 * 60));
        let there = photos.sign_in("ada", &[]).await;
        [here, there].map(|tokens| payload(tokens["id_token"].as_str().expect("text")))
    };

    let [here, there] = sign_in().await;
    users::disable(app.operator(), "ada").await.expect("disabled");
    for (path, id_token) in [("/notes", here), ("/photos", there)] {
        let told = next(&server, path).await;
        assert_eq!((&told["sub"], &told["sid"]), (&id_token["sub"], &id_token["sid"]));
    }
    users::enable(app.operator(), "ada").await.expect("enabled");

    let [here, there] = sign_in().await;
    let passwords = PasswordPool::new(Argon2Cost { memory_kib: 32, passes: 1 }, 1).expect("a pool");
    let new = NewPassword { user: "ada", password: Secret::new(PASSWORD.to_owned()) };
    let set = users::set_password(app.operator(), &passwords, new);
    set.await.expect("a new password");
    for (path, id_token) in [("/notes", here), ("/photos", there)] {
        assert_eq!(next(&server, path).await["sid"], id_token["sid"]);
    }

    let [here, there] = sign_in().await;
    users::delete(app.operator(), "ada").await.expect("deleted");
    // A public subject goes with its account; the session has its name all the same.
    let told = next(&server, "/notes").await;
    assert_eq!((told.get("sub"), &told["sid"]), (None, &here["sid"]));
    let told = next(&server, "/photos").await;
    assert_eq!((&told["sub"], &told["sid"]), (&there["sub"], &there["sid"]));
}

#[actix_web::test]
async fn a_session_that_gives_way_to_another_person_is_told() {
    let (app, server) = begin().await;
    app.user("bob").await;
    let notes = listening(&app, &server.url, "/notes", json!({})).await;
    let mut browser = app.browser();
    let tokens = notes.tokens(&browser.sign_in(&notes, "ada", &[]).await.code()).await;
    browser.sign_in(&notes, "bob", &[("prompt", "login")]).await;
    let ada = payload(tokens["id_token"].as_str().expect("text"));
    let told = next(&server, "/notes").await;
    assert_eq!((&told["sub"], &told["sid"]), (&ada["sub"], &ada["sid"]));
}

#[actix_web::test]
async fn an_app_that_hangs_delays_nobody() {
    let (app, server) = begin().await;
    let slow = listening(&app, &server.url, "/slow", json!({})).await;
    let notes = listening(&app, &server.url, "/notes", json!({})).await;
    server.behave("/slow", Manner::Silent);
    for _ in 0..12 {
        slow.sign_in("ada", &[]).await;
    }
    let mut browser = app.browser();
    browser.sign_in(&slow, "ada", &[]).await;
    browser.authorize(&notes, &[]).await;
    users::disable(app.operator(), "ada").await.expect("disabled");
    server.next("/slow").await;
    next(&server, "/notes").await;
    // It holds its share of the calls and no more, and the person's page waits for none of them.
    assert!(server.count("/slow") < 4, "{}", server.count("/slow"));
    users::enable(app.operator(), "ada").await.expect("enabled");
    browser.sign_in(&slow, "ada", &[]).await;
    sign_out(&mut browser).await;
    let listed = outbox::list(&app.store, false).await.expect("the outbox");
    assert!(listed.len() > 12 && listed.iter().all(|one| one.delivery.state.as_str() == "waiting"));
}
