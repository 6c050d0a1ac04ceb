use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::pkce::CodeChallenge;
use crate::protocol::{ErrorCode, OAuthError};

/// PKCE with S256; demanded of public clients and of those that registered `require_pkce`.
pub(super) const CHECK: Check = Check {
    name: "code_challenge",
    section: "RFC 7636 §4.3, RFC 9700 §2.1.1",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run,
};

fn run(inquiry: &Inquiry<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    let refuse = |description| Err(OAuthError::new(ErrorCode::InvalidRequest, description));
    let params = inquiry.params;
    match (params.code_challenge.as_deref(), params.code_challenge_method.as_deref()) {
        (None, None) if draft.response_type.code && inquiry.client.must_use_pkce() => {
            refuse("code_challenge is missing: this client must use PKCE with S256")
        }
        (None, None) => Ok(()),
        (None, Some(_)) => refuse("code_challenge is missing beside code_challenge_method"),
        // RFC 7636 §4.3: without a method, plain is meant, which proves nothing here.
        (Some(_), None) => refuse("code_challenge_method is missing: it must be S256"),
        (Some(challenge), Some("S256")) => match CodeChallenge::parse(challenge) {
            Ok(challenge) => {
                draft.challenge = Some(challenge);
                Ok(())
            }
            Err(_) => refuse("code_challenge must be 43 characters of base64url"),
        },
        (Some(_), Some(_)) => refuse("code_challenge_method must be S256"),
    }
}
