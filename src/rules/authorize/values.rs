use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ErrorCode, OAuthError};

/// Values that are stored or echoed have a bound, well above what any app sends.
pub(super) const CHECK: Check = Check {
    name: "bounded values",
    section: "OAuth 2.1 (injection), OpenID Connect Core §15.5.2",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run,
};

const MAX_ECHOED: usize = 4096;
const MAX_HINT: usize = 1024;

fn run(inquiry: &Inquiry<'_>, _: &mut Draft) -> Result<(), OAuthError> {
    let params = inquiry.params;
    let bounded = [
        ("state", &params.state, MAX_ECHOED),
        ("nonce", &params.nonce, MAX_ECHOED),
        ("login_hint", &params.login_hint, MAX_HINT),
        ("ui_locales", &params.ui_locales, MAX_HINT),
        ("acr_values", &params.acr_values, MAX_HINT),
        ("claims", &params.claims, MAX_ECHOED),
    ];
    for (name, value, limit) in bounded {
        if value.as_ref().is_some_and(|value| value.len() > limit) {
            return Err(OAuthError::about(ErrorCode::InvalidRequest, name, "is too long"));
        }
    }
    Ok(())
}
