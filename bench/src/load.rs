//! A load client that is cheap enough to share two cores with what it measures: one thread, one
//! kept-alive connection for each imagined user, each sending its next request when the last one was
//! answered.

use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Where a server listens, and the name it is called by.
#[derive(Debug, Clone)]
pub struct Target {
    pub address: SocketAddr,
    pub host: String,
}

/// One kept-alive connection.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    target: Target,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON, when the status is 200.
    pub fn json(&self) -> Result<serde_json::Value> {
        if self.status != StatusCode::OK {
            bail!("answered {}", self.summary());
        }
        serde_json::from_slice(&self.body).context("the answer is not JSON")
    }

    /// Status and body, to tell what went wrong.
    pub fn summary(&self) -> String {
        format!("{}: {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

/// What a request carries beside its path.
#[derive(Default, Clone, Copy)]
pub struct Carries<'a> {
    pub authorization: Option<&'a str>,
    pub cookie: Option<&'a str>,
    pub form: Option<&'a str>,
    /// The origin of the page that a form stands on.
    pub origin: Option<&'a str>,
    /// Whom a proxy says the request comes from.
    pub forwarded_for: Option<&'a str>,
}

impl Connection {
    pub async fn open(target: &Target) -> Result<Self> {
        let stream = TcpStream::connect(target.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, target: target.clone() })
    }

    pub async fn send(&mut self, path: &str, carries: Carries<'_>) -> Result<Answer> {
        let method = if carries.form.is_some() { Method::POST } else { Method::GET };
        let mut request =
            Request::builder().method(method).uri(path).header(HOST, &self.target.host);
        if let Some(value) = carries.authorization {
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(value) = carries.cookie {
            request = request.header(COOKIE, value);
        }
        if let Some(value) = carries.origin {
            request = request.header(ORIGIN, value);
        }
        if let Some(value) = carries.forwarded_for {
            request = request.header("x-forwarded-for", value);
        }
        if carries.form.is_some() {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body =
            carries.form.map_or_else(Bytes::new, |form| Bytes::copy_from_slice(form.as_bytes()));
        if self.sender.is_closed() {
            *self = Self::open(&self.target.clone()).await?;
        }
        self.sender.ready().await?;
        let answer = self.sender.send_request(request.body(Full::new(body))?).await?;
        let status = answer.status();
        let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let location = location.map(str::to_owned);
        let body = answer.into_body().collect().await?.to_bytes();
        Ok(Answer { status, location, body })
    }
}

/// What a stretch of load came to.
#[derive(Debug, Clone, Default)]
pub struct Stretch {
    /// Finished rounds in a second.
    pub rate: f64,
    /// Finished rounds.
    pub count: usize,
    /// How long one took, in milliseconds.
    pub p50: f64,
    pub p99: f64,
}

/// Whoever takes part: says how one round goes.
pub trait User {
    fn round(&mut self) -> impl Future<Output = Result<()>>;

    /// How long it waits before each round.
    fn pause(&self) -> Duration {
        Duration::ZERO
    }
}

/// Lets every user go round until the time is over. A round that fails ends the measurement: a
/// quick refusal must not look like a quick service.
pub async fn drive_all<U: User>(users: &mut [U], how_long: Duration) -> Result<Stretch> {
    let began = Instant::now();
    let until = began + how_long;
    let one = |user| one_user(user, until);
    let all = futures_util::future::join_all(users.iter_mut().map(one)).await;
    let elapsed = began.elapsed().as_secs_f64();
    let mut times = Vec::new();
    for result in all {
        times.extend(result?);
    }
    if times.is_empty() {
        bail!("nothing was answered in {how_long:?}");
    }
    times.sort_unstable();
    let at = |share: f64| {
        let index = ((times.len() - 1) as f64 * share) as usize;
        times[index].as_secs_f64() * 1000.0
    };
    let count = times.len();
    Ok(Stretch { rate: count as f64 / elapsed, count, p50: at(0.5), p99: at(0.99) })
}

async fn one_user<U: User>(user: &mut U, until: Instant) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(4096);
    loop {
        if !user.pause().is_zero() {
            tokio::time::sleep(user.pause()).await;
        }
        let began = Instant::now();
        if began >= until {
            return Ok(times);
        }
        user.round().await?;
        times.push(began.elapsed());
    }
}
