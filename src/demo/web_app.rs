use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Mutex, PoisonError};

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Server;
use actix_web::http::header;
use actix_web::web::{Data, Query, get, resource};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use askama::Template as _;

use super::page::{AppPage, Person};
use super::relying_party::{Callback, Pending, RelyingParty, Tokens};
use crate::base::{Entropy, SystemEntropy};

/// How a sample app presents itself.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// Its name.
    pub title: &'static str,
    /// A colour that tells it from the other one.
    pub accent: &'static str,
    /// Where it is served, without a slash at the end.
    pub url: String,
    /// The API that it calls with its access token.
    pub api: Option<String>,
    /// Where the other app is.
    pub other_app: String,
    /// Its cookie's name: browsers do not tell ports apart.
    pub cookie: &'static str,
}

struct State {
    settings: AppSettings,
    relying_party: RelyingParty,
    http: reqwest::Client,
    pending: Mutex<HashMap<String, Pending>>,
    signed_in: Mutex<HashMap<String, Tokens>>,
}

/// Serves a sample app on `listener`.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve_app(
    settings: AppSettings,
    relying_party: RelyingParty,
    http: reqwest::Client,
    listener: TcpListener,
) -> std::io::Result<Server> {
    let state = Data::new(State {
        settings,
        relying_party,
        http,
        pending: Mutex::default(),
        signed_in: Mutex::default(),
    });
    Ok(HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .service(resource("/").route(get().to(home)))
            .service(resource("/sign-in").route(get().to(sign_in)))
            .service(resource("/callback").route(get().to(callback)))
            .service(resource("/sign-out").route(get().to(sign_out)))
    })
    .workers(1)
    .disable_signals()
    .listen(listener)?
    .run())
}

impl State {
    /// The browser's id at this app.
    fn browser(&self, request: &HttpRequest) -> Option<String> {
        request.cookie(self.settings.cookie).map(|cookie| cookie.value().to_owned())
    }

    fn tokens(&self, browser: &str) -> Option<Tokens> {
        self.signed_in.lock().unwrap_or_else(PoisonError::into_inner).get(browser).cloned()
    }

    fn forget(&self, browser: &str) -> Option<Tokens> {
        self.signed_in.lock().unwrap_or_else(PoisonError::into_inner).remove(browser)
    }

    /// The person, as long as the provider still knows the sign-in: a sign-out anywhere ends it
    /// here at the next look.
    async fn person(&self, browser: &str) -> Option<(Person, Tokens)> {
        let tokens = self.tokens(browser)?;
        if self.relying_party.userinfo(&tokens).await.is_err() {
            self.forget(browser);
            return None;
        }
        let person = Person {
            name: greeting(&tokens),
            email: tokens.email.clone().unwrap_or_default(),
            subject: tokens.subject.clone(),
        };
        Some((person, tokens))
    }

    async fn ask_api(&self, tokens: &Tokens) -> Option<String> {
        let api = self.settings.api.as_ref()?;
        let answer = self.http.get(api).bearer_auth(&tokens.access_token).send().await;
        Some(match answer {
            Ok(answer) => answer.text().await.unwrap_or_else(|error| error.to_string()),
            Err(error) => error.to_string(),
        })
    }

    fn page(
        &self,
        person: Option<Person>,
        api_answer: Option<String>,
        problem: Option<String>,
    ) -> HttpResponse {
        let settings = &self.settings;
        let host = settings.url.split_once("://").map_or("", |(_, host)| host);
        let page = AppPage {
            title: settings.title,
            accent: settings.accent,
            host,
            person,
            api_answer,
            problem,
            other_app: &settings.other_app,
        };
        match page.render() {
            Ok(html) => HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html),
            Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
        }
    }
}

/// The person's name, with the one they sign in with.
fn greeting(tokens: &Tokens) -> String {
    match (&tokens.name, &tokens.username) {
        (Some(name), Some(username)) => format!("{name} ({username})"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => tokens.subject.clone(),
    }
}

async fn home(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let Some(browser) = state.browser(&request) else { return state.page(None, None, None) };
    match state.person(&browser).await {
        Some((person, tokens)) => {
            let answer = state.ask_api(&tokens).await;
            state.page(Some(person), answer, None)
        }
        None => state.page(None, None, None),
    }
}

/// Sends the browser to the provider, bound to this browser by a new cookie.
async fn sign_in(state: Data<State>) -> HttpResponse {
    let resource: Vec<(&str, &str)> =
        state.settings.api.iter().map(|api| ("resource", api.as_str())).collect();
    let (url, pending) = state.relying_party.begin(&["profile", "email", "groups"], &resource);
    let entropy: &dyn Entropy = &SystemEntropy;
    let browser = entropy.token();
    state.pending.lock().unwrap_or_else(PoisonError::into_inner).insert(browser.clone(), pending);
    let cookie = Cookie::build(state.settings.cookie, browser)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish();
    HttpResponse::SeeOther().insert_header((header::LOCATION, url)).cookie(cookie).finish()
}

async fn callback(
    request: HttpRequest,
    answer: Query<Callback>,
    state: Data<State>,
) -> HttpResponse {
    let browser = state.browser(&request).unwrap_or_default();
    let pending = state.pending.lock().unwrap_or_else(PoisonError::into_inner).remove(&browser);
    let Some(pending) = pending else {
        return HttpResponse::SeeOther().insert_header((header::LOCATION, "/")).finish();
    };
    match state.relying_party.finish(pending, answer.into_inner()).await {
        Ok(tokens) => {
            state.signed_in.lock().unwrap_or_else(PoisonError::into_inner).insert(browser, tokens);
            HttpResponse::SeeOther().insert_header((header::LOCATION, "/")).finish()
        }
        Err(error) => state.page(None, None, Some(format!("Signing in did not work: {error}"))),
    }
}

async fn sign_out(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let tokens = state.browser(&request).and_then(|browser| state.forget(&browser));
    let back_to = format!("{}/", state.settings.url);
    let to = match &tokens {
        Some(tokens) => state.relying_party.sign_out_url(tokens, &back_to),
        None => back_to,
    };
    HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish()
}
