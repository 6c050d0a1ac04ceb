use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ErrorCode, OAuthError};

/// No defined parameter stands twice.
pub(super) const CHECK: Check = Check {
    name: "each parameter once",
    section: "RFC 6749 §3.1",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run,
};

fn run(inquiry: &Inquiry<'_>, _: &mut Draft) -> Result<(), OAuthError> {
    match inquiry.params.repeated.first() {
        Some(name) => {
            Err(OAuthError::about(ErrorCode::InvalidRequest, name, "stands more than once"))
        }
        None => Ok(()),
    }
}
