//! Redeeming an authorization code (RFC 6749 §4.1.3).

use super::{narrow, repeated};
use crate::base::Timestamp;
use crate::domain::{CodeState, Grant};
use crate::protocol::pkce::CodeVerifier;
use crate::protocol::token::AuthorizationCode;
use crate::protocol::{ErrorCode, OAuthError, Parameters};
use crate::rules::client_auth::AuthenticatedClient;

/// The parameters of a code exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeExchange {
    /// The code.
    pub code: AuthorizationCode,
    /// Where it was sent.
    pub redirect_uri: Option<String>,
    /// PKCE.
    pub verifier: Option<CodeVerifier>,
    /// APIs to narrow the token to (RFC 8707 §2.2).
    pub resources: Vec<String>,
}

/// What becomes of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeVerdict {
    /// It may be redeemed: one conditional statement must now win.
    Redeem,
    /// It is refused, and stays as it is.
    Refuse(OAuthError),
    /// It came too late, and it is closed: a clock that is set back must not bring it back.
    Late(OAuthError),
    /// It is refused and the wrong verifier is counted.
    WrongVerifier(OAuthError),
    /// A valid second redemption: what the first one gave must be taken back (OAuth 2.1 §4.1.3).
    Replay(OAuthError),
}

pub(super) fn read(form: &Parameters) -> Result<CodeExchange, OAuthError> {
    let code = form
        .one("code")
        .map_err(repeated)?
        .ok_or(OAuthError::new(ErrorCode::InvalidRequest, "code is missing"))?;
    let verifier = form.one("code_verifier").map_err(repeated)?;
    // RFC 7636 §4.1 gives the syntax; it is checked before anything is hashed.
    let verifier = verifier.map(CodeVerifier::parse).transpose().map_err(|_| {
        OAuthError::new(
            ErrorCode::InvalidGrant,
            "code_verifier must be 43 to 128 characters of A-Z a-z 0-9 - . _ ~",
        )
    })?;
    Ok(CodeExchange {
        code: AuthorizationCode::parse(code).map_err(|_| unknown_code())?,
        redirect_uri: form.one("redirect_uri").map_err(repeated)?.map(str::to_owned),
        verifier,
        resources: form.all("resource").into_iter().map(str::to_owned).collect(),
    })
}

/// The one answer for a code that is unknown, another client's, expired or taken back.
pub fn unknown_code() -> OAuthError {
    OAuthError::new(
        ErrorCode::InvalidGrant,
        "the code is unknown, expired, taken back, or was given to another client",
    )
}

/// Judges a code against everything it is bound to: client, redirect URI, challenge, and time.
pub fn judge(
    exchange: &CodeExchange,
    client: &AuthenticatedClient,
    grant: Option<&Grant>,
    now: Timestamp,
) -> CodeVerdict {
    let known = grant
        .filter(|grant| grant.client == client.client().id)
        .and_then(|grant| Some((grant, grant.code.as_ref()?)))
        .filter(|(_, code)| code.digest.matches(exchange.code.secret()));
    let Some((grant, code)) = known else {
        return CodeVerdict::Refuse(unknown_code());
    };
    if let Err(error) = check_redirect_uri(exchange, code) {
        return CodeVerdict::Refuse(error);
    }
    if let Err(error) = check_verifier(exchange, code) {
        return CodeVerdict::WrongVerifier(error);
    }
    if let Err(error) = narrow(&grant.resources, &exchange.resources) {
        return CodeVerdict::Refuse(error);
    }
    if code.used_at.is_some() {
        return CodeVerdict::Replay(OAuthError::new(
            ErrorCode::InvalidGrant,
            "the code was used before: what it gave has been taken back",
        ));
    }
    if grant.revoked_at.is_some() {
        return CodeVerdict::Refuse(unknown_code());
    }
    if now >= code.expires_at {
        return CodeVerdict::Late(unknown_code());
    }
    CodeVerdict::Redeem
}

/// RFC 6749 §4.1.3: the same address as in the request. With PKCE it may be left out, as
/// OAuth 2.1 has it.
fn check_redirect_uri(exchange: &CodeExchange, code: &CodeState) -> Result<(), OAuthError> {
    match exchange.redirect_uri.as_deref() {
        Some(uri) if uri == code.redirect_uri => Ok(()),
        Some(_) => Err(OAuthError::new(
            ErrorCode::InvalidGrant,
            "redirect_uri differs from the one of the authorization request",
        )),
        None if code.challenge.is_some() => Ok(()),
        None => Err(OAuthError::new(ErrorCode::InvalidRequest, "redirect_uri is missing")),
    }
}

/// RFC 7636 §4.6, and RFC 9700 §4.8.2: a verifier without a challenge is refused too.
fn check_verifier(exchange: &CodeExchange, code: &CodeState) -> Result<(), OAuthError> {
    match (&code.challenge, &exchange.verifier) {
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier)) if challenge.matches(verifier) => Ok(()),
        (Some(_), Some(_)) => Err(OAuthError::new(
            ErrorCode::InvalidGrant,
            "code_verifier does not match code_challenge",
        )),
        (Some(_), None) => {
            Err(OAuthError::new(ErrorCode::InvalidGrant, "code_verifier is missing"))
        }
        (None, Some(_)) => Err(OAuthError::new(
            ErrorCode::InvalidGrant,
            "code_verifier was sent, but the request had no code_challenge",
        )),
    }
}
