use std::cell::{Cell, RefCell};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tessera::notify::MailSettings;
use tessera::protocol::{DynamicRegistration, ResponseTypeSwitches};
use tessera::rules::sign_up::SignUpPolicy;

use super::checks::{check_error_answer, content_type};
use crate::support::{Options, Server, TestApp, TestCertificate};

/// The provider under test, with a person on it.
pub(super) struct Bench {
    pub(super) app: TestApp,
    /// Where clients keep what the provider fetches, and where it calls them.
    pub(super) server: Server,
    http: reqwest::Client,
    next: Cell<u32>,
    /// The management addresses and tokens of clients that registered themselves.
    registered: RefCell<Vec<(String, String)>>,
}

/// What a provider offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offer {
    /// What it does when its operator says nothing.
    Default,
    /// Every response type too, and registration for everybody, apps and people.
    Everything,
}

/// Who signs in.
pub(super) const USERNAME: &str = "ada";

impl Bench {
    pub(super) async fn start() -> Self {
        Self::with(Offer::Everything).await
    }

    /// The suite wants https everywhere, so that is how we serve.
    pub(super) async fn with(offer: Offer) -> Self {
        let certificate = TestCertificate::new();
        let tls = Some(certificate.files());
        let server = Server::start();
        let mut options = Options { tls, outbound: server.outbound(), ..Options::default() };
        if offer == Offer::Everything {
            options.response_types = ResponseTypeSwitches { implicit: true, hybrid: true };
            options.dynamic_registration = DynamicRegistration::Open;
            options.sign_up = SignUpPolicy::Open;
            options.mail = Some(MailSettings {
                server: "smtp://localhost".parse().expect("a server"),
                from: "id@example.com".parse().expect("a sender"),
                reply_to: None,
                host: "localhost".to_owned(),
            });
        }
        let app = TestApp::with(options).await;
        app.user(USERNAME).await;
        let http = reqwest::Client::builder().no_proxy().tls_danger_accept_invalid_certs(true);
        let http = http.build().expect("a client");
        Self { app, server, http, next: Cell::new(0), registered: RefCell::new(Vec::new()) }
    }

    /// A text that no other call on this bench gives.
    pub(super) fn unique(&self, name: &str) -> String {
        let number = self.next.get();
        self.next.set(number + 1);
        format!("{name}-{number}")
    }

    pub(super) fn wait(&self, seconds: u64) {
        self.app.advance(Duration::from_secs(seconds));
    }

    pub(super) fn ask(&self, method: Method, path_or_url: &str) -> reqwest::RequestBuilder {
        let is_path = path_or_url.starts_with('/');
        let base = if is_path { self.app.url.as_str() } else { "" };
        self.http.request(method, format!("{base}{path_or_url}"))
    }

    /// What `path` holds, which must be JSON.
    pub(super) async fn document(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("JSON")
    }

    pub(super) async fn metadata(&self) -> Value {
        self.document("/.well-known/openid-configuration").await
    }

    /// A client that an operator makes with `tessera client create`. Claims stand where the
    /// suite wants them: `lean`.
    pub(super) async fn static_client(
        &self,
        mut metadata: Value,
    ) -> (String, Option<String>, Value) {
        metadata["id_token_claims"] = json!("lean");
        metadata["client_assertion_audience"] = json!("issuer_or_token_endpoint");
        metadata["first_party"] = json!(false);
        let made = self.app.app(metadata).await;
        (made.client_id, made.secret, Value::Null)
    }

    /// A client that registers itself (OpenID Connect Registration §3).
    pub(super) async fn dynamic_client(&self, metadata: Value) -> (String, Option<String>, Value) {
        let method = metadata["token_endpoint_auth_method"].clone();
        let answer = self.register(metadata).await;
        assert_eq!((answer.0, content_type(&answer.1)), (201, "application/json"), "{}", answer.2);
        let client = answer.2;
        let text = |name: &str| client[name].as_str().map(str::to_owned);
        let secret = text("client_secret");
        if method.as_str().is_some_and(|method| method.starts_with("client_secret")) {
            assert!(secret.is_some() && client["client_secret_expires_at"].is_number(), "{client}");
        }
        let address = text("registration_client_uri").expect("an address");
        let token = text("registration_access_token").expect("a token");
        self.registered.borrow_mut().push((address, token));
        (text("client_id").expect("an id"), secret, client)
    }

    /// What the registration endpoint answers: status, headers, body.
    pub(super) async fn register(
        &self,
        metadata: Value,
    ) -> (u16, reqwest::header::HeaderMap, Value) {
        let request = self.ask(Method::POST, "/register").json(&metadata);
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        (status, headers, answer.json().await.expect("JSON"))
    }

    /// A registration that is refused with 400 and one of these errors.
    pub(super) async fn expect_unregistrable(&self, metadata: Value, errors: &[&str]) {
        let (status, headers, body) = self.register(metadata).await;
        assert_eq!((status, content_type(&headers)), (400, "application/json"), "{body}");
        check_error_answer(&body, errors);
    }

    /// What the suite does after every module: clients that registered themselves go.
    pub(super) async fn unregister_all(&self) {
        let clients = std::mem::take(&mut *self.registered.borrow_mut());
        for (address, token) in clients {
            let request = self.ask(Method::DELETE, &address).bearer_auth(&token);
            assert_eq!(request.send().await.expect("an answer").status(), 204, "{address}");
        }
    }
}
