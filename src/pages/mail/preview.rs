use askama::Template;

use super::WrittenMail;
use crate::pages::{Shell, page};

/// A mail that was sent, in development mode.
#[derive(Debug, Clone)]
pub struct SentMail {
    /// Its number in this process, from 1.
    pub number: u64,
    /// When, in UTC.
    pub when: String,
    /// The mail.
    pub mail: WrittenMail,
}

/// The mails of late, the last one first.
#[derive(Template)]
#[template(path = "dev/mails.html")]
pub struct MailsPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The mails.
    pub mails: Vec<SentMail>,
}

page!(MailsPage);
