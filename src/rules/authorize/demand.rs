//! How much a sign-in must be worth for one request.

use crate::domain::{Client, StoredRequest};
use crate::rules::session::{TWO_FACTORS, acr_level};

/// The least level that the app is content with: of an essential `acr` (OpenID Connect Core
/// §5.5.1.1), else of `acr_values`, else of what the client registered as its default. Values that
/// nobody here knows ask for nothing. Without any of these each sign-in will do: 0. Nothing asks for
/// more than two factors: not everybody has a passkey, and who has none would be asked for codes for
/// ever. Below the `minimum_acr` that the client registered, nothing that a request says will do: it
/// comes by way of the browser.
pub fn demanded_level(request: &StoredRequest, client: &Client) -> u8 {
    let minimum = client.metadata.minimum_acr.as_deref().and_then(acr_level).unwrap_or(0);
    asked_level(request, client).max(minimum)
}

fn asked_level(request: &StoredRequest, client: &Client) -> u8 {
    let least = |values: &[&str]| {
        let levels = values.iter().filter_map(|acr| acr_level(acr));
        levels.min().map_or(0, |level| level.min(TWO_FACTORS))
    };
    if let Some(essential) = request.claims.essential_acr() {
        return least(&essential);
    }
    let wished = match request.acr_values.is_empty() {
        true => &client.metadata.default_acr_values,
        false => &request.acr_values,
    };
    let wished: Vec<&str> = wished.iter().map(String::as_str).collect();
    least(&wished)
}
