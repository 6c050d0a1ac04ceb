//! A person's own passkeys. Every id that a form or an address names is looked for among theirs and
//! nowhere else (`security.md` R86).

use super::{Entered, RecentSignIn};
use crate::app::passkeys::{self, EnrolRefusal, PasskeyAsk, Removal};
use crate::app::{Fault, Issuer};
use crate::base::PasskeyId;
use crate::domain::Passkey;
use crate::store::{StoreError, passkeys as queries};

/// A person's passkeys, and what their browser is told of them.
pub struct OwnPasskeys {
    /// The passkeys, the oldest first.
    pub passkeys: Vec<Passkey>,
    /// Whether there can be any here.
    pub can_be_added: bool,
    /// For `signalAllAcceptedCredentials`, as JSON.
    pub accepted: Option<String>,
    /// For `signalCurrentUserDetails`, as JSON.
    pub details: Option<String>,
}

/// The passkeys of the active account.
///
/// # Errors
/// When the store fails.
pub async fn list_passkeys(issuer: &Issuer, entered: &Entered) -> Result<OwnPasskeys, Fault> {
    let user = &entered.active()?.user;
    Ok(OwnPasskeys {
        passkeys: passkeys::list(issuer, user.id).await?,
        can_be_added: passkeys::rp_id(issuer).is_some(),
        accepted: passkeys::accepted_credentials(issuer, user).await?,
        details: passkeys::user_details(issuer, user)?,
    })
}

/// The passkey of the active account that `id` names, and whether it is their last way in.
///
/// # Errors
/// When the store fails.
pub async fn find_passkey(
    issuer: &Issuer,
    entered: &Entered,
    id: PasskeyId,
) -> Result<Option<(Passkey, bool)>, Fault> {
    let user = entered.active()?.user.id;
    let found = issuer.store.read(move |db| {
        let own = queries::list_passkeys(db, user)?;
        let is_last = passkeys::is_last_way(db, user, &own)?;
        Ok::<_, StoreError>((own, is_last))
    });
    let (own, is_last) = found.await?;
    Ok(own.into_iter().find(|one| one.id == id).map(|one| (one, is_last)))
}

/// Asks the browser for a new passkey. The answer counts in this session alone (`security.md` R78).
/// None where there can be no passkeys.
///
/// # Errors
/// When the store fails.
pub async fn ask_passkey(
    issuer: &Issuer,
    entered: &Entered,
    _: &RecentSignIn,
) -> Result<Option<PasskeyAsk>, Fault> {
    let active = entered.active()?;
    passkeys::begin_enrolment(issuer, &place(entered)?, &active.user).await
}

/// Adds the passkey that a browser made: ticket and answer.
///
/// # Errors
/// When the store fails.
pub async fn add_passkey(
    issuer: &Issuer,
    entered: &Entered,
    _: &RecentSignIn,
    made: (&str, &str),
    name: &str,
) -> Result<Result<Passkey, EnrolRefusal>, Fault> {
    let user = &entered.active()?.user;
    passkeys::enrol(issuer, &place(entered)?, user, made, name, entered.caller).await
}

/// Gives a passkey another name. False when the active account has no such passkey.
///
/// # Errors
/// When the store fails.
pub async fn rename_passkey(
    issuer: &Issuer,
    entered: &Entered,
    id: PasskeyId,
    name: &str,
) -> Result<bool, Fault> {
    passkeys::rename(issuer, entered.active()?.user.id, id, name, entered.caller).await
}

/// Removes a passkey of the active account.
///
/// # Errors
/// When the store fails.
pub async fn remove_passkey(
    issuer: &Issuer,
    entered: &Entered,
    _: &RecentSignIn,
    id: PasskeyId,
) -> Result<Removal, Fault> {
    passkeys::remove(issuer, entered.active()?.user.id, id, entered.caller).await
}

fn place(entered: &Entered) -> Result<String, Fault> {
    Ok(format!("session/{}", entered.active()?.session.id))
}
