use askama::Template;

use super::{assets, page};

/// The frame of session management (OpenID Connect Session Management 1.0 §3.2). Nobody sees it.
#[derive(Template)]
#[template(path = "home/check_session.html")]
pub struct CheckSessionPage;

impl CheckSessionPage {
    fn script(&self) -> String {
        assets::url("js/check_session.js")
    }
}

page!(CheckSessionPage);
