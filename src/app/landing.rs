//! `/`: the person's apps.

use crate::app::browser::{Browser, Cookies};
use crate::app::interaction::account_info;
use crate::app::outcome::AccountInfo;
use crate::app::{Fault, Issuer};
use crate::domain::Client;
use crate::protocol::redirect_uri::display_host;
use crate::store::clients;

/// The landing page.
pub struct Landing {
    /// Who is signed in.
    pub account: Option<AccountInfo>,
    /// Languages that are wanted, as [`Browser::languages`] gives them.
    pub languages: Option<String>,
    /// The apps they may open.
    pub apps: Vec<AppEntry>,
}

/// An app on the landing page.
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
    let listed = issuer.store.read(clients::list_launchable_clients).await?;
    let apps = listed.iter().filter_map(entry).collect();
    let account = Some(account_info(&active.user));
    Ok(Landing { account, languages: browser.languages(None), apps })
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
