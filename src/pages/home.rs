use askama::Template;

use super::{AccountView, Shell, page};

/// An app on the landing page.
#[derive(Debug, Clone)]
pub struct AppTile {
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub href: String,
    /// The host of that address.
    pub host: String,
}

/// The person's apps.
#[derive(Template)]
#[template(path = "home/landing.html")]
pub struct LandingPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// Who is signed in; without anybody the page welcomes and names no app.
    pub account: Option<AccountView>,
    /// Their apps. Those without a safe address are left out.
    pub apps: Vec<AppTile>,
    /// Where to sign in.
    pub sign_in_href: String,
    /// Where to sign out.
    pub sign_out_href: String,
}

/// The sign-out question.
#[derive(Template)]
#[template(path = "home/sign_out.html")]
pub struct SignOutPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// Where the form is posted.
    pub action: String,
    /// The token that proves the form ours (field `csrf`).
    pub csrf: String,
    /// Who will be signed out.
    pub accounts: Vec<AccountView>,
    /// The app that asks; none when the person came by themselves.
    pub app_name: Option<String>,
    /// The apps that will be told, by name.
    pub apps_told: Vec<String>,
    /// Further hidden fields that the form brings back, by name.
    pub hidden: Vec<(String, String)>,
}

/// The end of a sign-out.
#[derive(Template)]
#[template(path = "home/signed_out.html")]
pub struct SignedOutPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The apps that are told, by name.
    pub apps_told: Vec<String>,
    /// Addresses that the page loads, hidden, so that apps sign the person out as well.
    pub frames: Vec<String>,
    /// Where to go on: the app's name, when known, and a checked address.
    pub continue_to: Option<(Option<String>, String)>,
}

impl LandingPage {
    /// The apps whose address may stand behind a link.
    fn open_apps(&self) -> Vec<&AppTile> {
        self.apps.iter().filter(|app| self.shell.may_link_to(&app.href)).collect()
    }
}

page!(LandingPage, SignOutPage, SignedOutPage);
