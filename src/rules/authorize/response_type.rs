use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ErrorCode, OAuthError};

/// Only `code`, and only for a client that registered it.
pub(super) const CHECK: Check = Check {
    name: "response_type",
    section: "RFC 6749 §3.1.1, RFC 9700 §2.1.2",
    endpoints: &[Endpoint::Authorize],
    run,
};

fn run(inquiry: &Inquiry<'_>, _: &mut Draft) -> Result<(), OAuthError> {
    match inquiry.params.response_type.as_deref() {
        None => Err(OAuthError::new(ErrorCode::InvalidRequest, "response_type is missing")),
        Some("code") if inquiry.client.may_use_response("code") => Ok(()),
        Some("code") => Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "the client is not registered for response_type code",
        )),
        Some(_) => {
            Err(OAuthError::new(ErrorCode::UnsupportedResponseType, "response_type must be code"))
        }
    }
}
