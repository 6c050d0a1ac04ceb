//! Tokens for a client that speaks for itself.

use super::mint::Mint;
use super::{TokenAnswer, answer};
use crate::app::finish::GRANT_MARGIN;
use crate::app::{Fault, Issuer};
use crate::base::GrantId;
use crate::domain::Grant;
use crate::protocol::ClaimsRequest;
use crate::rules::client_auth::AuthenticatedClient;
use crate::rules::token::ClientCredentials;
use crate::store::{Touched, grants};

pub(super) async fn grant(
    issuer: &Issuer,
    client: &AuthenticatedClient,
    request: ClientCredentials,
) -> Result<TokenAnswer, Fault> {
    let now = issuer.now();
    let client = client.client();
    let grant = Grant {
        id: GrantId::new(now, issuer.entropy.as_ref()),
        client: client.id,
        person: None,
        scopes: request.reach.scopes.clone(),
        resources: request.reach.resources.clone(),
        claims: ClaimsRequest::default(),
        nonce: None,
        code: None,
        generation: 0,
        refresh: None,
        created_at: now,
        expires_at: now + issuer.settings.access_token_for + GRANT_MARGIN,
        revoked_at: None,
    };
    let stored = grant.clone();
    issuer
        .store
        .write_touching(Touched::Nothing, "grant client credentials", move |db| {
            grants::insert_grant(db, &stored)
        })
        .await?;
    let mint = Mint { issuer, client, grant: &grant, user: None, now };
    answer(&mint, &request.reach, None).await
}
