use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ErrorCode, OAuthError};

/// A request object that can be used, and none inside another. It was opened before: here its
/// parameters stand, or what is wrong with it.
pub(super) const CHECK: Check = Check {
    name: "request object",
    section: "OpenID Connect Core §6, RFC 9101 §6",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run,
};

/// A client that must push its requests did.
pub(super) const PUSHED: Check = Check {
    name: "pushed",
    section: "RFC 9126 §6",
    endpoints: &[Endpoint::Authorize],
    run: run_pushed,
};

/// A client that must sign its requests did.
pub(super) const SIGNED: Check = Check {
    name: "signed",
    section: "RFC 9101 §10.5",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run: run_signed,
};

fn run(inquiry: &Inquiry<'_>, _: &mut Draft) -> Result<(), OAuthError> {
    let params = inquiry.params;
    if let Some(problem) = &inquiry.submission.provenance.problem {
        return Err(problem.clone());
    }
    if params.request.is_some() || params.request_uri.is_some() {
        return Err(OAuthError::new(
            ErrorCode::InvalidRequestObject,
            "request and request_uri must not stand inside a request object or a pushed request",
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

fn run_pushed(inquiry: &Inquiry<'_>, _: &mut Draft) -> Result<(), OAuthError> {
    let must = inquiry.client.metadata.require_pushed_authorization_requests;
    if must && inquiry.submission.provenance.pushed.is_none() {
        return Err(OAuthError::new(
            ErrorCode::InvalidRequest,
            "this client must push its requests to /par first",
        ));
    }
    Ok(())
}

fn run_signed(inquiry: &Inquiry<'_>, _: &mut Draft) -> Result<(), OAuthError> {
    let metadata = &inquiry.client.metadata;
    // A client that registered an algorithm for it signs every request (`security.md` R17).
    let must = metadata.require_signed_request_object;
    if must && !inquiry.submission.provenance.is_signed {
        return Err(OAuthError::new(
            ErrorCode::InvalidRequest,
            "this client must sign its requests: send a request object",
        ));
    }
    Ok(())
}
