//! Session management: an app's page asks a frame of ours whether the session that it signed in
//! with is still the browser's (OpenID Connect Session Management 1.0).

use crate::app::Issuer;
use crate::base::{Digest, SessionId, hmac_sha256, sha256, to_base64url};
use crate::credentials::Purpose as KeyPurpose;
use crate::domain::{Client, Session};
use crate::protocol::redirect_uri::web_origin;

/// What a browser without any session shows to the frame. Without any state the frame cannot know:
/// many browsers keep cookies from the frames of other sites, and an app that was told "changed"
/// each time would ask us round in circles.
pub(super) const SIGNED_OUT: &str = "signed-out";

/// Whether there is session management: browsers send cookies to frames of other sites over https
/// alone.
pub fn is_served(issuer: &Issuer) -> bool {
    issuer.url().starts_with("https://")
}

/// What a browser shows of its active session (§3.2: the "browser state"). It changes with every
/// sign-in and sign-out, and tells and opens nothing.
pub(super) struct BrowserStates([u8; 32]);

impl BrowserStates {
    pub(super) fn of(issuer: &Issuer) -> Self {
        Self(issuer.purpose_key(KeyPurpose::BrowserState))
    }

    pub(super) fn of_session(&self, id: SessionId, secret_digest: &Digest) -> String {
        let digest = secret_digest.to_text();
        to_base64url(&hmac_sha256(&self.0, &[id.as_bytes(), digest.as_bytes()]))
    }
}

/// The `session_state` of an answer to an app (§2): a hash over the client, the origin that may
/// ask, the browser state and a salt, which stands behind it. `static/js/check_session.js` makes
/// the same. None for an app that is no web page.
pub(super) fn session_state(
    issuer: &Issuer,
    client: &Client,
    redirect_uri: &str,
    session: &Session,
) -> Option<String> {
    let origin = web_origin(redirect_uri).filter(|_| is_served(issuer))?;
    let state = BrowserStates::of(issuer).of_session(session.id, &session.secret_digest);
    let salt = to_base64url(&issuer.entropy.bytes::<16>());
    let text = format!("{} {origin} {state} {salt}", client.client_id);
    Some(format!("{}.{salt}", to_base64url(&sha256(text.as_bytes()))))
}
