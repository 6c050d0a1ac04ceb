use super::super::{AccountView, AppTile, LandingPage, Shell, SignOutPage, SignedOutPage};
use super::{State, app, long_person, person};

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let mut states = landings(shell);
    states.extend(sign_outs(shell));
    states
}

fn landings(shell: &Shell) -> Vec<State> {
    let landing = |account: Option<AccountView>, apps: Vec<AppTile>| LandingPage {
        shell: shell.clone(),
        account,
        apps,
        sign_in_href: "/sign-in".to_owned(),
        sign_out_href: "/end_session".to_owned(),
    };
    vec![
        ("landing", Box::new(landing(Some(person()), tiles()))),
        ("landing-empty", Box::new(landing(Some(person()), Vec::new()))),
        ("landing-signed-out", Box::new(landing(None, Vec::new()))),
    ]
}

/// Apps to open. One has no safe address.
pub(super) fn tiles() -> Vec<AppTile> {
    let tile = |name: &str, host: &str| AppTile {
        name: name.to_owned(),
        href: format!("https://{host}/?for=\"all\""),
        host: host.to_owned(),
    };
    let unsafe_tile =
        AppTile { href: "http://old.example/".to_owned(), ..tile("Old", "old.example") };
    vec![
        tile("Notes & <Drafts>", "notes.example.com"),
        tile("Photos", "photos.example.org"),
        tile("Donaudampfschifffahrtsgesellschaft", "a-very-long-host-name.department.example"),
        unsafe_tile,
    ]
}

fn sign_outs(shell: &Shell) -> Vec<State> {
    let ask = |app_name: Option<String>, apps_told: Vec<String>| SignOutPage {
        shell: shell.clone(),
        action: "/end_session".to_owned(),
        csrf: "sample".to_owned(),
        accounts: vec![person(), long_person()],
        app_name,
        apps_told,
        hidden: vec![("state".to_owned(), "ada\"<b>".to_owned())],
    };
    let done = |continue_to, apps_told: &[&str]| SignedOutPage {
        shell: shell.clone(),
        apps_told: apps_told.iter().map(|name| (*name).to_owned()).collect(),
        frames: apps_told.iter().map(|_| "about:blank?a=\"b\"".to_owned()).collect(),
        continue_to,
    };
    let onward = |app_name| Some((app_name, "#app?a=\"all\"".to_owned()));
    vec![
        ("sign-out", Box::new(ask(None, Vec::new()))),
        ("sign-out-asked", Box::new(ask(Some(app().name), vec![app().name, "Photos".to_owned()]))),
        ("signed-out", Box::new(done(None, &[]))),
        ("signed-out-told", Box::new(done(None, &["Notes & <Drafts>", "Photos"]))),
        ("signed-out-onward", Box::new(done(onward(Some(app().name)), &["Photos"]))),
        ("signed-out-onward-unknown", Box::new(done(onward(None), &[]))),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::super::{Locale, gallery};

    #[test]
    fn apps_without_a_safe_address_are_not_linked() {
        let states = gallery(Locale::En);
        let html = &states.iter().find(|(name, _)| *name == "landing").expect("a state").1;
        assert!(html.contains("photos.example.org") && !html.contains("old.example"));
    }
}
