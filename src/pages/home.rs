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
    /// Around it.
    pub shell: Shell,
    /// Who is signed in.
    pub account: Option<AccountView>,
    /// Their apps.
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
    /// Around it.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// The form's token.
    pub csrf: String,
    /// Who will be signed out.
    pub accounts: Vec<AccountView>,
    /// The app that asks.
    pub app_name: Option<String>,
    /// Apps that will be told.
    pub apps_told: Vec<String>,
    /// What the form brings back.
    pub hidden: Vec<(String, String)>,
}

/// Signed out.
#[derive(Template)]
#[template(path = "home/signed_out.html")]
pub struct SignedOutPage {
    /// Around it.
    pub shell: Shell,
    /// Where to go on: the app's name, and an address.
    pub continue_to: Option<(Option<String>, String)>,
}

impl LandingPage {
    /// The apps whose address may stand behind a link.
    fn open_apps(&self) -> Vec<&AppTile> {
        self.apps.iter().filter(|app| self.shell.may_link_to(&app.href)).collect()
    }
}

page!(LandingPage, SignOutPage, SignedOutPage);
