//! The public keys of a client: those it registered, or those it publishes.

use crate::app::{Fault, Issuer};
use crate::domain::Client;
use crate::jose::{
    ClientJwtType, ClientKeySet, VerifiedClientJwt, VerifyError, verify_with_client_keys,
};
use crate::notify::{FetchKind, Freshness};
use crate::protocol::{AuthMethod, ClientMetadata, SigningAlgorithm};
use crate::rules::registration::MetadataProblem;

/// Verifies a JWT that a client signed. A `kid` that is not known makes us look at its `jwks_uri`
/// again: it may have changed its keys (OpenID Connect Core §10.1.1). `None` when it does not
/// verify.
pub(super) async fn verify(
    issuer: &Issuer,
    client: &Client,
    token: &str,
    accepted: &[SigningAlgorithm],
    expected: ClientJwtType,
) -> Option<VerifiedClientJwt> {
    let keys = load(issuer, client, Freshness::Kept).await?;
    match verify_with_client_keys(token, &keys, accepted, expected) {
        // Without a `kid`, a key that was exchanged shows as a wrong signature.
        Err(VerifyError::UnknownKey | VerifyError::Signature)
            if client.metadata.jwks_uri.is_some() =>
        {
            let keys = load(issuer, client, Freshness::Refetched).await?;
            verify_with_client_keys(token, &keys, accepted, expected).ok()
        }
        verified => verified.ok(),
    }
}

/// The keys of a client. What cannot be had is logged, and is none.
pub(super) async fn load(
    issuer: &Issuer,
    client: &Client,
    freshness: Freshness,
) -> Option<ClientKeySet> {
    let metadata = &client.metadata;
    let set = match (&metadata.jwks, &metadata.jwks_uri) {
        (Some(set), _) => set.clone(),
        (None, Some(uri)) => {
            let fetched = issuer.documents.get(uri, FetchKind::KeySet, freshness).await;
            let fetched = fetched.inspect_err(|problem| {
                tracing::warn!(client = client.client_id, %problem, "jwks_uri could not be read");
            });
            serde_json::from_slice(&fetched.ok()?.body).ok()?
        }
        (None, None) => return None,
    };
    let parsed = ClientKeySet::parse(&set);
    let parsed = parsed.inspect_err(|problem| {
        tracing::warn!(client = client.client_id, %problem, "the keys of a client are unusable");
    });
    parsed.ok()
}

/// Seals the secrets of a client that proves them by HMAC: the context in which they open.
pub(super) fn secret_context(client: crate::base::ClientRowId) -> String {
    format!("clients/secrets/{client}")
}

/// The secrets of such a client, the newest first.
///
/// # Errors
/// When what is stored does not open.
pub(super) fn open_secrets(
    issuer: &Issuer,
    client: &Client,
) -> Result<Vec<crate::base::Secret<String>>, Fault> {
    let Some(sealed) = &client.sealed_secrets else { return Ok(Vec::new()) };
    let plain = issuer.sealer.open(&secret_context(client.id), sealed)?;
    let secrets: Vec<String> = serde_json::from_slice(plain.expose())
        .map_err(|_| Fault::Broken("sealed client secrets are a list"))?;
    Ok(secrets.into_iter().map(crate::base::Secret::new).collect())
}

/// What is wrong with the keys that a client registers by value. Those at its `jwks_uri` are its
/// own business until they are needed.
pub(super) fn problems(metadata: &ClientMetadata) -> Vec<MetadataProblem> {
    let Some(set) = &metadata.jwks else { return Vec::new() };
    let keys = match ClientKeySet::parse(set) {
        Ok(keys) => keys,
        Err(problem) => return vec![MetadataProblem::new("jwks", problem.to_string())],
    };
    let verifies = |algorithm: Option<SigningAlgorithm>| match algorithm {
        Some(algorithm) => keys.has_verification_key(algorithm),
        None => SigningAlgorithm::ALL.into_iter().any(|any| keys.has_verification_key(any)),
    };
    let mut problems = Vec::new();
    let mut needs = |is_needed: bool, has: bool, problem: &str| {
        if is_needed && !has {
            problems.push(MetadataProblem::new("jwks", problem));
        }
    };
    let named = metadata.token_endpoint_auth_signing_alg.as_ref();
    let named = named.and_then(|name| name.parse().ok());
    let signs = metadata.token_endpoint_auth_method == Some(AuthMethod::PrivateKeyJwt);
    needs(signs, verifies(named), "holds no key that can verify its client assertions");
    let named = metadata.request_object_signing_alg;
    let signs = named.is_some() || metadata.require_signed_request_object;
    needs(signs, verifies(named), "holds no key that can verify its request objects");
    let encrypted =
        [metadata.id_token_encrypted_response_alg, metadata.userinfo_encrypted_response_alg];
    for algorithm in encrypted.into_iter().flatten() {
        let has = keys.encryption_key(algorithm).is_some();
        needs(true, has, "holds no key to encrypt to with the algorithm that it asks for");
    }
    problems
}
