use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ClaimsRequest, ErrorCode, OAuthError};
use crate::rules::session::acr_level;

/// The `claims` parameter, when the request is one of OpenID Connect.
pub(super) const CHECK: Check = Check {
    name: "claims",
    section: "OpenID Connect Core §5.5",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run,
};

/// An `acr` that the app cannot do without must be one that can be reached.
pub(super) const ACR: Check = Check {
    name: "essential acr",
    section: "OpenID Connect Core §5.5.1.1, unmet_authentication_requirements 1.0 §2",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run: run_acr,
};

fn run(inquiry: &Inquiry<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    let Some(text) = inquiry.params.claims.as_deref() else { return Ok(()) };
    let claims = ClaimsRequest::parse(text).map_err(|_| {
        OAuthError::new(
            ErrorCode::InvalidRequest,
            "claims must be a JSON object with userinfo and id_token, each an object of claims",
        )
    })?;
    if !draft.scopes.contains("openid") {
        return Ok(());
    }
    if let Some(sub) = claims.subjects().first() {
        // A hint and a claim that name two people name nobody.
        if draft.hinted_sub.as_deref().is_some_and(|hinted| hinted != *sub) {
            return Err(OAuthError::new(
                ErrorCode::InvalidRequest,
                "id_token_hint and the claim sub name two people",
            ));
        }
        draft.hinted_sub = Some((*sub).to_owned());
    }
    draft.claims = claims;
    Ok(())
}

fn run_acr(_: &Inquiry<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    match draft.claims.essential_acr() {
        Some(wanted) if wanted.iter().all(|acr| acr_level(acr).is_none()) => Err(OAuthError::new(
            ErrorCode::UnmetAuthenticationRequirements,
            "none of the essential acr values is served here",
        )),
        _ => Ok(()),
    }
}
