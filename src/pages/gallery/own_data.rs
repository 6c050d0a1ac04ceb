use super::super::{
    ConnectedAppView, ConnectedAppsPage, DeletePage, DeletionPendingPage, ExportPage, ProfileError,
    ProfileField, ProfilePage, ScopeView, Shell,
};
use super::{State, app, long_person, person};
use crate::protocol::EditableClaim;

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let apps = |apps: Vec<ConnectedAppView>, is_done| ConnectedAppsPage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        apps,
        is_done,
    };
    let profile = |error: Option<ProfileError>, is_done| ProfilePage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        account: person(),
        fields: EditableClaim::ALL.map(|claim| field(claim, error)).to_vec(),
        is_done,
    };
    let delete = DeletePage {
        shell: shell.clone(),
        csrf: "sample".to_owned(),
        account: long_person(),
        days: 7,
    };
    let export = ExportPage { shell: shell.clone(), csrf: "sample".to_owned() };
    let pending = |keep: Option<(String, String)>| DeletionPendingPage {
        shell: shell.clone(),
        account: person(),
        day: "2026-12-02".to_owned(),
        keep,
    };
    let keep = Some(("/account/keep".to_owned(), "sample".to_owned()));
    vec![
        ("account-export", Box::new(export)),
        ("account-delete", Box::new(delete)),
        ("account-delete-pending", Box::new(pending(keep))),
        ("account-delete-done", Box::new(pending(None))),
        ("account-apps", Box::new(apps(vec![connected(false), connected(true)], false))),
        ("account-apps-done", Box::new(apps(Vec::new(), true))),
        ("account-profile", Box::new(profile(None, false))),
        ("account-profile-done", Box::new(profile(None, true))),
        ("account-profile-wrong", Box::new(profile(Some(ProfileError::Text), false))),
    ]
}

fn connected(is_unverified: bool) -> ConnectedAppView {
    let scopes = if is_unverified {
        vec!["openid", "files:write"]
    } else {
        vec!["openid", "profile", "email", "offline_access"]
    };
    let scope = |scope: &str| ScopeView { scope: scope.to_owned(), is_new: false };
    ConnectedAppView {
        id: if is_unverified { "2" } else { "1" }.to_owned(),
        name: app().name,
        host: app().host,
        is_unverified,
        scopes: scopes.into_iter().map(scope).collect(),
        since: "2026-01-31".to_owned(),
        last_used: (!is_unverified).then(|| "2026-11-24".to_owned()),
    }
}

/// With `error`, each field that has a rule of its own is wrong in its own way.
fn field(claim: EditableClaim, error: Option<ProfileError>) -> ProfileField {
    let own = match claim {
        EditableClaim::Name | EditableClaim::Formatted => Some(ProfileError::Text),
        EditableClaim::Picture => Some(ProfileError::Https),
        EditableClaim::Website => Some(ProfileError::WebAddress),
        EditableClaim::Birthdate => Some(ProfileError::Birthdate),
        EditableClaim::Locale => Some(ProfileError::Language),
        EditableClaim::Zoneinfo => Some(ProfileError::TimeZone),
        EditableClaim::PhoneNumber => Some(ProfileError::Phone),
        _ => None,
    };
    let value = match claim {
        EditableClaim::Name => "Ada <b> \"Lovelace\"",
        EditableClaim::Locale => "nl",
        EditableClaim::Formatted => "12 </textarea>\n<b>",
        _ => "",
    };
    ProfileField { claim, value: value.to_owned(), error: error.and(own) }
}
