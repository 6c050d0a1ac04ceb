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
        // Apps keep ID tokens for longer than keys live. A person who is there can say who they
        // are; without one, nobody may be taken for the one who was meant.
        Hint::Unverified if !draft.prompts.none => return Ok(()),
        Hint::Unverified => {
            return Err(OAuthError::new(
                ErrorCode::LoginRequired,
                "id_token_hint is no ID token of this provider, or its key is gone",
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
