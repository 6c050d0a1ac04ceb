use askama::Template;

use super::{ScopeView, Shell, page};

/// The apps that a person allowed something.
#[derive(Template)]
#[template(path = "account/apps.html")]
pub struct ConnectedAppsPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the form ours.
    pub csrf: String,
    /// The apps, the one used last first.
    pub apps: Vec<ConnectedAppView>,
    /// Whether one was removed just now.
    pub is_done: bool,
}

/// One app and what it may do.
#[derive(Debug, Clone)]
pub struct ConnectedAppView {
    /// What the form names it by.
    pub id: String,
    /// Its name, as it says itself.
    pub name: String,
    /// Where its answers go.
    pub host: String,
    /// Whether nobody vouches for its name.
    pub is_unverified: bool,
    /// What it may do.
    pub scopes: Vec<ScopeView>,
    /// Since when (`YYYY-MM-DD`).
    pub since: String,
    /// When it last got anything (`YYYY-MM-DD`), when that is known.
    pub last_used: Option<String>,
}

page!(ConnectedAppsPage);
