//! `/authorize`: load client and sessions, check, decide, and either answer at once or begin an
//! interaction.

use std::sync::Arc;

use crate::app::browser::{Browser, CookieChanges, Cookies};
use crate::app::finish::{self, Arrival};
use crate::app::interaction;
use crate::app::outcome::{Outcome, ProblemView, Reply, Stop};
use crate::app::request_object::{hint, resolve};
use crate::app::token::subject;
use crate::app::{ClientNetwork, Fault, Issuer, factor_policy};
use crate::base::{Digest, Timestamp, UserId};
use crate::domain::{Client, Consent, Evidence, Purpose};
use crate::protocol::{AuthorizeParams, OAuthError, Parameters};
use crate::rules::authorize::{
    self as rules, Accounts, CheckedRequest, Refusal, Selection, Settlement, Submission,
};
use crate::store::{Store, Touched, consents, interactions};

/// Serves a GET: with a live session and consent the app gets its code at once.
///
/// # Errors
/// When the store or the keys fail.
pub async fn get(
    issuer: &Issuer,
    raw: &Parameters,
    cookies: &Cookies,
    network: ClientNetwork,
) -> Result<Reply, Fault> {
    let now = issuer.now();
    let (client, checked) = match load_and_check(issuer, raw, now).await? {
        Ok(checked) => checked,
        Err(reply) => return Ok(reply),
    };
    let client = client.as_ref();
    let browser = Browser::load(issuer, cookies, now).await?;
    let request = checked.request();
    let evidence = Evidence::default();
    let subs = subjects(issuer, client, &browser);
    let asked = rules::demanded_level(request, client);
    let demanded = factor_policy::demanded_of_each(issuer, &browser, asked);
    let accounts = Accounts { signed_in: &browser.signed_in, subs: &subs, demanded: &demanded };
    let index = match rules::select(request, accounts, &evidence, now) {
        Selection::Account(index) => index,
        Selection::Refuse(error) => return Ok(refuse(issuer, client, &checked, &error)),
        Selection::SignIn(_)
        | Selection::SecondFactor(..)
        | Selection::StepUp(_)
        | Selection::Choose => {
            return begin(issuer, &checked, &browser, network, now).await;
        }
    };
    let account = &browser.signed_in[index];
    let settle = |consent: Option<&Consent>| {
        rules::settle(request, client, account, consent, &evidence, now)
    };
    let consent = consent_in(&issuer.store, client, account.user.id).await?;
    let settlement = match settle(consent.as_deref()) {
        Settlement::Issue => Settlement::Issue,
        _ => settle(find_consent(issuer, client, account.user.id).await?.as_ref()),
    };
    match settlement {
        Settlement::Issue => {
            let reply =
                finish::answer(issuer, client, &checked, account, Arrival::Direct, now).await?;
            Ok(Reply { cookies: browser.with_first(index).then(reply.cookies), ..reply })
        }
        Settlement::AskConsent | Settlement::AskNewPassword | Settlement::AskToKeep(_) => {
            begin(issuer, &checked, &browser, network, now).await
        }
        Settlement::Refuse(error) => Ok(refuse(issuer, client, &checked, &error)),
    }
}

/// Serves a POST, which may come from another site and then carries no session cookie
/// (SameSite=Lax): the request is stored, and a redirect to our own page brings the cookies.
///
/// # Errors
/// When the store fails.
pub async fn post(
    issuer: &Issuer,
    raw: &Parameters,
    network: ClientNetwork,
) -> Result<Reply, Fault> {
    let now = issuer.now();
    match load_and_check(issuer, raw, now).await? {
        Ok((_, checked)) => begin_for_anyone(issuer, &checked, network, now).await,
        Err(reply) => Ok(reply),
    }
}

/// A client and its request that passed every check.
type Checked = (Arc<Client>, CheckedRequest);

/// Loads the client and checks the request; once more when it is refused and the client is not what
/// was kept of it in memory. Checking may fetch and verify, so it is not done twice for nothing.
async fn load_and_check(
    issuer: &Issuer,
    raw: &Parameters,
    now: Timestamp,
) -> Result<Result<Checked, Reply>, Fault> {
    let kept = client_in(&issuer.store, raw).await?;
    let refused = match check(issuer, raw, kept.clone(), now).await? {
        Ok(checked) => return Ok(Ok(checked)),
        Err(refused) => refused,
    };
    let client = client_in(&issuer.store.fresh(), raw).await?;
    if client == kept {
        return Ok(Err(refused));
    }
    check(issuer, raw, client, now).await
}

/// The client that a request names.
async fn client_in(store: &Store, raw: &Parameters) -> Result<Option<Arc<Client>>, Fault> {
    match raw.one("client_id").ok().flatten() {
        Some(name) => Ok(store.client_named(name).await?),
        None => Ok(None),
    }
}

async fn check(
    issuer: &Issuer,
    raw: &Parameters,
    client: Option<Arc<Client>>,
    now: Timestamp,
) -> Result<Result<Checked, Reply>, Fault> {
    let enabled = client.as_deref().filter(|client| client.is_enabled());
    let resolved = match resolve(issuer, raw, enabled, now).await? {
        Ok(resolved) => resolved,
        Err(problem) => return Ok(Err(problem_page(problem, client.as_deref()))),
    };
    let submission = Submission {
        params: &resolved.params,
        provenance: &resolved.provenance,
        hint: &hint(issuer, &resolved.params),
        policy: issuer.authorize_policy(),
        received_at: now,
    };
    Ok(match (rules::check(&submission, client.as_deref()), client) {
        (Ok(checked), Some(client)) => Ok((client, checked)),
        (Err(Refusal::Return(to, error)), Some(client)) => {
            let arrival = if client.is_dynamic() && !is_silent(&resolved.params) {
                Arrival::Unasked
            } else {
                Arrival::Direct
            };
            Err(Reply::plain(finish::error(issuer, &client, &to, &error, arrival)))
        }
        (Err(Refusal::Page(problem)), client) => Err(problem_page(problem, client.as_deref())),
        (Ok(_) | Err(Refusal::Return(..)), None) => {
            return Err(Fault::Broken("a request was checked without a client"));
        }
    })
}

/// Whether the app asked for an answer without any page.
fn is_silent(params: &AuthorizeParams) -> bool {
    params.prompt.as_deref() == Some("none")
}

/// The `sub`s that a client sees for the accounts of a browser.
pub(super) fn subjects(issuer: &Issuer, client: &Client, browser: &Browser) -> Vec<String> {
    browser.signed_in.iter().map(|one| subject(issuer, client, &one.user)).collect()
}

/// The page that tells what is wrong with a request, when nothing may go to the app.
pub(super) fn problem_page(problem: rules::RequestProblem, client: Option<&Client>) -> Reply {
    let app_name = client.map(|client| client.display_name().to_owned());
    Reply::plain(Outcome::Problem(ProblemView { problem, app_name }))
}

fn refuse(issuer: &Issuer, client: &Client, checked: &CheckedRequest, error: &OAuthError) -> Reply {
    Reply::plain(finish::error(issuer, client, checked.to(), error, Arrival::Direct))
}

/// The same, from memory where it can be.
async fn consent_in(
    store: &Store,
    client: &Client,
    user: UserId,
) -> Result<Option<Arc<Consent>>, Fault> {
    if client.is_first_party() {
        return Ok(None);
    }
    Ok(store.consent(user, client.id).await?)
}

pub(super) async fn find_consent(
    issuer: &Issuer,
    client: &Client,
    user: UserId,
) -> Result<Option<Consent>, Fault> {
    if client.is_first_party() {
        return Ok(None);
    }
    let client = client.id;
    Ok(issuer.store.read(move |db| consents::find_consent(db, user, client)).await?)
}

/// Begins an interaction that only this browser can go on with.
async fn begin(
    issuer: &Issuer,
    checked: &CheckedRequest,
    browser: &Browser,
    network: ClientNetwork,
    now: Timestamp,
) -> Result<Reply, Fault> {
    let (key, cookies) = browser.key_or_new(issuer.entropy.as_ref());
    let purpose = Purpose::Authorize(Box::new(checked.request().clone()));
    let reply = store(issuer, purpose, Some(key.digest()), network, now).await?;
    Ok(Reply { cookies, ..reply })
}

async fn begin_for_anyone(
    issuer: &Issuer,
    checked: &CheckedRequest,
    network: ClientNetwork,
    now: Timestamp,
) -> Result<Reply, Fault> {
    let purpose = Purpose::Authorize(Box::new(checked.request().clone()));
    store(issuer, purpose, None, network, now).await
}

/// Begins an interaction for our own pages.
///
/// # Errors
/// When the store fails.
pub async fn begin_own_pages(
    issuer: &Issuer,
    cookies: &Cookies,
    network: ClientNetwork,
) -> Result<Reply, Fault> {
    let browser = Browser::load(issuer, cookies, issuer.now()).await?;
    begin_for_browser(issuer, Purpose::OwnPages, &browser, network).await
}

/// Begins an interaction that no app asked for, for this browser alone.
pub(super) async fn begin_for_browser(
    issuer: &Issuer,
    purpose: Purpose,
    browser: &Browser,
    network: ClientNetwork,
) -> Result<Reply, Fault> {
    let (key, changes) = browser.key_or_new(issuer.entropy.as_ref());
    let reply = store(issuer, purpose, Some(key.digest()), network, issuer.now()).await?;
    Ok(Reply { cookies: changes, ..reply })
}

/// Begins an interaction from a stored request, which is judged anew at its first step.
pub(super) async fn begin_again(
    issuer: &Issuer,
    purpose: Purpose,
    cookies: &Cookies,
    network: ClientNetwork,
) -> Result<Reply, Fault> {
    let now = issuer.now();
    let browser = Browser::load(issuer, cookies, now).await?;
    let owner = browser.key.as_ref().map(crate::app::browser::BrowserKey::digest);
    store(issuer, purpose, owner, network, now).await
}

async fn store(
    issuer: &Issuer,
    purpose: Purpose,
    browser: Option<Digest>,
    network: ClientNetwork,
    now: Timestamp,
) -> Result<Reply, Fault> {
    let (address, row) = interaction::new_row(issuer, purpose, browser, network, now);
    let counted = row.network_digest;
    let since = now - interaction::UNPROVEN_WINDOW;
    let count =
        issuer.store.read(move |db| interactions::count_unproven(db, &counted, since)).await?;
    if count >= interaction::MAX_UNPROVEN {
        tracing::warn!(%network, "too many interactions without a sign-in from one network");
        return Ok(Reply::stop(Stop::TooMany(interaction::UNPROVEN_WINDOW)));
    }
    issuer
        .store
        .write_touching(Touched::Nothing, "begin interaction", move |db| {
            interactions::insert_interaction(db, &row)
        })
        .await?;
    Ok(Reply { outcome: Outcome::Goto(format!("/i/{address}")), cookies: CookieChanges::default() })
}
