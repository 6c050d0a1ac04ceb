use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ErrorCode, OAuthError};

/// Tokens only for APIs that the client is registered for.
pub(super) const CHECK: Check = Check {
    name: "resource",
    section: "RFC 8707 §2",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run,
};

fn run(inquiry: &Inquiry<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    let asked = &inquiry.params.resources;
    let registered = &inquiry.client.metadata.resources;
    if asked.iter().any(|resource| !registered.contains(resource)) {
        return Err(OAuthError::new(
            ErrorCode::InvalidTarget,
            "resource is not one that the client is registered for",
        ));
    }
    for resource in asked {
        if !draft.resources.contains(resource) {
            draft.resources.push(resource.clone());
        }
    }
    if draft.resources.is_empty() {
        draft.resources.extend(inquiry.client.metadata.audience.clone());
    }
    Ok(())
}
