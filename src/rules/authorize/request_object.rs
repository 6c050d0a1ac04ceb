use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ErrorCode, OAuthError};

/// Request objects are not served yet, and ignoring one would lose what stands inside it.
pub(super) const CHECK: Check = Check {
    name: "no request object",
    section: "OpenID Connect Core §3.1.2.6, §6",
    endpoints: &[Endpoint::Authorize],
    run,
};

fn run(inquiry: &Inquiry<'_>, _: &mut Draft) -> Result<(), OAuthError> {
    let params = inquiry.params;
    if params.request.is_some() {
        return Err(OAuthError::new(
            ErrorCode::RequestNotSupported,
            "request is not supported: send the parameters themselves",
        ));
    }
    if params.request_uri.is_some() {
        return Err(OAuthError::new(
            ErrorCode::RequestUriNotSupported,
            "request_uri is not supported: send the parameters themselves",
        ));
    }
    if params.registration.is_some() {
        return Err(OAuthError::new(
            ErrorCode::RegistrationNotSupported,
            "registration is not supported: register the client first",
        ));
    }
    Ok(())
}
