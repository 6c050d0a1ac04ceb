//! A client that speaks for itself (RFC 6749 §4.4).

use super::scopes;
use crate::domain::Client;
use crate::protocol::{ErrorCode, OAuthError, Parameters, ScopeSet};
use crate::rules::claims::Reach;
use crate::rules::client_auth::AuthenticatedClient;

/// What a client gets for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCredentials {
    /// What its token opens.
    pub reach: Reach,
}

/// Reads the request and clips it to the client's registration. Scopes about a person are none of
/// a client's own, `openid` and `offline_access` least of all (`security.md` R27).
pub(super) fn read(
    form: &Parameters,
    client: &AuthenticatedClient,
) -> Result<ClientCredentials, OAuthError> {
    let client = client.client();
    if client.is_public() {
        // RFC 6749 §4.4: it could be anybody.
        return Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "client_credentials is only for clients that prove who they are",
        ));
    }
    let own = own_scopes(client);
    let scopes = match scopes(form)? {
        None => own,
        Some(asked) => {
            let granted = asked.clipped_to(&own);
            if granted.is_empty() && !asked.is_empty() {
                return Err(OAuthError::new(
                    ErrorCode::InvalidScope,
                    "none of these scopes is registered for this client itself",
                ));
            }
            granted
        }
    };
    let asked: Vec<String> = form.all("resource").into_iter().map(str::to_owned).collect();
    if asked.iter().any(|resource| !client.metadata.resources.contains(resource)) {
        return Err(OAuthError::new(
            ErrorCode::InvalidTarget,
            "resource is not one that the client is registered for",
        ));
    }
    let default = client.metadata.audience.clone().into_iter().collect();
    let resources = if asked.is_empty() { default } else { asked };
    Ok(ClientCredentials { reach: Reach { scopes, resources } })
}

fn own_scopes(client: &Client) -> ScopeSet {
    let of_people = ScopeSet::STANDARD.into_iter().chain([ScopeSet::OFFLINE_ACCESS]);
    of_people.fold(client.allowed_scopes(), ScopeSet::without)
}
