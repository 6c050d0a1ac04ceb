//! Tokens for a client that speaks for itself.

use super::mint::Mint;
use super::{TokenAnswer, answer};
use crate::app::{Fault, Issuer};
use crate::base::GrantId;
use crate::domain::Grant;
use crate::protocol::token::JwtTokenId;
use crate::rules::client_auth::AuthenticatedClient;
use crate::rules::token::ClientCredentials;

/// Such a token says all that counts of it, so nothing is stored for one: whoever asks about it later is answered from
/// the token, its client, and the tokens that were taken back.
pub(super) async fn grant(
    issuer: &Issuer,
    client: &AuthenticatedClient,
    request: ClientCredentials,
) -> Result<TokenAnswer, Fault> {
    let now = issuer.now();
    let client = client.client();
    let grant = Grant::of_client(
        GrantId::new(now, issuer.entropy.as_ref()),
        client.id,
        (request.reach.scopes.clone(), request.reach.resources.clone()),
        JwtTokenId::WITHOUT_ROW,
        (now, now + issuer.settings.access_token_for),
    );
    let mint = Mint { issuer, client, grant: &grant, user: None, now };
    answer(&mint, &request.reach, None).await
}
