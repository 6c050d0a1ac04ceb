use std::time::Duration;

use super::super::{EmailDonePage, EmailError, EmailGonePage, EmailLinkPage, EmailPage, Shell};
use super::State;

const ADDRESS: &str = "a.very.long.address.that.does.not.end@department.university.example";

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let page = |is_verified, pending: Option<&str>, error| EmailPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        address: Some(ADDRESS.to_owned()),
        is_verified,
        can_mail: true,
        pending: pending.map(str::to_owned),
        typed: if error == Some(EmailError::Address) { "ada\"<b>" } else { "" }.to_owned(),
        error,
    };
    let no_mail = EmailPage { can_mail: false, address: None, ..page(false, None, None) };
    let none = EmailPage { address: None, ..page(false, None, None) };
    let too_many = Some(EmailError::TooMany(Duration::from_secs(60)));
    let link = EmailLinkPage {
        shell: shell.clone(),
        action: "/email/sample".to_owned(),
        csrf: "sample".to_owned(),
        username: "ada.lovelace".to_owned(),
        address: ADDRESS.to_owned(),
    };
    let gone = |is_taken| EmailGonePage { shell: shell.clone(), is_taken };
    let new = Some("ada@example.org");
    vec![
        ("account-email", Box::new(page(true, None, None))),
        ("account-email-unconfirmed", Box::new(page(false, None, None))),
        ("account-email-none", Box::new(none)),
        ("account-email-no-mail", Box::new(no_mail)),
        ("account-email-wrong", Box::new(page(true, None, Some(EmailError::Address)))),
        ("account-email-same", Box::new(page(true, None, Some(EmailError::Unchanged)))),
        ("account-email-too-many", Box::new(page(true, None, too_many))),
        ("account-email-code", Box::new(page(true, new, None))),
        ("account-email-code-wrong", Box::new(page(true, new, Some(EmailError::Code)))),
        ("account-email-code-empty", Box::new(page(true, new, Some(EmailError::Incomplete)))),
        ("account-email-code-taken", Box::new(page(true, new, Some(EmailError::Taken)))),
        ("email-link", Box::new(link)),
        ("email-link-done", Box::new(EmailDonePage { shell: shell.clone() })),
        ("email-link-gone", Box::new(gone(false))),
        ("email-link-taken", Box::new(gone(true))),
    ]
}
