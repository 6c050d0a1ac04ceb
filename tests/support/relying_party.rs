use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use super::{Browser, http};

/// The verifier and challenge of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An app as it stands in the registration.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) provider: String,
    pub(crate) client_id: String,
    pub(crate) secret: Option<String>,
    pub(crate) redirect_uri: String,
}

impl App {
    /// A request with everything usual, but for what `extra` replaces; an empty value takes a
    /// parameter out.
    pub(crate) fn authorize_url(&self, extra: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.request(extra));
        format!("{}/authorize?{}", self.provider, query.finish())
    }

    /// The parameters of such a request.
    pub(crate) fn request<'a>(&'a self, extra: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let usual = [
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", &self.redirect_uri),
            ("response_type", "code"),
            ("scope", "openid profile email groups"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let is_replaced = |name: &str| extra.iter().any(|(key, _)| *key == name);
        let usual = usual.into_iter().filter(|(name, _)| !is_replaced(name));
        usual.chain(extra.iter().copied().filter(|(_, value)| !value.is_empty())).collect()
    }

    /// Pushes a request, and sends the browser where it waits.
    pub(crate) async fn push(&self, extra: &[(&str, &str)]) -> String {
        let (status, body) = self.ask("/par", &self.request(extra)).await;
        assert_eq!(status, 201, "{body}");
        self.pushed_url(text(&body, "request_uri"))
    }

    /// Where a browser goes with a pushed request.
    pub(crate) fn pushed_url(&self, request_uri: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs([("client_id", self.client_id.as_str()), ("request_uri", request_uri)]);
        format!("{}/authorize?{}", self.provider, query.finish())
    }

    pub(crate) fn post(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        http().build().expect("a client").post(format!("{}{path}", self.provider)).form(form)
    }

    /// The token request as it is, without client authentication.
    pub(crate) fn token_request(&self, form: &[(&str, &str)]) -> RequestBuilder {
        self.post("/token", form)
    }

    /// The usual exchange.
    pub(crate) async fn redeem(&self, code: &str) -> Response {
        self.redeem_with(code, VERIFIER).await
    }

    pub(crate) async fn redeem_with(&self, code: &str, verifier: &str) -> Response {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("code_verifier", verifier),
        ];
        if self.secret.is_none() {
            form.push(("client_id", &self.client_id));
        }
        let request = self.token_request(&form);
        let request = match &self.secret {
            Some(secret) => request.basic_auth(&self.client_id, Some(secret)),
            None => request,
        };
        request.send().await.expect("an answer")
    }

    /// A form with the app's secret, or with its name alone; what came back, null when empty.
    pub(crate) async fn ask(&self, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let mut form = form.to_vec();
        if self.secret.is_none() {
            form.push(("client_id", &self.client_id));
        }
        let request = self.post(path, &form);
        let request = match &self.secret {
            Some(secret) => request.basic_auth(&self.client_id, Some(secret)),
            None => request,
        };
        read(request).await
    }

    /// Renews a refresh token.
    pub(crate) async fn refresh(&self, token: &str, extra: &[(&str, &str)]) -> (u16, Value) {
        let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
        form.extend(extra);
        self.ask("/token", &form).await
    }

    /// Renews it, and it counts.
    pub(crate) async fn renewed(&self, token: &str) -> Value {
        let (status, body) = self.refresh(token, &[]).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// Whether an access token opens userinfo.
    pub(crate) async fn is_live(&self, tokens: &Value) -> bool {
        self.userinfo(text(tokens, "access_token")).await.status() == 200
    }

    pub(crate) async fn tokens(&self, code: &str) -> Value {
        let answer = self.redeem(code).await;
        let status = answer.status();
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(status, 200, "{body}");
        body
    }

    pub(crate) async fn userinfo(&self, access_token: &str) -> Response {
        let request = http().build().expect("a client").get(format!("{}/userinfo", self.provider));
        request.bearer_auth(access_token).send().await.expect("an answer")
    }

    /// Signs `username` in with a new browser and redeems the code.
    pub(crate) async fn sign_in(&self, username: &str, extra: &[(&str, &str)]) -> Value {
        let mut browser = Browser::new(&self.provider);
        let answer = browser.sign_in(self, username, extra).await;
        self.tokens(&answer.code()).await
    }
}

/// The answer of a request: its status and its JSON, null when it has none.
pub(crate) async fn read(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let body = answer.text().await.expect("a body");
    (status, serde_json::from_str(&body).unwrap_or_default())
}

/// A member that is a text.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name}: {value}"))
}

/// The payload of a token, unverified.
pub(crate) fn payload(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

/// The header of a token.
pub(crate) fn header(token: &str) -> Value {
    let part = token.split('.').next().expect("a header");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

/// A Basic header of exactly these two halves.
pub(crate) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}
