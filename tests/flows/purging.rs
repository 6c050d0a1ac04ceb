//! What no longer counts is removed as quickly as it comes.

use std::time::Duration;

use tessera::app::purge::purge;
use tessera::base::Digest;
use tessera::store::used_once;

use crate::support::TestApp;

/// What a busy minute leaves behind: more than one statement removes.
const ROWS: usize = 1700;

#[actix_web::test]
async fn purging_once_removes_all_that_is_over() {
    let app = TestApp::start().await;
    let expires_at = app.issuer.clock.now() + Duration::from_secs(60);
    let insert = move |db: &mut _| {
        (0..ROWS).try_for_each(|row| {
            used_once::use_assertion(db, &Digest::of(&row.to_be_bytes()), expires_at).map(drop)
        })
    };
    app.store.write("use assertions", insert).await.expect("stored");
    assert_eq!(purge(&app.issuer).await.expect("purged"), 0, "all of them count still");
    app.advance(Duration::from_secs(3600));
    assert_eq!(purge(&app.issuer).await.expect("purged"), ROWS);
}
