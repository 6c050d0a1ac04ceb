use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ErrorCode, OAuthError};

/// An ID token that comes through the browser must be bound to the request.
pub(super) const CHECK: Check = Check {
    name: "nonce",
    section: "OpenID Connect Core §3.2.2.1, §3.3.2.11",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run,
};

fn run(inquiry: &Inquiry<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    if draft.response_type.id_token && inquiry.params.nonce.is_none() {
        return Err(OAuthError::new(
            ErrorCode::InvalidRequest,
            "nonce is missing: an ID token through the browser needs one",
        ));
    }
    Ok(())
}
