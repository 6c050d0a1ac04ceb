//! Logout tokens of the real server, which is killed before they arrive.

use serde_json::{Value, json};

use super::Installation;
use super::serve::Running;
use crate::support::{App, Browser, Manner, PASSWORD, Server, payload};

const PATHS: [&str; 3] = ["/notes", "/photos", "/mail"];

/// An installation that may call `server`, with a person and a client for each path.
fn installation(server: &Server) -> (Installation, Vec<(String, String)>) {
    let outbound = server.outbound();
    let ca = outbound.extra_ca.unwrap().display().to_string();
    let here = Installation::new()
        .with("TESSERA_LISTEN", "127.0.0.1:0")
        .with("TESSERA_OUTBOUND__ALLOW_HOSTS", "localhost")
        .with("TESSERA_OUTBOUND__EXTRA_CA", &ca);
    let args =
        ["user", "create", "--username", "ada", "--email", "ada@example.com", "--password-stdin"];
    here.run_with_input(&args, PASSWORD).succeeded();
    let clients = PATHS.map(|path| {
        let metadata = json!({
            "redirect_uris": ["https://app.example.com/cb"], "first_party": true,
            "backchannel_logout_uri": format!("{}{path}", server.url),
        });
        let file = here.file("client.json", &metadata.to_string());
        let args = ["client", "create", "--file", &file, "--json"];
        let made = here.run(&args).succeeded().json();
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        (text("client_id"), text("client_secret"))
    });
    (here, clients.to_vec())
}

fn serve(here: &Installation) -> (Running, String) {
    let mut server = Running::start(here, &["serve"]);
    let line = server.line();
    let address = line.rsplit(' ').next().unwrap().to_owned();
    (server, format!("http://{address}"))
}

async fn sign_in_everywhere(provider: &str, clients: &[(String, String)]) -> Browser {
    let mut browser = Browser::new(provider);
    for (number, (client_id, secret)) in clients.iter().enumerate() {
        let app = App {
            provider: provider.to_owned(),
            client_id: client_id.clone(),
            secret: Some(secret.clone()),
            redirect_uri: "https://app.example.com/cb".to_owned(),
        };
        if number == 0 {
            browser.sign_in(&app, "ada", &[]).await.code();
        } else {
            browser.authorize(&app, &[]).await.code();
        }
    }
    browser
}

async fn next(server: &Server, path: &str) -> Value {
    let call = server.next(path).await;
    payload(call.body.strip_prefix("logout_token=").unwrap())
}

/// The deliveries, as soon as all are as wanted.
fn until(here: &Installation, is_wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    for _ in 0..500 {
        let listed = here.run(&["outbox", "list", "--all", "--json"]).succeeded().json();
        let listed = listed.as_array().unwrap();
        if listed.iter().all(&is_wanted) {
            return listed.clone();
        }
    }
    panic!("the outbox is never as wanted");
}

/// Issue "The whole OpenID provider", Show 5.
#[actix_web::test]
async fn every_logout_token_arrives_although_the_server_is_killed() {
    let receiver = Server::start();
    let (here, clients) = installation(&receiver);
    let (server, provider) = serve(&here);
    let mut browser = sign_in_everywhere(&provider, &clients).await;
    PATHS.iter().for_each(|path| receiver.behave(path, Manner::Silent));
    let page = browser.get("/end_session").await;
    assert!(browser.submit(&page, &[]).await.has("logged-out"));
    // The calls are under way, and no answer will come before the server is gone.
    let mut before = Vec::new();
    for path in PATHS {
        before.push(next(&receiver, path).await);
    }
    server.kill();
    assert_eq!(until(&here, |one| one["state"] == "waiting").len(), PATHS.len());
    PATHS.iter().for_each(|path| receiver.behave(path, Manner::Status(200)));
    let (_server, _) = serve(&here);
    for (path, before) in PATHS.iter().zip(before) {
        let after = next(&receiver, path).await;
        for name in ["jti", "sid", "sub", "aud"] {
            assert_eq!(before[name], after[name], "{name}");
        }
    }
    until(&here, |one| one["state"] == "delivered");
}

/// A change made with a command is seen by the running server within 2 s (`contract.md`).
#[actix_web::test]
async fn a_user_disabled_by_a_command_is_told_by_the_running_server() {
    let receiver = Server::start();
    let (here, clients) = installation(&receiver);
    receiver.behave("/mail", Manner::Status(503));
    let (_server, provider) = serve(&here);
    sign_in_everywhere(&provider, &clients).await;
    assert_eq!(here.run(&["outbox", "list"]).succeeded().out, "nothing waits\n");
    here.run(&["user", "disable", "ada"]).succeeded();
    for path in PATHS {
        next(&receiver, path).await;
    }
    until(&here, |one| one["state"] == "delivered" || !one["problem"].is_null());
    let left = here.run(&["outbox", "list", "--json"]).succeeded().json();
    let [mail] = left.as_array().unwrap().as_slice() else { panic!("{left}") };
    assert_eq!(mail["client_id"], json!(clients[2].0));
    assert_eq!((&mail["state"], &mail["tries"]), (&json!("waiting"), &json!(1)));
    assert_eq!(mail["problem"], "the answer's status is 503");
    let line = here.run(&["outbox", "list"]).succeeded().out;
    assert_eq!(line.lines().count(), 1);
    assert!(line.contains(&clients[2].0) && line.contains("waiting  tries 1"), "{line}");

    receiver.behave("/mail", Manner::Status(200));
    let id = mail["id"].as_str().unwrap();
    let said = here.run(&["outbox", "retry", id]).succeeded().out;
    assert_eq!(said, "1 delivery is due\n");
    until(&here, |one| one["state"] == "delivered");
    here.run(&["outbox", "retry", id]).failed("there is no such delivery");
    let said = here.run(&["outbox", "retry", "--all"]).succeeded().out;
    assert_eq!(said, "0 deliveries are due\n");
    here.run(&["outbox", "retry"]).misused("required");
    here.run(&["outbox", "retry", "nonsense"]).misused("not an id");
}
