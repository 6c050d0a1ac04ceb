use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::http::header;
use actix_web::web::{Data, get, resource};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

struct State {
    issuer: String,
    audience: String,
    keys: JwkSet,
}

/// Serves the sample API on `listener`. It fetched the provider's keys once; from then on it
/// verifies access tokens by itself (RFC 9068 §4) and never asks the provider.
///
/// # Errors
/// When the keys cannot be fetched or the listener cannot be used.
pub async fn serve_api(
    issuer: &str,
    audience: &str,
    http: &reqwest::Client,
    listener: TcpListener,
) -> anyhow::Result<Server> {
    let keys = http.get(format!("{issuer}/jwks")).send().await?.json().await?;
    let state = Data::new(State { issuer: issuer.to_owned(), audience: audience.to_owned(), keys });
    let server = HttpServer::new(move || {
        App::new().app_data(state.clone()).service(resource("/").route(get().to(greet)))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

async fn greet(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    match token.and_then(|token| verify(&state, token)) {
        Some(claims) => HttpResponse::Ok().json(json!({
            "greeting": "Hello from the sample API: I verified your token by myself.",
            "subject": claims["sub"],
            "client": claims["client_id"],
            "scope": claims["scope"],
        })),
        None => HttpResponse::Unauthorized()
            .insert_header((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""))
            .json(json!({ "error": "invalid_token" })),
    }
}

/// RFC 9068 §4: the type, the issuer, the audience, the time and the signature.
fn verify(state: &State, token: &str) -> Option<Value> {
    let header = decode_header(token).ok()?;
    if header.typ.as_deref() != Some("at+jwt") || header.alg != Algorithm::RS256 {
        return None;
    }
    let key = DecodingKey::from_jwk(state.keys.find(header.kid.as_deref()?)?).ok()?;
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&[&state.issuer]);
    rules.set_audience(&[&state.audience]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    decode::<Value>(token, &key, &rules).ok().map(|token| token.claims)
}
