use std::time::Duration;

use super::super::{
    CodeError, CodeKind, CodePage, DuePasswordPage, NewPasskeyView, NewPasswordError,
    PasskeyConfirmPage, RecoveryCodesPage, SetUpError, Shell, TotpSetupPage, WayKind, WayView,
    WaysPage, qr_code,
};
use super::{State, app, long_person, person};

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let mut states = questions(shell);
    states.extend(passkeys_and_ways(shell));
    states.extend(set_ups(shell));
    states.extend(new_passwords(shell));
    states
}

fn questions(shell: &Shell) -> Vec<State> {
    let code = |kind, error| CodePage {
        shell: shell.clone(),
        app: Some(app()),
        account: person(),
        kind,
        is_step_up: false,
        action: "/i/sample/totp".to_owned(),
        csrf: "sample".to_owned(),
        error,
        trust_days: Some(30),
        other_ways: Some("/i/sample/ways".to_owned()),
        switch_href: "/i/sample/account".to_owned(),
    };
    let (totp, recovery) = (CodeKind::Totp, CodeKind::Recovery);
    let too_many = CodeError::TooManyTries { retry_after: Duration::from_secs(130) };
    let step_up = CodePage {
        account: long_person(),
        is_step_up: true,
        trust_days: None,
        other_ways: None,
        ..code(totp, None)
    };
    let own = CodePage { app: None, ..code(totp, None) };
    vec![
        ("totp", Box::new(code(totp, None))),
        ("totp-wrong", Box::new(code(totp, Some(CodeError::Wrong)))),
        ("totp-too-many", Box::new(code(totp, Some(too_many)))),
        ("totp-step-up", Box::new(step_up)),
        ("totp-own", Box::new(own)),
        ("recovery", Box::new(code(recovery, None))),
        ("recovery-wrong", Box::new(code(recovery, Some(CodeError::Wrong)))),
    ]
}

fn new_passwords(shell: &Shell) -> Vec<State> {
    let due = |error| DuePasswordPage {
        shell: shell.clone(),
        account: person(),
        action: "/i/sample/new-password".to_owned(),
        csrf: "sample".to_owned(),
        min_length: 15,
        error,
    };
    vec![
        ("new-password", Box::new(due(None))),
        ("new-password-empty", Box::new(due(Some(NewPasswordError::Incomplete)))),
        ("new-password-same", Box::new(due(Some(NewPasswordError::Same)))),
    ]
}

fn passkeys_and_ways(shell: &Shell) -> Vec<State> {
    let confirm = |error| PasskeyConfirmPage {
        shell: shell.clone(),
        app: Some(app()),
        account: person(),
        is_step_up: false,
        action: "/i/sample/passkey/confirm".to_owned(),
        csrf: "sample".to_owned(),
        options: r#"{"challenge":"c2FtcGxl"}"#.to_owned(),
        ticket: "sample".to_owned(),
        error,
        trust_days: Some(30),
        other_ways: Some("/i/sample/ways".to_owned()),
        switch_href: "/i/sample/account".to_owned(),
    };
    let step_up = PasskeyConfirmPage {
        account: long_person(),
        is_step_up: true,
        trust_days: None,
        other_ways: None,
        ..confirm(None)
    };
    let way = |kind, path: &str| WayView { kind, href: format!("/i/sample/{path}") };
    let ways = WaysPage {
        shell: shell.clone(),
        app: Some(app()),
        account: person(),
        ways: vec![
            way(WayKind::Passkey, "passkey/confirm"),
            way(WayKind::Totp, "totp"),
            way(WayKind::Recovery, "recovery"),
        ],
    };
    vec![
        ("passkey-confirm", Box::new(confirm(None))),
        ("passkey-confirm-refused", Box::new(confirm(Some(CodeError::Wrong)))),
        ("passkey-confirm-step-up", Box::new(step_up)),
        ("ways", Box::new(ways)),
    ]
}

fn set_ups(shell: &Shell) -> Vec<State> {
    let uri = "otpauth://totp/Tessera:ada?secret=GE2DGNB3GY3TQ2JQGE2DGNB3GY3TQ2JQ&issuer=Tessera";
    let set_up = |passkey, error| TotpSetupPage {
        shell: shell.clone(),
        app: Some(app()),
        account: person(),
        qr_code: qr_code(uri),
        key: "GE2DGNB3GY3TQ2JQGE2DGNB3GY3TQ2JQ".to_owned(),
        action: "/i/sample/set-up-totp".to_owned(),
        csrf: "sample".to_owned(),
        ticket: None,
        passkey,
        error,
    };
    let passkey = || NewPasskeyView {
        action: "/i/sample/passkey/set-up".to_owned(),
        options: r#"{"challenge":"c2FtcGxl"}"#.to_owned(),
        ticket: "sample".to_owned(),
    };
    let codes = RecoveryCodesPage {
        shell: shell.clone(),
        codes: (2..10).map(|n| format!("{n}3KX-7RQ{n}-M5TV-WB{n}H")).collect(),
        onward: "/i/sample".to_owned(),
    };
    vec![
        ("totp-setup", Box::new(set_up(Some(passkey()), None))),
        ("totp-setup-alone", Box::new(set_up(None, None))),
        ("totp-setup-wrong", Box::new(set_up(Some(passkey()), Some(SetUpError::Code)))),
        ("totp-setup-passkey", Box::new(set_up(Some(passkey()), Some(SetUpError::Passkey)))),
        ("recovery-codes", Box::new(codes)),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::super::{Locale, gallery};

    fn state(name: &str) -> String {
        let states = gallery(Locale::En);
        states.into_iter().find(|(known, _)| *known == name).expect("a state").1
    }

    #[test]
    fn the_code_field_is_one_that_phones_fill_in() {
        let html = state("totp");
        for part in [
            "id=\"totp-code\" name=\"code\" type=\"text\" inputmode=\"numeric\" autocomplete=\"one-time-code\"",
            "id=\"totp-submit\" type=\"submit\"",
            "href=\"/i/sample/ways\" id=\"other-way\"",
        ] {
            assert!(html.contains(part), "{part}");
        }
        assert!(!html.contains("aria-invalid"));
        let wrong = state("totp-wrong");
        assert!(wrong.contains("<title>Error: ") && wrong.contains("aria-invalid=\"true\""));
        assert!(state("totp-too-many").contains("Try again in 3 minutes."));
        assert!(state("totp-step-up").contains("Notes &#38; &#60;Drafts&#62; asks you to confirm"));
        let recovery = state("recovery");
        assert!(recovery.contains("autocomplete=\"off\" autocapitalize=\"characters\""));
    }

    #[test]
    fn the_key_is_a_picture_and_a_text() {
        let html = state("totp-setup");
        assert!(html.contains("<svg role=\"img\" aria-labelledby=\"qr-name\""));
        assert!(html.contains(">GE2D GNB3 GY3T Q2JQ GE2D GNB3 GY3T Q2JQ</code>"));
        assert!(!html.contains("<?xml") && !html.contains("style="));
        let codes = state("recovery-codes");
        assert!(codes.contains("href=\"data:text/plain;charset=utf-8,23KX-7RQ2-M5TV-WB2H%0A33KX"));
    }
}
