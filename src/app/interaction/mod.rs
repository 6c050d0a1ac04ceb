//! `/i/{id}/…`: the way of one request through our pages. Every step loads the row, decides
//! afresh what is due, and applies what its own form proved.

mod end;
mod keep;
mod new_password;
mod open;
mod passkey_offer;
mod steps;

pub use keep::keep_account;
pub use new_password::choose_password;
pub use open::restart;
pub(super) use open::{new_row, open, open_form};
pub use passkey_offer::{EnrolForm, decline_passkey, enrol_passkey};
pub(super) use steps::save;
pub use steps::{Choice, choose, consent, show_accounts};

use std::time::Duration;

use crate::app::authorize::{find_consent, problem_page, subjects};
use crate::app::browser::{Browser, BrowserKey, Cookies};
use crate::app::enrolment::enrol_page;
use crate::app::factors;
use crate::app::finish::Arrival;
use crate::app::outcome::{
    AccountInfo, AppInfo, ConsentStep, KeepStep, Outcome, Reply, SignInStep, Step, StepView,
};
use crate::app::second_factor::factor_page;
use crate::app::{Fault, Issuer, factor_policy, passkey_sign_in, passkeys, sign_up};
use crate::base::{Digest, Timestamp};
use crate::domain::{
    Client, Consent, Evidence, Factors, FirstFactor, Identifier, Interaction, Purpose,
    StoredRequest, User, Way,
};
use crate::protocol::redirect_uri::display_host;
use crate::protocol::{OAuthError, ScopeSet};
use crate::rules::authorize::{
    self as rules, Accounts, CheckedRequest, Selection, Settlement, SignInReason, SignedIn,
};
use crate::rules::session::TWO_FACTORS;
use crate::store::users;
use end::{finish_at, replay, return_error};
use new_password::new_password_page;

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
    SecondFactor(Box<Missing>),
    Enrol(Box<Missing>),
    Choose,
    Consent(usize, Option<Consent>),
    /// The account at this index must get a new password from its person.
    NewPassword(usize),
    /// The account at this index goes at this instant, unless its person keeps it.
    Keep(usize, Timestamp),
    Finish(usize),
    Return(OAuthError),
    Problem(rules::RequestProblem),
}

/// A person who must show a second factor, or set one up.
pub(super) struct Missing {
    pub(super) user: User,
    pub(super) factors: Factors,
    pub(super) proven: Proven,
}

/// What was proven already.
pub(super) enum Proven {
    /// A password within this interaction, and why it was asked for.
    Password(FirstFactor, SignInReason),
    /// What made the session at this index.
    Session(usize),
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
    let arrival = arrival_of(&visit);
    advance(issuer, visit, arrival).await
}

/// Shows the sign-in page when that is due, whichever page the app would rather see first.
///
/// # Errors
/// When the store or the keys fail.
pub async fn show_sign_in(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
) -> Result<Reply, Fault> {
    let visit = match open(issuer, address, cookies).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    match visit.due(issuer).await? {
        Due::SignIn(reason) if visit.row.replay(visit.now).is_none() => {
            Ok(visit.sign_in_page(issuer, reason))
        }
        _ => {
            let arrival = arrival_of(&visit);
            advance(issuer, visit, arrival).await
        }
    }
}

fn arrival_of(visit: &Visit) -> Arrival {
    if visit.row.evidence == Evidence::default() { Arrival::Direct } else { Arrival::AfterForm }
}

impl Visit {
    fn request(&self) -> Option<&StoredRequest> {
        match &self.row.purpose {
            Purpose::Authorize(request) => Some(request),
            Purpose::OwnPages | Purpose::Account(_) => None,
        }
    }

    /// Decides what is due from the row, the sessions, the client as it is now, and the consent.
    pub(super) async fn due(&self, issuer: &Issuer) -> Result<Due, Fault> {
        let Some(request) = self.request() else { return self.due_on_own_pages(issuer).await };
        if let Err(problem) = CheckedRequest::resume(request, self.client.as_ref()) {
            return Ok(Due::Problem(problem));
        }
        let evidence = &self.row.evidence;
        let client = self.client.as_ref().ok_or(Fault::Broken("a client vanished"))?;
        let subs = subjects(issuer, client, &self.browser);
        let demanded = factor_policy::demanded_of_each(issuer, &self.browser, self.asked_level());
        let signed_in = &self.browser.signed_in;
        let accounts = Accounts { signed_in, subs: &subs, demanded: &demanded };
        let index = match rules::select(request, accounts, evidence, self.now) {
            Selection::Account(index) => index,
            Selection::SignIn(reason) => return Ok(Due::SignIn(reason)),
            Selection::SecondFactor(first, reason) => {
                return self.second_factor_due(issuer, first, reason).await;
            }
            Selection::StepUp(index) => return self.step_up_due(issuer, index).await,
            Selection::Choose => return Ok(Due::Choose),
            Selection::Refuse(error) => return Ok(Due::Return(error)),
        };
        let account = &self.browser.signed_in[index];
        let consent = find_consent(issuer, client, account.user.id).await?;
        Ok(match rules::settle(request, client, account, consent.as_ref(), evidence, self.now) {
            Settlement::Issue => Due::Finish(index),
            Settlement::AskConsent => Due::Consent(index, consent),
            Settlement::AskNewPassword => self.new_password_due(issuer, index).await?,
            Settlement::AskToKeep(at) => Due::Keep(index, at),
            Settlement::Refuse(error) => Due::Return(error),
        })
    }

    async fn due_on_own_pages(&self, issuer: &Issuer) -> Result<Due, Fault> {
        match self.sign_in_due(issuer).await? {
            Due::Finish(index) if self.account(index).user.owes_new_password() => {
                self.new_password_due(issuer, index).await
            }
            due => Ok(due),
        }
    }

    /// Whether a sign-in is due on the way to our own pages.
    async fn sign_in_due(&self, issuer: &Issuer) -> Result<Due, Fault> {
        let evidence = self.row.evidence.fresh(self.now);
        let made = evidence.authentication.map(|made| made.session);
        let position = |id| self.browser.signed_in.iter().position(|one| one.session.id == id);
        if let Some(index) = made.and_then(position) {
            return Ok(Due::Finish(index));
        }
        let reason = match (&self.row.purpose, self.browser.signed_in.first()) {
            // Another tab signed in since. A sign-in of the same instant may be the one that was
            // not enough.
            (Purpose::Account(_), Some(active))
                if active.session.authenticated_at > self.row.created_at
                    && factor_policy::is_enough(issuer, &self.browser, active) =>
            {
                return Ok(Due::Finish(0));
            }
            (Purpose::Account(_), Some(_)) => SignInReason::Confirm(0),
            (Purpose::Account(_), None) => SignInReason::NobodySignedIn,
            (Purpose::OwnPages | Purpose::Authorize(_), _) => SignInReason::OtherAccount,
        };
        match evidence.first_factor {
            Some(first) => self.second_factor_due(issuer, first, reason).await,
            None => Ok(Due::SignIn(reason)),
        }
    }

    /// Where a person goes on after a sign-in that no app asked for.
    fn own_page(&self) -> String {
        match self.row.purpose {
            Purpose::Account(page) => page.address(),
            Purpose::OwnPages | Purpose::Authorize(_) => "/".to_owned(),
        }
    }

    /// How much the sign-in must be worth for the app.
    pub(super) fn asked_level(&self) -> u8 {
        let asked = self.request().zip(self.client.as_ref());
        asked.map_or(0, |(request, client)| rules::demanded_level(request, client))
    }

    /// Whether nothing less than a passkey will do for the app.
    pub(super) fn wants_passkey(&self) -> bool {
        self.asked_level() > TWO_FACTORS
    }

    /// What a person must do whose password was right: they may have lost the account meanwhile.
    async fn second_factor_due(
        &self,
        issuer: &Issuer,
        first: FirstFactor,
        reason: SignInReason,
    ) -> Result<Due, Fault> {
        let id = first.user;
        let found = issuer.store.read(move |db| users::find_user(db, id)).await?;
        let Some(user) = found.filter(User::is_enabled) else { return Ok(Due::SignIn(reason)) };
        let factors = factors::find(issuer, id).await?;
        let can_be_shown = factors.can_be_shown();
        let missing = Box::new(Missing { user, factors, proven: Proven::Password(first, reason) });
        Ok(if can_be_shown { Due::SecondFactor(missing) } else { Due::Enrol(missing) })
    }

    /// What a person must do who is signed in with less than the app demands. Who has no second
    /// factor shows the password first, because setting one up needs fresh proof (R81).
    async fn step_up_due(&self, issuer: &Issuer, index: usize) -> Result<Due, Fault> {
        let user = User::clone(&self.account(index).user);
        let factors = factors::find(issuer, user.id).await?;
        if !factors.can_be_shown() {
            return Ok(Due::SignIn(SignInReason::Confirm(index)));
        }
        // A code would not do.
        if self.wants_passkey() && !factors.ways().contains(&Way::Passkey) {
            return Ok(Due::Return(rules::unmet()));
        }
        let proven = Proven::Session(index);
        Ok(Due::SecondFactor(Box::new(Missing { user, factors, proven })))
    }

    pub(super) fn account(&self, index: usize) -> &SignedIn {
        &self.browser.signed_in[index]
    }

    pub(super) fn page(&self, issuer: &Issuer, mut step: Step) -> Reply {
        if let Step::SignIn(step) = &mut step {
            step.may_sign_up = !step.is_confirmation && self.is_free_to_sign_up(issuer);
            step.passkey = passkey_sign_in::question(issuer, self);
            step.rp_id = passkeys::rp_id(issuer);
        }
        Reply::plain(Outcome::Step(Box::new(StepView {
            id: self.address.clone(),
            csrf: self.key.csrf_token(issuer),
            app: self.app_info(),
            languages: self.languages(),
            step,
        })))
    }

    /// Languages that are wanted: by the app, then by the account.
    pub(super) fn languages(&self) -> Option<String> {
        self.browser.languages(self.request().and_then(|asked| asked.ui_locales.as_deref()))
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

    fn sign_in_page(&self, issuer: &Issuer, reason: SignInReason) -> Reply {
        self.page(issuer, Step::SignIn(self.sign_in_step(reason)))
    }

    /// The sign-in page for `reason`.
    pub(super) fn sign_in_step(&self, reason: SignInReason) -> SignInStep {
        let asked = match reason {
            SignInReason::Confirm(index) => Some(self.account(index)),
            SignInReason::NobodySignedIn | SignInReason::OtherAccount => None,
        };
        // Who confirms goes on as they were.
        let is_remembered = asked.is_some_and(|one| one.session.is_remembered);
        let filled_in = self.row.evidence.identifier.clone();
        let hint = self.request().and_then(|request| request.login_hint.clone());
        let asked_for = asked.map(|one| one.user.username.clone());
        SignInStep {
            identifier: asked_for.or(filled_in).or(hint).unwrap_or_default(),
            is_confirmation: asked.is_some(),
            is_remembered,
            may_choose: self.may_choose(),
            ..SignInStep::default()
        }
    }
}

/// An account of one's own.
impl Visit {
    /// Whether there are accounts to choose from.
    pub(super) fn may_choose(&self) -> bool {
        self.request().is_some() && !self.browser.signed_in.is_empty()
    }

    /// Whether people may make accounts here, and the app does not mean somebody who has one.
    fn is_free_to_sign_up(&self, issuer: &Issuer) -> bool {
        issuer.lets_sign_up() && self.request().is_none_or(|asked| asked.hinted_sub.is_none())
    }

    /// Whether somebody who is asked for this reason may make an account instead.
    pub(super) fn may_sign_up(&self, issuer: &Issuer, reason: SignInReason) -> bool {
        !matches!(reason, SignInReason::Confirm(_)) && self.is_free_to_sign_up(issuer)
    }

    /// Whether the page for a new account comes first: the app wants it, and its person has not
    /// said otherwise.
    fn is_to_sign_up(&self, issuer: &Issuer, reason: SignInReason) -> bool {
        let evidence = &self.row.evidence;
        let wants_account = evidence.wants_other_account || evidence.identifier.is_some();
        let is_asked = self.request().is_some_and(rules::is_to_sign_up);
        is_asked && !wants_account && self.may_sign_up(issuer, reason)
    }

    /// The address that the app says its person has.
    pub(super) fn hinted_address(&self) -> Option<String> {
        let hint = self.request()?.login_hint.as_deref()?;
        Identifier::parse_email(hint).ok().map(|email| email.as_str().to_owned())
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
        Due::SignIn(reason) if visit.is_to_sign_up(issuer, reason) => {
            Ok(sign_up::address_page(issuer, &visit, None, None))
        }
        Due::SignIn(reason) => Ok(visit.sign_in_page(issuer, reason)),
        Due::SecondFactor(missing) => factor_page(issuer, &visit, &missing, None, None).await,
        Due::Enrol(missing) => enrol_page(issuer, visit, &missing, None).await,
        Due::Choose => Ok(visit.choose_page(issuer)),
        Due::Consent(index, before) => {
            let step = consent_step(issuer, &visit, index, before.as_ref());
            Ok(visit.page(issuer, Step::Consent(step)))
        }
        Due::NewPassword(index) => {
            new_password_page(issuer, &visit, &visit.account(index).user, None).await
        }
        Due::Keep(index, delete_after) => {
            let account = account_info(&visit.account(index).user);
            Ok(visit.page(issuer, Step::Keep(KeepStep { account, delete_after })))
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
