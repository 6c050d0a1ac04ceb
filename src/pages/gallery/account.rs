use super::super::{
    AccountNotice, AccountPage, AccountView, AppTile, DeviceView, NewPasswordError, PasswordPage,
    SessionView, SessionsPage, Shell,
};
use super::homes::tiles;
use super::{State, long_person, nameless_person, person};

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let home = |others: Vec<AccountView>, apps: Vec<AppTile>, search: &str| AccountPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        account: person(),
        apps,
        search: search.to_owned(),
        notice: (!others.is_empty()).then_some(AccountNotice::PasswordChanged),
        others,
    };
    let password = |error| PasswordPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        username: "ada".to_owned(),
        is_due: error == Some(NewPasswordError::Same),
        min_length: 15,
        error,
    };
    let session = |id: &str, is_this, is_remembered| SessionView {
        id: id.to_owned(),
        is_this,
        is_remembered,
        since: "2026-11-24T08:15:00Z".to_owned(),
        last_seen: "2026-11-25T12:30:00Z".to_owned(),
        device: if is_remembered { "" } else { "Firefox · Linux" }.to_owned(),
        network: if is_remembered { "" } else { "192.0.2.0" }.to_owned(),
        apps: if is_this {
            vec!["Notes & <Drafts>".to_owned(), "Photos".to_owned()]
        } else {
            Vec::new()
        },
    };
    let sessions = |others: Vec<SessionView>, is_done| SessionsPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        sessions: std::iter::once(session("1", true, false)).chain(others).collect(),
        devices: if is_done { Vec::new() } else { devices() },
        is_done,
    };
    let others_here = vec![long_person(), nameless_person()];
    let others = vec![session("2", false, true), session("3", false, false)];
    vec![
        ("account", Box::new(home(Vec::new(), tiles(), ""))),
        ("account-empty", Box::new(home(Vec::new(), Vec::new(), ""))),
        ("account-not-found", Box::new(home(Vec::new(), Vec::new(), "\"ada\" <b>"))),
        ("account-several", Box::new(home(others_here, tiles(), "notes"))),
        ("account-password", Box::new(password(None))),
        ("account-password-wrong", Box::new(password(Some(NewPasswordError::Wrong)))),
        ("account-password-short", Box::new(password(Some(NewPasswordError::TooShort(15))))),
        ("account-password-breached", Box::new(password(Some(NewPasswordError::Breached)))),
        ("account-password-due", Box::new(password(Some(NewPasswordError::Same)))),
        ("account-sessions", Box::new(sessions(others, false))),
        ("account-sessions-done", Box::new(sessions(Vec::new(), true))),
    ]
}

fn devices() -> Vec<DeviceView> {
    let device = |id: &str, is_this| DeviceView {
        id: id.to_owned(),
        is_this,
        since: "2026-11-24T08:15:00Z".to_owned(),
        until: "2026-12-24T08:15:00Z".to_owned(),
    };
    vec![device("1", true), device("2", false)]
}
