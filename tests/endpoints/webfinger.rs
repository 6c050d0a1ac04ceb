use std::collections::BTreeSet;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{Options, TestApp};

const REL: &str = "http://openid.net/specs/connect/1.0/issuer";

async fn start() -> TestApp {
    let webfinger_domains = vec!["example.com".to_owned()];
    TestApp::with(Options { webfinger_domains, ..Options::default() }).await
}

async fn ask(app: &TestApp, pairs: &[(&str, &str)]) -> Response {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    let url = format!("{}/.well-known/webfinger?{}", app.url, query.finish());
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    http.get(url).header("origin", "https://anybody.example").send().await.expect("an answer")
}

fn header<'a>(answer: &'a Response, name: &str) -> Option<&'a str> {
    answer.headers().get(name).map(|value| value.to_str().expect("text"))
}

#[actix_web::test]
async fn interop_43_a_name_of_a_configured_domain_leads_to_the_issuer() {
    let app = start().await;
    let own = app.url.as_str();
    for resource in ["acct:ada@example.com", "acct:ada@localhost", own, "https://example.com/ada"] {
        let answer = ask(&app, &[("resource", resource), ("rel", REL)]).await;
        assert_eq!(answer.status(), 200, "{resource}");
        assert_eq!(header(&answer, "content-type"), Some("application/jrd+json"));
        assert_eq!(header(&answer, "access-control-allow-origin"), Some("*"));
        assert_eq!(header(&answer, "cache-control"), Some("public, max-age=300"));
        let expected = json!({ "subject": resource, "links": [{ "rel": REL, "href": own }] });
        assert_eq!(answer.json::<Value>().await.expect("JSON"), expected);
    }
}

#[actix_web::test]
async fn interop_43_nobody_learns_who_has_an_account() {
    let app = start().await;
    app.user("ada").await;
    let [ada, nobody] = ["ada", "nobody"].map(|name| format!("acct:{name}@example.com"));
    let (known, unknown) =
        (ask(&app, &[("resource", &ada)]).await, ask(&app, &[("resource", &nobody)]).await);
    assert_eq!(known.status(), unknown.status());
    let differs = ["date", "x-request-id", "content-length"];
    let head = |answer: &Response| -> BTreeSet<String> {
        let lines = answer.headers().iter().map(|(name, value)| format!("{name}: {value:?}"));
        lines.filter(|line| !differs.iter().any(|name| line.starts_with(name))).collect()
    };
    assert_eq!(head(&known), head(&unknown));
    let links =
        async |answer: Response| answer.json::<Value>().await.expect("JSON")["links"].clone();
    assert_eq!(links(known).await, links(unknown).await);
}

#[actix_web::test]
async fn interop_43_what_is_not_ours_or_not_asked_rightly_is_refused() {
    let app = start().await;
    let good = ("resource", "acct:ada@example.com");
    for (pairs, status) in [
        (vec![("resource", "acct:ada@example.org")], 404),
        (vec![("resource", "https://example.org/")], 404),
        (vec![("resource", "mailto:ada@example.com")], 404),
        (vec![], 400),
        (vec![("resource", "")], 400),
        (vec![("resource", "ada@example.com")], 400),
        (vec![good, good], 400),
        (vec![good, ("resource", "acct:eve@example.org")], 400),
    ] {
        let answer = ask(&app, &pairs).await;
        assert_eq!(answer.status(), status, "{pairs:?}");
        assert_eq!(header(&answer, "access-control-allow-origin"), Some("*"), "{pairs:?}");
        let body = answer.text().await.expect("a body");
        assert!(!body.contains("ada"), "what was asked is not repeated: {body}");
    }
    let posted = app.browser().send(Method::POST, "/.well-known/webfinger", Some(&[good])).await;
    assert_eq!(posted.status, 405);
}

#[actix_web::test]
async fn without_configured_domains_the_issuer_speaks_for_its_own_host() {
    let app = TestApp::start().await;
    assert_eq!(ask(&app, &[("resource", "acct:ada@localhost")]).await.status(), 200);
    assert_eq!(ask(&app, &[("resource", "acct:ada@example.com")]).await.status(), 404);
}
