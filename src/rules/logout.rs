//! Sign-out asked for by an app (OpenID Connect RP-Initiated Logout 1.0), and how others hear of it.

use url::Url;

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
    let (client, uri) = (client.filter(|client| client.is_enabled())?, uri?);
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

/// What a signed-out page loads, hidden, so that an app signs the person out as well
/// (OpenID Connect Front-Channel Logout 1.0 §2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutFrame {
    /// The address, with `iss` and `sid`.
    pub url: String,
    /// Its origin, for the page's policy.
    pub origin: String,
}

/// The frame for a registered `frontchannel_logout_uri`, whose query stays; none for an address
/// that no frame of ours may have.
pub fn frame(uri: &str, issuer: &str, sid: &str) -> Option<LogoutFrame> {
    let mut url = Url::parse(uri).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
    url.query_pairs_mut().append_pair("iss", issuer).append_pair("sid", sid);
    Some(LogoutFrame { origin: url.origin().ascii_serialization(), url: url.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_keeps_the_query_and_has_the_origin_of_its_address() {
        let of = |uri| frame(uri, "https://id.example", "s1").map(|one| (one.url, one.origin));
        let with = "iss=https%3A%2F%2Fid.example&sid=s1";
        for (uri, url, origin) in [
            ("https://a.example/out", format!("https://a.example/out?{with}"), "https://a.example"),
            (
                "https://a.example:8443/out?app=1&x",
                format!("https://a.example:8443/out?app=1&x&{with}"),
                "https://a.example:8443",
            ),
            ("https://b.example?", format!("https://b.example/?{with}"), "https://b.example"),
        ] {
            assert_eq!(of(uri), Some((url, origin.to_owned())), "{uri}");
        }
        for uri in ["javascript:alert(1)", "data:text/html,x", "/out", "", "app:/out"] {
            assert_eq!(of(uri), None, "{uri}");
        }
    }
}
