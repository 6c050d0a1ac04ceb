//! Encrypting to clients that registered for it (OpenID Connect Core §10.2).

use crate::app::client_keys::load;
use crate::app::{Fault, Issuer};
use crate::domain::Client;
use crate::jose::{JweContent, encrypt};
use crate::notify::Freshness;
use crate::protocol::{ContentEncryption, KeyManagementAlgorithm};

/// Encrypts `content` to a client. Its `jwks_uri` is read again when it holds no key that fits.
///
/// # Errors
/// When the client has no such key: what it asked to be kept from others is never sent open.
pub(super) async fn to_client(
    issuer: &Issuer,
    client: &Client,
    content: JweContent<'_>,
    alg: KeyManagementAlgorithm,
    enc: Option<ContentEncryption>,
) -> Result<String, Fault> {
    let enc = enc.unwrap_or_default();
    for freshness in [Freshness::Kept, Freshness::Refetched] {
        let keys = load(issuer, client, freshness).await;
        if let Some(key) = keys.as_ref().and_then(|keys| keys.encryption_key(alg)) {
            return Ok(encrypt(content, key, alg, enc)?);
        }
        if client.metadata.jwks_uri.is_none() {
            break;
        }
    }
    Err(Fault::NoEncryptionKey { client_id: client.client_id.clone() })
}
