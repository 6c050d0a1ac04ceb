use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ErrorCode, Flow, OAuthError, ResponseType};

/// A type that is known, switched on here, and registered by the client (`security.md` R6).
pub(super) const CHECK: Check = Check {
    name: "response_type",
    section: "RFC 6749 §3.1.1, RFC 9700 §2.1.2, OAuth 2.0 Multiple Response Types §3",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run,
};

fn run(inquiry: &Inquiry<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    let text = inquiry
        .params
        .response_type
        .as_deref()
        .ok_or(OAuthError::new(ErrorCode::InvalidRequest, "response_type is missing"))?;
    let unsupported =
        |description| OAuthError::new(ErrorCode::UnsupportedResponseType, description);
    let response_type = ResponseType::parse(text)
        .ok_or(unsupported("response_type is none of those in the discovery document"))?;
    let switches = inquiry.submission.policy.response_types;
    let is_served = match response_type.flow() {
        Flow::Code => true,
        Flow::Implicit => switches.implicit,
        Flow::Hybrid => switches.hybrid,
    };
    if !is_served {
        return Err(unsupported("this response_type is switched off here: use code"));
    }
    if !inquiry.client.may_use_response(response_type) {
        return Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "the client is not registered for this response_type",
        ));
    }
    draft.response_type = response_type;
    Ok(())
}
