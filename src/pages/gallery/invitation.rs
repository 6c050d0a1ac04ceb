use std::time::Duration;

use super::super::{FirstPasskeyView, InvitationPage, NewPasswordError, SetupError, Shell};
use super::State;

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let page = |error| InvitationPage {
        shell: shell.clone(),
        action: "/invitation/sample".to_owned(),
        csrf: "sample".to_owned(),
        email: "ada\"<b>@example.com".to_owned(),
        username: "ada\"<".to_owned(),
        name: "Ada \"Countess\" King <b>".to_owned(),
        is_name_fixed: false,
        passkey: Some(FirstPasskeyView {
            options: r#"{"challenge":"c2FtcGxl"}"#.to_owned(),
            ticket: "sample".to_owned(),
            subject: "sample".to_owned(),
        }),
        min_length: 15,
        error,
    };
    let named = InvitationPage { is_name_fixed: true, passkey: None, ..page(None) };
    let short = SetupError::Password(NewPasswordError::TooShort(15));
    let busy = SetupError::Busy(Duration::from_secs(20));
    vec![
        ("invitation", Box::new(page(None))),
        ("invitation-named", Box::new(named)),
        ("invitation-name", Box::new(page(Some(SetupError::Name)))),
        ("invitation-taken", Box::new(page(Some(SetupError::Taken)))),
        ("invitation-no-way-in", Box::new(page(Some(SetupError::NoWayIn)))),
        ("invitation-passkey-refused", Box::new(page(Some(SetupError::Passkey)))),
        ("invitation-password-short", Box::new(page(Some(short)))),
        ("invitation-busy", Box::new(page(Some(busy)))),
    ]
}
