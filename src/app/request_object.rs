//! Where the parameters of an authorization request really stand: in the request, in an object
//! that the client signed (by value, or at an address it registered), or in what it pushed.

use crate::app::client_keys::verify;
use crate::app::{Fault, Issuer};
use crate::base::Timestamp;
use crate::domain::{Client, PushedRequest};
use crate::jose::{Audience, ClientJwtType, RequestObjectClaims, verify_id_token_hint};
use crate::notify::{FetchKind, Freshness};
use crate::protocol::token::PushedRequestUri;
use crate::protocol::{AuthorizeParams, ErrorCode, OAuthError, Parameters, SigningAlgorithm};
use crate::rules::authorize::{Hint, Provenance, RequestProblem};
use crate::rules::request_object::{ObjectFacts, open};
use crate::store::pushed_requests;

/// The parameters that count, and how they came.
pub(super) struct Resolved {
    pub(super) params: AuthorizeParams,
    pub(super) provenance: Provenance,
}

/// Finds the parameters of a request to `/authorize`.
pub(super) async fn resolve(
    issuer: &Issuer,
    raw: &Parameters,
    client: Option<&Client>,
    now: Timestamp,
) -> Result<Result<Resolved, RequestProblem>, Fault> {
    let outer = AuthorizeParams::read(raw);
    let (Some(client), Some(uri)) = (client, outer.request_uri.as_deref()) else {
        return Ok(Ok(resolve_object(issuer, outer, client, now).await));
    };
    if !uri.starts_with(PushedRequestUri::PREFIX) {
        return Ok(Ok(resolve_object(issuer, outer, Some(client), now).await));
    }
    let gone = RequestProblem::PushedRequestGone;
    let Ok(handle) = PushedRequestUri::parse(uri) else { return Ok(Err(gone)) };
    let id = handle.id;
    let found = issuer.store.read(move |db| pushed_requests::find_pushed_request(db, id)).await?;
    // RFC 9126 §4: bound to its client. It is used up by an answer, not by looking at a page.
    let is_usable = |pushed: &PushedRequest| {
        handle.digest() == pushed.secret_digest
            && pushed.client == client.id
            && pushed.used_at.is_none()
            && now < pushed.expires_at
    };
    let Some(pushed) = found.filter(is_usable) else { return Ok(Err(gone)) };
    let params = AuthorizeParams::read(&Parameters::from_pairs(pushed.parameters));
    let provenance = Provenance { pushed: Some(id), is_signed: pushed.is_signed, problem: None };
    Ok(Ok(Resolved { params, provenance }))
}

/// Opens the request object, when there is one. What stands beside it does not count
/// (RFC 9101 §6.3).
pub(super) async fn resolve_object(
    issuer: &Issuer,
    outer: AuthorizeParams,
    client: Option<&Client>,
    now: Timestamp,
) -> Resolved {
    let plain = |params, problem| Resolved {
        params,
        provenance: Provenance { pushed: None, is_signed: false, problem },
    };
    let has_object = outer.request.is_some() || outer.request_uri.is_some();
    let Some(client) = client.filter(|_| has_object) else { return plain(outer, None) };
    let opened = match (outer.request.as_deref(), outer.request_uri.as_deref()) {
        (Some(_), Some(_)) => Err(OAuthError::new(
            ErrorCode::InvalidRequest,
            "request and request_uri must not stand together",
        )),
        (Some(object), None) => open_object(issuer, client, object, now).await,
        (None, uri) => match fetch(issuer, client, uri.unwrap_or_default()).await {
            Ok(object) => open_object(issuer, client, &object, now).await,
            Err(error) => Err(error),
        },
    };
    match opened {
        Ok(inner) => Resolved {
            params: AuthorizeParams::read(&inner),
            provenance: Provenance { pushed: None, is_signed: true, problem: None },
        },
        Err(problem) => plain(outer, Some(problem)),
    }
}

/// Verifies an object with the keys of its client. One without a signature is refused.
async fn open_object(
    issuer: &Issuer,
    client: &Client,
    object: &str,
    now: Timestamp,
) -> Result<Parameters, OAuthError> {
    let wrong = OAuthError::new(
        ErrorCode::InvalidRequestObject,
        "the request object is not signed with a key and an algorithm that the client registered",
    );
    let registered = client.metadata.request_object_signing_alg;
    let accepted: Vec<SigningAlgorithm> = match registered {
        Some(one) => vec![one],
        None => SigningAlgorithm::ALL.to_vec(),
    };
    let kind = ClientJwtType::RequestObject;
    let Some(jwt) = verify(issuer, client, object, &accepted, kind).await else {
        return Err(wrong);
    };
    let Ok(claims) = RequestObjectClaims::read(&jwt.claims) else { return Err(wrong) };
    let facts = ObjectFacts {
        iss: claims.iss.as_deref(),
        aud: claims.aud.as_ref().map_or(&[], Audience::as_slice),
        exp: claims.exp,
        nbf: claims.nbf,
    };
    open(&jwt.claims, &facts, client, issuer.url(), now)
}

/// Fetches an object from an address that the client registered, fragment and all (OpenID Connect
/// Core §6.2): nothing else is ever asked for (`security.md` R16).
async fn fetch(issuer: &Issuer, client: &Client, uri: &str) -> Result<String, OAuthError> {
    let refuse = |description| OAuthError::new(ErrorCode::InvalidRequestUri, description);
    if !client.metadata.request_uris.iter().any(|registered| registered == uri) {
        return Err(refuse("request_uri is none that the client registered"));
    }
    let fetched = issuer.documents.get(uri, FetchKind::RequestObject, Freshness::Kept).await;
    let fetched = fetched.map_err(|problem| {
        tracing::warn!(client = client.client_id, %problem, "request_uri could not be read");
        refuse("request_uri could not be read")
    })?;
    let text = std::str::from_utf8(&fetched.body).map_err(|_| refuse("request_uri is no text"))?;
    Ok(text.trim().to_owned())
}

/// Whom the hint of a request means.
pub(super) fn hint(issuer: &Issuer, params: &AuthorizeParams) -> Hint {
    let Some(token) = params.id_token_hint.as_deref() else { return Hint::None };
    match verify_id_token_hint(&issuer.keys.ring(), token, issuer.url()) {
        Ok(hint) => Hint::Verified { sub: hint.sub, aud: hint.aud },
        Err(_) => Hint::Unverified,
    }
}
