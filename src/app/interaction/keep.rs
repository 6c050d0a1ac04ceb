//! The question whether an account stays whose person asked for its deletion.

use std::sync::Arc;

use super::open::open_form;
use super::{Due, advance};
use crate::app::account::keep;
use crate::app::browser::Cookies;
use crate::app::finish::Arrival;
use crate::app::outcome::Reply;
use crate::app::{Caller, Fault, Issuer};

/// Keeps the account and goes on.
///
/// # Errors
/// When the store or the keys fail.
pub async fn keep_account(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    csrf: &str,
    caller: Caller,
) -> Result<Reply, Fault> {
    let mut visit = match open_form(issuer, address, cookies, csrf).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    if let Due::Keep(index, _) = visit.due(issuer).await? {
        let user = visit.account(index).user.id;
        keep(issuer, user, caller).await?;
        for one in visit.browser.signed_in.iter_mut().filter(|one| one.user.id == user) {
            Arc::make_mut(&mut one.user).delete_after = None;
        }
    }
    advance(issuer, visit, Arrival::AfterForm).await
}
