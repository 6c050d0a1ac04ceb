//! `/revoke` (RFC 7009).

use crate::app::client_auth::{Credentials, NotLetIn, authenticate};
use crate::app::introspect::missing_token;
use crate::app::token::family_of;
use crate::app::{Fault, Issuer, bearer};
use crate::base::Digest;
use crate::protocol::{ErrorCode, OAuthError};
use crate::store::{grants, used_once};

/// What the endpoint answers.
pub enum Revocation {
    /// It is done, or there was nothing to do: the answer does not tell (§2.2).
    Done,
    /// The client was not let in.
    NotLetIn(NotLetIn),
    /// The request is refused.
    Refused(OAuthError),
}

/// Takes a token of the client's own back. A refresh token takes everything of its grant with it
/// (`security.md` R34).
///
/// # Errors
/// When the store fails.
pub async fn revoke(issuer: &Issuer, credentials: Credentials<'_>) -> Result<Revocation, Fault> {
    let client = match authenticate(issuer, credentials).await? {
        Ok(client) => client,
        Err(refused) => return Ok(Revocation::NotLetIn(refused)),
    };
    let (caller, now) = (client.client().id, issuer.now());
    let token = match credentials.form.one("token") {
        Ok(Some(token)) => token,
        Ok(None) => return Ok(Revocation::Refused(missing_token())),
        Err(repeated) => {
            return Ok(Revocation::Refused(OAuthError::about(
                ErrorCode::InvalidRequest,
                repeated.0,
                "stands more than once",
            )));
        }
    };
    // An older token of the family will do: its app may never have got the newest one.
    if let Some(grant) = family_of(issuer, token).await? {
        if grant.client == caller {
            issuer
                .store
                .write("revoke grant", move |db| grants::revoke_grant(db, grant.id, now))
                .await?;
            tracing::info!(target: "tessera::audit", grant = %grant.id, "a client took its grant back");
        }
        return Ok(Revocation::Done);
    }
    let found = bearer::find(issuer, token, now).await?;
    if let Some(bearer) = found.filter(|bearer| bearer.client.id == caller) {
        let (digest, until) = (Digest::of(token.as_bytes()), bearer.expires_at);
        issuer
            .store
            .write("revoke token", move |db| used_once::revoke_token(db, &digest, until))
            .await?;
        let grant = bearer.facts.grant.id;
        tracing::info!(target: "tessera::audit", %grant, "a client took an access token back");
    }
    Ok(Revocation::Done)
}
