use askama::Template;

use super::{Shell, page};

/// The offer of everything of a person as one archive.
#[derive(Template)]
#[template(path = "account/export.html")]
pub struct ExportPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the form ours.
    pub csrf: String,
}

page!(ExportPage);
