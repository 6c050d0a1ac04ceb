//! Everything of a person as one archive.

use std::io::{Cursor, Read as _};

use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE, COOKIE};
use serde_json::{Value, json};
use tessera::app::audit::{Query, tail};
use tessera::base::Digest;
use tessera::domain::TrustedDevice;
use tessera::store::trusted_devices;

use crate::support::{Answer, Browser, PASSWORD, TestApp};

/// The archive that the page gives out: each file by its name.
async fn archive(app: &TestApp, browser: &Browser, page: &Answer) -> Vec<(String, Value)> {
    let (action, fields) = page.form();
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let request = http.post(format!("{}{action}", app.url)).form(&fields);
    let answer = request.header(COOKIE, cookies.join("; ")).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/zip");
    assert_eq!(answer.headers()["cache-control"], "no-store", "r94");
    let disposition = answer.headers()[CONTENT_DISPOSITION].to_str().expect("text");
    assert!(disposition.starts_with("attachment"), "{disposition}");
    let bytes = answer.bytes().await.expect("a body");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let read = |index| {
        let mut file = archive.by_index(index).expect("a file");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("text");
        (file.name().expect("a name").into_owned(), serde_json::from_str(&text).expect("JSON"))
    };
    (0..5).map(read).collect()
}

#[actix_web::test]
async fn the_archive_holds_everything_of_its_person_and_no_secret() {
    let app = TestApp::start().await;
    let (user, now) = (app.user("ada").await, app.issuer.now());
    app.user("bob").await;
    let notes = app.app(json!({ "client_name": "Notes", "first_party": false })).await;
    app.app(json!({ "client_name": "Elsewhere" })).await;
    let mut ada = app.browser();
    ada.user_agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".to_owned();
    let page = ada.sign_in(&notes, "ada", &[]).await;
    let code = ada.submit(&page, &[("decision", "allow")]).await.code();
    let tokens = notes.tokens(&code).await;
    let id = user.id;
    let trusted = move |db: &mut _| {
        let digest = Digest::of(b"a device");
        let (created_at, expires_at) = (now, now + std::time::Duration::from_secs(30 * 86_400));
        trusted_devices::insert_device(
            db,
            &TrustedDevice { digest, user: id, created_at, expires_at },
        )
    };
    app.store.write("trust", trusted).await.expect("trusted");
    let page = ada.get("/account/export").await;
    let files = archive(&app, &ada, &page).await;
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let expected = ["profile.json", "sessions.json", "apps.json", "sign-in.json", "activity.json"];
    assert_eq!(names, expected);
    let [profile, sessions, apps, sign_in, activity] = [0, 1, 2, 3, 4].map(|index| &files[index].1);
    assert_eq!(profile["email"], "ada@example.com");
    assert_eq!(profile["claims"]["address"]["formatted"], "1 Example Street");
    assert_eq!(sessions[0]["device"], "Firefox · Linux");
    assert_eq!(sessions[0]["apps"], json!([notes.client_id]));
    assert_eq!(apps.as_array().map(Vec::len), Some(1), "{apps}");
    assert_eq!(apps[0]["name"], "Notes");
    assert_eq!(apps[0]["allowed"]["scopes"][0], "openid");
    assert_eq!(apps[0]["granted"].as_array().map(Vec::len), Some(1));
    assert_eq!(sign_in["has_password"], true);
    assert_eq!(sign_in["trusted_devices"][0]["until"], "2027-02-14T08:00:00Z");
    assert_eq!(sign_in["browsers_signed_in_with"], json!([{ "last_at": "2027-01-15T08:00:00Z" }]));
    let events: Vec<_> = activity.as_array().expect("rows").iter().collect();
    assert!(events.iter().any(|row| row["event"] == "consent_given" && row["by"] == "you"));
    assert!(events.iter().any(|row| row["event"] == "data_exported"));
    // Nothing that opens anything, and nothing of others.
    let all = files.iter().map(|(_, value)| value.to_string()).collect::<String>();
    let hash = user.password_hash.expect("a hash");
    let token = tokens["access_token"].as_str().expect("a token");
    for secret in [hash.as_str(), "argon2", "digest", token, code.as_str(), "bob"] {
        assert!(!all.contains(secret), "{secret}");
    }
    for cookie in ada.cookies.values() {
        assert!(!all.contains(cookie.as_str()));
    }
    let rows = tail(&app.store, &Query::default(), 1000).await.expect("rows");
    assert_eq!(rows.iter().filter(|row| row.event == "data_exported").count(), 1);
}

#[actix_web::test]
async fn r71_the_archive_needs_a_fresh_sign_in() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let mut ada = app.browser();
    let page = ada.get("/account/export").await;
    let page = ada.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(page.has("export-submit"), "{}", page.body);
    app.advance(std::time::Duration::from_secs(5 * 60 + 1));
    assert!(ada.submit(&page, &[]).await.has("login-submit"));
    let again = ada.get("/account/export").await;
    let back = ada.submit(&again, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(back.has("export-submit"), "{}", back.url);
    let rows = tail(&app.store, &Query::default(), 1000).await.expect("rows");
    assert!(rows.iter().all(|row| row.event != "data_exported"));
}
