use askama::Template;

use super::words::Words;
use super::{AccountView, Shell, page};

/// The question whether an account is to be deleted.
#[derive(Template)]
#[template(path = "account/delete.html")]
pub struct DeletePage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the form ours.
    pub csrf: String,
    /// Whose account it is.
    pub account: AccountView,
    /// After how many days it goes.
    pub days: u128,
}

impl DeletePage {
    fn delay(&self, words: &Words) -> String {
        words.count("delete-after", self.days)
    }
}

/// An account whose person asked for its deletion.
#[derive(Template)]
#[template(path = "account/pending.html")]
pub struct DeletionPendingPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// Whose account it is.
    pub account: AccountView,
    /// The day on which it goes (`YYYY-MM-DD`).
    pub day: String,
    /// The form that keeps it: where it is posted, and its token. Without one the person is signed
    /// out, and signs in first.
    pub keep: Option<(String, String)>,
}

page!(DeletePage, DeletionPendingPage);
