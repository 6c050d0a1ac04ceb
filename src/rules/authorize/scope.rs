use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ErrorCode, OAuthError, ScopeSet};

/// What is asked for, clipped to what the client may ask for: scopes of other providers are
/// dropped, and the granted list is reported with the tokens.
pub(super) const CHECK: Check = Check {
    name: "scope",
    section: "RFC 6749 §3.3, OpenID Connect Core §3.1.2.1",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run,
};

fn run(inquiry: &Inquiry<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    let asked = inquiry.params.scope.as_deref().unwrap_or_default();
    let asked = ScopeSet::parse(asked).map_err(|_| {
        OAuthError::new(
            ErrorCode::InvalidScope,
            "scope must be a list of at most 100 values with single spaces between them",
        )
    })?;
    draft.scopes = asked.clipped_to(&inquiry.client.allowed_scopes());
    let response_type = draft.response_type;
    if response_type.id_token && !draft.scopes.contains("openid") {
        return Err(OAuthError::new(
            ErrorCode::InvalidScope,
            "scope must contain openid for an ID token",
        ));
    }
    // OpenID Connect Core §11: without a code there is nothing to refresh.
    if !response_type.code {
        draft.scopes = std::mem::take(&mut draft.scopes).without(ScopeSet::OFFLINE_ACCESS);
    }
    Ok(())
}
