use serde_json::json;
use tessera::store::{Location, users};

use crate::support::{Options, PASSWORD, TestApp};

/// r25: everything that opens something is stored as a digest, sealed, or not at all.
#[actix_web::test]
async fn r25_the_database_holds_nothing_that_opens_anything() {
    let folder = std::env::temp_dir().join(format!("tessera-at-rest-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("tessera.db");
    let app =
        TestApp::with(Options { location: Location::SqliteFile(file), ..Options::default() }).await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    let answer = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    let code = answer.code();
    let open = browser.authorize(&notes, &[]).await.code();
    let tokens = notes.tokens(&code).await;
    let mut secrets = vec![PASSWORD.to_owned(), code, open];
    secrets.extend(notes.secret.clone());
    secrets.extend(
        ["access_token", "id_token"].map(|name| tokens[name].as_str().expect("text").to_owned()),
    );
    secrets.extend(browser.cookies.values().cloned());
    secrets.extend(page.url.rsplit('/').next().map(str::to_owned));
    app.stop().await;
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("the folder").flatten() {
        bytes.extend(std::fs::read(entry.path()).expect("a file"));
    }
    std::fs::remove_dir_all(&folder).expect("removed");
    assert!(bytes.len() > 10_000);
    let stands = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(stands(b"the-nonce"), "the search finds what is there");
    for secret in secrets {
        assert!(!stands(secret.as_bytes()), "{secret}");
        // Nor the bytes behind the text.
        let body = secret.rsplit(['_', '.']).next().unwrap_or_default();
        if let Ok(raw) = tessera::base::from_base64url(body)
            && raw.len() >= 32
        {
            assert!(!stands(&raw[raw.len() - 16..]), "{secret}, decoded");
        }
    }
    assert!(!stands(b"PRIVATE KEY"));
}

/// r64: nobody can sign in to a new installation.
#[actix_web::test]
async fn r64_there_is_no_default_account() {
    let app = TestApp::start().await;
    assert_eq!(app.store.read(users::count_users).await, Ok(0));
}
