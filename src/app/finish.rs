//! The end of a request: a code or an error on its way to the app.

use std::time::Duration;

use crate::app::browser::CookieChanges;
use crate::app::outcome::{AppReturn, Delivery, Outcome, Reply, Stop};
use crate::app::{Fault, Issuer};
use crate::base::{GrantId, Timestamp};
use crate::domain::{Client, CodeState, Grant, StoredRequest};
use crate::protocol::token::AuthorizationCode;
use crate::protocol::{OAuthError, ResponseMode};
use crate::rules::authorize::{CheckedRequest, SignedIn, TrustedReturn};
use crate::store::{grants, sessions};

/// How the browser came to the end of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// By a chain of redirects from the app.
    Direct,
    /// By a form of ours.
    AfterForm,
}

/// More authorizations than this of one client and session within [`LOOP_WINDOW`], none of them
/// redeemed, are a loop.
const MAX_UNREDEEMED: u64 = 5;
const LOOP_WINDOW: Duration = Duration::from_secs(30);

/// How long a grant's row must outlive its last access token.
const GRANT_MARGIN: Duration = Duration::from_secs(24 * 60 * 60);

/// Puts a code into a grant's row and sends it to the app.
pub(super) async fn issue_code(
    issuer: &Issuer,
    client: &Client,
    checked: &CheckedRequest,
    account: &SignedIn,
    arrival: Arrival,
    now: Timestamp,
) -> Result<Reply, Fault> {
    let key = loop_key(client, account);
    let is_silent = checked.request().prompts.none;
    if !is_silent && issuer.throttle.count(&key, LOOP_WINDOW).await > MAX_UNREDEEMED {
        tracing::warn!(client_id = client.client_id, "an app goes round in circles");
        return Ok(Reply::stop(Stop::Loop { app_name: client.display_name().to_owned() }));
    }
    let (code, grant) = new_grant(issuer, client, checked.request(), account, now);
    let session = &account.session;
    let touched = issuer.settings.sessions.touched(session, now).map(|idle| (session.id, idle));
    let is_stored = issuer
        .store
        .write("issue code", move |db| {
            if let Some((session, idle_expires_at)) = touched {
                sessions::touch_session(db, session, now, idle_expires_at)?;
            }
            grants::insert_grant_of_live_session(db, &grant, now)
        })
        .await?;
    if !is_stored {
        // The session ended between the look and the write: the request begins anew.
        return Ok(Reply::stop(Stop::Expired(None)));
    }
    let fields = checked.to().fields(vec![("code", code.to_text())], issuer.url());
    Ok(Reply {
        outcome: Outcome::Return(deliver(client, checked.to(), &fields, arrival)),
        cookies: CookieChanges::default(),
    })
}

/// A code and the row that remembers what it is bound to.
fn new_grant(
    issuer: &Issuer,
    client: &Client,
    request: &StoredRequest,
    account: &SignedIn,
    now: Timestamp,
) -> (AuthorizationCode, Grant) {
    let (settings, session) = (&issuer.settings, &account.session);
    let id = GrantId::new(now, issuer.entropy.as_ref());
    let code = AuthorizationCode::new(id, issuer.entropy.as_ref());
    let grant = Grant {
        id,
        user: account.user.id,
        client: client.id,
        session: session.id,
        scopes: request.scopes.clone(),
        resources: request.resources.clone(),
        nonce: request.nonce.clone(),
        auth_time: session.authenticated_at,
        acr: session.acr.clone(),
        amr: session.amr.clone(),
        code: CodeState {
            digest: code.digest(),
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.challenge.clone(),
            expires_at: now + settings.code_for,
            used_at: None,
            wrong_verifiers: 0,
        },
        generation: 0,
        created_at: now,
        expires_at: now + settings.code_for + settings.access_token_for + GRANT_MARGIN,
        revoked_at: None,
    };
    (code, grant)
}

/// The key under which unredeemed authorizations are counted.
fn loop_key(client: &Client, account: &SignedIn) -> String {
    loop_key_of(client.id, account.session.id)
}

/// The same, from the ids alone.
pub(super) fn loop_key_of(
    client: crate::base::ClientRowId,
    session: crate::base::SessionId,
) -> String {
    format!("loop:{client}:{session}")
}

/// Sends an error to the app.
pub(super) fn error(
    issuer: &Issuer,
    client: &Client,
    to: &TrustedReturn,
    error: &OAuthError,
    arrival: Arrival,
) -> Outcome {
    let answer = vec![
        ("error", error.code.as_str().to_owned()),
        ("error_description", error.description.to_string()),
    ];
    let fields = to.fields(answer, issuer.url());
    Outcome::Return(deliver(client, to, &fields, arrival))
}

fn deliver(
    client: &Client,
    to: &TrustedReturn,
    fields: &[(&'static str, String)],
    arrival: Arrival,
) -> AppReturn {
    let delivery = match to.response_mode() {
        ResponseMode::Query => Delivery::Location(to.url_with(fields)),
        ResponseMode::FormPost => Delivery::Form {
            action: to.redirect_uri().to_owned(),
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
        },
    };
    AppReturn {
        delivery,
        app_name: client.display_name().to_owned(),
        is_after_form: arrival == Arrival::AfterForm,
    }
}
