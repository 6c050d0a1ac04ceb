//! Letting clients in (RFC 6749 §2.3, OpenID Connect Core §9), at every endpoint alike.

use std::sync::Arc;
use std::time::Duration;

use crate::app::client_keys::{open_secrets, verify};
use crate::app::throttle::{Refusals, WINDOW};
use crate::app::{Caller, Fault, Issuer, audit};
use crate::base::{Digest, Timestamp};
use crate::domain::{Actor, Client, Event};
use crate::jose::{
    ClientAssertion, ClientJwtType, ClientSecretKey, VerifiedClientJwt, claimed_client,
    verify_with_secret,
};
use crate::protocol::{AuthMethod, Parameters, SigningAlgorithm};
use crate::rules::client_auth::{
    self as rules, Assertion, AssertionFacts, AuthenticatedClient, ClientClaim, Unauthenticated,
};
use crate::store::{Store, Touched, used_once};

/// Refusals of one client from one network within [`WINDOW`] (`security.md` R43). Its secrets are
/// long; this keeps guessing from costing us more than it costs those who guess.
const MAX_REFUSALS: u64 = 30;

/// What is shown to prove who a client is.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The form.
    pub form: &'a Parameters,
    /// Where it comes from.
    pub caller: Caller,
}

/// Why a client is not let in.
pub enum NotLetIn {
    /// It is not who it says it is, or does not say.
    Unauthenticated(Unauthenticated),
    /// It was wrong too often.
    TooMany(Duration),
}

/// Lets a client in, or says why not.
pub(super) async fn authenticate(
    issuer: &Issuer,
    credentials: Credentials<'_>,
) -> Result<Result<AuthenticatedClient, NotLetIn>, Fault> {
    let mut claim = match rules::read(credentials.authorization, credentials.form) {
        Ok(claim) => claim,
        Err(refused) => return Ok(Err(NotLetIn::Unauthenticated(refused))),
    };
    if let (true, Some(token)) = (claim.client_ids.is_empty(), &claim.assertion) {
        claim.client_ids.extend(claimed_client(token).ok());
    }
    // Refusals count, and not attempts: an app with many workers comes with many requests at once,
    // and its secret is too long for a burst to find.
    let counted = claim.shows_something().then(|| Refusals {
        client: claim.client_ids.first().map_or("", String::as_str),
        network: credentials.caller.network,
    });
    if let Some(refusals) = counted
        && issuer.throttle.refusals(refusals).await >= MAX_REFUSALS
    {
        return Ok(Err(NotLetIn::TooMany(WINDOW)));
    }
    let (known, result) = judge(issuer, &claim).await?;
    if let (Err(_), Some(refusals)) = (&result, counted) {
        issuer.throttle.refused(refusals).await;
        // Of clients that exist alone: their refusals end at the limit, and invented names do not.
        if let Some(client) = known {
            let row =
                credentials.caller.row(issuer, Actor::Anonymous, &Event::ClientRefused { client });
            audit::record(&issuer.store, row).await?;
        }
    }
    Ok(result.map_err(NotLetIn::Unauthenticated))
}

/// The name of the client, if there is one, and whether it is let in.
async fn judge(
    issuer: &Issuer,
    claim: &ClientClaim,
) -> Result<(Option<String>, Result<AuthenticatedClient, Unauthenticated>), Fault> {
    let judged = judge_in(issuer, &issuer.store, claim).await?;
    // An assertion counts once: a second look would meet its own use.
    if judged.1.is_ok() || claim.assertion.is_some() {
        return Ok(judged);
    }
    judge_in(issuer, &issuer.store.fresh(), claim).await
}

async fn judge_in(
    issuer: &Issuer,
    store: &Store,
    claim: &ClientClaim,
) -> Result<(Option<String>, Result<AuthenticatedClient, Unauthenticated>), Fault> {
    let (client, now) = (named(store, &claim.client_ids).await?, issuer.now());
    let assertion = match (&claim.assertion, &client) {
        (Some(token), Some(client)) => check_assertion(issuer, client, token, now).await?,
        (Some(_), None) => Assertion::Wrong,
        (None, _) => Assertion::None,
    };
    let known = client.as_ref().map(|client| client.client_id.clone());
    Ok((known, rules::authenticate(claim, client, assertion, now)))
}

/// The client that a request names, in the likeliest reading.
async fn named(store: &Store, names: &[String]) -> Result<Option<Arc<Client>>, Fault> {
    for name in names {
        if let Some(client) = store.client_named(name).await? {
            return Ok(Some(client));
        }
    }
    Ok(None)
}

/// RFC 7523 §3: verified, judged, and used up.
async fn check_assertion(
    issuer: &Issuer,
    client: &Client,
    token: &str,
    now: Timestamp,
) -> Result<Assertion, Fault> {
    let method = client.auth_method();
    let verified = match method {
        AuthMethod::PrivateKeyJwt => by_private_key(issuer, client, token).await,
        AuthMethod::ClientSecretJwt => by_secret(issuer, client, token)?,
        _ => None,
    };
    let claims = verified.as_ref().and_then(|jwt| ClientAssertion::read(&jwt.claims).ok());
    let (Some(jwt), Some(claims)) = (verified, claims) else { return Ok(Assertion::Wrong) };
    let facts = AssertionFacts {
        iss: &claims.iss,
        sub: &claims.sub,
        aud: claims.aud.as_slice(),
        is_array: !matches!(claims.aud, crate::jose::Audience::One(_)),
        is_typed: jwt.is_typed(ClientJwtType::Assertion),
        exp: claims.exp,
        iat: claims.iat,
        nbf: claims.nbf,
    };
    let token_endpoint = format!("{}/token", issuer.url());
    if !rules::accepts(&facts, client, issuer.url(), &token_endpoint, now) {
        return Ok(Assertion::Wrong);
    }
    // What was used up before a restore may be forgotten.
    if !issuer.may_count(rules::made_at(&facts, client)) {
        return Ok(Assertion::Wrong);
    }
    // R41, R42: it counts once, on whichever process, for as long as it could be shown again.
    let name = Digest::of(format!("{}\n{}", client.client_id, claims.jti).as_bytes());
    let until = claims.exp + rules::ASSERTION_LEEWAY;
    let is_first = issuer
        .store
        .write_touching(Touched::Nothing, "use client assertion", move |db| {
            used_once::use_assertion(db, &name, until)
        })
        .await?;
    Ok(if is_first { Assertion::Right } else { Assertion::Wrong })
}

async fn by_private_key(
    issuer: &Issuer,
    client: &Client,
    token: &str,
) -> Option<VerifiedClientJwt> {
    let registered = client.metadata.token_endpoint_auth_signing_alg.as_deref();
    let is_accepted = |algorithm: &SigningAlgorithm| {
        registered.is_none_or(|registered| registered == algorithm.as_str())
    };
    let accepted: Vec<_> = SigningAlgorithm::ALL.into_iter().filter(is_accepted).collect();
    verify(issuer, client, token, &accepted, ClientJwtType::Assertion).await
}

fn by_secret(
    issuer: &Issuer,
    client: &Client,
    token: &str,
) -> Result<Option<VerifiedClientJwt>, Fault> {
    for secret in open_secrets(issuer, client)? {
        let key = ClientSecretKey::new(&secret)?;
        if let Ok(verified) = verify_with_secret(token, &key, ClientJwtType::Assertion) {
            return Ok(Some(verified));
        }
    }
    Ok(None)
}
