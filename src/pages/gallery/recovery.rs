use std::time::Duration;

use super::super::{
    NewPasswordError, NewPasswordPage, RecoverError, RecoverPage, RecoveryGonePage, Shell,
};
use super::State;

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let ask = |can_mail, error| RecoverPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        can_mail,
        identifier: String::new(),
        from: String::new(),
        error,
    };
    let password = |asks_code, error| NewPasswordPage {
        shell: shell.clone(),
        action: "/recover/code".to_owned(),
        csrf: "sample".to_owned(),
        asks_code,
        identifier: "ada\"<b>@example.com".to_owned(),
        from: String::new(),
        min_length: 15,
        error,
    };
    let too_many = RecoverError::TooMany(Duration::from_secs(60));
    vec![
        ("recover", Box::new(ask(true, None))),
        ("recover-empty", Box::new(ask(true, Some(RecoverError::Incomplete)))),
        ("recover-too-many", Box::new(ask(true, Some(too_many)))),
        ("recover-no-mail", Box::new(ask(false, None))),
        ("recover-code", Box::new(password(true, None))),
        ("recover-code-wrong", Box::new(password(true, Some(NewPasswordError::Wrong)))),
        ("recover-link", Box::new(password(false, None))),
        ("recover-link-short", Box::new(password(false, Some(NewPasswordError::TooShort(15))))),
        ("recover-gone", Box::new(RecoveryGonePage { shell: shell.clone() })),
    ]
}
