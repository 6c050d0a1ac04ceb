use serde_json::{Map, Value};

use super::{RegistrationAnswer, check, information, make_keys, not_let_in, refused, registrar};
use crate::app::clients::{self, ClientProblem, Registered};
use crate::app::{Caller, Fault, Issuer};
use crate::domain::{Actor, Client, ClientOrigin};
use crate::protocol::DynamicRegistration;
use crate::protocol::token::ManagementToken;
use crate::rules::registration::{MetadataProblem, told};
use crate::store::clients as queries;

/// Shows a client its registration (RFC 7592 §2.1).
///
/// # Errors
/// When the store does not answer.
pub async fn show(
    issuer: &Issuer,
    client_id: &str,
    bearer: Option<&str>,
) -> Result<RegistrationAnswer, Fault> {
    let (client, token) = match let_in(issuer, client_id, bearer).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    let registered = Registered { client, secret: None, ignored: Vec::new() };
    Ok(RegistrationAnswer::Client(information(issuer, &registered, token)?))
}

/// Puts other metadata in the place of a client's (RFC 7592 §2.2). What it does not say falls back
/// to its default; what its operator gave it stays.
///
/// # Errors
/// When the store does not answer, or a key cannot be made.
pub async fn replace(
    issuer: &Issuer,
    client_id: &str,
    bearer: Option<&str>,
    asked: Map<String, Value>,
    caller: Caller,
) -> Result<RegistrationAnswer, Fault> {
    let (client, token) = match let_in(issuer, client_id, bearer).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    if asked.get("client_id").and_then(Value::as_str) != Some(client_id) {
        let problem = MetadataProblem::new("client_id", "must be the one that was issued");
        return Ok(RegistrationAnswer::Refused(told(&[problem])));
    }
    let checked = match check(issuer, asked, Some(&client.metadata)).await {
        Ok(checked) => checked,
        Err(problem) => return refused(problem),
    };
    let planned = Client { metadata: checked.metadata().clone(), ..client.clone() };
    make_keys(issuer, &planned).await?;
    let actor = Actor::Client(client.client_id.clone());
    match clients::replace(registrar(issuer, &actor, caller), client, checked).await {
        Ok(registered) => Ok(RegistrationAnswer::Client(information(issuer, &registered, token)?)),
        Err(problem) => refused(problem),
    }
}

/// Removes a client with all that was granted to it (RFC 7592 §2.3).
///
/// # Errors
/// When the store does not answer.
pub async fn remove(
    issuer: &Issuer,
    client_id: &str,
    bearer: Option<&str>,
    caller: Caller,
) -> Result<RegistrationAnswer, Fault> {
    if let Err(answer) = let_in(issuer, client_id, bearer).await? {
        return Ok(answer);
    }
    let actor = Actor::Client(client_id.to_owned());
    match clients::delete(registrar(issuer, &actor, caller).operator(), client_id).await {
        Ok(_) => Ok(RegistrationAnswer::Removed),
        Err(ClientProblem::Fault(fault)) => Err(fault),
        Err(_) => Ok(not_let_in()),
    }
}

/// The client whose token this is. The token of one opens no other, and one of a client that is
/// gone or disabled opens nothing (`security.md` R96).
async fn let_in<'t>(
    issuer: &Issuer,
    client_id: &str,
    bearer: Option<&'t str>,
) -> Result<Result<(Client, &'t str), RegistrationAnswer>, Fault> {
    if issuer.settings.dynamic_registration == DynamicRegistration::Off {
        return Ok(Err(RegistrationAnswer::Off));
    }
    let Some(bearer) = bearer else { return Ok(Err(RegistrationAnswer::NotLetIn(None))) };
    let Ok(token) = ManagementToken::parse(bearer) else { return Ok(Err(not_let_in())) };
    let id = token.id;
    let found = issuer.store.read(move |db| queries::find_client(db, id)).await?;
    let is_its_own = |client: &Client| {
        client.client_id == client_id
            && client.is_enabled()
            && client.origin == ClientOrigin::Dynamic(token.digest())
    };
    Ok(found.filter(is_its_own).map(|client| (client, bearer)).ok_or_else(not_let_in))
}
