//! What an app asks for when it asks to sign somebody out.

use super::Onward;
use crate::app::{Fault, Issuer};
use crate::domain::Client;
use crate::jose::verify_id_token_hint;
use crate::protocol::{ErrorCode, OAuthError, Parameters};
use crate::rules::logout::{self as rules, TrustedLogoutReturn};
use crate::store::clients;

/// The parameters of a sign-out request (RP-Initiated Logout §2). `logout_hint` is accepted and
/// says nothing: the session cookie tells whose session may end.
pub(super) struct LogoutRequest {
    /// The client that the hint or `client_id` names; none when they name two.
    pub(super) client: Option<Client>,
    /// Whether a hint of ours, not altered, vouches for the client.
    pub(super) is_vouched_for: bool,
    /// The session that the hint was made in, as the client sees it.
    pub(super) hinted_sid: Option<String>,
    onward: Option<TrustedLogoutReturn>,
    state: Option<String>,
    /// As it came, for a form or an address of ours that brings it back.
    pub(super) fields: Vec<(&'static str, String)>,
}

/// What is read; everything else is ignored.
const FIELDS: [&str; 5] =
    ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];

impl LogoutRequest {
    /// Where to go on: only to an address that the client registered (`security.md` R104).
    pub(super) fn onward(&self, is_after_form: bool) -> Option<Onward> {
        let (client, to) = (self.client.as_ref()?, self.onward.as_ref()?);
        Some(Onward {
            app_name: client.display_name().to_owned(),
            url: to.url(self.state.as_deref()),
            is_after_form,
            // Nobody vouches for an app that registered itself (R15).
            needs_click: client.is_dynamic() && !self.is_vouched_for && !is_after_form,
        })
    }

    /// The same request as an address of ours.
    pub(super) fn path(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.fields);
        format!("/end_session?{}", query.finish())
    }

    /// Languages that the app asks for.
    pub(super) fn ui_locales(&self) -> Option<String> {
        field(&self.fields, "ui_locales")
    }
}

fn field(fields: &[(&'static str, String)], name: &str) -> Option<String> {
    fields.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone())
}

/// Reads a request. Nothing in it is believed but a hint that we signed.
pub(super) async fn read(
    issuer: &Issuer,
    raw: &Parameters,
) -> Result<Result<LogoutRequest, OAuthError>, Fault> {
    let mut fields = Vec::new();
    for name in FIELDS {
        match raw.one(name) {
            Ok(Some(value)) => fields.push((name, value.to_owned())),
            Ok(None) => {}
            Err(_) => {
                return Ok(Err(OAuthError::about(
                    ErrorCode::InvalidRequest,
                    name,
                    "stands more than once",
                )));
            }
        }
    }
    let field = |name| field(&fields, name);
    // RP-Initiated Logout §2, §4: an expired hint is fine, also one of a key that has retired; an
    // altered one is not (`security.md` R105).
    let hint = field("id_token_hint")
        .and_then(|token| verify_id_token_hint(&issuer.keys.ring(), &token, issuer.url()).ok());
    let hinted_client = hint.as_ref().and_then(|hint| hint.aud.first().cloned());
    let named = match (hinted_client, field("client_id")) {
        (Some(hinted), Some(named)) if hinted != named => None,
        (hinted, named) => hinted.or(named),
    };
    let client = match named {
        Some(id) => issuer.store.read(move |db| clients::find_client_by_client_id(db, &id)).await?,
        None => None,
    };
    let client = client.filter(Client::is_enabled);
    let onward = rules::trust(client.as_ref(), field("post_logout_redirect_uri").as_deref());
    Ok(Ok(LogoutRequest {
        is_vouched_for: hint.is_some(),
        hinted_sid: client.as_ref().and(hint).and_then(|hint| hint.sid),
        state: field("state"),
        client,
        onward,
        fields,
    }))
}
