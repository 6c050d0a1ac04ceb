//! The forms of an interaction: each applies what it proved to the row, and nothing else.

use super::end::return_error;
use super::open::{open, open_form};
use super::{Due, Visit, advance};
use crate::app::browser::Cookies;
use crate::app::finish::Arrival;
use crate::app::outcome::Reply;
use crate::app::{Caller, Fault, Issuer, audit, mail};
use crate::base::{ClientRowId, ConsentId, UserId};
use crate::domain::{Actor, Client, Consent, Event, Evidence, Letter};
use crate::pages::Mail;
use crate::protocol::{ErrorCode, OAuthError};
use crate::store::{Touched, audit as rows, clients, consents, interactions};

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
    let letter = match before {
        None => tell_of_unknown_app(issuer, user, request.client, caller).await?,
        Some(_) => None,
    };
    let row = Consent {
        id: ConsentId::new(now, issuer.entropy.as_ref()),
        user,
        client: request.client,
        scopes: scopes.clone(),
        created_at: now,
        updated_at: now,
    };
    let row = before.map_or(row.clone(), |before| joined(before, row));
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
        mail::put(db, letter.as_ref(), now)?;
        Ok(Some(noted))
    });
    if let Some(noted) = noted.await? {
        audit::log(&noted);
        issuer.wake_outbox();
    }
    visit.row.evidence = evidence;
    advance(issuer, visit, Arrival::AfterForm).await
}

/// Everything that was ever allowed.
fn joined(before: Consent, new: Consent) -> Consent {
    Consent { scopes: before.scopes.joined_with(&new.scopes), updated_at: new.updated_at, ..before }
}

/// A mail about an app that registered itself, so that nobody vouches for it.
async fn tell_of_unknown_app(
    issuer: &Issuer,
    user: UserId,
    client: ClientRowId,
    caller: Caller,
) -> Result<Option<Letter>, Fault> {
    let found = issuer.store.read(move |db| clients::find_client(db, client)).await?;
    let Some(client) = found.filter(Client::is_dynamic) else { return Ok(None) };
    let app = client.display_name().to_owned();
    issuer.notice(user, &Mail::ConsentGiven { app }, caller).await
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
        .write_touching(Touched::Nothing, "update interaction", move |db| {
            interactions::update_evidence(db, id, &stored)
        })
        .await?;
    visit.row.evidence = evidence;
    Ok(())
}
