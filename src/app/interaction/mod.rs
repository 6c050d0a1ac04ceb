//! `/i/{id}/…`: the way of one request through our pages. Every step loads the row, decides
//! afresh what is due, and applies what its own form proved.

mod end;
mod open;
mod passkey_offer;
mod steps;

pub use open::restart;
pub(super) use open::{new_row, open_form};
pub use passkey_offer::{EnrolForm, decline_passkey, enrol_passkey};
pub(super) use steps::save;
pub use steps::{Choice, choose, consent, show_accounts};

use std::time::Duration;

use crate::app::authorize::{find_consent, problem_page, subjects};
use crate::app::browser::{Browser, BrowserKey, Cookies};
use crate::app::finish::Arrival;
use crate::app::outcome::{
    AccountInfo, AppInfo, ConsentStep, Outcome, Reply, SignInStep, Step, StepView,
};
use crate::app::{Fault, Issuer, passkey_sign_in, passkeys};
use crate::base::{Digest, Timestamp};
use crate::domain::{Client, Consent, Evidence, Interaction, Purpose, StoredRequest, User};
use crate::protocol::redirect_uri::display_host;
use crate::protocol::{OAuthError, ScopeSet};
use crate::rules::authorize::{
    self as rules, Accounts, CheckedRequest, Selection, Settlement, SignInReason, SignedIn,
};
use end::{finish_at, replay, return_error};
use open::open;

/// Rows without a sign-in that one network may begin within [`UNPROVEN_WINDOW`].
pub(super) const MAX_UNPROVEN: u64 = 1000;
pub(super) const UNPROVEN_WINDOW: Duration = Duration::from_secs(10 * 60);

/// An interaction that this browser may go on with, and all that its steps look at.
pub(super) struct Visit {
    pub(super) address: String,
    pub(super) row: Interaction,
    pub(super) browser: Browser,
    pub(super) key: BrowserKey,
    pub(super) client: Option<Client>,
    /// The digest of the client's logo, when we have it.
    pub(super) logo: Option<Digest>,
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
        let client = self.client.as_ref().ok_or(Fault::Broken("a client vanished"))?;
        let subs = subjects(issuer, client, &self.browser);
        let accounts = Accounts { signed_in: &self.browser.signed_in, subs: &subs };
        let index = match rules::select(request, accounts, evidence, self.now) {
            Selection::Account(index) => index,
            Selection::SignIn(reason) => return Ok(Due::SignIn(reason)),
            Selection::Choose => return Ok(Due::Choose),
            Selection::Refuse(error) => return Ok(Due::Return(error)),
        };
        let account = &self.browser.signed_in[index];
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

    pub(super) fn page(&self, issuer: &Issuer, mut step: Step) -> Reply {
        if let Step::SignIn(step) = &mut step {
            step.passkey = passkey_sign_in::question(issuer, self);
            step.rp_id = passkeys::rp_id(issuer);
        }
        Reply::plain(Outcome::Step(Box::new(StepView {
            id: self.address.clone(),
            csrf: self.key.csrf_token(issuer),
            app: self.app_info(),
            ui_locales: self.request().and_then(|request| request.ui_locales.clone()),
            step,
        })))
    }

    fn app_info(&self) -> Option<AppInfo> {
        let (client, request) = self.client.as_ref().zip(self.request())?;
        Some(AppInfo {
            name: client.display_name().to_owned(),
            host: display_host(&request.redirect_uri),
            logo: self.logo,
            is_unverified: client.is_dynamic(),
            policy_uri: client.metadata.policy_uri.clone(),
            tos_uri: client.metadata.tos_uri.clone(),
        })
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
    let due = visit.due(issuer).await?;
    if matches!(due, Due::Consent(..) | Due::Finish(_))
        && let Some(page) = passkey_offer::offer(issuer, &visit, None).await?
    {
        return Ok(page);
    }
    match due {
        Due::SignIn(reason) => {
            let step = visit.sign_in_step(reason);
            Ok(visit.page(issuer, Step::SignIn(step)))
        }
        Due::Choose => Ok(visit.choose_page(issuer)),
        Due::Consent(index, before) => {
            let step = consent_step(issuer, &visit, index, before.as_ref());
            Ok(visit.page(issuer, Step::Consent(step)))
        }
        Due::Finish(index) => finish_at(issuer, &visit, index, arrival).await,
        Due::Return(error) => return_error(issuer, &visit, &error, arrival),
        Due::Problem(problem) => Ok(problem_page(problem, visit.client.as_ref())),
    }
}

fn consent_step(
    issuer: &Issuer,
    visit: &Visit,
    index: usize,
    before: Option<&Consent>,
) -> ConsentStep {
    let scopes = visit.request().map(StoredRequest::consent_scopes);
    let is_new = |scope: &str| before.is_some_and(|before| !before.scopes.contains(scope));
    let is_offline = scopes.as_ref().is_some_and(|all| all.contains(ScopeSet::OFFLINE_ACCESS));
    ConsentStep {
        keeps_access_for: is_offline.then_some(issuer.settings.refresh_absolute_for),
        account: account_info(&visit.account(index).user),
        scopes: scopes
            .iter()
            .flat_map(ScopeSet::iter)
            .map(|scope| (scope.to_owned(), is_new(scope)))
            .collect(),
    }
}
