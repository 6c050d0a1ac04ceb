use std::collections::BTreeMap;

use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE, USER_AGENT};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Method, StatusCode};

use super::{App, PASSWORD};

/// A browser without scripts: it keeps cookies, follows the provider's redirects, and fills forms.
pub(crate) struct Browser {
    provider: String,
    http: Client,
    pub(crate) cookies: BTreeMap<String, String>,
    /// Every `Set-Cookie` line it ever saw.
    pub(crate) seen: Vec<String>,
    /// What it says it is; nothing when empty.
    pub(crate) user_agent: String,
    /// The address that a proxy before the provider saw; none when empty.
    pub(crate) forwarded_for: String,
}

/// What came back in the end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) url: String,
    pub(crate) body: String,
}

/// A client that reads no list of authorities: a debug build takes a tenth of a second for that.
pub(crate) fn http() -> ClientBuilder {
    Client::builder().no_proxy().tls_danger_accept_invalid_certs(true)
}

impl Browser {
    pub(crate) fn new(provider: &str) -> Self {
        let http = http().redirect(Policy::none()).build().expect("a client");
        let (cookies, seen) = (BTreeMap::new(), Vec::new());
        let (user_agent, forwarded_for) = (String::new(), String::new());
        Self { provider: provider.to_owned(), http, cookies, seen, user_agent, forwarded_for }
    }

    /// One request, without following anything.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        url: &str,
        form: Option<&[(&str, &str)]>,
    ) -> Answer {
        self.try_send(method, url, form).await.expect("an answer")
    }

    /// The same; nothing when no answer comes.
    async fn try_send(
        &mut self,
        method: Method,
        url: &str,
        form: Option<&[(&str, &str)]>,
    ) -> Option<Answer> {
        let url =
            if url.starts_with('/') { format!("{}{url}", self.provider) } else { url.to_owned() };
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = self.http.request(method, &url);
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        if !self.user_agent.is_empty() {
            request = request.header(USER_AGENT, &self.user_agent);
        }
        if !self.forwarded_for.is_empty() {
            request = request.header("x-forwarded-for", &self.forwarded_for);
        }
        if let Some(form) = form {
            request = request.form(form);
        }
        let response = request.send().await.ok()?;
        let (status, headers) = (response.status(), response.headers().clone());
        for line in headers.get_all(SET_COOKIE) {
            self.keep(line.to_str().expect("a cookie"));
        }
        Some(Answer { status, headers, url, body: response.text().await.ok()? })
    }

    fn keep(&mut self, line: &str) {
        self.seen.push(line.to_owned());
        let (name, value) =
            line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
        if value.is_empty() || line.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Follows redirects as long as they stay at the provider.
    async fn follow(&mut self, answer: Answer) -> Answer {
        self.try_follow(answer).await.expect("an answer")
    }

    async fn try_follow(&mut self, mut answer: Answer) -> Option<Answer> {
        for _ in 0..8 {
            match answer.location() {
                Some(to)
                    if to.starts_with('/') || to.starts_with(&format!("{}/", self.provider)) =>
                {
                    answer = self.try_send(Method::GET, &to, None).await?;
                }
                _ => return Some(answer),
            }
        }
        panic!("the provider redirects without end: {}", answer.url);
    }

    pub(crate) async fn get(&mut self, url: &str) -> Answer {
        let answer = self.send(Method::GET, url, None).await;
        self.follow(answer).await
    }

    pub(crate) async fn post(&mut self, url: &str, form: &[(&str, &str)]) -> Answer {
        let answer = self.send(Method::POST, url, Some(form)).await;
        self.follow(answer).await
    }

    /// Posts the form of a page with some fields filled in.
    pub(crate) async fn submit(&mut self, page: &Answer, fields: &[(&str, &str)]) -> Answer {
        let (action, mut filled) = page.form();
        filled.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let filled: Vec<(&str, &str)> =
            filled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&action, &filled).await
    }

    /// As [`Browser::get`]; nothing when an answer is missing on the way.
    pub(crate) async fn try_get(&mut self, url: &str) -> Option<Answer> {
        let answer = self.try_send(Method::GET, url, None).await?;
        self.try_follow(answer).await
    }

    /// As [`Browser::submit`], for a page with a form; nothing when an answer is missing on the way.
    pub(crate) async fn try_submit(
        &mut self,
        page: &Answer,
        fields: &[(&str, &str)],
    ) -> Option<Answer> {
        let (action, mut filled) = page.form();
        filled.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let filled: Vec<(&str, &str)> =
            filled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = self.try_send(Method::POST, &action, Some(&filled)).await?;
        self.try_follow(answer).await
    }

    /// Goes where the app sends it.
    pub(crate) async fn authorize(&mut self, app: &App, extra: &[(&str, &str)]) -> Answer {
        let url = app.authorize_url(extra);
        self.get(&url).await
    }

    /// Goes where the app sends it, and signs in.
    pub(crate) async fn sign_in(
        &mut self,
        app: &App,
        username: &str,
        extra: &[(&str, &str)],
    ) -> Answer {
        let page = self.authorize(app, extra).await;
        assert!(page.body.contains("login-submit"), "{} {}", page.status, page.url);
        self.submit(&page, &[("username", username), ("password", PASSWORD)]).await
    }
}

impl Answer {
    pub(crate) fn location(&self) -> Option<String> {
        self.headers.get(LOCATION).map(|value| value.to_str().expect("an address").to_owned())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The form of the page: where it goes, and its hidden fields.
    pub(crate) fn form(&self) -> (String, Vec<(String, String)>) {
        let form =
            self.body.split("<form").nth(1).unwrap_or_else(|| panic!("no form: {}", self.body));
        let form = form.split("</form>").next().unwrap_or_default();
        let hidden = form.split("<input").skip(1).filter(|input| input.contains("type=\"hidden\""));
        let fields = hidden.map(|input| (attribute(input, "name"), attribute(input, "value")));
        (attribute(form, "action"), fields.collect())
    }

    /// Where the answer for the app goes, by whichever way it travels.
    pub(crate) fn to_app(&self) -> String {
        if let Some(location) = self.location() {
            return location;
        }
        let link = self.body.split("id=\"handoff\"").nth(1);
        attribute(
            link.unwrap_or_else(|| panic!("no hand-off: {} {}", self.status, self.body)),
            "href",
        )
    }

    /// A parameter of the answer for the app, in the query or in the fragment.
    pub(crate) fn told(&self, name: &str) -> Option<String> {
        let url = url::Url::parse(&self.to_app()).expect("an address");
        let query = url.query().unwrap_or_default().as_bytes();
        let fragment = url.fragment().unwrap_or_default().as_bytes();
        let pairs = url::form_urlencoded::parse(query).chain(url::form_urlencoded::parse(fragment));
        pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    pub(crate) fn code(&self) -> String {
        self.told("code").unwrap_or_else(|| panic!("no code: {}", self.to_app()))
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.body.contains(&format!("id=\"{id}\""))
    }
}

fn attribute(text: &str, name: &str) -> String {
    let value = text.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
    let value = value.unwrap_or_else(|| panic!("no {name}: {text}"));
    value.replace("&#38;", "&").replace("&amp;", "&").replace("&#34;", "\"").replace("&#39;", "'")
}
