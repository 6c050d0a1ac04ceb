//! How a person signs in, at a glance.

use super::Entered;
use crate::app::{Fault, Issuer};
use crate::base::Timestamp;
use crate::store::{StoreError, audit, factors, passkeys as queries};

/// The ways in that a person has.
pub struct Security {
    /// The e-mail address, and whether somebody proved that it is theirs.
    pub email: Option<(String, bool)>,
    /// Whether there is a password.
    pub has_password: bool,
    /// When it was last set, as far as the audit trail knows.
    pub password_set_at: Option<Timestamp>,
    /// The names of the passkeys, the oldest first.
    pub passkeys: Vec<String>,
    /// Since when there is an authenticator app.
    pub totp_since: Option<Timestamp>,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
}

/// The ways in of the active account.
///
/// # Errors
/// When the store fails.
pub async fn security(issuer: &Issuer, entered: &Entered) -> Result<Security, Fault> {
    let user = &entered.active()?.user;
    let (id, has_password) = (user.id, user.password_hash.is_some());
    let email = user.email.clone().map(|address| (address, user.is_email_verified));
    let found = issuer.store.read(move |db| {
        let set_at = audit::last_at(db, &["password_set", "user_created"], &id.to_string())?;
        let passkeys = queries::list_passkeys(db, id)?.into_iter().map(|one| one.name).collect();
        Ok::<_, StoreError>((set_at, passkeys, factors::find_factors(db, id)?))
    });
    let (set_at, passkeys, factors) = found.await?;
    Ok(Security {
        email,
        has_password,
        password_set_at: set_at.filter(|_| has_password),
        passkeys,
        totp_since: factors.totp.map(|totp| totp.confirmed_at),
        recovery_codes: factors.recovery_codes,
    })
}
