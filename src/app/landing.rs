//! `/`: the person's apps.

use std::cmp::Reverse;

use crate::app::browser::{Browser, Cookies};
use crate::app::interaction::account_info;
use crate::app::outcome::AccountInfo;
use crate::app::{Fault, Issuer};
use crate::base::{Timestamp, UserId};
use crate::domain::Client;
use crate::protocol::redirect_uri::display_host;
use crate::store::{clients, connected_apps};

/// The landing page.
pub struct Landing {
    /// Who is signed in.
    pub account: Option<AccountInfo>,
    /// Languages that are wanted, as [`Browser::languages`] gives them.
    pub languages: Option<String>,
    /// The apps they may open.
    pub apps: Vec<AppEntry>,
}

/// An app that a person can open.
pub struct AppEntry {
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub href: String,
    /// The host of that address.
    pub host: String,
}

/// Loads the landing page. Without a session no app is named: which apps there are is nobody's
/// business outside.
///
/// # Errors
/// When the store does not answer.
pub async fn landing(issuer: &Issuer, cookies: &Cookies) -> Result<Landing, Fault> {
    let browser = Browser::load(issuer, cookies, issuer.now()).await?;
    let Some(active) = browser.signed_in.first() else {
        return Ok(Landing { account: None, languages: None, apps: Vec::new() });
    };
    let apps = apps_of(issuer, active.user.id).await?;
    let account = Some(account_info(&active.user));
    Ok(Landing { account, languages: browser.languages(None), apps })
}

/// The apps that the person `user` can open, the one used last first and the others by name.
pub(super) async fn apps_of(issuer: &Issuer, user: UserId) -> Result<Vec<AppEntry>, Fault> {
    let loaded = issuer.store.read(move |db| {
        let listed = clients::list_launchable_clients(db)?;
        let held = connected_apps::list_held_by_apps(db, user)?;
        let mut uses = connected_apps::list_client_uses(db, user)?;
        uses.extend(held.iter().filter_map(|one| Some((one.client.id, one.last_used()?))));
        Ok((listed, uses))
    });
    let (listed, uses) = loaded.await?;
    let last_used = |id| uses.iter().filter(|(client, _)| *client == id).map(|(_, at)| *at).max();
    let mut apps: Vec<(Option<Timestamp>, AppEntry)> =
        listed.iter().filter_map(|client| Some((last_used(client.id), entry(client)?))).collect();
    apps.sort_by_cached_key(|(used, app)| (Reverse(*used), app.name.to_lowercase()));
    Ok(apps.into_iter().map(|(_, app)| app).collect())
}

fn entry(client: &Client) -> Option<AppEntry> {
    let metadata = &client.metadata;
    let href = metadata.initiate_login_uri.as_ref().or(metadata.client_uri.as_ref())?;
    Some(AppEntry {
        name: client.display_name().to_owned(),
        href: href.clone(),
        host: display_host(href),
    })
}
