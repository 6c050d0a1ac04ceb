//! F13 of the faults: the database takes connections and answers nothing.

use serde_json::json;
use tessera::store::Location;

use super::replicas::fresh_database;
use crate::support::{App, Options, StallingProxy, TestApp, until};

async fn status(app: &TestApp, path: &str) -> (u16, bool) {
    let answer = reqwest::get(format!("{}{path}", app.url)).await.expect("an answer");
    (answer.status().as_u16(), answer.headers().contains_key("retry-after"))
}

#[test]
fn f13_a_database_that_stalls_holds_nobody_for_ever() {
    let Some(url) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let address = url::Url::parse(&url).expect("an address");
        let (host, port) = (address.host_str().expect("a host"), address.port().expect("a port"));
        let proxy = StallingProxy::before(&format!("{host}:{port}"));
        let through = url.replacen(&format!("{host}:{port}"), &proxy.address.to_string(), 1);
        let options = Options { location: Location::Postgres(through), ..Options::default() };
        let app = TestApp::with(options).await;
        app.user("ada").await;
        let notes = app.app(json!({})).await;
        let mut browser = app.browser();
        browser.sign_in(&notes, "ada", &[]).await;
        assert_eq!(status(&app, "/readyz").await.0, 200);

        proxy.stall(true);
        let page = notes.authorize_url(&[]).replacen(&notes.provider, "", 1);
        all_are_refused_while_the_keys_are_shown(&app, &notes, &page).await;
        // From here on nobody waits: the first who had to has told.
        assert_eq!(status(&app, &page).await, (503, true));

        proxy.stall(false);
        until("it is ready again", async || status(&app, "/readyz").await.0 == 200).await;
        let tokens = notes.sign_in("ada", &[]).await;
        assert!(notes.is_live(&tokens).await);
        until("no connection is left behind", async || connections(&url).await <= 8).await;
        app.stop().await;
    });
}

/// Those who need the database hear in time that they have to come back; those who do not are
/// answered while the others wait.
async fn all_are_refused_while_the_keys_are_shown(app: &TestApp, notes: &App, page: &str) {
    let asking = (0..30).map(|number| async move {
        // A client that is not kept is read from the database.
        let name = format!("nobody_{number}");
        let form = [("grant_type", "authorization_code"), ("code", "a-code")];
        let request = notes.token_request(&form).basic_auth(name, Some("secret"));
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 503);
        assert!(answer.headers().contains_key("retry-after"));
    });
    let showing = async { assert_eq!(status(app, page).await, (503, true)) };
    let meanwhile = async {
        for _ in 0..20 {
            assert_eq!(status(app, "/jwks").await.0, 200);
            assert_eq!(status(app, "/.well-known/openid-configuration").await.0, 200);
            assert_eq!(status(app, "/healthz").await.0, 200);
        }
        assert_eq!(status(app, "/readyz").await.0, 503);
    };
    let waiting = futures_util::future::join(futures_util::future::join_all(asking), showing);
    tokio::pin!(waiting);
    tokio::select! {
        biased;
        () = meanwhile => {}
        _ = &mut waiting => panic!("they were refused before the keys were shown"),
    }
    waiting.await;
}

/// How many connections to the database there are, besides the one that asks.
async fn connections(url: &str) -> i64 {
    let (client, connection) =
        tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("the server");
    tokio::spawn(connection);
    let count = "SELECT count(*) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()";
    client.query_one(count, &[]).await.expect("a count").get(0)
}
