use super::{Check, Draft, Endpoint, Inquiry};
use crate::protocol::{ErrorCode, OAuthError, Prompts};

/// `prompt`, with `none` alone, and `create` where it can be.
pub(super) const CHECK: Check = Check {
    name: "prompt",
    section: "OpenID Connect Core §3.1.2.1, Prompt Create §4.1",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run,
};

/// `max_age` in whole seconds.
pub(super) const MAX_AGE: Check = Check {
    name: "max_age",
    section: "OpenID Connect Core §3.1.2.1",
    endpoints: &[Endpoint::Authorize, Endpoint::PushedRequest],
    run: run_max_age,
};

fn run(inquiry: &Inquiry<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    let text = inquiry.params.prompt.as_deref().unwrap_or_default();
    draft.prompts = Prompts::parse(text)
        .ok_or(OAuthError::new(ErrorCode::InvalidRequest, "prompt=none must stand alone"))?;
    // Prompt Create §4.1: a value that `prompt_values_supported` does not name is an invalid request.
    if draft.prompts.create && !inquiry.submission.policy.lets_sign_up {
        return Err(OAuthError::new(
            ErrorCode::InvalidRequest,
            "prompt=create is not supported: people cannot make accounts here themselves",
        ));
    }
    Ok(())
}

fn run_max_age(inquiry: &Inquiry<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    let Some(text) = inquiry.params.max_age.as_deref() else { return Ok(()) };
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text.parse().ok().filter(|_| is_number);
    draft.max_age = Some(seconds.ok_or(OAuthError::new(
        ErrorCode::InvalidRequest,
        "max_age must be a whole number of seconds",
    ))?);
    Ok(())
}
