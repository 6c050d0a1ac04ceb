//! The apps of a person: which they can open, and what they allowed each.

use super::Entered;
use crate::app::landing::{AppEntry, apps_of};
use crate::app::{Fault, Issuer, audit};
use crate::base::Timestamp;
use crate::domain::{Event, HeldByApp};
use crate::protocol::redirect_uri::display_host;
use crate::store::{audit as rows, connected_apps};

/// An app that a person allowed something, or that holds something of theirs.
pub struct ConnectedApp {
    /// What a form names it by.
    pub client_id: String,
    /// Its name, as it says itself.
    pub name: String,
    /// Where its answers go.
    pub host: String,
    /// Whether it registered itself: nobody vouches for its name.
    pub is_unverified: bool,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Since when.
    pub since: Timestamp,
    /// When it last got anything.
    pub last_used: Option<Timestamp>,
}

/// The longest text that is searched for, in characters.
const MAX_SEARCH: usize = 100;

/// The apps that the person can open, the one used last first; with a `search`, those whose name
/// or host holds it.
///
/// # Errors
/// When the store fails.
pub async fn own_apps(
    issuer: &Issuer,
    entered: &Entered,
    search: &str,
) -> Result<Vec<AppEntry>, Fault> {
    let search: String = search.trim().to_lowercase().chars().take(MAX_SEARCH).collect();
    let mut apps = apps_of(issuer, entered.active()?.user.id).await?;
    apps.retain(|app| [&app.name, &app.host].iter().any(|t| t.to_lowercase().contains(&search)));
    Ok(apps)
}

/// The apps that have something of the active account, the one used last first.
///
/// # Errors
/// When the store fails.
pub async fn connected_apps(
    issuer: &Issuer,
    entered: &Entered,
) -> Result<Vec<ConnectedApp>, Fault> {
    let (user, now) = (entered.active()?.user.id, entered.now);
    let held = issuer.store.read(move |db| connected_apps::list_held_by_apps(db, user)).await?;
    let mut apps: Vec<ConnectedApp> = held.iter().filter_map(|one| connected(one, now)).collect();
    apps.sort_by(|a, b| (b.last_used, &a.name).cmp(&(a.last_used, &b.name)));
    Ok(apps)
}

fn connected(held: &HeldByApp, now: Timestamp) -> Option<ConnectedApp> {
    let metadata = &held.client.metadata;
    let address = metadata.redirect_uris.first().or(metadata.client_uri.as_ref());
    held.is_connected(now).then(|| ConnectedApp {
        client_id: held.client.client_id.clone(),
        name: held.client.display_name().to_owned(),
        host: address.map(|address| display_host(address)).unwrap_or_default(),
        is_unverified: held.client.is_dynamic(),
        scopes: held.scopes(now).iter().map(str::to_owned).collect(),
        since: held.since(now).unwrap_or(now),
        last_used: held.last_used(),
    })
}

/// Takes back what the active account allowed and gave to the app that `client_id` names: consent
/// and tokens end, and the app is told (`security.md` R86). What other people allowed it stays,
/// and an app that has nothing of this person's stays as it is. Says whether anything ended.
///
/// # Errors
/// When the store fails.
pub async fn remove_app(
    issuer: &Issuer,
    entered: &Entered,
    client_id: String,
) -> Result<bool, Fault> {
    let (user, now) = (entered.active()?.user.id, entered.now);
    let event = Event::ConsentWithdrawn { user, client: client_id.clone() };
    let row = entered.row(issuer, user, &event);
    let noted = row.clone();
    let removed = issuer.store.write("remove an app", move |db| {
        let held = connected_apps::list_held_by_apps(db, user)?;
        let Some(one) = held.iter().find(|one| one.client.client_id == client_id) else {
            return Ok(false);
        };
        let is_withdrawn = connected_apps::withdraw(db, user, one.client.id, now)?;
        if is_withdrawn {
            rows::record(db, &noted)?;
        }
        Ok(is_withdrawn)
    });
    let removed = removed.await?;
    if removed {
        issuer.wake_outbox();
        audit::log(&row);
    }
    Ok(removed)
}
