use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ErrorCode, OAuthError, ResponseMode};

/// A mode that is served. The error itself then travels in the query, the default for a code.
pub(super) const CHECK: Check = Check {
    name: "response_mode",
    section: "OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2",
    endpoints: &[Endpoint::Authorize],
    run,
};

fn run(inquiry: &Inquiry<'_>, _: &mut Draft) -> Result<(), OAuthError> {
    match inquiry.params.response_mode.as_deref() {
        None => Ok(()),
        Some(asked) if ResponseMode::ALL.iter().any(|mode| mode.as_str() == asked) => Ok(()),
        Some(_) => Err(OAuthError::new(
            ErrorCode::InvalidRequest,
            "response_mode must be query or form_post",
        )),
    }
}
