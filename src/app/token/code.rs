//! Redeeming a code.

use std::sync::Arc;

use super::mint::Mint;
use super::{TokenAnswer, answer};
use crate::app::revoke::revoke_grant;
use crate::app::{Caller, Fault, Issuer};
use crate::base::{GrantId, Timestamp};
use crate::domain::{Actor, Client, Event, Grant};
use crate::rules::claims::Reach;
use crate::rules::client_auth::AuthenticatedClient;
use crate::rules::token::{CodeExchange, CodeVerdict, judge_code, unknown_code};
use crate::store::{Store, Touched, grants};

/// Redeems a code: judged first, then consumed by one conditional statement, and only then is
/// any token made (`security.md` R20).
pub(super) async fn redeem(
    issuer: &Issuer,
    client: &AuthenticatedClient,
    exchange: CodeExchange,
    caller: Caller,
) -> Result<TokenAnswer, Fault> {
    let now = issuer.now();
    let id = exchange.code.grant;
    let (mut grant, mut verdict) = judge(&issuer.store, client, &exchange, now).await?;
    if !matches!(verdict, CodeVerdict::Redeem) {
        (grant, verdict) = judge(&issuer.store.fresh(), client, &exchange, now).await?;
    }
    match verdict {
        CodeVerdict::Redeem => {}
        CodeVerdict::Refuse(error) => return Ok(TokenAnswer::Refused(error)),
        CodeVerdict::Late(error) => {
            let close = move |db: &mut _| grants::close_late_code(db, id);
            issuer.store.write_touching(Touched::Grant(id), "close late code", close).await?;
            return Ok(TokenAnswer::Refused(error));
        }
        CodeVerdict::WrongVerifier(error) => {
            issuer
                .store
                .write("count wrong verifier", move |db| grants::count_wrong_verifier(db, id, now))
                .await?;
            return Ok(TokenAnswer::Refused(error));
        }
        CodeVerdict::Replay(error) => {
            revoke(issuer, client, id, caller, now).await?;
            return Ok(TokenAnswer::Refused(error));
        }
    }
    let Some(grant) = grant else { return Err(Fault::Broken("a code was judged without a grant")) };
    match issuer.store.redeem_code(grant, exchange.code.digest(), now).await? {
        Some(grant) => issue(issuer, client.client(), &grant, exchange.resources, now).await,
        None => lost_race(issuer, client, &exchange, caller, now).await,
    }
}

async fn judge(
    store: &Store,
    client: &AuthenticatedClient,
    exchange: &CodeExchange,
    now: Timestamp,
) -> Result<(Option<Arc<Grant>>, CodeVerdict), Fault> {
    let grant = store.grant(exchange.code.grant).await?;
    let verdict = judge_code(exchange, client, grant.as_deref(), now);
    Ok((grant, verdict))
}

/// Another redemption was quicker. If this one is valid as well, the code was used twice.
async fn lost_race(
    issuer: &Issuer,
    client: &AuthenticatedClient,
    exchange: &CodeExchange,
    caller: Caller,
    now: Timestamp,
) -> Result<TokenAnswer, Fault> {
    match judge(&issuer.store.fresh(), client, exchange, now).await?.1 {
        CodeVerdict::Replay(error) => {
            revoke(issuer, client, exchange.code.grant, caller, now).await?;
            Ok(TokenAnswer::Refused(error))
        }
        CodeVerdict::Refuse(error)
        | CodeVerdict::Late(error)
        | CodeVerdict::WrongVerifier(error) => Ok(TokenAnswer::Refused(error)),
        CodeVerdict::Redeem => Ok(TokenAnswer::Refused(unknown_code())),
    }
}

/// A code was used twice: its tokens are taken back.
async fn revoke(
    issuer: &Issuer,
    client: &AuthenticatedClient,
    grant: GrantId,
    caller: Caller,
    now: Timestamp,
) -> Result<(), Fault> {
    let actor = Actor::Client(client.client().client_id.clone());
    let row = caller.row(issuer, actor, &Event::CodeReplayed { grant });
    revoke_grant(issuer, grant, row, now).await
}

/// The first tokens of a grant.
async fn issue(
    issuer: &Issuer,
    client: &Client,
    grant: &Grant,
    narrowed: Vec<String>,
    now: Timestamp,
) -> Result<TokenAnswer, Fault> {
    let Some(person) = &grant.person else { return Ok(TokenAnswer::Refused(unknown_code())) };
    let mut user = issuer.store.person(person).await?;
    if !user.as_ref().is_some_and(|user| user.is_enabled()) {
        user = issuer.store.fresh().person(person).await?;
    }
    let Some(user) = user.filter(|user| user.is_enabled()) else {
        return Ok(TokenAnswer::Refused(unknown_code()));
    };
    let mint = Mint { issuer, client, grant, user: Some(&user), now };
    let whole = Reach::of(grant);
    let resources = if narrowed.is_empty() { whole.resources } else { narrowed };
    answer(&mint, &Reach { resources, ..whole }, grant.nonce.as_deref()).await
}
