use std::rc::Rc;

use reqwest::Method;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::bench::{Bench, USERNAME};
use super::checks::{
    IdTokenRules, Userinfo, check_authorization_error, check_authorization_response,
    check_id_token, check_token_response, check_userinfo,
};
use super::client::Client;
use super::variant::Variant;
use crate::support::{Answer, Browser, PASSWORD};

/// One client of the suite, and the browser of its person.
pub(super) struct Flow {
    pub(super) bench: Rc<Bench>,
    pub(super) variant: Variant,
    pub(super) client: Client,
    pub(super) browser: Browser,
    /// Who signs in.
    pub(super) username: &'static str,
    /// The verifier of its codes, when it uses PKCE.
    pub(super) verifier: Option<&'static str>,
}

/// The parameters of an authorization request.
pub(super) struct Request(Vec<(String, String)>);

/// What a browser met on its way.
pub(super) struct Visit {
    pub(super) answer: Answer,
    pub(super) was_login_shown: bool,
    pub(super) was_consent_shown: bool,
}

/// Everything that a completed sign-in gave, all of it checked.
pub(super) struct Signed {
    pub(super) visit: Visit,
    pub(super) code: Option<String>,
    /// The ID token that is valid last: of the token endpoint if there was one.
    pub(super) id_token: String,
    /// Its claims.
    pub(super) claims: Value,
    pub(super) access_token: Option<String>,
    /// The body of the token endpoint's answer.
    pub(super) tokens: Value,
    pub(super) userinfo: Value,
}

/// The parameters of an answer, in order.
pub(super) type Pairs = Vec<(String, String)>;

/// The one value of `name`.
pub(super) fn value<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    let mut found = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let first = found.next();
    assert_eq!(found.next(), None, "{name} stands twice");
    first
}

impl Request {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        value(&self.0, name)
    }

    pub(super) fn pairs(&self) -> &Pairs {
        &self.0
    }

    pub(super) fn pairs_mut(&mut self) -> &mut Pairs {
        &mut self.0
    }

    pub(super) fn url(&self, bench: &Bench) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(&self.0);
        format!("{}/authorize?{}", bench.app.url, query.finish())
    }
}

impl Flow {
    pub(super) async fn begin(bench: &Rc<Bench>, variant: Variant) -> Self {
        Self::begin_with(bench, variant, json!({})).await
    }

    /// A client with `metadata` on top of what the suite registers, and a new browser.
    pub(super) async fn begin_with(bench: &Rc<Bench>, variant: Variant, metadata: Value) -> Self {
        let client = Client::register(bench, variant, metadata).await;
        let browser = bench.app.browser();
        Self {
            bench: Rc::clone(bench),
            variant,
            client,
            browser,
            username: USERNAME,
            verifier: None,
        }
    }

    /// A request as the suite makes it, but for what `extra` replaces or, when empty, takes out.
    pub(super) fn request(&self, extra: &[(&str, &str)]) -> Request {
        let (state, nonce) = (self.bench.unique("state"), self.bench.unique("nonce"));
        let mode = if self.variant.is_form_post { "form_post" } else { "" };
        let usual = [
            ("client_id", self.client.client_id.as_str()),
            ("redirect_uri", &self.client.redirect_uri),
            ("scope", "openid"),
            ("state", &state),
            ("nonce", &nonce),
            ("response_type", self.variant.response_type),
            ("response_mode", mode),
        ];
        let is_replaced = |name: &str| extra.iter().any(|(key, _)| *key == name);
        let usual = usual.into_iter().filter(|(name, _)| !is_replaced(name));
        let all = usual.chain(extra.iter().copied()).filter(|(_, value)| !value.is_empty());
        Request(all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// Opens the request and does what the pages ask for.
    pub(super) async fn visit(&mut self, request: &Request) -> Visit {
        let answer = self.browser.get(&request.url(&self.bench)).await;
        self.walk(answer).await
    }

    /// Does what the pages ask for, until one asks for nothing.
    pub(super) async fn walk(&mut self, mut answer: Answer) -> Visit {
        let (mut was_login_shown, mut was_consent_shown) = (false, false);
        for _ in 0..6 {
            answer = if answer.has("login-submit") {
                was_login_shown = true;
                let fields = [("username", self.username), ("password", PASSWORD)];
                self.browser.submit(&answer, &fields).await
            } else if answer.has("consent-allow") {
                was_consent_shown = true;
                self.browser.submit(&answer, &[("decision", "allow")]).await
            } else {
                return Visit { answer, was_login_shown, was_consent_shown };
            };
        }
        panic!("the pages never end: {} {}", answer.url, answer.body);
    }

    /// What arrives at the client, by the way that the variant asks for.
    pub(super) fn arrived(&self, answer: &Answer) -> Pairs {
        if self.variant.is_form_post {
            let (action, fields) = answer.form();
            assert_eq!(action, self.client.redirect_uri);
            return fields;
        }
        let to = answer.to_app();
        let (address, fragment) =
            to.split_once('#').map_or((to.as_str(), None), |(a, f)| (a, Some(f)));
        if self.variant.is_code_flow() {
            assert_eq!(fragment, None, "a code comes in the query: {to}");
            self.added_to_query(address)
        } else {
            assert_eq!(address, self.client.redirect_uri, "nothing stands in the query: {to}");
            let fragment = fragment.unwrap_or_else(|| panic!("no fragment: {to}"));
            url::form_urlencoded::parse(fragment.as_bytes()).into_owned().collect()
        }
    }

    /// The parameters after the registered address, which comes back as it was.
    pub(super) fn added_to_query(&self, address: &str) -> Pairs {
        let rest = address.strip_prefix(&self.client.redirect_uri);
        let rest = rest.unwrap_or_else(|| panic!("another address: {address}"));
        let has_query = self.client.redirect_uri.contains('?');
        let rest = rest.strip_prefix(if has_query { '&' } else { '?' });
        let rest = rest.unwrap_or_else(|| panic!("nothing was added: {address}"));
        url::form_urlencoded::parse(rest.as_bytes()).into_owned().collect()
    }

    /// What a page that is no answer to the client shows: an error of ours.
    pub(super) fn assert_error_page(&self, answer: &Answer) {
        assert!(answer.status.is_client_error(), "{} {}", answer.status, answer.url);
        assert!(answer.has("error-page"), "{}", answer.body);
        assert_eq!(answer.location(), None);
        assert!(answer.header("refresh").is_none() && !answer.body.contains("<form"));
    }

    /// A refusal that arrives at the client with one of these errors.
    pub(super) fn assert_refused(&self, answer: &Answer, request: &Request, errors: &[&str]) {
        let pairs = self.arrived(answer);
        check_authorization_error(&pairs, request.get("state"), &self.bench.app.url, errors);
    }

    /// A whole sign-in, everything in it checked.
    pub(super) async fn run(&mut self, extra: &[(&str, &str)]) -> Signed {
        let request = self.request(extra);
        self.run_request(&request).await
    }

    pub(super) async fn run_request(&mut self, request: &Request) -> Signed {
        let visit = self.visit(request).await;
        self.complete(visit, request).await
    }

    /// From the answer that the browser carries to the end.
    pub(super) async fn complete(&self, visit: Visit, request: &Request) -> Signed {
        let pairs = self.arrived(&visit.answer);
        let part = |name: &str| value(&pairs, name).map(str::to_owned);
        check_authorization_response(
            &pairs,
            self.variant,
            request.get("state"),
            &self.bench.app.url,
        );
        let (code, front_access) = (part("code"), part("access_token"));
        let front = match part("id_token") {
            None => None,
            Some(token) => {
                let rules = IdTokenRules {
                    access_token: front_access.as_deref(),
                    code: code.as_deref(),
                    is_front_channel: true,
                    ..self.rules(request)
                };
                Some((check_id_token(&self.bench, &token, rules).await, token))
            }
        };
        let mut signed = Signed {
            visit,
            code: code.clone(),
            id_token: String::new(),
            claims: Value::Null,
            access_token: front_access.clone(),
            tokens: Value::Null,
            userinfo: Value::Null,
        };
        if let Some((claims, token)) = front {
            (signed.claims, signed.id_token) = (claims, token);
        }
        if let Some(code) = &code {
            self.add_tokens(&mut signed, request, code).await;
        }
        for token in [front_access, signed.access_token.clone()].into_iter().flatten() {
            signed.userinfo = self.userinfo(&token, request, &signed.claims).await;
        }
        signed
    }

    async fn add_tokens(&self, signed: &mut Signed, request: &Request, code: &str) {
        let tokens = self.redeem(code).await;
        let access_token = tokens["access_token"].as_str().expect("an access token").to_owned();
        let id_token = tokens["id_token"].as_str().expect("an ID token").to_owned();
        let rules = IdTokenRules { access_token: Some(&access_token), ..self.rules(request) };
        let claims = check_id_token(&self.bench, &id_token, rules).await;
        if !signed.claims.is_null() {
            for name in ["iss", "sub"] {
                assert_eq!(
                    claims[name], signed.claims[name],
                    "both ID tokens name the same {name}"
                );
            }
        }
        (signed.claims, signed.id_token) = (claims, id_token);
        (signed.access_token, signed.tokens) = (Some(access_token), tokens);
    }

    fn rules<'a>(&'a self, request: &'a Request) -> IdTokenRules<'a> {
        IdTokenRules {
            client_id: &self.client.client_id,
            nonce: request.get("nonce"),
            access_token: None,
            code: None,
            is_front_channel: false,
            has_max_age: request.get("max_age").is_some(),
            scope: if self.variant.response_type == "id_token" {
                request.get("scope").unwrap_or_default()
            } else {
                ""
            },
            acr_values: request.get("acr_values"),
            requested: request.get("claims"),
        }
    }

    async fn userinfo(&self, token: &str, request: &Request, id_token: &Value) -> Value {
        let answer = self.bench.ask(Method::GET, "/userinfo").bearer_auth(token);
        let answer = answer.send().await.expect("an answer");
        let expected = Userinfo {
            scope: request.get("scope").unwrap_or_default(),
            requested: request.get("claims"),
            sub: id_token.get("sub").and_then(Value::as_str),
        };
        check_userinfo(answer, &expected, self.bench.app.clock_seconds()).await
    }

    /// The answer of the token endpoint to a form, with the client's proof added.
    pub(super) async fn token(&self, form: &[(&str, &str)]) -> reqwest::Response {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut form: Pairs = form.iter().map(owned).collect();
        let header = self.client.prove(&self.bench, &mut form);
        let mut request = self.bench.ask(Method::POST, "/token").form(&form);
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        request.send().await.expect("an answer")
    }

    /// Redeems a code; the answer is checked.
    pub(super) async fn redeem(&self, code: &str) -> Value {
        check_token_response(self.try_to_redeem(code).await).await
    }

    pub(super) async fn try_to_redeem(&self, code: &str) -> reqwest::Response {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.client.redirect_uri),
        ];
        form.extend(self.verifier.map(|verifier| ("code_verifier", verifier)));
        self.token(&form).await
    }
}
