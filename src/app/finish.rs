//! The end of a request: a code or an error on its way to the app.

use std::sync::Arc;
use std::time::Duration;

use crate::app::browser::CookieChanges;
use crate::app::outcome::{AppReturn, Delivery, Outcome, Reply, Stop};
use crate::app::session_state::session_state;
use crate::app::token::Mint;
use crate::app::{Fault, Issuer};
use crate::base::{GrantId, Timestamp};
use crate::domain::{Client, CodeState, Grant, GrantedBy, RefreshState, StoredRequest};
use crate::protocol::token::AuthorizationCode;
use crate::protocol::{OAuthError, ResponseMode, ScopeSet};
use crate::rules::authorize::{CheckedRequest, RequestProblem, SignedIn, TrustedReturn};
use crate::rules::claims::{Bound, Reach};
use crate::store::session_grants::insert_grant_of_live_session;
use crate::store::{Touched, clients, pushed_requests};

/// How the browser came to the end of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// By a chain of redirects from the app.
    Direct,
    /// By a form of ours.
    AfterForm,
    /// By a request of an app that nobody vouches for, before its person was asked anything: the
    /// person decides whether to go on (`security.md` R15).
    Unasked,
}

/// How long a grant's row must outlive its last access token.
pub(super) const GRANT_MARGIN: Duration = Duration::from_secs(24 * 60 * 60);

/// Why an answer could not be stored.
enum Stored {
    Yes,
    /// The session ended between the look and the write.
    SessionEnded,
    /// Another answer to the same pushed request was quicker.
    PushedUsed,
}

/// Answers the request: with a code, with tokens, or with both.
pub(super) async fn answer(
    issuer: &Issuer,
    client: &Client,
    checked: &CheckedRequest,
    account: &SignedIn,
    arrival: Arrival,
    now: Timestamp,
) -> Result<Reply, Fault> {
    let request = checked.request();
    let pair = (client.id, account.session.id);
    let may_loop = !request.prompts.none && request.response_type.code;
    if may_loop && issuer.loops.goes_round(&issuer.store, pair, now).await? {
        tracing::warn!(client_id = client.client_id, "an app goes round in circles");
        return Ok(Reply::stop(Stop::Loop { app_name: client.display_name().to_owned() }));
    }
    let (code, grant) = new_grant(issuer, client, request, account, now);
    match store(issuer, client, request, account, &grant, now).await? {
        Stored::Yes => {}
        // The request begins anew.
        Stored::SessionEnded => return Ok(Reply::stop(Stop::Expired(None))),
        Stored::PushedUsed => {
            let problem = RequestProblem::PushedRequestGone;
            return Ok(super::authorize::problem_page(problem, Some(client)));
        }
    }
    if may_loop {
        issuer.loops.note(pair, grant.id, now);
    }
    let mut answer: Vec<(&'static str, String)> = Vec::new();
    answer.extend(code.as_ref().map(|code| ("code", code.to_text())));
    let mint = Mint { issuer, client, grant: &grant, user: Some(&account.user), now };
    answer.extend(front_channel(&mint, request, code.as_ref()).await?);
    let session_state = session_state(issuer, client, &request.redirect_uri, &account.session);
    answer.extend(session_state.map(|state| ("session_state", state)));
    let fields = checked.to().fields(answer, issuer.url());
    Ok(Reply {
        outcome: Outcome::Return(deliver(client, checked.to(), &fields, arrival)),
        cookies: CookieChanges::default(),
    })
}

/// Everything that must hold together, in one transaction.
async fn store(
    issuer: &Issuer,
    client: &Client,
    request: &StoredRequest,
    account: &SignedIn,
    grant: &Grant,
    now: Timestamp,
) -> Result<Stored, Fault> {
    let session = &account.session;
    let idle_expires_at = issuer.settings.sessions.touched(session, now);
    let (kept, pushed) = (Arc::new(grant.clone()), request.pushed);
    if pushed.is_none() && clients::is_use_noted(client, now) {
        let is_live = issuer.store.add_grant(kept, idle_expires_at, now).await?;
        return Ok(if is_live { Stored::Yes } else { Stored::SessionEnded });
    }
    let before = issuer.store.before_grant();
    let grant = Arc::clone(&kept);
    let stored = issuer.store.write_touching(Touched::Nothing, "answer a request", move |db| {
        if let Some(pushed) = pushed
            && !pushed_requests::use_pushed_request(db, pushed, now)?
        {
            return Ok(Stored::PushedUsed);
        }
        clients::note_use(db, grant.client, now)?;
        let is_live = insert_grant_of_live_session(db, &grant, idle_expires_at, now)?;
        Ok(if is_live { Stored::Yes } else { Stored::SessionEnded })
    });
    let stored = stored.await?;
    if matches!(stored, Stored::Yes) {
        issuer.store.keep_grant(&kept, before);
    }
    Ok(stored)
}

/// The tokens that come through the browser (OpenID Connect Core §3.2.2.5, §3.3.2.5).
async fn front_channel(
    mint: &Mint<'_>,
    request: &StoredRequest,
    code: Option<&AuthorizationCode>,
) -> Result<Vec<(&'static str, String)>, Fault> {
    let kind = request.response_type;
    let mut fields = Vec::new();
    let mut at_hash = None;
    if kind.token {
        let reach = Reach::of(mint.grant);
        let access_token = mint.access_token(&reach).await?;
        at_hash = Some(mint.hash(&access_token));
        fields.push(("access_token", access_token));
        fields.push(("token_type", "Bearer".to_owned()));
        fields.push(("expires_in", mint.expires_in().to_string()));
        fields.push(("scope", reach.scopes.to_string()));
    }
    if kind.id_token {
        let bound = Bound {
            nonce: request.nonce.as_deref(),
            at_hash,
            c_hash: code.map(|code| mint.hash(&code.to_text())),
            is_alone: !kind.code && !kind.token,
        };
        fields.push(("id_token", mint.id_token(&bound).await?));
    }
    Ok(fields)
}

/// A code, when the request asks for one, and the row that remembers what it is bound to.
fn new_grant(
    issuer: &Issuer,
    client: &Client,
    request: &StoredRequest,
    account: &SignedIn,
    now: Timestamp,
) -> (Option<AuthorizationCode>, Grant) {
    let (settings, session) = (&issuer.settings, &account.session);
    let id = GrantId::new(now, issuer.entropy.as_ref());
    let has_code = request.response_type.code;
    let code = has_code.then(|| AuthorizationCode::new(id, issuer.entropy.as_ref()));
    let may_refresh = has_code && client.may_use_grant("refresh_token");
    let refresh = may_refresh.then(|| RefreshState {
        is_offline: request.scopes.contains(ScopeSet::OFFLINE_ACCESS),
        rotated_at: Vec::new(),
        idle_expires_at: now + settings.refresh_idle_for.min(settings.refresh_absolute_for),
        expires_at: now + settings.refresh_absolute_for,
    });
    let ends = refresh.as_ref().map_or(now + settings.code_for, |refresh| refresh.expires_at);
    let grant = Grant {
        id,
        client: client.id,
        person: Some(GrantedBy {
            user: account.user.id,
            session: session.id,
            auth_time: session.authenticated_at,
            acr: session.acr.clone(),
            amr: session.amr.clone(),
        }),
        scopes: request.scopes.clone(),
        resources: request.resources.clone(),
        claims: request.claims.clone(),
        nonce: request.nonce.clone(),
        code: code.as_ref().map(|code| CodeState {
            digest: code.digest(),
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.challenge.clone(),
            expires_at: now + settings.code_for,
            used_at: None,
            wrong_verifiers: 0,
        }),
        generation: 0,
        refresh,
        created_at: now,
        expires_at: ends + settings.access_token_for + GRANT_MARGIN,
        revoked_at: None,
    };
    (code, grant)
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
        ResponseMode::Fragment => Delivery::Location(to.url_with_fragment(fields)),
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
        needs_click: arrival == Arrival::Unasked,
    }
}
