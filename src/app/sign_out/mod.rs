//! `/end_session`: sign-out asked for by an app (OpenID Connect RP-Initiated Logout 1.0), or by
//! the person on our own page.

mod request;

use crate::app::browser::{Browser, CookieChanges, Cookies};
use crate::app::interaction::account_info;
use crate::app::outcome::AccountInfo;
use crate::app::token::sid;
use crate::app::{Caller, Fault, Issuer, audit};
use crate::base::SessionId;
use crate::domain::{Actor, AuditRecord, Client, Event, SessionEnd};
use crate::protocol::{OAuthError, Parameters};
use crate::rules::authorize::SignedIn;
use crate::rules::logout::{self as rules, LogoutDecision, LogoutFrame};
use crate::store::{StoreError, audit as rows, session_clients, sessions};
use request::{LogoutRequest, read};

/// What a sign-out request leads to.
pub enum SignOut {
    /// Ask the person.
    Ask(Box<AskView>),
    /// Done.
    Done(Done),
    /// The same request by GET, at this address of ours: a form of another site brings no cookies.
    ByGet(String),
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
    /// The apps that will be told, by name.
    pub apps_told: Vec<String>,
    /// What the form must bring back, to be judged again.
    pub hidden: Vec<(&'static str, String)>,
    /// Languages that are wanted, as [`Browser::languages`] gives them.
    pub languages: Option<String>,
}

/// The end of a sign-out.
#[derive(Default)]
pub struct Done {
    /// Where to go on.
    pub onward: Option<Onward>,
    /// The apps that are told, by name.
    pub apps_told: Vec<String>,
    /// What the page loads to tell them (Front-Channel Logout 1.0). Apps that are told over the
    /// back channel too hear it twice.
    pub frames: Vec<LogoutFrame>,
    /// Languages that the app asks for.
    pub ui_locales: Option<String>,
}

/// Where to go on after signing out.
pub struct Onward {
    /// The app.
    pub app_name: String,
    /// A trusted address of it.
    pub url: String,
    /// Whether a person acted on a page of ours on the way.
    pub is_after_form: bool,
    /// Whether the person must say so before the browser goes there.
    pub needs_click: bool,
}

/// Longer than this, an address is no longer safe to be followed by every browser and proxy.
const MAX_PATH: usize = 7 * 1024;

/// Serves a request by GET or POST. A `csrf` field makes it the answer to our own question.
///
/// # Errors
/// When the store does not answer.
pub async fn end_session(
    issuer: &Issuer,
    raw: &Parameters,
    is_post: bool,
    cookies: &Cookies,
    caller: Caller,
) -> Result<(SignOut, CookieChanges), Fault> {
    let now = issuer.now();
    let browser = Browser::load(issuer, cookies, now).await?;
    let request = match read(issuer, raw).await? {
        Ok(request) => request,
        Err(error) => return Ok((SignOut::Refused(error), CookieChanges::default())),
    };
    if let (true, Ok(Some(csrf))) = (is_post, raw.one("csrf")) {
        return confirmed(issuer, &browser, &request, csrf, caller).await;
    }
    let path = request.path();
    if is_post && cookies.sessions.is_none() && path.len() <= MAX_PATH {
        return Ok((SignOut::ByGet(path), CookieChanges::default()));
    }
    let client = request.client.as_ref();
    let sids: Vec<String> = browser
        .signed_in
        .iter()
        .map(|one| client.map_or_else(String::new, |client| sid(issuer, one.session.id, client.id)))
        .collect();
    match rules::decide(request.hinted_sid.as_deref(), &sids) {
        LogoutDecision::NothingToEnd => {
            let done = done(issuer, &request, false, &[]);
            Ok((SignOut::Done(done), CookieChanges::default()))
        }
        LogoutDecision::End(index) => {
            let ended = &browser.signed_in[index..=index];
            let told = end(issuer, ended, caller).await?;
            let done = done(issuer, &request, false, &told);
            Ok((SignOut::Done(done), browser.without(&ids(ended))))
        }
        LogoutDecision::Ask => ask(issuer, &browser, &request).await,
    }
}

async fn ask(
    issuer: &Issuer,
    browser: &Browser,
    request: &LogoutRequest,
) -> Result<(SignOut, CookieChanges), Fault> {
    let open = ids(&browser.signed_in);
    let told = issuer.store.read(move |db| {
        let mut told = Vec::new();
        for session in &open {
            told.extend(session_clients::list_clients_of_session(db, *session)?);
        }
        Ok(told)
    });
    let told = told.await?;
    let (key, cookies) = browser.key_or_new(issuer.entropy.as_ref());
    let view = AskView {
        csrf: key.csrf_token(issuer),
        accounts: browser.signed_in.iter().map(|one| account_info(&one.user)).collect(),
        app_name: request.client.as_ref().map(|client| client.display_name().to_owned()),
        apps_told: names(told.iter()),
        hidden: request.fields.clone(),
        languages: browser.languages(request.ui_locales().as_deref()),
    };
    Ok((SignOut::Ask(Box::new(view)), cookies))
}

/// The person said yes: every account of this browser is signed out.
async fn confirmed(
    issuer: &Issuer,
    browser: &Browser,
    request: &LogoutRequest,
    csrf: &str,
    caller: Caller,
) -> Result<(SignOut, CookieChanges), Fault> {
    if !browser.key.as_ref().is_some_and(|key| key.accepts_csrf(issuer, csrf)) {
        return Ok((SignOut::Forged, CookieChanges::default()));
    }
    let told = end(issuer, &browser.signed_in, caller).await?;
    let done = done(issuer, request, true, &told);
    Ok((SignOut::Done(done), browser.without(&ids(&browser.signed_in))))
}

/// Ends sessions, and says which apps each of them had signed in to.
async fn end(
    issuer: &Issuer,
    ended: &[SignedIn],
    caller: Caller,
) -> Result<Vec<(SessionId, Client)>, Fault> {
    let now = issuer.now();
    let row = |one: &SignedIn| {
        let (user, session) = (one.user.id, one.session.id);
        let row = caller.row(issuer, Actor::User(user), &Event::SignedOut { user, session });
        (session, row)
    };
    let ended: Vec<(SessionId, AuditRecord)> = ended.iter().map(row).collect();
    let told = issuer.store.write("sign out", move |db| {
        let (mut told, mut noted) = (Vec::new(), Vec::new());
        for (id, row) in &ended {
            if sessions::end_session(db, *id, SessionEnd::SignedOut, now)? {
                rows::record(db, row)?;
                noted.push(row.clone());
                let apps = session_clients::list_clients_of_session(db, *id)?;
                told.extend(apps.into_iter().map(|app| (*id, app)));
            }
        }
        Ok::<_, StoreError>((told, noted))
    });
    let (told, noted) = told.await?;
    noted.iter().for_each(audit::log);
    issuer.wake_outbox();
    Ok(told)
}

fn ids(signed_in: &[SignedIn]) -> Vec<SessionId> {
    signed_in.iter().map(|one| one.session.id).collect()
}

fn done(
    issuer: &Issuer,
    request: &LogoutRequest,
    is_after_form: bool,
    told: &[(SessionId, Client)],
) -> Done {
    let frame = |(session, app): &(SessionId, Client)| {
        let uri = app.metadata.frontchannel_logout_uri.as_deref()?;
        rules::frame(uri, issuer.url(), &sid(issuer, *session, app.id))
    };
    Done {
        onward: request.onward(is_after_form),
        apps_told: names(told.iter().map(|(_, app)| app)),
        frames: told.iter().filter_map(frame).collect(),
        ui_locales: request.ui_locales(),
    }
}

/// The names of those apps that hear of a sign-out, each once.
fn names<'a>(apps: impl Iterator<Item = &'a Client>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for app in apps.filter(|app| app.hears_of_logout()) {
        let name = app.display_name();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}
