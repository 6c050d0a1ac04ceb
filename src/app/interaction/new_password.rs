//! The new password that must be chosen before anything opens.

use std::sync::Arc;

use super::open::open_form;
use super::{Due, Visit, account_info, advance};
use crate::app::account::{AccountPage, PasswordRefusal};
use crate::app::browser::Cookies;
use crate::app::finish::Arrival;
use crate::app::outcome::{NewPasswordStep, Outcome, Reply, Step};
use crate::app::second_factor::due_unless_finished;
use crate::app::{Caller, Fault, Issuer, account, factors, passwords};
use crate::base::Secret;
use crate::domain::{Purpose, User};
use crate::rules::authorize::{SignInReason, SignedIn};
use crate::rules::session::is_recent;

impl Visit {
    /// What is due of the person at `index` who must choose a new password: to choose it, once a recent
    /// sign-in shows that they are there (`security.md` R71).
    pub(super) async fn new_password_due(
        &self,
        issuer: &Issuer,
        index: usize,
    ) -> Result<Due, Fault> {
        let session = &self.account(index).session;
        let has_second_factor = factors::find(issuer, session.user).await?.are_set_up();
        if is_recent(session, has_second_factor, self.now) {
            return Ok(Due::NewPassword(index));
        }
        let reason = SignInReason::Confirm(index);
        match self.row.evidence.fresh(self.now).first_factor {
            Some(first) => self.second_factor_due(issuer, first, reason).await,
            None => Ok(Due::SignIn(reason)),
        }
    }
}

/// The page that asks for it.
pub(super) async fn new_password_page(
    issuer: &Issuer,
    visit: &Visit,
    user: &User,
    refusal: Option<PasswordRefusal>,
) -> Result<Reply, Fault> {
    let min_length = passwords::rule_for(&issuer.store, user.id).await?.min();
    let step = NewPasswordStep { account: account_info(user), min_length, refusal };
    Ok(visit.page(issuer, Step::NewPassword(step)))
}

/// Takes the new password and goes on. The session goes on under a new cookie; all else that the
/// account had open has ended.
///
/// # Errors
/// When the store or the keys fail.
pub async fn choose_password(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    csrf: &str,
    new: Secret<String>,
    caller: Caller,
) -> Result<Reply, Fault> {
    let mut visit = match open_form(issuer, address, cookies, csrf).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    let Some(Due::NewPassword(index)) = due_unless_finished(issuer, &visit).await? else {
        return advance(issuer, visit, Arrival::AfterForm).await;
    };
    let active = visit.account(index).clone();
    let chosen = account::choose_password(issuer, &visit.browser, &active, new, caller).await?;
    let replaced = match chosen {
        Ok(replaced) => replaced,
        Err(refusal) => {
            return new_password_page(issuer, &visit, &active.user, Some(refusal)).await;
        }
    };
    let user = User { must_change_password: false, ..User::clone(&active.user) };
    let made = SignedIn { session: Arc::new(replaced.session), user: Arc::new(user) };
    visit.browser.put_first(made, replaced.cookie, &replaced.ended);
    // The page that they were on their way to has been done with.
    if matches!(visit.row.purpose, Purpose::Account(AccountPage::Password)) {
        let home = Outcome::Goto(format!("{}?done=password", AccountPage::Home.path()));
        return Ok(Reply { outcome: home, cookies: replaced.cookies });
    }
    let reply = advance(issuer, visit, Arrival::AfterForm).await?;
    Ok(Reply { cookies: replaced.cookies.then(reply.cookies), ..reply })
}
