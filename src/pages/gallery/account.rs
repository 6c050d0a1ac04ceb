use super::super::{
    AccountPage, AccountView, DeviceView, NewPasswordError, PasswordPage, SessionView,
    SessionsPage, Shell,
};
use super::{State, long_person, nameless_person, person};

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let home = |others: Vec<AccountView>, is_password_changed| AccountPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        account: person(),
        others,
        is_password_changed,
    };
    let password = |error| PasswordPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        username: "ada".to_owned(),
        min_length: 15,
        error,
    };
    let session = |id: &str, is_this, is_remembered| SessionView {
        id: id.to_owned(),
        is_this,
        is_remembered,
        since: "2026-11-24T08:15:00Z".to_owned(),
        last_seen: "2026-11-25T12:30:00Z".to_owned(),
    };
    let sessions = |others: Vec<SessionView>, is_done| SessionsPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        sessions: std::iter::once(session("1", true, false)).chain(others).collect(),
        devices: if is_done { Vec::new() } else { devices() },
        is_done,
    };
    let others = vec![session("2", false, true), session("3", false, false)];
    vec![
        ("account", Box::new(home(Vec::new(), false))),
        ("account-several", Box::new(home(vec![long_person(), nameless_person()], true))),
        ("account-password", Box::new(password(None))),
        ("account-password-wrong", Box::new(password(Some(NewPasswordError::Wrong)))),
        ("account-password-short", Box::new(password(Some(NewPasswordError::TooShort(15))))),
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
