//! Clients that register themselves (RFC 7591) and manage their registration (RFC 7592).

mod manage;
mod tokens;

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::app::clients::{self, ClientProblem, Registered, Registrar};
use crate::app::{Caller, Fault, Issuer, audit};
use crate::base::Secret;
use crate::domain::{Actor, AuditRecord, Client, ClientOrigin, Event};
use crate::notify::{FetchKind, FetchProblem, Freshness};
use crate::protocol::token::{ManagementToken, RegistrationToken};
use crate::protocol::{ClientMetadata, DynamicRegistration, ErrorCode, OAuthError};
use crate::rules::registration::{
    CheckedMetadata, Granted, MetadataProblem, RegistrationPolicy, ask_for_itself, lists_all, read,
    told,
};
use crate::store::{audit as rows, clients as queries, registration_tokens};

pub use manage::{remove, replace, show};
pub use tokens::{NewToken, new_token};

/// Registrations that one network may try within [`WINDOW`]. Apps that connect register once or
/// twice; some register anew for each person.
const MAX_OF_NETWORK: u64 = 300;
const WINDOW: Duration = Duration::from_secs(10 * 60);

/// What the endpoints answer.
pub enum RegistrationAnswer {
    /// The client as it is registered (RFC 7591 §3.2.1, RFC 7592 §3).
    Client(Map<String, Value>),
    /// It is removed.
    Removed,
    /// Nobody may register here.
    Off,
    /// There is no token, or one that does not count.
    NotLetIn(Option<OAuthError>),
    /// Something is wrong with the metadata.
    Refused(OAuthError),
    /// Too many registrations from this network.
    TooMany(Duration),
}

/// Registers a client. A registration that is refused leaves no row and costs no use of a token.
///
/// # Errors
/// When the store does not answer, or a key cannot be made.
pub async fn register(
    issuer: &Issuer,
    bearer: Option<&str>,
    asked: Map<String, Value>,
    caller: Caller,
) -> Result<RegistrationAnswer, Fault> {
    let count = format!("registrations:{}", caller.network);
    if issuer.settings.dynamic_registration == DynamicRegistration::Off {
        return Ok(RegistrationAnswer::Off);
    }
    if issuer.throttle.count(&count, WINDOW).await > MAX_OF_NETWORK {
        return Ok(RegistrationAnswer::TooMany(WINDOW));
    }
    let token = match initial_token(issuer, bearer).await? {
        Ok(token) => token,
        Err(answer) => return Ok(answer),
    };
    let checked = match check(issuer, asked, None).await {
        Ok(checked) => checked,
        Err(problem) => return refused(problem),
    };
    let actor = token.as_ref().map_or(Actor::Anonymous, |token| Actor::RegistrationToken(token.id));
    let mut made = clients::new_client(registrar(issuer, &actor, caller), &checked);
    let management = ManagementToken::new(made.client.id, issuer.entropy.as_ref());
    made.client.origin = ClientOrigin::Dynamic(management.digest());
    make_keys(issuer, &made.client).await?;
    let event = Event::ClientRegistered { client: made.client.client_id.clone() };
    let row = caller.row(issuer, actor, &event);
    if !store(issuer, &made.client, token, row).await? {
        return Ok(not_let_in());
    }
    Ok(RegistrationAnswer::Client(information(issuer, &made, &management.to_text())?))
}

/// The token that this registration uses up, in [`DynamicRegistration::Token`].
async fn initial_token(
    issuer: &Issuer,
    bearer: Option<&str>,
) -> Result<Result<Option<RegistrationToken>, RegistrationAnswer>, Fault> {
    if issuer.settings.dynamic_registration == DynamicRegistration::Open {
        return Ok(Ok(None));
    }
    let Some(bearer) = bearer else { return Ok(Err(RegistrationAnswer::NotLetIn(None))) };
    let Ok(token) = RegistrationToken::parse(bearer) else { return Ok(Err(not_let_in())) };
    let (id, secret, now) = (token.id, token.digest(), issuer.now());
    let is_good = issuer
        .store
        .read(move |db| registration_tokens::is_registration_token_good(db, id, &secret, now));
    Ok(if is_good.await? { Ok(Some(token)) } else { Err(not_let_in()) })
}

fn not_let_in() -> RegistrationAnswer {
    const UNKNOWN: OAuthError =
        OAuthError::new(ErrorCode::InvalidToken, "the token does not count, or no longer");
    RegistrationAnswer::NotLetIn(Some(UNKNOWN))
}

/// Uses the token and stores the client, both or neither. False when the token was used up since.
async fn store(
    issuer: &Issuer,
    client: &Client,
    token: Option<RegistrationToken>,
    row: AuditRecord,
) -> Result<bool, Fault> {
    let (client, noted, now) = (client.clone(), row.clone(), issuer.now());
    let token = token.map(|token| (token.id, token.digest()));
    let stored = issuer.store.write("register client", move |db| {
        if let Some((id, secret)) = &token
            && !registration_tokens::use_registration_token(db, *id, secret, now)?
        {
            return Ok(false);
        }
        queries::insert_client(db, &client)?;
        rows::record(db, &noted)?;
        Ok(true)
    });
    let is_stored = stored.await?;
    if is_stored {
        audit::log(&row);
    }
    Ok(is_stored)
}

/// Checks what a client asks for: its members, its keys, and the list of its sector.
async fn check(
    issuer: &Issuer,
    asked: Map<String, Value>,
    before: Option<&ClientMetadata>,
) -> Result<CheckedMetadata, ClientProblem> {
    let asked = read(asked).map_err(ClientProblem::Invalid)?;
    let granted =
        Granted { policy: policy(issuer), response_types: issuer.settings.response_types, before };
    let checked = clients::check(asked, |asked| ask_for_itself(asked, granted))?;
    match check_sector(issuer, checked.metadata()).await {
        Ok(()) => Ok(checked),
        Err(problem) => Err(ClientProblem::Invalid(vec![problem])),
    }
}

/// Fetches the list of a sector: every address of the client must stand in it, or anybody could
/// say that they belong to it (OpenID Connect Registration §5).
async fn check_sector(issuer: &Issuer, metadata: &ClientMetadata) -> Result<(), MetadataProblem> {
    let Some(uri) = &metadata.sector_identifier_uri else { return Ok(()) };
    // Somebody who corrected the list tries again at once.
    let fetched = issuer.documents.get(uri, FetchKind::SectorList, Freshness::Refetched).await;
    match fetched {
        Ok(document) => lists_all(&document.body, metadata),
        Err(problem) => {
            tracing::warn!(%problem, "sector_identifier_uri could not be read");
            Err(MetadataProblem::new("sector_identifier_uri", FetchProblem::OUTSIDE))
        }
    }
}

fn policy(issuer: &Issuer) -> RegistrationPolicy {
    RegistrationPolicy { is_dev: issuer.settings.is_dev }
}

fn registrar<'a>(issuer: &'a Issuer, actor: &'a Actor, caller: Caller) -> Registrar<'a> {
    Registrar {
        store: &issuer.store,
        clock: issuer.clock.as_ref(),
        entropy: issuer.entropy.as_ref(),
        sealer: &issuer.sealer,
        policy: policy(issuer),
        actor,
        caller: Some(caller),
    }
}

/// Makes the signing keys that a client asks for before its first token.
async fn make_keys(issuer: &Issuer, client: &Client) -> Result<(), Fault> {
    for algorithm in client.signing_algorithms() {
        issuer.keys.signing_key(issuer, algorithm).await?;
    }
    Ok(())
}

fn refused(problem: ClientProblem) -> Result<RegistrationAnswer, Fault> {
    let error = match problem {
        ClientProblem::Invalid(problems) => told(&problems),
        ClientProblem::Changed => OAuthError::new(
            ErrorCode::InvalidClientMetadata,
            "the client was changed at the same time: read it again",
        ),
        ClientProblem::Fault(fault) => return Err(fault),
        ClientProblem::Unknown | ClientProblem::Public | ClientProblem::Taken => {
            return Ok(not_let_in());
        }
    };
    Ok(RegistrationAnswer::Refused(error))
}

/// What a client is told of itself. Of a secret only a digest is kept, so it is told once.
fn information(
    issuer: &Issuer,
    registered: &Registered,
    token: &str,
) -> Result<Map<String, Value>, Fault> {
    let client = &registered.client;
    let Ok(Value::Object(mut told)) = serde_json::to_value(&client.metadata) else {
        return Err(Fault::Broken("client metadata is an object"));
    };
    let mut tell = |name: &str, value: Value| drop(told.insert(name.to_owned(), value));
    tell("client_id", json!(client.client_id));
    tell("client_id_issued_at", json!(client.created_at.as_seconds()));
    if let Some(secret) = registered.secret.as_ref().map(Secret::expose) {
        tell("client_secret", json!(secret));
        // Zero: it does not expire.
        tell("client_secret_expires_at", json!(0));
    }
    tell("registration_access_token", json!(token));
    let address = format!("{}/register/{}", issuer.url(), client.client_id);
    tell("registration_client_uri", json!(address));
    Ok(told)
}
