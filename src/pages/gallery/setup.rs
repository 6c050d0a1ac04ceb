use std::time::Duration;

use super::super::{
    FirstPasskeyView, NewPasswordError, SetupChecks, SetupError, SetupOverPage, SetupPage, Shell,
};
use super::State;

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let page = |error| SetupPage {
        shell: shell.clone(),
        checks: SetupChecks {
            public_url: "https://id.example.com".to_owned(),
            right_address: None,
            is_protected: true,
        },
        action: "/setup/sample".to_owned(),
        csrf: "sample".to_owned(),
        username: "ada\"<".to_owned(),
        email: "ada@example.com".to_owned(),
        name: "Ada Lovelace".to_owned(),
        passkey: Some(FirstPasskeyView {
            options: r#"{"challenge":"c2FtcGxl"}"#.to_owned(),
            ticket: "sample".to_owned(),
            subject: "sample".to_owned(),
        }),
        min_length: 15,
        error,
    };
    let elsewhere = SetupPage {
        checks: SetupChecks {
            public_url: "https://id.example.com".to_owned(),
            right_address: Some("https://id.example.com/setup/sample".to_owned()),
            is_protected: false,
        },
        passkey: None,
        ..page(None)
    };
    let over = |is_set_up| SetupOverPage { shell: shell.clone(), is_set_up };
    let busy = SetupError::Busy(Duration::from_secs(20));
    vec![
        ("setup", Box::new(page(None))),
        ("setup-elsewhere", Box::new(elsewhere)),
        ("setup-username", Box::new(page(Some(SetupError::Username)))),
        ("setup-email", Box::new(page(Some(SetupError::Email)))),
        ("setup-name", Box::new(page(Some(SetupError::Name)))),
        ("setup-taken", Box::new(page(Some(SetupError::Taken)))),
        ("setup-no-way-in", Box::new(page(Some(SetupError::NoWayIn)))),
        ("setup-passkey-refused", Box::new(page(Some(SetupError::Passkey)))),
        (
            "setup-password-common",
            Box::new(page(Some(SetupError::Password(NewPasswordError::Common)))),
        ),
        ("setup-busy", Box::new(page(Some(busy)))),
        ("setup-over", Box::new(over(false))),
        ("setup-over-done", Box::new(over(true))),
    ]
}
