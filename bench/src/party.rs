//! The imagined users: what one of each kind does in a round.

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::redirect::Policy;
use std::sync::Arc;
use url::Url;

use crate::load::{Answer, Carries, Connection, Target, User};
use crate::provider::{PASSWORD, REDIRECT_URI, SECRET, Server};

/// Whose addresses a server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Tessera,
    Peer,
}

impl Kind {
    fn path(self, of: Endpoint) -> &'static str {
        match (self, of) {
            (Self::Tessera, Endpoint::Authorize) => "/authorize",
            (Self::Peer, Endpoint::Authorize) => "/auth",
            (_, Endpoint::Token) => "/token",
            (Self::Tessera, Endpoint::Userinfo) => "/userinfo",
            (Self::Peer, Endpoint::Userinfo) => "/me",
            (Self::Tessera, Endpoint::Introspect) => "/introspect",
            (Self::Peer, Endpoint::Introspect) => "/token/introspection",
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Endpoint {
    Authorize,
    Token,
    Userinfo,
    Introspect,
}

/// An app as its server knows it.
#[derive(Clone)]
pub struct Party {
    kind: Kind,
    target: Target,
    basic: String,
    authorize: String,
}

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

impl Party {
    pub fn new(kind: Kind, server: &Server, algorithm: &str) -> Self {
        let client_id = format!("app-{algorithm}");
        let challenge = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, VERIFIER.as_bytes());
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &client_id)
            .append_pair("response_type", "code")
            .append_pair("scope", "openid profile email")
            .append_pair("redirect_uri", REDIRECT_URI)
            .append_pair("state", "af0ifjsldkj")
            .append_pair("nonce", "n-0S6_WzA2Mj")
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(challenge))
            .append_pair("code_challenge_method", "S256")
            .finish();
        Self {
            kind,
            target: server.target.clone(),
            basic: format!("Basic {}", STANDARD.encode(format!("{client_id}:{SECRET}"))),
            authorize: format!("{}?{query}", kind.path(Endpoint::Authorize)),
        }
    }

    async fn token(&self, connection: &mut Connection, form: &str) -> Result<serde_json::Value> {
        let carries =
            Carries { authorization: Some(&self.basic), form: Some(form), ..Carries::default() };
        connection.send(self.kind.path(Endpoint::Token), carries).await?.json()
    }

    /// The tokens of a silent sign-in.
    async fn sign_in(
        &self,
        connection: &mut Connection,
        cookie: &str,
    ) -> Result<serde_json::Value> {
        let carries = Carries { cookie: Some(cookie), ..Carries::default() };
        let answer = connection.send(&self.authorize, carries).await?;
        let code = code_of(&answer)?;
        let form = format!(
            "grant_type=authorization_code&code={code}&code_verifier={VERIFIER}&redirect_uri={}",
            "https%3A%2F%2Fapp.example.com%2Fcallback"
        );
        self.token(connection, &form).await
    }

    fn base(&self) -> String {
        format!("http://{}", self.target.host)
    }

    /// Opens the page that asks a person to sign in.
    async fn sign_in_page(&self) -> Result<SignInPage> {
        let jar = Arc::new(Jar::default());
        let browser = reqwest::Client::builder()
            .redirect(Policy::none())
            .cookie_provider(Arc::clone(&jar))
            .build()?;
        let first = browser.get(format!("{}{}", self.base(), self.authorize)).send().await?;
        let address = Url::parse(&self.base())?.join(location(&first)?)?;
        let html = browser.get(address.clone()).send().await?.text().await?;
        Ok(SignInPage { browser, jar, address, html })
    }

    /// Signs a person in by the pages, and returns the cookies of their browser.
    pub async fn person(&self, number: usize) -> Result<String> {
        let SignInPage { browser, jar, address: page, html } = self.sign_in_page().await?;
        match self.kind {
            Kind::Tessera => {
                let csrf = value_of(&html, "name=\"csrf\"").context("the page has no form")?;
                let action = action_of(&html, &page);
                let username = format!("person{number}");
                let form =
                    [("csrf", csrf.as_str()), ("username", &username), ("password", PASSWORD)];
                let answer = browser
                    .post(page.join(&action)?)
                    .header("Origin", self.base())
                    .form(&form)
                    .send()
                    .await?;
                if !answer.status().is_success() {
                    bail!("the sign-in was answered {}", answer.status());
                }
            }
            Kind::Peer => {
                let login = format!("person{number}");
                let form = [("prompt", "login"), ("login", &login), ("password", "any")];
                let answer = browser.post(page).form(&form).send().await?;
                browser.get(location(&answer)?).send().await?;
            }
        }
        let authorize = format!("{}{}", self.base(), self.kind.path(Endpoint::Authorize));
        let cookies = jar.cookies(&Url::parse(&authorize)?);
        let cookies = cookies.context("the sign-in set no cookie")?;
        Ok(cookies.to_str()?.to_owned())
    }
}

/// A page that asks for a password, and the browser that it was opened in.
struct SignInPage {
    browser: reqwest::Client,
    jar: Arc<Jar>,
    address: Url,
    html: String,
}

/// The first form's address, or that of the page.
fn action_of(html: &str, page: &Url) -> String {
    value_of_attribute(html, "action").unwrap_or_else(|| page.path().to_owned())
}

fn location(answer: &reqwest::Response) -> Result<&str> {
    let header = answer.headers().get("location").context("a redirect was expected")?;
    Ok(header.to_str()?)
}

fn value_of(html: &str, marker: &str) -> Option<String> {
    let after = &html[html.find(marker)?..];
    value_of_attribute(after, "value")
}

fn value_of_attribute(html: &str, name: &str) -> Option<String> {
    let start = html.find(&format!("{name}=\""))? + name.len() + 2;
    let end = html[start..].find('"')? + start;
    Some(html[start..end].to_owned())
}

fn code_of(answer: &Answer) -> Result<&str> {
    let location = answer
        .location
        .as_deref()
        .with_context(|| format!("authorize did not redirect: {}", answer.summary()))?;
    let start = location.find("code=").with_context(|| format!("no code in {location}"))? + 5;
    Ok(location[start..].split('&').next().unwrap_or_default())
}

fn text<'a>(answer: &'a serde_json::Value, name: &str) -> Result<&'a str> {
    answer[name].as_str().with_context(|| format!("the answer has no {name}"))
}

/// Authorize with a session, redeem, ask userinfo.
pub struct SilentSignIn {
    party: Party,
    connection: Connection,
    /// Whose turn it is.
    turn: usize,
    cookies: Vec<String>,
}

impl SilentSignIn {
    pub async fn new(party: &Party, cookie: String) -> Result<Self> {
        Self::of_many(party, vec![cookie]).await
    }

    /// One connection on which many people take turns, as behind a proxy.
    pub async fn of_many(party: &Party, cookies: Vec<String>) -> Result<Self> {
        let connection = Connection::open(&party.target).await?;
        Ok(Self { party: party.clone(), connection, turn: 0, cookies })
    }
}

impl User for SilentSignIn {
    async fn round(&mut self) -> Result<()> {
        self.turn = (self.turn + 1) % self.cookies.len();
        let cookie = &self.cookies[self.turn];
        let tokens = self.party.sign_in(&mut self.connection, cookie).await?;
        text(&tokens, "id_token")?;
        let bearer = format!("Bearer {}", text(&tokens, "access_token")?);
        let carries = Carries { authorization: Some(&bearer), ..Carries::default() };
        let path = self.party.kind.path(Endpoint::Userinfo);
        let claims = self.connection.send(path, carries).await?.json()?;
        text(&claims, "sub").map(drop)
    }
}

/// Refreshes with the token that the last refresh gave.
pub struct Refresh {
    party: Party,
    connection: Connection,
    token: String,
}

impl Refresh {
    pub async fn new(party: &Party, cookie: &str) -> Result<Self> {
        let mut connection = Connection::open(&party.target).await?;
        let tokens = party.sign_in(&mut connection, cookie).await?;
        let token = text(&tokens, "refresh_token")?.to_owned();
        Ok(Self { party: party.clone(), connection, token })
    }
}

impl User for Refresh {
    async fn round(&mut self) -> Result<()> {
        let form = format!("grant_type=refresh_token&refresh_token={}", self.token);
        let tokens = self.party.token(&mut self.connection, &form).await?;
        text(&tokens, "id_token")?;
        self.token = text(&tokens, "refresh_token")?.to_owned();
        Ok(())
    }
}

/// Asks one thing at one endpoint, over and over.
pub struct Asking {
    connection: Connection,
    path: &'static str,
    authorization: Option<String>,
    form: Option<String>,
    /// What a right answer holds.
    holds: &'static str,
}

impl Asking {
    /// `GET /hello` of the raw limit.
    pub async fn hello(server: &Server) -> Result<Self> {
        let connection = Connection::open(&server.target).await?;
        Ok(Self { connection, path: "/hello", authorization: None, form: None, holds: "Hello" })
    }

    /// A signed token of the raw limit.
    pub async fn raw_token(server: &Server) -> Result<Self> {
        let connection = Connection::open(&server.target).await?;
        let form = "grant_type=client_credentials&client_id=bench".to_owned();
        let (path, holds) = ("/token", "\"access_token\"");
        Ok(Self { connection, path, authorization: None, form: Some(form), holds })
    }

    /// A token of the client's own, a JWT when it is for an API.
    pub async fn client_credentials(party: &Party, api: Option<&str>) -> Result<Self> {
        let connection = Connection::open(&party.target).await?;
        let mut form = "grant_type=client_credentials".to_owned();
        if let Some(api) = api {
            form.push_str(&format!("&resource={}", api.replace(':', "%3A").replace('/', "%2F")));
        }
        let path = party.kind.path(Endpoint::Token);
        let authorization = Some(party.basic.clone());
        Ok(Self { connection, path, authorization, form: Some(form), holds: "\"access_token\"" })
    }

    /// Whether an opaque access token of a person counts.
    pub async fn introspect(party: &Party, cookie: &str) -> Result<Self> {
        let mut connection = Connection::open(&party.target).await?;
        let tokens = party.sign_in(&mut connection, cookie).await?;
        let form = format!("token={}", text(&tokens, "access_token")?);
        let path = party.kind.path(Endpoint::Introspect);
        let authorization = Some(party.basic.clone());
        Ok(Self { connection, path, authorization, form: Some(form), holds: "\"active\":true" })
    }

    /// The claims of a person.
    pub async fn userinfo(party: &Party, cookie: &str) -> Result<Self> {
        let mut connection = Connection::open(&party.target).await?;
        let tokens = party.sign_in(&mut connection, cookie).await?;
        let authorization = Some(format!("Bearer {}", text(&tokens, "access_token")?));
        let path = party.kind.path(Endpoint::Userinfo);
        Ok(Self { connection, path, authorization, form: None, holds: "\"sub\"" })
    }
}

impl User for Asking {
    async fn round(&mut self) -> Result<()> {
        let carries = Carries {
            authorization: self.authorization.as_deref(),
            form: self.form.as_deref(),
            ..Carries::default()
        };
        let answer = self.connection.send(self.path, carries).await?;
        let is_right = answer.status.is_success()
            && answer.body.windows(self.holds.len()).any(|part| part == self.holds.as_bytes());
        if !is_right {
            bail!("{} answered {}", self.path, answer.summary());
        }
        Ok(())
    }
}

/// Tries wrong passwords of nobody, each from another network.
pub struct Flood {
    connection: Connection,
    origin: String,
    path: String,
    csrf: String,
    cookie: String,
    tries: u32,
    number: usize,
}

impl Flood {
    pub async fn new(party: &Party, number: usize) -> Result<Self> {
        let page = party.sign_in_page().await?;
        let cookie = page.jar.cookies(&page.address).context("the page set no cookie")?;
        Ok(Self {
            connection: Connection::open(&party.target).await?,
            origin: party.base(),
            path: action_of(&page.html, &page.address),
            csrf: value_of(&page.html, "name=\"csrf\"").context("the page has no form")?,
            cookie: cookie.to_str()?.to_owned(),
            tries: 0,
            number,
        })
    }
}

impl User for Flood {
    async fn round(&mut self) -> Result<()> {
        self.tries += 1;
        let network = format!("10.{}.{}.7", self.number, self.tries % 250);
        let form = format!(
            "csrf={}&username=nobody{}x{}&password=wrong+password+of+nobody",
            self.csrf, self.number, self.tries
        );
        let carries = Carries {
            cookie: Some(&self.cookie),
            form: Some(&form),
            origin: Some(&self.origin),
            forwarded_for: Some(&network),
            ..Carries::default()
        };
        let answer = self.connection.send(&self.path, carries).await?;
        // Too many at once is an answer too: that is how a flood is held off.
        if !matches!(answer.status.as_u16(), 200 | 422 | 429) {
            bail!("a wrong password was answered {}", answer.status);
        }
        Ok(())
    }
}
