//! What a person tells apps about themselves.

use super::Entered;
use crate::app::{Fault, Issuer, audit};
use crate::domain::Event;
use crate::protocol::EditableClaim;
pub use crate::rules::profile_input::{Profile, ProfileProblem};
use crate::store::{audit as rows, users};

/// The fields as they stand in the active account.
///
/// # Errors
/// When nobody is signed in.
pub fn profile(entered: &Entered) -> Result<Profile, Fault> {
    let claims = &entered.active()?.user.claims;
    Ok(Profile::new(|claim| claim.of(claims).unwrap_or_default().to_owned()))
}

/// Stores the fields, or says what is wrong with which and stores nothing. They are put onto the
/// account as it is by then: what an operator changes meanwhile and no field names stays.
///
/// # Errors
/// When the store fails.
pub async fn change_profile(
    issuer: &Issuer,
    entered: &Entered,
    typed: Profile,
) -> Result<Vec<(EditableClaim, ProfileProblem)>, Fault> {
    let (user, now) = (entered.active()?.user.id, entered.now);
    let problems = typed.problems(&entered.active()?.user.claims);
    if !problems.is_empty() {
        return Ok(problems);
    }
    let row = entered.row(issuer, user, &Event::ProfileChanged { user });
    let noted = row.clone();
    let changed = issuer.store.write("change profile", move |db| {
        let Some(found) = users::find_user(db, user)? else { return Ok(false) };
        let claims = typed.applied_to(&found.claims);
        let is_new = claims != found.claims;
        if is_new {
            users::set_user_claims(db, user, &claims, now)?;
            rows::record(db, &noted)?;
        }
        Ok(is_new)
    });
    if changed.await? {
        audit::log(&row);
    }
    Ok(Vec::new())
}
