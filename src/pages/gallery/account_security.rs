use super::super::{
    NewPasskeyError, NewPasskeyPage, PasskeyLine, PasskeyPage, PasskeysPage, RemovePasskeyPage,
    RemoveTotpPage, SecurityPage, Shell, TotpPage, TotpSetupPage, qr_code,
};
use super::{State, person};

const AT: &str = "2026-11-24T08:15:00Z";
const NAME: &str = "Wolfeschlegelsteinhausenbergerdorff <b>";

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let mut states = overviews(shell);
    states.extend(passkeys(shell));
    states.extend(totp(shell));
    states
}

fn overviews(shell: &Shell) -> Vec<State> {
    let bare = SecurityPage {
        shell: shell.clone(),
        email: None,
        has_password: true,
        password_set_at: None,
        passkeys: Vec::new(),
        totp_since: None,
        recovery_codes: 0,
        is_totp_removed: true,
        is_email_confirmed: false,
    };
    let full = SecurityPage {
        shell: shell.clone(),
        email: Some(("ada@example.com".to_owned(), false)),
        has_password: true,
        password_set_at: Some(AT.to_owned()),
        passkeys: vec![NAME.to_owned()],
        totp_since: Some(AT.to_owned()),
        recovery_codes: 3,
        is_totp_removed: false,
        is_email_confirmed: true,
    };
    vec![("account-security", Box::new(full)), ("account-security-bare", Box::new(bare))]
}

fn passkeys(shell: &Shell) -> Vec<State> {
    let line = |id: &str, is_synced, last_used: Option<&str>| PasskeyLine {
        id: id.to_owned(),
        name: NAME.to_owned(),
        created: AT.to_owned(),
        last_used: last_used.map(str::to_owned),
        is_synced,
    };
    let list = |passkeys, is_done, can_be_added| PasskeysPage {
        shell: shell.clone(),
        passkeys,
        can_be_added,
        accepted: None,
        details: None,
        is_done,
        is_to_be_reviewed: false,
    };
    let new = |error| NewPasskeyPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        options: "{}".to_owned(),
        ticket: "sample".to_owned(),
        error,
    };
    let remove = |is_last| RemovePasskeyPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        id: "1".to_owned(),
        name: NAME.to_owned(),
        is_last,
    };
    let one = PasskeyPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        id: "1".to_owned(),
        name: NAME.to_owned(),
    };
    let two = vec![line("1", true, Some(AT)), line("2", false, None)];
    let review = PasskeysPage { is_to_be_reviewed: true, ..list(two.clone(), false, true) };
    vec![
        ("account-passkeys", Box::new(list(two, true, true))),
        ("account-passkeys-review", Box::new(review)),
        ("account-passkeys-none", Box::new(list(Vec::new(), false, true))),
        ("account-passkeys-unavailable", Box::new(list(Vec::new(), false, false))),
        ("account-passkey-new", Box::new(new(None))),
        ("account-passkey-new-refused", Box::new(new(Some(NewPasskeyError::Refused)))),
        ("account-passkey-new-too-many", Box::new(new(Some(NewPasskeyError::TooMany)))),
        ("account-passkey", Box::new(one)),
        ("account-passkey-remove", Box::new(remove(false))),
        ("account-passkey-remove-last", Box::new(remove(true))),
    ]
}

fn totp(shell: &Shell) -> Vec<State> {
    let key = "GE2DGNB3GY3TQ2JQGE2DGNB3GY3TQ2JQ";
    let set_up = TotpSetupPage {
        shell: shell.clone(),
        app: None,
        account: person(),
        qr_code: qr_code(&format!("otpauth://totp/Tessera:ada?secret={key}&issuer=Tessera")),
        key: key.to_owned(),
        action: "/account/totp".to_owned(),
        csrf: "sample".to_owned(),
        ticket: Some("sample".to_owned()),
        passkey: None,
        error: None,
    };
    let page = TotpPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        since: AT.to_owned(),
        recovery_codes: 10,
    };
    let remove = RemoveTotpPage { shell: shell.clone(), csrf: "sample".to_owned() };
    vec![
        ("account-totp-setup", Box::new(set_up)),
        ("account-totp", Box::new(page)),
        ("account-totp-remove", Box::new(remove)),
    ]
}
