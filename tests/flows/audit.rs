//! The audit trail (`security.md` R125): each event leaves its row.

use std::time::Duration;

use serde_json::{Value, json};
use tessera::app::audit::{Query, tail, verify};
use tessera::app::registration::new_token;
use tessera::app::{clients, users};
use tessera::credentials::Sealer;
use tessera::domain::AuditRecord;
use tessera::protocol::DynamicRegistration;
use tessera::rules::audit::Break;
use tessera::store::{Db, StoreError};

use crate::support::{App, Options, PASSWORD, TestApp, seal_key};

async fn rows(app: &TestApp) -> Vec<AuditRecord> {
    tail(&app.store, &Query::default(), 1000).await.expect("rows")
}

async fn named(app: &TestApp, event: &str) -> Vec<AuditRecord> {
    rows(app).await.into_iter().filter(|row| row.event == event).collect()
}

/// The one row of this event.
async fn one(app: &TestApp, event: &str) -> AuditRecord {
    let mut found = named(app, event).await;
    assert_eq!(found.len(), 1, "{event}: {found:?}");
    found.remove(0)
}

fn actor(row: &AuditRecord) -> (&str, Option<&str>) {
    (&row.actor_kind, row.actor_id.as_deref())
}

fn target(row: &AuditRecord) -> Option<(&str, &str)> {
    row.target.as_ref().map(|(kind, id)| (kind.as_str(), id.as_str()))
}

fn details(row: &AuditRecord) -> Value {
    serde_json::from_str(&row.details).expect("JSON")
}

#[actix_web::test]
async fn r125_signing_in_and_out_leaves_rows_with_their_request() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await.id.to_string();
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    let refused = browser.submit(&page, &[("username", "ada"), ("password", "wrong one")]).await;
    app.advance(Duration::from_millis(1));
    browser.submit(&page, &[("username", "nobody"), ("password", "wrong one")]).await;
    browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;

    let failed = named(&app, "sign_in_refused").await;
    assert_eq!(failed.iter().map(target).collect::<Vec<_>>(), [Some(("user", &*ada)), None]);
    assert_eq!(details(&failed[0]), json!({ "why": "wrong password" }));
    assert_eq!(details(&failed[1]), json!({ "why": "unknown account" }));
    assert_eq!(failed[0].outcome, "refused");
    assert_eq!(failed[0].network.as_deref(), Some("127.0.0.0"));
    assert_eq!(failed[0].reference.as_deref(), refused.header("x-request-id"));

    let made = one(&app, "signed_in").await;
    assert_eq!((actor(&made), target(&made)), (("user", Some(&*ada)), Some(("user", &*ada))));
    assert_eq!(made.outcome, "done");

    let question = browser.get("/end_session").await;
    browser.submit(&question, &[]).await;
    let out = one(&app, "signed_out").await;
    assert_eq!(actor(&out), ("user", Some(&*ada)));
    assert_eq!(details(&out)["session"], details(&made)["session"]);
}

#[actix_web::test]
async fn r125_second_factors_leave_their_rows() {
    let app = TestApp::start().await;
    let user = app.user("ada").await;
    let ada = user.id.to_string();
    let (phone, codes) = app.authenticator(&user).await;
    app.advance(Duration::from_secs(30));
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    let page = browser.submit(&page, &[("code", "000000")]).await;
    browser.submit(&page, &[("code", &phone.code(&app))]).await.code();
    for (event, who, told) in [
        ("totp_set_up", Some(&*ada), json!({})),
        ("password_shown", Some(&*ada), json!({})),
        ("factor_refused", None, json!({ "way": "totp" })),
        ("factor_shown", Some(&*ada), json!({ "way": "totp" })),
    ] {
        let row = one(&app, event).await;
        assert_eq!((actor(&row).1, target(&row)), (who, Some(("user", &*ada))), "{event}");
        assert_eq!(details(&row), told, "{event}");
    }
    assert_eq!(details(&one(&app, "signed_in").await)["amr"], json!(["pwd", "otp", "mfa"]));
    let mut other = app.browser();
    let page = other.sign_in(&notes, "ada", &[]).await;
    let page = other.get(&page.form().0.replace("/totp", "/recovery")).await;
    assert!(page.has("recovery-code"), "{}", page.body);
    other.submit(&page, &[("code", &codes[0])]).await.code();
    let mut shown: Vec<Value> = named(&app, "factor_shown").await.iter().map(details).collect();
    shown.sort_by_key(ToString::to_string);
    assert_eq!(shown, [json!({ "way": "recovery_code" }), json!({ "way": "totp" })]);
}

#[actix_web::test]
async fn r125_a_sign_in_is_refused_by_one_row_on_every_path() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user("bob").await;
    users::disable(app.operator(), "bob").await.expect("disabled");
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    for (name, password) in
        [("ada", "wrong"), ("bob", PASSWORD), ("nobody", PASSWORD), ("not a name!", PASSWORD)]
    {
        let before = rows(&app).await.len();
        browser.submit(&page, &[("username", name), ("password", password)]).await;
        assert_eq!(rows(&app).await.len(), before + 1, "{name}");
    }
    // People type passwords into the name.
    assert!(rows(&app).await.iter().all(|row| !format!("{row:?}").contains("not a name!")));
}

#[actix_web::test]
async fn r125_every_change_of_an_account_leaves_its_row() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await.id.to_string();
    let on = app.operator();
    users::set_groups(on, "ada", &["board".to_owned()]).await.expect("set");
    app.set_password("ada", "another horse and battery").await;
    users::disable(on, "ada").await.expect("disabled");
    users::enable(on, "ada").await.expect("enabled");
    users::delete(on, "ada").await.expect("deleted");
    let events = [
        "user_created",
        "groups_set",
        "password_set",
        "user_disabled",
        "user_enabled",
        "user_deleted",
    ];
    for event in events {
        let row = one(&app, event).await;
        assert_eq!((actor(&row), target(&row)), (("command", None), Some(("user", &*ada))));
    }
    assert_eq!(details(&one(&app, "groups_set").await), json!({ "groups": ["board"] }));
    // What does not happen leaves none.
    let before = rows(&app).await.len();
    users::disable(on, "ada").await.expect_err("gone");
    assert_eq!(rows(&app).await.len(), before);
    // A deleted account is found by its id.
    let query = Query { user: Some(ada), since: None };
    assert_eq!(tail(&app.store, &query, 100).await.expect("rows").len(), events.len());
}

#[actix_web::test]
async fn r125_a_sign_in_that_was_not_theirs_leaves_its_row_with_the_browser() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await.id.to_string();
    let mut browser = app.browser();
    browser.user_agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".to_owned();
    let page = browser.get("/account/activity/not-me").await;
    let page = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(named(&app, "sign_in_disowned").await.is_empty());
    browser.submit(&page, &[]).await;
    let row = one(&app, "sign_in_disowned").await;
    assert_eq!((actor(&row), target(&row)), (("user", Some(&*ada)), Some(("user", &*ada))));
    assert_eq!(details(&row), json!({ "device": "Firefox · Linux" }));
}

#[actix_web::test]
async fn r125_every_change_of_a_client_leaves_its_row() {
    let options =
        Options { dynamic_registration: DynamicRegistration::Token, ..Options::default() };
    let app = TestApp::with(options).await;
    let notes = app.app(json!({})).await;
    assert_eq!(target(&one(&app, "client_created").await), Some(("client", &*notes.client_id)));
    let wrong = App {
        provider: notes.provider.clone(),
        client_id: notes.client_id.clone(),
        secret: Some("a wrong secret".to_owned()),
        redirect_uri: notes.redirect_uri.clone(),
    };
    wrong.ask("/introspect", &[("token", "x")]).await;
    assert_eq!(target(&one(&app, "client_refused").await), Some(("client", &*notes.client_id)));

    let token = new_token(app.operator(), 1, Duration::from_secs(3600)).await.expect("a token");
    assert_eq!(details(&one(&app, "registration_token_made").await), json!({ "uses": 1 }));
    let http = reqwest::Client::new();
    let metadata = json!({ "redirect_uris": ["https://new.example/callback"] });
    let made = http.post(format!("{}/register", app.url)).json(&metadata);
    let made = made.bearer_auth(token.token.expose()).send().await.expect("an answer");
    let made: Value = made.json().await.expect("JSON");
    let id = made["client_id"].as_str().expect("text");
    let row = one(&app, "client_registered").await;
    assert_eq!(
        (row.actor_kind.as_str(), target(&row)),
        ("registration_token", Some(("client", id)))
    );
    let address = made["registration_client_uri"].as_str().expect("text");
    let bearer = made["registration_access_token"].as_str().expect("text");
    let changed = json!({ "client_id": id, "redirect_uris": ["https://new.example/other"] });
    http.put(address).json(&changed).bearer_auth(bearer).send().await.expect("an answer");
    http.delete(address).bearer_auth(bearer).send().await.expect("an answer");
    for event in ["client_changed", "client_deleted"] {
        let row = one(&app, event).await;
        assert_eq!((actor(&row), target(&row)), (("client", Some(id)), Some(("client", id))));
        assert!(row.reference.is_some() && row.network.is_some());
    }
    app.advance(Duration::from_millis(1));
    clients::delete(app.operator(), &notes.client_id).await.expect("deleted");
    assert_eq!(actor(&named(&app, "client_deleted").await[1]), ("command", None));
    assert!(!named(&app, "key_made").await.is_empty());
}

/// A person signed in to an app with a refresh token, which is told.
async fn tokens(app: &TestApp) -> (App, String, Value) {
    app.user("ada").await;
    let grants =
        json!({ "grant_types": ["authorization_code", "refresh_token"], "first_party": false });
    let notes = app.app(grants).await;
    let mut browser = app.browser();
    let consent = browser.sign_in(&notes, "ada", &[]).await;
    let code = browser.submit(&consent, &[("decision", "allow")]).await.code();
    let tokens = notes.tokens(&code).await;
    (notes, code, tokens)
}

#[actix_web::test]
async fn r125_consents_and_tokens_taken_back_leave_rows() {
    let app = TestApp::start().await;
    let (notes, code, tokens) = tokens(&app).await;
    assert_eq!(target(&one(&app, "consent_given").await), Some(("client", &*notes.client_id)));
    let access = tokens["access_token"].as_str().expect("text");
    notes.ask("/revoke", &[("token", access)]).await;
    assert_eq!(actor(&one(&app, "token_revoked").await), ("client", Some(&*notes.client_id)));
    notes.redeem(&code).await;
    notes.redeem(&code).await;
    let replay = one(&app, "code_replayed").await;
    assert_eq!((replay.outcome.as_str(), actor(&replay).0), ("alarm", "client"));
    assert_eq!(target(&replay), target(&one(&app, "token_revoked").await));
}

async fn sql(app: &TestApp, statement: &'static str) {
    use diesel::connection::SimpleConnection as _;
    let change = move |db: &mut Db| match db {
        Db::Lite(connection) => connection.batch_execute(statement).map_err(StoreError::from),
        Db::Pg(connection) => connection.batch_execute(statement).map_err(StoreError::from),
    };
    app.store.write("tamper", change).await.expect("changed");
}

#[actix_web::test]
async fn r125_verify_finds_the_first_broken_row() {
    let sealer = Sealer::new(seal_key()).expect("a sealer");
    let tampering: [(&'static str, Break); 4] = [
        ("UPDATE audit SET outcome = 'done' WHERE place = 2", Break::Altered),
        ("DELETE FROM audit WHERE place = 2", Break::Missing),
        (
            "UPDATE audit SET place = -1 WHERE place = 2; UPDATE audit SET place = 2 WHERE place = 3; \
             UPDATE audit SET place = 3 WHERE place = -1",
            Break::Order,
        ),
        ("UPDATE audit SET mac = hash WHERE place = 2", Break::Forged),
    ];
    for (statement, why) in tampering {
        let app = TestApp::start().await;
        app.user("ada").await;
        app.set_password("ada", "another horse and battery").await;
        sql(&app, "UPDATE audit SET outcome = 'odd'").await;
        app.issuer.seal_audit().await.expect("sealed");
        let sound = verify(&app.store, &sealer, None).await.expect("a verdict");
        assert!(sound.is_sound() && sound.unsealed == 0 && sound.sound > 4, "{sound:?}");
        sql(&app, statement).await;
        let verdict = verify(&app.store, &sealer, None).await.expect("a verdict");
        let (_, found) = verdict.broken.as_ref().expect("broken");
        assert_eq!((verdict.sound, *found), (1, why), "{statement}");
        assert!(!verdict.is_sound());
    }
}

#[actix_web::test]
async fn r125_an_end_that_was_cut_off_is_found_by_a_head_from_the_log() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.issuer.seal_audit().await.expect("sealed");
    let sealer = Sealer::new(seal_key()).expect("a sealer");
    let verdict = verify(&app.store, &sealer, None).await.expect("a verdict");
    let head = tessera::app::audit::written(verdict.head);
    app.user("bob").await;
    app.issuer.seal_audit().await.expect("sealed");
    assert!(verify(&app.store, &sealer, Some(&head)).await.expect("a verdict").is_sound());
    sql(&app, "DELETE FROM audit WHERE place > 3").await;
    let cut = verify(&app.store, &sealer, Some(&head)).await.expect("a verdict");
    assert!(cut.broken.is_none() && !cut.is_sound(), "{cut:?}");
}
