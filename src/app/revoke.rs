//! `/revoke` (RFC 7009).

use crate::app::client_auth::{Credentials, NotLetIn, authenticate};
use crate::app::introspect::missing_token;
use crate::app::token::family_of;
use crate::app::{Fault, Issuer, audit, bearer};
use crate::base::{Digest, GrantId, Timestamp};
use crate::domain::{Actor, AuditRecord, Event};
use crate::protocol::{ErrorCode, OAuthError};
use crate::store::{Db, audit as rows, grants, used_once};

/// What the endpoint answers.
pub enum Revocation {
    /// It is done, or there was nothing to do: the answer does not tell (§2.2).
    Done,
    /// The client was not let in.
    NotLetIn(NotLetIn),
    /// The request is refused.
    Refused(OAuthError),
}

/// Takes a token of the client's own back. A refresh token takes everything of its grant with it
/// (`security.md` R34).
///
/// # Errors
/// When the store fails.
pub async fn revoke(issuer: &Issuer, credentials: Credentials<'_>) -> Result<Revocation, Fault> {
    let client = match authenticate(issuer, credentials).await? {
        Ok(client) => client,
        Err(refused) => return Ok(Revocation::NotLetIn(refused)),
    };
    let (caller, now) = (client.client().id, issuer.now());
    let actor = Actor::Client(client.client().client_id.clone());
    let token = match credentials.form.one("token") {
        Ok(Some(token)) => token,
        Ok(None) => return Ok(Revocation::Refused(missing_token())),
        Err(repeated) => {
            return Ok(Revocation::Refused(OAuthError::about(
                ErrorCode::InvalidRequest,
                repeated.0,
                "stands more than once",
            )));
        }
    };
    // An older token of the family will do: its app may never have got the newest one.
    if let Some(grant) = family_of(issuer, token).await? {
        if grant.client == caller {
            let event = Event::GrantRevoked { grant: grant.id };
            let row = credentials.caller.row(issuer, actor, &event);
            revoke_grant(issuer, grant.id, row, now).await?;
        }
        return Ok(Revocation::Done);
    }
    let found = bearer::find(issuer, token, now).await?;
    if let Some(bearer) = found.filter(|bearer| bearer.client.id == caller) {
        let (digest, until) = (Digest::of(token.as_bytes()), bearer.expires_at);
        let event = Event::TokenRevoked { grant: bearer.facts.grant.id };
        let row = credentials.caller.row(issuer, actor, &event);
        let noted = row.clone();
        let take_back = move |db: &mut Db| {
            used_once::revoke_token(db, &digest, until)?;
            rows::record(db, &noted)
        };
        issuer.store.write("revoke token", take_back).await?;
        audit::log(&row);
    }
    Ok(Revocation::Done)
}

/// Takes a grant back with everything of it, and notes `row` when it still counted.
pub(super) async fn revoke_grant(
    issuer: &Issuer,
    grant: GrantId,
    row: AuditRecord,
    now: Timestamp,
) -> Result<(), Fault> {
    let noted = row.clone();
    let revoke = move |db: &mut Db| {
        let was_live = grants::revoke_grant(db, grant, now)?;
        if was_live {
            rows::record(db, &noted)?;
        }
        Ok(was_live)
    };
    if issuer.store.write("revoke grant", revoke).await? {
        audit::log(&row);
    }
    Ok(())
}
