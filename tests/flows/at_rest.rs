use serde_json::json;
use tessera::store::{Location, clients, users};

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

/// r40: a secret is long, shown once, and kept as a digest; sealed only where an HMAC needs it.
#[actix_web::test]
async fn r40_a_client_secret_is_kept_as_a_digest_or_sealed() {
    let app = TestApp::start().await;
    for (method, is_sealed) in [("client_secret_basic", false), ("client_secret_jwt", true)] {
        let client = app.app(json!({ "token_endpoint_auth_method": method })).await;
        let secret = client.secret.clone().expect("a secret");
        assert!(secret.len() == 43 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let id = client.client_id.clone();
        let stored = app.store.read(move |db| clients::find_client_by_client_id(db, &id)).await;
        let stored = stored.expect("read").expect("a client");
        assert!(stored.secrets.accept(secret.as_bytes(), stored.created_at));
        assert_eq!(stored.sealed_secrets.is_some(), is_sealed, "{method}");
        let sealed = stored.sealed_secrets.unwrap_or_default();
        assert!(!sealed.windows(secret.len()).any(|window| window == secret.as_bytes()));
        assert!(stored.metadata.client_secret.is_none());
    }
}

/// r64: nobody can sign in to a new installation.
#[actix_web::test]
async fn r64_there_is_no_default_account() {
    let app = TestApp::start().await;
    assert_eq!(app.store.read(users::count_users).await, Ok(0));
}
