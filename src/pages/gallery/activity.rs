use super::super::{ActivityDay, ActivityKind, ActivityPage, ActivityView, DisownPage, Shell};
use super::State;

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let page = |days, older: Option<&str>, is_newest| ActivityPage {
        shell: shell.clone(),
        days,
        older: older.map(str::to_owned),
        is_newest,
    };
    let day = |day: &str, lines| ActivityDay { day: day.to_owned(), lines };
    let days = vec![
        day("2026-11-25", EVERYTHING.iter().copied().map(line).collect()),
        day("2026-11-24", vec![line(ActivityKind::SignedInByPassword)]),
    ];
    let disown =
        |has_password| DisownPage { shell: shell.clone(), csrf: "sample".to_owned(), has_password };
    let older = Some("/account/activity?before=sample");
    vec![
        ("account-activity", Box::new(page(days, older, true))),
        ("account-activity-empty", Box::new(page(Vec::new(), None, false))),
        ("account-disown", Box::new(disown(true))),
        ("account-disown-passkeys", Box::new(disown(false))),
    ]
}

fn line(kind: ActivityKind) -> ActivityView {
    let is_app = matches!(kind, ActivityKind::AppAllowed | ActivityKind::AppRemoved);
    ActivityView {
        at: "2026-11-25T12:30:00Z".to_owned(),
        kind,
        app: if is_app { "Notes & <Drafts>" } else { "" }.to_owned(),
        device: if is_app { "" } else { "Firefox · Linux" }.to_owned(),
        network: if is_app { "" } else { "192.0.2.0" }.to_owned(),
    }
}

const EVERYTHING: &[ActivityKind] = &[
    ActivityKind::SignedIn,
    ActivityKind::SignedInByCode,
    ActivityKind::SignedInByPasskey,
    ActivityKind::SignedInByBoth,
    ActivityKind::PasswordShown,
    ActivityKind::SignInRefused,
    ActivityKind::PasswordRefused,
    ActivityKind::PasskeyRefused,
    ActivityKind::FactorRefused,
    ActivityKind::Throttled,
    ActivityKind::Disowned,
    ActivityKind::TotpAdded,
    ActivityKind::TotpRemoved,
    ActivityKind::FactorsResetByAdmin,
    ActivityKind::CodesMade,
    ActivityKind::DeviceTrusted,
    ActivityKind::DeviceTrustEnded,
    ActivityKind::PasskeyAdded,
    ActivityKind::PasskeyRenamed,
    ActivityKind::PasskeyRemoved,
    ActivityKind::SessionsEnded,
    ActivityKind::SignedOut,
    ActivityKind::AccountMade,
    ActivityKind::AccountMadeByAdmin,
    ActivityKind::Disabled,
    ActivityKind::Enabled,
    ActivityKind::PasswordSet,
    ActivityKind::PasswordSetByAdmin,
    ActivityKind::RecoveryAsked,
    ActivityKind::RecoveryRefused,
    ActivityKind::RecoveryLinkMade,
    ActivityKind::PasswordRecovered,
    ActivityKind::GroupsSet,
    ActivityKind::ProfileChanged,
    ActivityKind::DataExported,
    ActivityKind::DeletionAsked,
    ActivityKind::DeletionWithdrawn,
    ActivityKind::AppAllowed,
    ActivityKind::AppRemoved,
];
