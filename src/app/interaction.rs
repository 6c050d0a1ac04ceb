//! `/i/{id}/…`: the way of one request through our pages. Every step loads the row, decides
//! afresh what is due, and applies what its own form proved.

use std::time::Duration;

use crate::app::authorize::{find_consent, problem_page};
use crate::app::browser::{Browser, BrowserKey, Cookies};
use crate::app::finish::{self, Arrival};
use crate::app::outcome::{
    AccountInfo, AppInfo, AppReturn, ConsentStep, Outcome, Reply, SignInStep, Step, StepView, Stop,
};
use crate::app::{ClientNetwork, Fault, Issuer};
use crate::base::{Digest, InteractionId, Timestamp, from_base64url, to_base64url};
use crate::domain::{Client, Consent, Evidence, Interaction, Purpose, StoredRequest, User};
use crate::protocol::redirect_uri::display_host;
use crate::protocol::{ErrorCode, OAuthError};
use crate::rules::authorize::{
    self as rules, CheckedRequest, Selection, Settlement, SignInReason, SignedIn,
};
use crate::store::{clients, consents, interactions};

/// Rows without a sign-in that one network may begin within [`UNPROVEN_WINDOW`].
pub(super) const MAX_UNPROVEN: u64 = 1000;
pub(super) const UNPROVEN_WINDOW: Duration = Duration::from_secs(10 * 60);

/// The address part of an interaction: its row id and 16 random bytes, 43 characters.
#[derive(Clone)]
struct Address {
    id: InteractionId,
    bytes: Vec<u8>,
}

impl Address {
    fn parse(text: &str) -> Option<Self> {
        let bytes = from_base64url(text).ok().filter(|bytes| bytes.len() == 32)?;
        Some(Self { id: InteractionId::from_bytes(&bytes[..16]).ok()?, bytes })
    }
}

/// A new row and its address part. Without a browser it belongs to the first that opens it.
pub(super) fn new_row(
    issuer: &Issuer,
    purpose: Purpose,
    browser: Option<Digest>,
    network: ClientNetwork,
    now: Timestamp,
) -> (String, Interaction) {
    let id = InteractionId::new(now, issuer.entropy.as_ref());
    let address = [id.as_bytes().as_slice(), &issuer.entropy.bytes::<16>()].concat();
    let address_digest = Digest::of(&address);
    let row = Interaction {
        id,
        address_digest,
        browser_digest: browser.unwrap_or(unclaimed(address_digest)),
        network_digest: network.digest(),
        purpose,
        evidence: Evidence::default(),
        created_at: now,
        expires_at: now + issuer.settings.interaction_for,
        finished: None,
    };
    (to_base64url(&address), row)
}

/// What stands in place of a browser until one opens the row: no cookie has this digest.
fn unclaimed(address_digest: Digest) -> Digest {
    address_digest
}

/// An interaction that this browser may go on with, and all that its steps look at.
pub(super) struct Visit {
    pub(super) address: String,
    pub(super) row: Interaction,
    pub(super) browser: Browser,
    pub(super) key: BrowserKey,
    pub(super) client: Option<Client>,
    pub(super) now: Timestamp,
}

/// What is due.
pub(super) enum Due {
    SignIn(SignInReason),
    Choose,
    Consent(usize, Option<Consent>),
    Finish(usize),
    Return(OAuthError),
    Problem(rules::RequestProblem),
}

/// Shows the page that is due, or finishes.
///
/// # Errors
/// When the store or the keys fail.
pub async fn show(issuer: &Issuer, address: &str, cookies: &Cookies) -> Result<Reply, Fault> {
    let visit = match open(issuer, address, cookies).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    let arrival = if visit.row.evidence == Evidence::default() {
        Arrival::Direct
    } else {
        Arrival::AfterForm
    };
    advance(issuer, visit, arrival).await
}

/// Opens an interaction for the browser that began it (`security.md` R84).
pub(super) async fn open(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
) -> Result<Result<Visit, Reply>, Fault> {
    let now = issuer.now();
    let Some(parsed) = Address::parse(address) else {
        return Ok(Err(Reply::stop(Stop::NotFound)));
    };
    let id = parsed.id;
    let found = issuer.store.read(move |db| interactions::find_interaction(db, id)).await?;
    let Some(mut row) = found.filter(|row| row.address_digest.matches(&parsed.bytes)) else {
        return Ok(Err(Reply::stop(Stop::Expired(None))));
    };
    let browser = Browser::load(issuer, cookies, now).await?;
    let is_unclaimed = row.browser_digest == unclaimed(row.address_digest);
    let key = match &browser.key {
        Some(key) if row.browser_digest == key.digest() => key.clone(),
        Some(key) if is_unclaimed => {
            let (from, to) = (row.browser_digest, key.digest());
            let is_ours = issuer
                .store
                .write("claim interaction", move |db| {
                    interactions::claim_interaction(db, id, &from, &to)
                })
                .await?;
            if !is_ours {
                return Ok(Err(Reply::stop(Stop::Expired(None))));
            }
            row.browser_digest = to;
            key.clone()
        }
        Some(_) => return Ok(Err(Reply::stop(Stop::Expired(None)))),
        None if is_unclaimed => {
            return claim_with_new_cookie(issuer, address, &row, &browser).await.map(Err);
        }
        None => {
            let retry = format!("/i/{address}");
            return Ok(Err(Reply::stop(Stop::CookieBlocked { retry })));
        }
    };
    let client = load_client(issuer, &row.purpose).await?;
    if now >= row.expires_at {
        return Ok(Err(Reply::stop(Stop::Expired(client.as_ref().and_then(way_back)))));
    }
    Ok(Ok(Visit { address: address.to_owned(), row, browser, key, client, now }))
}

/// A request that was posted from another site meets its browser's first cookie: the cookie is
/// set, and the next look at the same address proves that the browser keeps it.
async fn claim_with_new_cookie(
    issuer: &Issuer,
    address: &str,
    row: &Interaction,
    browser: &Browser,
) -> Result<Reply, Fault> {
    let (key, cookies) = browser.key_or_new(issuer.entropy.as_ref());
    let (id, from, to) = (row.id, row.browser_digest, key.digest());
    issuer
        .store
        .write("claim interaction", move |db| interactions::claim_interaction(db, id, &from, &to))
        .await?;
    Ok(Reply { outcome: Outcome::Goto(format!("/i/{address}")), cookies })
}

async fn load_client(issuer: &Issuer, purpose: &Purpose) -> Result<Option<Client>, Fault> {
    match purpose {
        Purpose::Authorize(request) => {
            let id = request.client;
            Ok(issuer.store.read(move |db| clients::find_client(db, id)).await?)
        }
        Purpose::OwnPages => Ok(None),
    }
}

/// Where a person can go when a request is over: the app's name, and an address of the app.
fn way_back(client: &Client) -> Option<(String, String)> {
    let metadata = &client.metadata;
    let address = metadata.initiate_login_uri.as_ref().or(metadata.client_uri.as_ref())?;
    Some((client.display_name().to_owned(), address.clone()))
}

impl Visit {
    fn request(&self) -> Option<&StoredRequest> {
        match &self.row.purpose {
            Purpose::Authorize(request) => Some(request),
            Purpose::OwnPages => None,
        }
    }

    /// Decides what is due from the row, the sessions, the client as it is now, and the consent.
    pub(super) async fn due(&self, issuer: &Issuer) -> Result<Due, Fault> {
        let Some(request) = self.request() else { return Ok(self.due_on_own_pages()) };
        if let Err(problem) = CheckedRequest::resume(request, self.client.as_ref()) {
            return Ok(Due::Problem(problem));
        }
        let evidence = &self.row.evidence;
        let index = match rules::select(request, &self.browser.signed_in, evidence, self.now) {
            Selection::Account(index) => index,
            Selection::SignIn(reason) => return Ok(Due::SignIn(reason)),
            Selection::Choose => return Ok(Due::Choose),
            Selection::Refuse(error) => return Ok(Due::Return(error)),
        };
        let account = &self.browser.signed_in[index];
        let client = self.client.as_ref().ok_or(Fault::Broken("a client vanished"))?;
        let consent = find_consent(issuer, client, account.user.id).await?;
        Ok(match rules::settle(request, client, account, consent.as_ref(), evidence, self.now) {
            Settlement::Issue => Due::Finish(index),
            Settlement::AskConsent => Due::Consent(index, consent),
            Settlement::Refuse(error) => Due::Return(error),
        })
    }

    fn due_on_own_pages(&self) -> Due {
        let evidence = self.row.evidence.fresh(self.now);
        let made = evidence.authentication.map(|made| made.session);
        let position = |id| self.browser.signed_in.iter().position(|one| one.session.id == id);
        match made.and_then(position) {
            Some(index) => Due::Finish(index),
            None => Due::SignIn(SignInReason::OtherAccount),
        }
    }

    pub(super) fn account(&self, index: usize) -> &SignedIn {
        &self.browser.signed_in[index]
    }

    pub(super) fn page(&self, issuer: &Issuer, step: Step) -> Reply {
        Reply::plain(Outcome::Step(Box::new(StepView {
            id: self.address.clone(),
            csrf: self.key.csrf_token(issuer),
            app: self.client.as_ref().zip(self.request()).map(app_info),
            ui_locales: self.request().and_then(|request| request.ui_locales.clone()),
            step,
        })))
    }

    fn choose_page(&self, issuer: &Issuer) -> Reply {
        let accounts = self.browser.signed_in.iter().map(|one| account_info(&one.user)).collect();
        self.page(issuer, Step::Choose(accounts))
    }

    /// The sign-in page for `reason`.
    pub(super) fn sign_in_step(&self, reason: SignInReason) -> SignInStep {
        let asked = match reason {
            SignInReason::Confirm(index) => Some(&self.account(index).user),
            SignInReason::NobodySignedIn | SignInReason::OtherAccount => None,
        };
        let hint = self.request().and_then(|request| request.login_hint.clone());
        SignInStep {
            identifier: asked.map(|user| user.username.clone()).or(hint).unwrap_or_default(),
            is_confirmation: asked.is_some(),
            may_choose: self.request().is_some() && !self.browser.signed_in.is_empty(),
            ..SignInStep::default()
        }
    }
}

fn app_info((client, request): (&Client, &StoredRequest)) -> AppInfo {
    AppInfo {
        name: client.display_name().to_owned(),
        host: display_host(&request.redirect_uri),
        policy_uri: client.metadata.policy_uri.clone(),
        tos_uri: client.metadata.tos_uri.clone(),
    }
}

/// The account as its person sees it.
pub(super) fn account_info(user: &User) -> AccountInfo {
    AccountInfo {
        name: user.display_name().to_owned(),
        username: user.username.clone(),
        email: user.email.clone(),
    }
}

/// Shows what is due, or finishes.
pub(super) async fn advance(
    issuer: &Issuer,
    visit: Visit,
    arrival: Arrival,
) -> Result<Reply, Fault> {
    if let Some(sealed) = visit.row.replay(visit.now) {
        return replay(issuer, &visit, sealed);
    }
    match visit.due(issuer).await? {
        Due::SignIn(reason) => {
            let step = visit.sign_in_step(reason);
            Ok(visit.page(issuer, Step::SignIn(step)))
        }
        Due::Choose => Ok(visit.choose_page(issuer)),
        Due::Consent(index, before) => {
            let step = consent_step(&visit, index, before.as_ref());
            Ok(visit.page(issuer, Step::Consent(step)))
        }
        Due::Finish(index) => finish_at(issuer, &visit, index, arrival).await,
        Due::Return(error) => return_error(issuer, &visit, &error, arrival),
        Due::Problem(problem) => Ok(problem_page(problem, visit.client.as_ref())),
    }
}

fn consent_step(visit: &Visit, index: usize, before: Option<&Consent>) -> ConsentStep {
    let scopes = visit.request().map(|request| &request.scopes);
    let is_new = |scope: &str| before.is_some_and(|before| !before.scopes.contains(scope));
    ConsentStep {
        account: account_info(&visit.account(index).user),
        scopes: scopes
            .into_iter()
            .flat_map(crate::protocol::ScopeSet::iter)
            .map(|scope| (scope.to_owned(), is_new(scope)))
            .collect(),
    }
}

/// Issues the code, keeps the sealed hand-off for a second post, and remembers the account as
/// the active one.
async fn finish_at(
    issuer: &Issuer,
    visit: &Visit,
    index: usize,
    arrival: Arrival,
) -> Result<Reply, Fault> {
    let (Some(request), Some(client)) = (visit.request(), &visit.client) else {
        return Ok(Reply::plain(Outcome::Goto("/".to_owned())));
    };
    let checked = match CheckedRequest::resume(request, Some(client)) {
        Ok(checked) => checked,
        Err(problem) => return Ok(problem_page(problem, Some(client))),
    };
    let account = visit.account(index);
    let reply = finish::issue_code(issuer, client, &checked, account, arrival, visit.now).await?;
    let reply = Reply { cookies: visit.browser.with_first(index).then(reply.cookies), ..reply };
    let Outcome::Return(answer) = &reply.outcome else { return Ok(reply) };
    if keep(issuer, visit, answer).await? {
        return Ok(reply);
    }
    // A second post was quicker: both give its answer, and this code is never sent.
    let id = visit.row.id;
    let row = issuer.store.read(move |db| interactions::find_interaction(db, id)).await?;
    match row.as_ref().and_then(|row| row.replay(visit.now)) {
        Some(sealed) => replay(issuer, visit, sealed),
        None => Ok(reply),
    }
}

/// Seals the hand-off into the row, so that a final step posted twice answers the same again.
/// False when another post has done so within the last minute.
async fn keep(issuer: &Issuer, visit: &Visit, answer: &AppReturn) -> Result<bool, Fault> {
    let plain = serde_json::to_vec(answer).map_err(|_| Fault::Broken("a hand-off is JSON"))?;
    let context = format!("interactions/finished/{}", visit.row.id);
    let sealed = issuer.sealer.seal(&context, &plain, issuer.entropy.as_ref());
    let (id, now) = (visit.row.id, visit.now);
    let is_first = issuer
        .store
        .write("finish interaction", move |db| {
            interactions::finish_interaction(db, id, &sealed, now)
        })
        .await?;
    Ok(is_first)
}

fn replay(issuer: &Issuer, visit: &Visit, sealed: &[u8]) -> Result<Reply, Fault> {
    let context = format!("interactions/finished/{}", visit.row.id);
    let plain = issuer.sealer.open(&context, sealed)?;
    let answer: AppReturn = serde_json::from_slice(plain.expose())
        .map_err(|_| Fault::Broken("a kept hand-off is not readable"))?;
    let Some(request) = visit.request() else {
        return Ok(Reply::plain(Outcome::Goto("/".to_owned())));
    };
    // The address is matched again: a client may have lost it since.
    match CheckedRequest::resume(request, visit.client.as_ref()) {
        Ok(_) => Ok(Reply::plain(Outcome::Return(answer))),
        Err(problem) => Ok(problem_page(problem, visit.client.as_ref())),
    }
}

fn return_error(
    issuer: &Issuer,
    visit: &Visit,
    error: &OAuthError,
    arrival: Arrival,
) -> Result<Reply, Fault> {
    let (Some(request), Some(client)) = (visit.request(), &visit.client) else {
        return Ok(Reply::plain(Outcome::Goto("/".to_owned())));
    };
    Ok(match CheckedRequest::resume(request, Some(client)) {
        Ok(checked) => Reply::plain(finish::error(issuer, client, checked.to(), error, arrival)),
        Err(problem) => problem_page(problem, Some(client)),
    })
}

/// Opens the interaction behind a form: the browser must be the one that began it, and the form
/// must be one that we gave to this browser (`security.md` R87).
pub(super) async fn open_form(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    csrf: &str,
) -> Result<Result<Visit, Reply>, Fault> {
    let visit = match open(issuer, address, cookies).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(Err(reply)),
    };
    if visit.key.accepts_csrf(issuer, csrf) {
        Ok(Ok(visit))
    } else {
        Ok(Err(Reply::stop(Stop::Forged)))
    }
}

/// What a person answered on the account page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The account at this place of the list.
    Account(usize),
    /// Another one.
    Other,
}

/// Applies a choice of account.
///
/// # Errors
/// When the store or the keys fail.
pub async fn choose(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    csrf: &str,
    choice: Option<Choice>,
) -> Result<Reply, Fault> {
    let mut visit = match open_form(issuer, address, cookies, csrf).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    let mut evidence = visit.row.evidence.fresh(visit.now);
    match choice {
        Some(Choice::Account(index)) => {
            let Some(chosen) = visit.browser.signed_in.get(index) else {
                return advance(issuer, visit, Arrival::AfterForm).await;
            };
            evidence.chosen = Some((chosen.session.id, visit.now));
            evidence.wants_other_account = false;
            evidence.authentication =
                evidence.authentication.filter(|made| made.session == chosen.session.id);
        }
        Some(Choice::Other) => {
            evidence = Evidence {
                wants_other_account: true,
                restarted_at: evidence.restarted_at,
                ..Evidence::default()
            };
        }
        None => return advance(issuer, visit, Arrival::AfterForm).await,
    }
    save(issuer, &mut visit, evidence).await?;
    advance(issuer, visit, Arrival::AfterForm).await
}

/// Shows the accounts of this browser to choose from. It changes nothing: the choice does.
///
/// # Errors
/// When the store or the keys fail.
pub async fn show_accounts(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
) -> Result<Reply, Fault> {
    let visit = match open(issuer, address, cookies).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    let may_choose = visit.request().is_some() && !visit.browser.signed_in.is_empty();
    if !may_choose || visit.row.replay(visit.now).is_some() {
        return advance(issuer, visit, Arrival::AfterForm).await;
    }
    Ok(visit.choose_page(issuer))
}

/// Applies the answer of the consent page. Nothing about client, scope or address is read from
/// the form: the row says what was asked (`security.md` R90).
///
/// # Errors
/// When the store or the keys fail.
pub async fn consent(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    csrf: &str,
    is_allowed: Option<bool>,
) -> Result<Reply, Fault> {
    let mut visit = match open_form(issuer, address, cookies, csrf).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    let (Due::Consent(index, before), Some(is_allowed)) = (visit.due(issuer).await?, is_allowed)
    else {
        return advance(issuer, visit, Arrival::AfterForm).await;
    };
    if !is_allowed {
        let denied = OAuthError::new(ErrorCode::AccessDenied, "the person did not allow it");
        return return_error(issuer, &visit, &denied, Arrival::AfterForm);
    }
    let Some(request) = visit.request() else {
        return advance(issuer, visit, Arrival::AfterForm).await;
    };
    let (user, now) = (visit.account(index).user.id, visit.now);
    let scopes = request.scopes.clone();
    let row = Consent {
        id: before.as_ref().map_or_else(
            || crate::base::ConsentId::new(now, issuer.entropy.as_ref()),
            |before| before.id,
        ),
        user,
        client: request.client,
        scopes: before
            .as_ref()
            .map_or_else(|| scopes.clone(), |before| before.scopes.joined_with(&scopes)),
        created_at: before.map_or(now, |before| before.created_at),
        updated_at: now,
    };
    let evidence =
        Evidence { consented: Some((user, scopes, now)), ..visit.row.evidence.fresh(now) };
    let (id, stored) = (visit.row.id, evidence.clone());
    issuer
        .store
        .write("consent", move |db| {
            consents::put_consent(db, &row)?;
            interactions::update_evidence(db, id, &stored)
        })
        .await?;
    visit.row.evidence = evidence;
    advance(issuer, visit, Arrival::AfterForm).await
}

/// Stores what a step proved.
pub(super) async fn save(
    issuer: &Issuer,
    visit: &mut Visit,
    evidence: Evidence,
) -> Result<(), Fault> {
    let (id, stored) = (visit.row.id, evidence.clone());
    issuer
        .store
        .write("update interaction", move |db| interactions::update_evidence(db, id, &stored))
        .await?;
    visit.row.evidence = evidence;
    Ok(())
}
