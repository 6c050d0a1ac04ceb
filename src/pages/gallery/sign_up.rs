use std::time::Duration;

use super::super::{
    NewPasswordError, Shell, SignUpAddressError, SignUpDonePage, SignUpError, SignUpGonePage,
    SignUpPage, SignUpPersonPage,
};
use super::{State, app};

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let address = |error| SignUpPage {
        shell: shell.clone(),
        app: Some(app()),
        action: "/i/sample/sign-up".to_owned(),
        csrf: "sample".to_owned(),
        email: "ada\"<b>@example.com".to_owned(),
        sign_in_href: "/i/sample/sign-in".to_owned(),
        back_to_accounts: Some("/i/sample/account".to_owned()),
        error,
    };
    let own = SignUpPage { app: None, back_to_accounts: None, ..address(None) };
    let person = |code_again: Option<&str>, error| SignUpPersonPage {
        shell: shell.clone(),
        app: code_again.is_some().then(app),
        action: "/i/sample/sign-up/code".to_owned(),
        csrf: "sample".to_owned(),
        code_again: code_again.map(str::to_owned),
        email: "ada\"<b>@example.com".to_owned(),
        name: "Ada \"Countess\" King <b>".to_owned(),
        min_length: 15,
        sign_in_href: "/i/sample/sign-in".to_owned(),
        error,
    };
    let code = |error| Box::new(person(Some("/i/sample/sign-up"), error));
    let wait = Duration::from_secs(60);
    let short = SignUpError::Password(NewPasswordError::TooShort(15));
    let gone = |is_invitation| SignUpGonePage { shell: shell.clone(), is_invitation };
    vec![
        ("sign-up", Box::new(address(None))),
        ("sign-up-own", Box::new(own)),
        ("sign-up-wrong", Box::new(address(Some(SignUpAddressError::Address)))),
        ("sign-up-domain", Box::new(address(Some(SignUpAddressError::Domain)))),
        ("sign-up-too-many", Box::new(address(Some(SignUpAddressError::TooMany(wait))))),
        ("sign-up-code", code(None)),
        ("sign-up-code-wrong", code(Some(SignUpError::Code))),
        ("sign-up-code-empty", code(Some(SignUpError::Incomplete))),
        ("sign-up-code-name", code(Some(SignUpError::Name))),
        ("sign-up-code-taken", code(Some(SignUpError::Taken))),
        ("sign-up-code-short", code(Some(short))),
        ("sign-up-code-too-many", code(Some(SignUpError::TooMany(wait)))),
        ("sign-up-code-busy", code(Some(SignUpError::Busy(wait)))),
        ("sign-up-link", Box::new(person(None, None))),
        ("sign-up-done", Box::new(SignUpDonePage { shell: shell.clone() })),
        ("sign-up-gone", Box::new(gone(false))),
        ("invitation-gone", Box::new(gone(true))),
    ]
}
