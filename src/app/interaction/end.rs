//! The end of an interaction: the code on its way to the app, and the same answer again for a final
//! step that is posted twice.

use super::Visit;
use crate::app::authorize::problem_page;
use crate::app::finish::{self, Arrival};
use crate::app::outcome::{AppReturn, Outcome, Reply};
use crate::app::{Fault, Issuer};
use crate::protocol::OAuthError;
use crate::rules::authorize::CheckedRequest;
use crate::store::interactions;

/// Issues the code, keeps the sealed hand-off for a second post, and remembers the account as
/// the active one.
pub(super) async fn finish_at(
    issuer: &Issuer,
    visit: &Visit,
    index: usize,
    arrival: Arrival,
) -> Result<Reply, Fault> {
    let (Some(request), Some(client)) = (visit.request(), &visit.client) else {
        return Ok(Reply::plain(Outcome::Goto(visit.own_page())));
    };
    let checked = match CheckedRequest::resume(request, Some(client)) {
        Ok(checked) => checked,
        Err(problem) => return Ok(problem_page(problem, Some(client))),
    };
    let account = visit.account(index);
    let reply = finish::answer(issuer, client, &checked, account, arrival, visit.now).await?;
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

pub(super) fn replay(issuer: &Issuer, visit: &Visit, sealed: &[u8]) -> Result<Reply, Fault> {
    let context = format!("interactions/finished/{}", visit.row.id);
    let plain = issuer.sealer.open(&context, sealed)?;
    let answer: AppReturn = serde_json::from_slice(plain.expose())
        .map_err(|_| Fault::Broken("a kept hand-off is not readable"))?;
    let Some(request) = visit.request() else {
        return Ok(Reply::plain(Outcome::Goto(visit.own_page())));
    };
    // The address is matched again: a client may have lost it since.
    match CheckedRequest::resume(request, visit.client.as_ref()) {
        Ok(_) => Ok(Reply::plain(Outcome::Return(answer))),
        Err(problem) => Ok(problem_page(problem, visit.client.as_ref())),
    }
}

pub(super) fn return_error(
    issuer: &Issuer,
    visit: &Visit,
    error: &OAuthError,
    arrival: Arrival,
) -> Result<Reply, Fault> {
    let (Some(request), Some(client)) = (visit.request(), &visit.client) else {
        return Ok(Reply::plain(Outcome::Goto(visit.own_page())));
    };
    Ok(match CheckedRequest::resume(request, Some(client)) {
        Ok(checked) => Reply::plain(finish::error(issuer, client, checked.to(), error, arrival)),
        Err(problem) => problem_page(problem, Some(client)),
    })
}
