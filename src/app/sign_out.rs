//! `/end_session`: sign-out asked for by an app (OpenID Connect RP-Initiated Logout 1.0), or by
//! the person on our own page.

use crate::app::browser::{Browser, CookieChanges, Cookies};
use crate::app::interaction::account_info;
use crate::app::outcome::AccountInfo;
use crate::app::token::sid;
use crate::app::{Fault, Issuer};
use crate::base::{SessionId, Timestamp};
use crate::domain::{Client, SessionEnd};
use crate::jose::verify_id_token_hint;
use crate::protocol::{ErrorCode, OAuthError, Parameters};
use crate::rules::logout::{self as rules, LogoutDecision, TrustedLogoutReturn};
use crate::store::{clients, sessions};

/// What a sign-out request leads to.
pub enum SignOut {
    /// Ask the person.
    Ask(Box<AskView>),
    /// Done: where to go on, and the app's name.
    Done(Option<Onward>),
    /// The form did not come from our page.
    Forged,
    /// The request is malformed.
    Refused(OAuthError),
}

/// The sign-out question.
pub struct AskView {
    /// The token of the form.
    pub csrf: String,
    /// Who will be signed out.
    pub accounts: Vec<AccountInfo>,
    /// The app that asks.
    pub app_name: Option<String>,
    /// What the form must bring back, to be judged again.
    pub hidden: Vec<(&'static str, String)>,
}

/// Where to go on after signing out.
pub struct Onward {
    /// The app.
    pub app_name: String,
    /// A trusted address of it.
    pub url: String,
    /// Whether a person acted on a page of ours on the way.
    pub is_after_form: bool,
}

/// The parameters of a sign-out request (RP-Initiated Logout §2).
struct LogoutRequest {
    client: Option<Client>,
    hinted_sid: Option<String>,
    onward: Option<TrustedLogoutReturn>,
    state: Option<String>,
    fields: Vec<(&'static str, String)>,
}

const FIELDS: [&str; 4] = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"];

/// Serves a request by GET or POST. A `csrf` field makes it the answer to our own question.
///
/// # Errors
/// When the store does not answer.
pub async fn end_session(
    issuer: &Issuer,
    raw: &Parameters,
    is_post: bool,
    cookies: &Cookies,
) -> Result<(SignOut, CookieChanges), Fault> {
    let now = issuer.now();
    let browser = Browser::load(issuer, cookies, now).await?;
    let request = match read(issuer, raw).await? {
        Ok(request) => request,
        Err(error) => return Ok((SignOut::Refused(error), CookieChanges::default())),
    };
    if let (true, Ok(Some(csrf))) = (is_post, raw.one("csrf")) {
        return confirmed(issuer, &browser, &request, csrf, now).await;
    }
    let client = request.client.as_ref();
    let sids: Vec<String> = browser
        .signed_in
        .iter()
        .map(|one| client.map_or_else(String::new, |client| sid(issuer, one.session.id, client.id)))
        .collect();
    match rules::decide(request.hinted_sid.as_deref(), &sids) {
        LogoutDecision::NothingToEnd => {
            Ok((SignOut::Done(request.onward(false)), CookieChanges::default()))
        }
        LogoutDecision::End(index) => {
            let ended = vec![browser.signed_in[index].session.id];
            end(issuer, ended.clone(), now).await?;
            Ok((SignOut::Done(request.onward(false)), browser.without(&ended)))
        }
        LogoutDecision::Ask => Ok(ask(issuer, &browser, &request)),
    }
}

fn ask(issuer: &Issuer, browser: &Browser, request: &LogoutRequest) -> (SignOut, CookieChanges) {
    let (key, cookies) = browser.key_or_new(issuer.entropy.as_ref());
    let view = AskView {
        csrf: key.csrf_token(issuer),
        accounts: browser.signed_in.iter().map(|one| account_info(&one.user)).collect(),
        app_name: request.client.as_ref().map(|client| client.display_name().to_owned()),
        hidden: request.fields.clone(),
    };
    (SignOut::Ask(Box::new(view)), cookies)
}

/// The person said yes: every account of this browser is signed out.
async fn confirmed(
    issuer: &Issuer,
    browser: &Browser,
    request: &LogoutRequest,
    csrf: &str,
    now: Timestamp,
) -> Result<(SignOut, CookieChanges), Fault> {
    if !browser.key.as_ref().is_some_and(|key| key.accepts_csrf(issuer, csrf)) {
        return Ok((SignOut::Forged, CookieChanges::default()));
    }
    let ended: Vec<SessionId> = browser.signed_in.iter().map(|one| one.session.id).collect();
    end(issuer, ended.clone(), now).await?;
    Ok((SignOut::Done(request.onward(true)), browser.without(&ended)))
}

async fn end(issuer: &Issuer, ended: Vec<SessionId>, now: Timestamp) -> Result<(), Fault> {
    tracing::info!(target: "tessera::audit", sessions = ended.len(), "signed out");
    issuer
        .store
        .write("sign out", move |db| {
            for id in &ended {
                sessions::end_session(db, *id, SessionEnd::SignedOut, now)?;
            }
            Ok::<_, crate::store::StoreError>(())
        })
        .await?;
    Ok(())
}

impl LogoutRequest {
    fn onward(&self, is_after_form: bool) -> Option<Onward> {
        let (client, to) = (self.client.as_ref()?, self.onward.as_ref()?);
        Some(Onward {
            app_name: client.display_name().to_owned(),
            url: to.url(self.state.as_deref()),
            is_after_form,
        })
    }
}

async fn read(
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
    let field = |name| fields.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
    // RP-Initiated Logout §4: an expired hint is fine, an altered one is not.
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
    let onward = rules::trust(client.as_ref(), field("post_logout_redirect_uri").as_deref());
    Ok(Ok(LogoutRequest {
        hinted_sid: client.as_ref().and(hint).and_then(|hint| hint.sid),
        client,
        onward,
        state: field("state"),
        fields,
    }))
}
