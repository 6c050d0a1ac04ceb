//! What a restore brings back, and what it must not.

use std::path::PathBuf;

use serde_json::{Value, json};
use tessera::app::backup::{self, Restore};
use tessera::app::users;
use tessera::base::{Clock as _, SystemEntropy, Timestamp};
use tessera::credentials::Sealer;
use tessera::store::Location;

use super::fresh_database;
use crate::support::{Answer, App, Browser, Options, TestApp, header, seal_key, text};

const API: &str = "https://api.example/";
const OFFLINE: &str = "openid profile offline_access";

fn sealer() -> Sealer {
    Sealer::new(seal_key()).expect("a sealer")
}

/// A folder that is gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = format!("{name}-{}", std::process::id());
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Restores the backup into `location` at `now`. Meanwhile what is left of the server ends.
async fn restore(folder: &Folder, location: &Location, now: Timestamp) {
    let (folder, location) = (folder.0.clone(), location.clone());
    let restoring = tokio::task::spawn_blocking(move || {
        let how = Restore {
            from: &folder.join("kept.db"),
            to: &location,
            draft: &folder.join("restoring.db"),
            aside: &folder.join("before.db"),
            replace: true,
        };
        let clock = tessera::base::ManualClock::new(now);
        backup::restore(&how, &sealer(), &clock, &SystemEntropy)
    });
    let restored = restoring.await.expect("it ran").expect("restored");
    assert!(restored.kept.is_some());
}

async fn is_active(app: &App, token: &str) -> bool {
    let (status, body) = app.ask("/introspect", &[("token", token)]).await;
    assert_eq!(status, 200, "{body}");
    body["active"] == json!(true)
}

/// Allows the app what it asks for, where somebody is asked.
async fn allow(browser: &mut Browser, page: Answer) -> Answer {
    if page.has("consent-allow") {
        return browser.submit(&page, &[("decision", "allow")]).await;
    }
    page
}

/// Where tokens still open something.
async fn revived(app: &App, tokens: &Value) -> Vec<&'static str> {
    let mut opened = Vec::new();
    let access = text(tokens, "access_token");
    if app.userinfo(access).await.status() != 401 {
        opened.push("userinfo");
    }
    if is_active(app, access).await {
        opened.push("introspection");
    }
    if let Some(refresh) = tokens["refresh_token"].as_str() {
        let (status, body) = app.refresh(refresh, &[]).await;
        if (status, &body["error"]) != (400, &json!("invalid_grant")) {
            opened.push("refresh");
        }
        if is_active(app, refresh).await {
            opened.push("introspection of the refresh token");
        }
    }
    opened
}

#[actix_web::test]
async fn p8_nothing_that_was_given_out_before_a_restore_opens_anything() {
    let folder = Folder::new("restoring");
    let location = Location::SqliteFile(folder.0.join("tessera.db"));
    story(&folder, location).await;
}

#[test]
fn p8_nor_on_postgresql() {
    let Some(url) = fresh_database() else { return };
    let folder = Folder::new("restoring-postgres");
    actix_web::rt::System::new().block_on(story(&folder, Location::Postgres(url)));
}

async fn story(folder: &Folder, location: Location) {
    let options = || Options { location: location.clone(), ..Options::default() };
    let app = TestApp::with(options()).await;
    let (ada, _) = (app.user("ada").await, app.user("bob").await);
    let (phone, codes) = app.authenticator(&ada).await;
    let grant_types = ["authorization_code", "refresh_token"];
    let metadata = json!({ "resources": [API], "grant_types": grant_types, "first_party": false });
    let notes = app.app(metadata).await;
    let kid = |tokens: &Value| header(text(tokens, "id_token"))["kid"].clone();

    // Before the backup: a session, tokens of every kind, a code that waits, a pushed request.
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "bob", &[("scope", OFFLINE)]).await;
    let opaque = notes.tokens(&allow(&mut browser, page).await.code()).await;
    let answer = browser.authorize(&notes, &[("resource", API)]).await;
    let jwt = notes.tokens(&allow(&mut browser, answer).await.code()).await;
    assert!(revived(&notes, &jwt).await.contains(&"userinfo"), "it counts before");
    let waiting = browser.authorize(&notes, &[("prompt", "none")]).await.code();
    let pushed = notes.push(&[]).await;

    let made = folder.0.join("kept.db");
    let backup = backup::make(app.operator(), &sealer(), &location, &made).await.expect("made");
    assert_eq!(
        backup.engine,
        if matches!(location, Location::Postgres(_)) { "postgres" } else { "sqlite" }
    );

    // After it: more tokens, a rotation, a time step and a recovery code used up, a new password.
    let renewed = notes.renewed(text(&opaque, "refresh_token")).await;
    app.advance(std::time::Duration::from_secs(60));
    let used = phone.code(&app);
    let mut hers = app.browser();
    let page = hers.sign_in(&notes, "ada", &[]).await;
    let page = hers.submit(&page, &[("code", &used)]).await;
    assert!(page.has("consent-allow"), "{}", page.body);
    app.set_password("bob", "something else entirely").await;
    users::disable(app.operator(), "bob").await.expect("disabled");
    let (url, now) = (app.url.clone(), app.clock.now());
    app.stop().await;

    restore(folder, &location, now).await;
    let options = Options { public_url: Some(url), starts_at: now, ..options() };
    let app = TestApp::with(options).await;
    let notes = App { provider: app.url.clone(), ..notes };
    for (what, tokens) in [("opaque", &opaque), ("JWT", &jwt), ("renewed", &renewed)] {
        assert_eq!(revived(&notes, tokens).await, [""; 0], "{what}");
    }
    let answer = notes.redeem(&waiting).await;
    assert_eq!(answer.status(), 400, "a code that waited");
    let mut old = Browser::new(&app.url);
    old.cookies = browser.cookies.clone();
    let silent = old.authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("login_required"), "the session is dead");
    let query = pushed.split_once('?').expect("a query").1;
    assert_eq!(old.get(&format!("/authorize?{query}")).await.status, 400, "the pushed request");

    // The used code and every recovery code are refused, and the next step is not.
    let mut hers = Browser::new(&app.url);
    let page = hers.sign_in(&notes, "ada", &[]).await;
    let page = hers.submit(&page, &[("code", &used)]).await;
    assert!(page.has("totp-code"), "{}", page.body);
    let way = page.form().0.replace("/totp", "/recovery");
    let (_, fields) = page.form();
    let form = [("csrf", fields[0].1.as_str()), ("code", &codes[0])];
    assert!(hers.post(&way, &form).await.has("totp-code"), "a recovery code");
    app.advance(std::time::Duration::from_secs(90));
    let page = hers.get(&page.form().0).await;
    let page = hers.submit(&page, &[("code", &phone.code(&app))]).await;
    assert!(page.has("consent-allow"), "{}", page.body);

    // People, passwords, apps, consents and keys are those of the backup; bob was enabled then.
    let mut browser = Browser::new(&app.url);
    let answer = browser.sign_in(&notes, "bob", &[("scope", OFFLINE)]).await;
    let tokens = notes.tokens(&allow(&mut browser, answer).await.code()).await;
    assert_eq!(kid(&tokens), kid(&opaque));
    assert!(notes.is_live(&tokens).await);
    assert_eq!(app.rows_of("restored").await.len(), 1);
    app.issuer.seal_audit().await.expect("sealed");
    let verdict = tessera::app::audit::verify(&app.store, &sealer(), None).await.expect("judged");
    assert!(verdict.is_sound(), "{verdict:?}");
    app.stop().await;
}
