//! Apps and people that go on whatever happens: who gets no answer asks again, as any client does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;

use super::ledger::{Held, Ledger};
use super::place::{CHANGING, Place, STEADY};
use crate::support::{App, Browser, PASSWORD, VERIFIER, http, text};

/// How long somebody asks again. A lost answer to a refresh may be asked for again for 30 s.
const PATIENCE: Duration = Duration::from_secs(28);
/// The same for passwords: a try that the end of a program cut off counts as a wrong one, and after ten of those the
/// account waits for longer than anything else takes.
const HELD_BACK: Duration = Duration::from_secs(5 * 60);
const PAUSE: Duration = Duration::from_millis(25);
/// How long an app waits for an answer.
const ANSWER: Duration = Duration::from_secs(15);
/// Apps that work at a time.
const APPS: usize = 3;

/// A load that runs until it is told to end.
pub(super) struct Load {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<Ledger>,
}

impl Load {
    /// Apps of one person, and one person who signs in and out and changes the password.
    pub(super) fn begin(place: &Place) -> Self {
        Self::with(place, true)
    }

    /// The apps alone.
    pub(super) fn of_apps(place: &Place) -> Self {
        Self::with(place, false)
    }

    fn with(place: &Place, is_person_there: bool) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let (apps, ends) = (place.apps.clone(), Arc::clone(&is_over));
        let (signed_in, begun) = channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(run(apps, ends, is_person_there, &signed_in))
        });
        // Faults begin once there is something to lose.
        begun.recv_timeout(PATIENCE).expect("the load begins");
        Self { is_over, thread }
    }

    /// Lets everybody come to the end of what they do. It panics when one of them was told what cannot be.
    pub(super) fn end(self) -> Ledger {
        self.is_over.store(true, Ordering::SeqCst);
        let ledger = self.thread.join().unwrap_or_else(|why| std::panic::resume_unwind(why));
        println!("{}", ledger.sum());
        ledger
    }

    /// Runs for a while and ends.
    pub(super) fn run_for(self, how_long: Duration) -> Ledger {
        std::thread::sleep(how_long);
        self.end()
    }
}

async fn run(
    apps: Vec<App>,
    is_over: Arc<AtomicBool>,
    is_person_there: bool,
    signed_in: &Sender<()>,
) -> Ledger {
    let mut ada = Browser::new(&apps[0].provider);
    ada.sign_in(&apps[0], STEADY, &[("prompt", "login")]).await.code();
    signed_in.send(()).unwrap();
    let steady = futures_util::future::join_all((0..APPS).map(|number| {
        let caller = Caller::new(apps.clone(), number, cookies_of(&ada.cookies));
        caller.work(Arc::clone(&is_over), number)
    }));
    let person = Caller::new(apps.clone(), 0, String::new());
    let person = async {
        if is_person_there { person.live(is_over.clone()).await } else { Ledger::default() }
    };
    let (ledgers, last) = futures_util::future::join(steady, person).await;
    ledgers.into_iter().fold(last, Ledger::join)
}

pub(super) fn cookies_of(cookies: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> =
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}

struct Caller {
    apps: Vec<App>,
    /// Which replica is asked next.
    next: usize,
    http: Client,
    cookies: String,
    ledger: Ledger,
}

/// An answer that says something: its status, where it leads, its JSON, and how many tries were not answered before it.
struct Told {
    status: u16,
    location: String,
    body: Value,
    unanswered: usize,
}

impl Caller {
    fn new(apps: Vec<App>, next: usize, cookies: String) -> Self {
        let http = http().redirect(Policy::none()).timeout(ANSWER);
        Self { apps, next, http: http.build().unwrap(), cookies, ledger: Ledger::default() }
    }

    /// Asks one replica after the other until one of them says something.
    async fn until_told(&mut self, make: impl Fn(&Self, &App) -> RequestBuilder) -> Told {
        let since = Instant::now();
        for unanswered in 0.. {
            self.next += 1;
            let app = &self.apps[self.next % self.apps.len()];
            let status = match make(self, app).send().await {
                Err(_) => 0,
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    let location = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap());
                    let location = location.unwrap_or_default().to_owned();
                    match answer.text().await {
                        // 429 says to come back: too many wait.
                        Ok(body) if status < 500 && status != 429 => {
                            self.ledger.count(status);
                            let body = serde_json::from_str(&body).unwrap_or_default();
                            return Told { status, location, body, unanswered };
                        }
                        Ok(_) => status,
                        Err(_) => 0,
                    }
                }
            };
            self.ledger.count(status);
            assert!(
                since.elapsed() < PATIENCE,
                "no answer in {PATIENCE:?}: {:?}",
                self.ledger.answers
            );
            tokio::time::sleep(PAUSE).await;
        }
        unreachable!("it goes on until it is told")
    }

    fn form(&self, app: &App, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let request = self.http.post(format!("{}{path}", app.provider)).form(form);
        request.basic_auth(&app.client_id, app.secret.as_deref())
    }

    async fn code(&mut self) -> String {
        let since = Instant::now();
        loop {
            let told = self.until_told(|me, app| {
                let url = app.authorize_url(&[("prompt", "none")]);
                me.http.get(url).header(COOKIE, &me.cookies)
            });
            let told = told.await;
            if let Some(code) = told_in(&told.location, "code") {
                return code;
            }
            // An app is told of a fault by its own address.
            let error = told_in(&told.location, "error").unwrap_or_default();
            let status = match error.as_str() {
                "server_error" => 500,
                "temporarily_unavailable" => 503,
                _ => panic!("the session is lost: {} {}", told.status, told.location),
            };
            assert!(since.elapsed() < PATIENCE, "no code in {PATIENCE:?}");
            self.ledger.count(status);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Redeems a code. Nothing when an answer was lost and the code with it.
    async fn redeem(&mut self, code: String) -> Option<Held> {
        let told = self.until_told(|me, app| {
            let form = [
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("redirect_uri", &app.redirect_uri),
                ("code_verifier", VERIFIER),
            ];
            me.form(app, "/token", &form)
        });
        let told = told.await;
        if told.status == 400 && told.unanswered > 0 && told.body["error"] == "invalid_grant" {
            self.ledger.lost.push(code);
            return None;
        }
        assert_eq!(told.status, 200, "a new code is refused: {}", told.body);
        let mut held = Held {
            code,
            id_tokens: Vec::new(),
            access_tokens: Vec::new(),
            refresh_token: String::new(),
            is_revoked: false,
        };
        held.take(&told.body);
        Some(held)
    }

    async fn refresh(&mut self, held: &mut Held) {
        let told = self.until_told(|me, app| {
            let token = held.refresh_token.as_str();
            me.form(app, "/token", &[("grant_type", "refresh_token"), ("refresh_token", token)])
        });
        let told = told.await;
        assert_eq!(told.status, 200, "the newest refresh token is refused: {}", told.body);
        held.take(&told.body);
    }

    async fn revoke(&mut self, held: &mut Held) {
        let told = self.until_told(|me, app| {
            me.form(app, "/revoke", &[("token", held.refresh_token.as_str())])
        });
        assert_eq!(told.await.status, 200);
        held.is_revoked = true;
    }

    /// What an app does all day.
    async fn work(mut self, is_over: Arc<AtomicBool>, number: usize) -> Ledger {
        for round in number.. {
            let code = self.code().await;
            if let Some(mut held) = self.redeem(code).await {
                for _ in 0..round % 3 {
                    self.refresh(&mut held).await;
                }
                if round % 2 == 0 {
                    self.revoke(&mut held).await;
                }
                self.ledger.held.push(held);
            }
            if is_over.load(Ordering::SeqCst) {
                break;
            }
        }
        self.ledger
    }

    /// What a person does: signs in, signs out at one app, signs in, changes the password.
    async fn live(mut self, is_over: Arc<AtomicBool>) -> Ledger {
        self.ledger.passwords.push(PASSWORD.to_owned());
        for round in 1.. {
            let (mut browser, id_token) = self.sign_in().await;
            if round % 3 == 0 {
                self.change_password(&mut browser, round).await;
            } else {
                let cookies = browser.cookies.clone();
                let told = self.until_told(|me, app| {
                    let mut query = url::form_urlencoded::Serializer::new(String::new());
                    query.append_pair("id_token_hint", &id_token);
                    query.append_pair("post_logout_redirect_uri", "https://notes.example/bye");
                    let url = format!("{}/end_session?{}", app.provider, query.finish());
                    me.http.get(url).header(COOKIE, cookies_of(&cookies))
                });
                assert!(told.await.status < 400, "the sign-out is refused");
                self.ledger.ended.push(cookies);
            }
            if is_over.load(Ordering::SeqCst) {
                break;
            }
        }
        self.ledger
    }

    fn password(&self) -> String {
        self.ledger.passwords.last().unwrap().clone()
    }

    /// A new browser, signed in, and the ID token of its app.
    async fn sign_in(&mut self) -> (Browser, String) {
        let since = Instant::now();
        loop {
            self.next += 1;
            let app = self.apps[self.next % self.apps.len()].clone();
            let mut browser = Browser::new(&app.provider);
            let password = self.password();
            if let Some(code) = try_sign_in(&mut browser, &app, CHANGING, &password).await
                && let Some(held) = self.redeem(code).await
            {
                return (browser, held.id_tokens[0].clone());
            }
            assert!(since.elapsed() < HELD_BACK, "nobody can sign in");
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn change_password(&mut self, browser: &mut Browser, round: usize) {
        let new = format!("the password number {round} of a long day");
        let old = self.password();
        let since = Instant::now();
        loop {
            match try_change(browser, &old, &new).await {
                Some(true) => break,
                // It may have counted: whoever asks again finds the session renewed, or the old password refused.
                Some(false) | None => {
                    self.next += 1;
                    let app = self.apps[self.next % self.apps.len()].clone();
                    let mut other = Browser::new(&app.provider);
                    if try_sign_in(&mut other, &app, CHANGING, &new).await.is_some() {
                        break;
                    }
                    if try_sign_in(&mut other, &app, CHANGING, &old).await.is_some() {
                        *browser = other;
                    }
                }
            }
            assert!(since.elapsed() < HELD_BACK, "nobody can change the password");
            tokio::time::sleep(PAUSE).await;
        }
        self.ledger.passwords.push(new);
    }
}

impl Held {
    fn take(&mut self, body: &Value) {
        self.refresh_token = text(body, "refresh_token").to_owned();
        self.access_tokens.push(text(body, "access_token").to_owned());
        self.id_tokens.extend(body["id_token"].as_str().map(str::to_owned));
    }
}

/// A parameter of an address.
pub(super) fn told_in(location: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(location).ok()?;
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

/// The code of a sign-in with a password; nothing when it did not come to its end.
pub(super) async fn try_sign_in(
    browser: &mut Browser,
    app: &App,
    username: &str,
    password: &str,
) -> Option<String> {
    let page = browser.try_get(&app.authorize_url(&[("prompt", "login")])).await?;
    if !page.body.contains("login-submit") {
        return None;
    }
    let done = browser.try_submit(&page, &[("username", username), ("password", password)]).await?;
    let is_at_the_end = done.location().is_some() || done.body.contains("id=\"handoff\"");
    if is_at_the_end { done.told("code") } else { None }
}

/// Whether the password was changed; nothing when there was no answer.
async fn try_change(browser: &mut Browser, old: &str, new: &str) -> Option<bool> {
    let page = browser.try_get("/account/password").await?;
    if !page.has("password-submit") {
        return Some(false);
    }
    let done = browser.try_submit(&page, &[("current", old), ("password", new)]).await?;
    Some(done.url.ends_with("/account?done=password"))
}
