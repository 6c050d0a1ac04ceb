use super::{Check, Draft, Endpoint, Hint, Inquiry};
use crate::protocol::{ErrorCode, OAuthError};

/// Whom the app means: an ID token of ours that it was given (one that has expired will do).
pub(super) const CHECK: Check = Check {
    name: "id_token_hint",
    section: "OpenID Connect Core §3.1.2.1",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run,
};

fn run(inquiry: &Inquiry<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    let (sub, aud) = match inquiry.submission.hint {
        Hint::None => return Ok(()),
        Hint::Unverified => {
            return Err(OAuthError::new(
                ErrorCode::InvalidRequest,
                "id_token_hint is no ID token of this provider",
            ));
        }
        Hint::Verified { sub, aud } => (sub, aud),
    };
    if !aud.contains(&inquiry.client.client_id) {
        return Err(OAuthError::new(
            ErrorCode::InvalidRequest,
            "id_token_hint was given to another client",
        ));
    }
    draft.hinted_sub = Some(sub.clone());
    Ok(())
}
