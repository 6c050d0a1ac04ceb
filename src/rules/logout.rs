//! Sign-out asked for by an app (OpenID Connect RP-Initiated Logout 1.0).

use crate::domain::Client;

/// The proof that a person may be sent on to this address after signing out: it matches one that
/// the client registered, byte for byte (RP-Initiated Logout §2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedLogoutReturn {
    uri: String,
}

impl TrustedLogoutReturn {
    /// The address, with `state` when the app sent one.
    pub fn url(&self, state: Option<&str>) -> String {
        let Some(state) = state else { return self.uri.clone() };
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("state", state);
        let separator = if self.uri.contains('?') { '&' } else { '?' };
        format!("{}{separator}{}", self.uri, query.finish())
    }
}

/// Matches an address against the client that the request names. Anything else stays here.
pub fn trust(client: Option<&Client>, uri: Option<&str>) -> Option<TrustedLogoutReturn> {
    let client = client.filter(|client| client.is_enabled())?;
    let uri = uri?;
    let is_registered = client.metadata.post_logout_redirect_uris.iter().any(|one| one == uri);
    is_registered.then(|| TrustedLogoutReturn { uri: uri.to_owned() })
}

/// What a sign-out request leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogoutDecision {
    /// End the session at this index at once: the app proved which one it means.
    End(usize),
    /// Nobody is signed in: there is nothing to end.
    NothingToEnd,
    /// Ask the person (RP-Initiated Logout §2; `security.md` R103).
    Ask,
}

/// Decides from the `sid` of a verified hint and the `sid`s that this browser's sessions have for
/// the same client. The session cookie, not the hint, says whose session may end.
pub fn decide(hinted_sid: Option<&str>, sids: &[String]) -> LogoutDecision {
    if sids.is_empty() {
        return LogoutDecision::NothingToEnd;
    }
    hinted_sid
        .and_then(|sid| sids.iter().position(|one| one == sid))
        .map_or(LogoutDecision::Ask, LogoutDecision::End)
}
