//! How much a sign-in must be worth for one request.

use crate::domain::{Client, StoredRequest};
use crate::protocol::{ErrorCode, OAuthError};
use crate::rules::session::{TWO_FACTORS, acr_level};

/// The least level that the app is content with: of an essential `acr` (OpenID Connect Core
/// §5.5.1.1), else of `acr_values`, else of what the client registered as its default. Values that
/// nobody here knows ask for nothing. Without any of these each sign-in will do: 0. No wish asks for
/// more than two factors: not everybody has a passkey. An essential `acr` does, and fails for who has
/// none ([`unmet`]). Below the `minimum_acr` that the client registered, nothing that a request says
/// will do: it comes by way of the browser.
pub fn demanded_level(request: &StoredRequest, client: &Client) -> u8 {
    let minimum = client.metadata.minimum_acr.as_deref().and_then(acr_level).unwrap_or(0);
    asked_level(request, client).max(minimum)
}

fn asked_level(request: &StoredRequest, client: &Client) -> u8 {
    let least = |values: &[&str]| values.iter().filter_map(|acr| acr_level(acr)).min().unwrap_or(0);
    if let Some(essential) = request.claims.essential_acr() {
        return least(&essential);
    }
    let wished = match request.acr_values.is_empty() {
        true => &client.metadata.default_acr_values,
        false => &request.acr_values,
    };
    let wished: Vec<&str> = wished.iter().map(String::as_str).collect();
    least(&wished).min(TWO_FACTORS)
}

/// OpenID Connect Core §5.5.1.1: an essential `acr` that is not met is a failed authentication, and
/// never an answer that is worth less.
pub fn unmet() -> OAuthError {
    OAuthError::new(
        ErrorCode::UnmetAuthenticationRequirements,
        "the person did not sign in in one of the ways that are essential",
    )
}
