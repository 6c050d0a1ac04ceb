use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ErrorCode, OAuthError, ResponseMode};

/// A mode that is served and may carry this answer. The error itself then travels in the default
/// mode of the response type.
pub(super) const CHECK: Check = Check {
    name: "response_mode",
    section: "OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run,
};

fn run(inquiry: &Inquiry<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    let Some(asked) = inquiry.params.response_mode.as_deref() else { return Ok(()) };
    let refuse = |description| Err(OAuthError::new(ErrorCode::InvalidRequest, description));
    match ResponseMode::parse(asked) {
        None => refuse("response_mode must be query, fragment or form_post"),
        Some(mode) if !draft.response_type.may_travel_by(mode) => {
            refuse("response_mode query must not carry tokens")
        }
        Some(_) => Ok(()),
    }
}
