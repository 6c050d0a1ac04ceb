//! The forms of an interaction: each applies what it proved to the row, and nothing else.

use super::end::return_error;
use super::open::{open, open_form};
use super::{Due, Visit, advance};
use crate::app::browser::Cookies;
use crate::app::finish::Arrival;
use crate::app::outcome::Reply;
use crate::app::{Caller, Fault, Issuer, audit};
use crate::domain::{Actor, Consent, Event, Evidence};
use crate::protocol::{ErrorCode, OAuthError};
use crate::store::{audit as rows, clients, consents, interactions};

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
            (evidence.first_factor, evidence.enrolling) = (None, None);
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
    if !visit.may_choose() || visit.row.replay(visit.now).is_some() {
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
    caller: Caller,
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
    let scopes = request.consent_scopes();
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
    let occasion = caller.occasion(Actor::User(user), now, issuer.entropy.as_ref());
    let noted = issuer.store.write("consent", move |db| {
        consents::put_consent(db, &row)?;
        interactions::update_evidence(db, id, &stored)?;
        let Some(client) = clients::find_client(db, row.client)? else { return Ok(None) };
        let scopes = row.scopes.iter().map(str::to_owned).collect();
        let noted = occasion.of(&Event::ConsentGiven { user, client: client.client_id, scopes });
        rows::record(db, &noted)?;
        Ok(Some(noted))
    });
    if let Some(noted) = noted.await? {
        audit::log(&noted);
    }
    visit.row.evidence = evidence;
    advance(issuer, visit, Arrival::AfterForm).await
}

/// Stores what a step proved.
pub(in crate::app) async fn save(
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
