//! Whether everything that apps were told is still true.

use std::time::{Duration, Instant};

use diesel::{Connection as _, RunQueryDsl as _};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::Value;

use super::ledger::{Held, Ledger};
use super::load::{told_in, try_sign_in};
use super::place::{CHANGING, Place};
use crate::support::{App, Browser, header};

/// How long another program may go by what it kept in memory: a second, and as long as a busy machine takes to ask.
const KEPT: Duration = Duration::from_secs(10);

/// Asks the programs, which run again.
pub(super) fn check(place: &Place, ledger: &Ledger) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(ask(&place.apps, ledger));
    place.here.run(&["audit", "verify"]).succeeded();
    if place.postgres.is_none() {
        is_whole(&place.database().display().to_string());
    }
}

/// What SQLite says of its file: every page, index and reference.
pub(super) fn is_whole(path: &str) {
    #[derive(diesel::QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text)]
        integrity_check: String,
    }
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        strays: i64,
    }
    let mut lite = diesel::SqliteConnection::establish(path).unwrap();
    let said: Vec<Line> = diesel::sql_query("PRAGMA integrity_check").load(&mut lite).unwrap();
    let said: Vec<String> = said.into_iter().map(|line| line.integrity_check).collect();
    assert_eq!(said, ["ok"]);
    let strays = "SELECT count(*) AS strays FROM pragma_foreign_key_check";
    let strays: Count = diesel::sql_query(strays).get_result(&mut lite).unwrap();
    assert_eq!(strays.strays, 0);
}

async fn ask(apps: &[App], ledger: &Ledger) {
    for app in apps {
        let keys = Browser::new(&app.provider).get("/jwks").await.body;
        let keys: JwkSet = serde_json::from_str(&keys).unwrap();
        ledger.held.iter().flat_map(|one| &one.id_tokens).for_each(|token| verify(&keys, token));
    }
    for (number, held) in ledger.held.iter().enumerate() {
        let app = &apps[number % apps.len()];
        if held.is_revoked { is_gone(app, held).await } else { is_there(app, held).await }
    }
    for code in &ledger.lost {
        assert_eq!(apps[0].redeem(code).await.status(), 400, "a code counts twice");
    }
    for (number, cookies) in ledger.ended.iter().enumerate() {
        let app = &apps[number % apps.len()];
        let mut browser = Browser::new(&app.provider);
        browser.cookies.clone_from(cookies);
        let answer = browser.authorize(app, &[("prompt", "none")]).await;
        let error = told_in(&answer.location().unwrap_or_default(), "error");
        assert_eq!(error.as_deref(), Some("login_required"), "a session came back");
    }
    passwords(&apps[0], &ledger.passwords).await;
}

fn verify(keys: &JwkSet, token: &str) {
    let kid = header(token)["kid"].as_str().unwrap().to_owned();
    let key = keys.find(&kid).unwrap_or_else(|| panic!("no key {kid} is published"));
    // Other tests of this process sign, and the first use of the library decides with what.
    tessera::jose::install_signer();
    let mut checks = Validation::new(jsonwebtoken::decode_header(token).unwrap().alg);
    checks.validate_aud = false;
    let key = DecodingKey::from_jwk(key).unwrap();
    jsonwebtoken::decode::<Value>(token, &key, &checks).expect("an ID token that verifies");
}

/// What an app holds opens what it should, and its code does not count again.
async fn is_there(app: &App, held: &Held) {
    for token in &held.access_tokens {
        assert_eq!(app.userinfo(token).await.status(), 200, "an access token is lost: {held:?}");
    }
    let (status, body) = app.refresh(&held.refresh_token, &[]).await;
    assert_eq!(status, 200, "the newest refresh token is lost: {body} {held:?}");
    assert_eq!(app.redeem(&held.code).await.status(), 400, "a code counts twice: {held:?}");
}

/// What was revoked stays so.
async fn is_gone(app: &App, held: &Held) {
    let since = Instant::now();
    for token in &held.access_tokens {
        while app.userinfo(token).await.status() != 401 {
            assert!(since.elapsed() < KEPT, "a revoked access token counts: {held:?}");
        }
    }
    let (status, _) = app.refresh(&held.refresh_token, &[]).await;
    assert_eq!(status, 400, "a revoked refresh token counts: {held:?}");
    assert_eq!(app.redeem(&held.code).await.status(), 400, "a code counts twice: {held:?}");
}

/// The newest password opens, and the one before it does not.
async fn passwords(app: &App, all: &[String]) {
    let mut newest = all.iter().rev();
    let Some(current) = newest.next() else { return };
    let mut browser = Browser::new(&app.provider);
    let opened = try_sign_in(&mut browser, app, CHANGING, current).await;
    assert!(opened.is_some(), "the newest password does not open");
    if let Some(old) = newest.next() {
        let mut browser = Browser::new(&app.provider);
        let opened = try_sign_in(&mut browser, app, CHANGING, old).await;
        assert!(opened.is_none(), "an old password opens");
    }
}
