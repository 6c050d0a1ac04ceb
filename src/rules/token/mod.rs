//! The token endpoint: what a client asks for, and whether it gets it.

mod client_credentials;
mod code;
mod refresh;

pub use client_credentials::ClientCredentials;
pub use code::{CodeExchange, CodeVerdict, judge as judge_code, unknown_code};
pub use refresh::{
    RefreshRequest, RefreshVerdict, Renewal, judge as judge_refresh, unknown_refresh_token,
};

use crate::protocol::parameters::Repeated;
use crate::protocol::{ErrorCode, OAuthError, Parameters, ScopeSet};
use crate::rules::client_auth::AuthenticatedClient;

/// A token request whose parameters were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenRequest {
    /// `grant_type=authorization_code`.
    Code(CodeExchange),
    /// `grant_type=refresh_token`.
    Refresh(RefreshRequest),
    /// `grant_type=client_credentials`.
    ClientCredentials(ClientCredentials),
}

/// The grant types that are served, as the discovery document names them.
pub const GRANT_TYPES: [&str; 3] = ["authorization_code", "refresh_token", "client_credentials"];

/// The parameters that must stand once at the token endpoint.
const ONCE: [&str; 10] = [
    "grant_type",
    "code",
    "redirect_uri",
    "code_verifier",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "refresh_token",
    "scope",
];

/// Reads a token request for a client that was let in.
///
/// # Errors
/// The OAuth error of RFC 6749 §5.2 that fits.
pub fn read(form: &Parameters, client: &AuthenticatedClient) -> Result<TokenRequest, OAuthError> {
    for name in ONCE {
        form.one(name).map_err(repeated)?;
    }
    let grant_type = required(form, "grant_type")?;
    if !GRANT_TYPES.contains(&grant_type) {
        return Err(OAuthError::new(
            ErrorCode::UnsupportedGrantType,
            "grant_type must be authorization_code, refresh_token or client_credentials",
        ));
    }
    if !client.client().may_use_grant(grant_type) {
        return Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "the client is not registered for this grant_type",
        ));
    }
    match grant_type {
        "refresh_token" => refresh::read(form).map(TokenRequest::Refresh),
        "client_credentials" => {
            client_credentials::read(form, client).map(TokenRequest::ClientCredentials)
        }
        _ => code::read(form).map(TokenRequest::Code),
    }
}

fn required<'a>(form: &'a Parameters, name: &'static str) -> Result<&'a str, OAuthError> {
    let missing = OAuthError::about(ErrorCode::InvalidRequest, name, "is missing");
    form.one(name).map_err(repeated)?.ok_or(missing)
}

fn repeated(repeated: Repeated) -> OAuthError {
    OAuthError::about(ErrorCode::InvalidRequest, repeated.0, "stands more than once")
}

/// `scope`, when it was sent.
fn scopes(form: &Parameters) -> Result<Option<ScopeSet>, OAuthError> {
    let Some(text) = form.one("scope").map_err(repeated)? else { return Ok(None) };
    ScopeSet::parse(text).map(Some).map_err(|_| {
        OAuthError::new(
            ErrorCode::InvalidScope,
            "scope must be a list of at most 100 values with single spaces between them",
        )
    })
}

/// Narrows the APIs of a grant to those that were asked for; none: all of them (RFC 8707 §2.2).
///
/// # Errors
/// `invalid_target` when one is asked for that was not granted.
fn narrow(granted: &[String], asked: &[String]) -> Result<Vec<String>, OAuthError> {
    if asked.iter().any(|resource| !granted.contains(resource)) {
        return Err(OAuthError::new(
            ErrorCode::InvalidTarget,
            "resource is not among those that were granted",
        ));
    }
    let is_asked = |resource: &&String| asked.is_empty() || asked.contains(*resource);
    Ok(granted.iter().filter(is_asked).cloned().collect())
}

#[cfg(test)]
mod tests;
