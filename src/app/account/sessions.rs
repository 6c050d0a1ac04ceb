//! Where a person is signed in.

use super::Entered;
use super::password::end_others;
use crate::app::{Fault, Issuer, audit};
use crate::base::Timestamp;
use crate::domain::{Actor, Event, ProofKind, Session, SessionEnd};
use crate::store::{
    Db, StoreError, audit as rows, proofs, session_clients, sessions as queries, trusted_devices,
};

/// One session, as its person sees it.
pub struct SessionLine {
    /// What a form names it by. It opens nothing: the cookie's secret is not in it.
    pub id: String,
    /// Whether it is the one of this page.
    pub is_this: bool,
    /// Whether it outlives the browser.
    pub is_remembered: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// A guess at its browser and system; may be empty.
    pub device: String,
    /// The network it came from; may be empty.
    pub network: String,
    /// The names of the apps that it signed in to.
    pub apps: Vec<String>,
}

/// The sessions of the active account, this one first.
///
/// # Errors
/// When the store fails.
pub async fn list_sessions(issuer: &Issuer, entered: &Entered) -> Result<Vec<SessionLine>, Fault> {
    let (this, now) = (entered.active()?.session.clone(), entered.now);
    let user = this.user;
    let found = issuer.store.read(move |db| {
        let sessions = queries::list_live_sessions(db, user, now)?;
        let with_apps = sessions.into_iter().map(|session| {
            Ok((session_clients::list_clients_of_session(db, session.id)?, session))
        });
        with_apps.collect::<Result<Vec<_>, StoreError>>()
    });
    let mut lines: Vec<SessionLine> = found
        .await?
        .into_iter()
        .map(|(apps, session)| SessionLine {
            id: session.id.to_string(),
            is_this: session.id == this.id,
            is_remembered: session.is_remembered,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            device: session.seen_from.device,
            network: session.seen_from.network,
            apps: apps.iter().map(|app| app.display_name().to_owned()).collect(),
        })
        .collect();
    lines.sort_by_key(|line| !line.is_this);
    Ok(lines)
}

/// Ends the session that `chosen` names, or every other one without a name, and with them the trust
/// in every device. Only sessions of the
/// active account are looked at, whatever a form says (`security.md` R86, R108), and never this
/// one. Says how many ended.
///
/// # Errors
/// When the store fails.
pub async fn end_sessions(
    issuer: &Issuer,
    entered: &Entered,
    chosen: Option<String>,
) -> Result<usize, Fault> {
    let (this, now) = (entered.active()?.session.clone(), entered.now);
    let user = this.user;
    let occasion = entered.caller.occasion(Actor::User(user), entered.now, issuer.entropy.as_ref());
    let ended = issuer.store.write("end own sessions", move |db| {
        let count = match &chosen {
            None => {
                trusted_devices::delete_devices_of_user(db, user)?;
                // Whoever has to go may have asked for another address.
                proofs::cancel_proofs(db, user, &[ProofKind::EmailAddress])?;
                end_others(db, &this, SessionEnd::SignedOut, now)?.len()
            }
            Some(chosen) => end_one(db, &this, chosen, now)?,
        };
        let row = (count > 0).then(|| occasion.of(&Event::SessionsEnded { user, count }));
        if let Some(row) = &row {
            rows::record(db, row)?;
        }
        Ok((count, row))
    });
    let (count, row) = ended.await?;
    row.iter().for_each(audit::log);
    issuer.wake_outbox();
    Ok(count)
}

fn end_one(db: &mut Db, this: &Session, chosen: &str, now: Timestamp) -> Result<usize, StoreError> {
    let own = queries::list_live_sessions(db, this.user, now)?;
    match own.iter().find(|one| one.id != this.id && one.id.to_string() == chosen) {
        Some(named) => {
            queries::end_session(db, named.id, SessionEnd::SignedOut, now).map(usize::from)
        }
        None => Ok(0),
    }
}
