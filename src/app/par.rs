//! `/par`: a client pushes its request before it sends the browser (RFC 9126).

use std::time::Duration;

use crate::app::client_auth::{Credentials, NotLetIn, authenticate};
use crate::app::request_object::{hint, resolve_object};
use crate::app::{Fault, Issuer};
use crate::base::PushedRequestId;
use crate::domain::{Client, PushedRequest};
use crate::protocol::token::PushedRequestUri;
use crate::protocol::{AuthorizeParams, ErrorCode, OAuthError, Parameters};
use crate::rules::authorize::{RequestProblem, Submission, check_pushed};
use crate::store::{Touched, pushed_requests};

/// What the endpoint answers.
pub enum ParAnswer {
    /// The request waits for its browser under this name, so long.
    Pushed(String, Duration),
    /// The client was not let in.
    NotLetIn(NotLetIn),
    /// The request is refused.
    Refused(OAuthError),
}

/// What proves the client and is no part of its request.
const CREDENTIALS: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// Serves a pushed request.
///
/// # Errors
/// When the store fails.
pub async fn push(issuer: &Issuer, credentials: Credentials<'_>) -> Result<ParAnswer, Fault> {
    let client = match authenticate(issuer, credentials).await? {
        Ok(client) => client,
        Err(refused) => return Ok(ParAnswer::NotLetIn(refused)),
    };
    let (client, now) = (client.client(), issuer.now());
    let (outer, raw) = match own_request(credentials.form, client) {
        Ok(own) => own,
        Err(error) => return Ok(ParAnswer::Refused(error)),
    };
    let was_object = outer.request.is_some();
    let resolved = resolve_object(issuer, outer, Some(client), now).await;
    let submission = Submission {
        params: &resolved.params,
        provenance: &resolved.provenance,
        hint: &hint(issuer, &resolved.params),
        policy: issuer.authorize_policy(),
        received_at: now,
    };
    if let Err(error) = check_pushed(&submission, client) {
        return Ok(ParAnswer::Refused(error));
    }
    let id = PushedRequestId::new(now, issuer.entropy.as_ref());
    let uri = PushedRequestUri::new(id, issuer.entropy.as_ref());
    let parameters = if was_object { resolved.params.to_pairs() } else { raw };
    let row = PushedRequest {
        id,
        client: client.id,
        secret_digest: uri.digest(),
        parameters,
        is_signed: resolved.provenance.is_signed,
        created_at: now,
        expires_at: now + issuer.settings.pushed_request_for,
        used_at: None,
    };
    issuer
        .store
        .write_touching(Touched::Nothing, "push a request", move |db| {
            pushed_requests::insert_pushed_request(db, &row)
        })
        .await?;
    Ok(ParAnswer::Pushed(uri.to_text(), issuer.settings.pushed_request_for))
}

/// The request without the client's credentials, read and raw.
fn own_request(
    form: &Parameters,
    client: &Client,
) -> Result<(AuthorizeParams, Vec<(String, String)>), OAuthError> {
    let mut raw: Vec<(String, String)> = form.pairs().to_vec();
    raw.retain(|(name, _)| !CREDENTIALS.contains(&name.as_str()));
    if !raw.iter().any(|(name, _)| name == "client_id") {
        raw.push(("client_id".to_owned(), client.client_id.clone()));
    }
    let params = AuthorizeParams::read(&Parameters::from_pairs(raw.iter().cloned()));
    if params.client_id.as_deref().is_some_and(|named| named != client.client_id) {
        return Err(RequestProblem::UnknownClient.to_error());
    }
    // RFC 9126 §2.1: it would never end.
    if params.request_uri.is_some() {
        return Err(OAuthError::new(
            ErrorCode::InvalidRequest,
            "request_uri must not stand in a pushed request",
        ));
    }
    Ok((params, raw))
}
