//! Every page state with sample data: for the style guide, and for the tests that look at pages.

use std::time::Duration;

use super::*;

/// Every state by name, rendered. The names hold long words and signs that HTML gives a meaning,
/// to show that both are dealt with.
pub fn gallery(locale: Locale) -> Vec<(&'static str, String)> {
    let states = interactions(locale).into_iter().chain(homes(locale)).chain(errors(locale));
    states
        .map(|(name, page)| (name, page.render().unwrap_or_else(|error| error.to_string())))
        .collect()
}

type State = (&'static str, Box<dyn Page>);

fn shell(locale: Locale) -> Shell {
    Shell {
        locale,
        brand: "Tessera".to_owned(),
        is_dev: false,
        is_insecure: false,
        reference: "x7Kq2Lm9Pz4A".to_owned(),
        language_links: true,
    }
}

fn app() -> AppView {
    AppView {
        name: "Notes & <Drafts>".to_owned(),
        host: "notes.example.com".to_owned(),
        policy_uri: Some("https://notes.example.com/privacy".to_owned()),
        tos_uri: Some("https://notes.example.com/terms".to_owned()),
    }
}

fn person() -> AccountView {
    AccountView {
        name: "Ada Lovelace".to_owned(),
        username: "ada".to_owned(),
        email: Some("ada@example.com".to_owned()),
    }
}

fn long_person() -> AccountView {
    AccountView {
        name: "Wolfeschlegelsteinhausenbergerdorff \"Wolf\" O'Neil".to_owned(),
        username: "wolf".to_owned(),
        email: Some(
            "a.very.long.address.that.does.not.end@department.university.example".to_owned(),
        ),
    }
}

fn sign_in(
    locale: Locale,
    reason: Option<SignInReason>,
    error: Option<SignInError>,
) -> Box<dyn Page> {
    Box::new(SignInPage {
        shell: shell(locale),
        app: Some(app()),
        action: "/i/sample/sign-in".to_owned(),
        csrf: "sample".to_owned(),
        identifier: if error.is_some() || reason.is_some() {
            "ada".to_owned()
        } else {
            String::new()
        },
        is_identifier_fixed: reason == Some(SignInReason::StepUp),
        remember: false,
        reason,
        error,
        back_to_accounts: reason.map(|_| "/i/sample/account".to_owned()),
    })
}

fn consent(locale: Locale) -> Box<dyn Page> {
    let scopes = [
        "openid",
        "profile",
        "email",
        "phone",
        "address",
        "groups",
        "offline_access",
        "files:read",
    ];
    Box::new(ConsentPage {
        shell: shell(locale),
        app: app(),
        account: long_person(),
        scopes: scopes
            .map(|scope| ScopeView { scope: scope.to_owned(), is_new: scope == "groups" })
            .to_vec(),
        action: "/i/sample/consent".to_owned(),
        csrf: "sample".to_owned(),
        switch_action: "/i/sample/account".to_owned(),
    })
}

fn interactions(locale: Locale) -> Vec<State> {
    let wait = Duration::from_secs(130);
    let chooser = |accounts: Vec<AccountView>| ChooserPage {
        shell: shell(locale),
        app: Some(app()),
        action: "/i/sample/account".to_owned(),
        csrf: "sample".to_owned(),
        is_already_signed_in: accounts.len() == 1,
        accounts,
    };
    vec![
        ("sign-in", sign_in(locale, None, None)),
        ("sign-in-wrong", sign_in(locale, None, Some(SignInError::WrongCredentials))),
        ("sign-in-incomplete", sign_in(locale, None, Some(SignInError::SignInIncomplete))),
        (
            "sign-in-too-many",
            sign_in(locale, None, Some(SignInError::TooManyTries { retry_after: wait })),
        ),
        (
            "sign-in-busy",
            sign_in(locale, None, Some(SignInError::Busy { retry_after: Duration::from_secs(1) })),
        ),
        ("sign-in-confirm", sign_in(locale, Some(SignInReason::StepUp), None)),
        ("sign-in-stale", sign_in(locale, Some(SignInReason::StaleForm), None)),
        ("accounts", Box::new(chooser(vec![person(), long_person()]))),
        ("accounts-one", Box::new(chooser(vec![person()]))),
        ("consent", consent(locale)),
        (
            "hand-off",
            Box::new(HandOffPage {
                shell: shell(locale),
                app_name: Some(app().name),
                href: "#app".to_owned(),
            }),
        ),
        (
            "form-post",
            Box::new(FormPostSample(FormPostPage {
                shell: shell(locale),
                app_name: Some(app().name),
                action: "#app".to_owned(),
                fields: vec![("code".to_owned(), "sample\"<>".to_owned())],
            })),
        ),
    ]
}

/// The form_post page without the module that would send it away at once.
struct FormPostSample(FormPostPage);

impl Page for FormPostSample {
    fn render(&self) -> Result<String, RenderError> {
        Ok(self.0.render()?.replace(" data-submit", ""))
    }
}

fn homes(locale: Locale) -> Vec<State> {
    let tile = |name: &str, host: &str| AppTile {
        name: name.to_owned(),
        href: format!("https://{host}/"),
        host: host.to_owned(),
    };
    let landing = |account: Option<AccountView>, apps: Vec<AppTile>| LandingPage {
        shell: shell(locale),
        account,
        apps,
        sign_in_href: "/sign-in".to_owned(),
        sign_out_href: "/end_session".to_owned(),
    };
    let tiles = vec![
        tile("Notes & <Drafts>", "notes.example.com"),
        tile("Photos", "photos.example.org"),
        tile("Donaudampfschifffahrtsgesellschaft", "a-very-long-host-name.department.example"),
    ];
    vec![
        ("landing", Box::new(landing(Some(person()), tiles))),
        ("landing-empty", Box::new(landing(Some(person()), Vec::new()))),
        ("landing-signed-out", Box::new(landing(None, Vec::new()))),
        (
            "sign-out",
            Box::new(SignOutPage {
                shell: shell(locale),
                action: "/end_session".to_owned(),
                csrf: "sample".to_owned(),
                accounts: vec![person(), long_person()],
                app_name: Some(app().name),
                apps_told: Vec::new(),
                hidden: Vec::new(),
            }),
        ),
        ("signed-out", Box::new(SignedOutPage { shell: shell(locale), continue_to: None })),
        (
            "signed-out-onward",
            Box::new(SignedOutPage {
                shell: shell(locale),
                continue_to: Some((Some(app().name), "#app".to_owned())),
            }),
        ),
    ]
}

fn errors(locale: Locale) -> Vec<State> {
    let wait = Duration::from_secs(600);
    let request = |is_dev, app_name: Option<String>, rule| RequestProblemPage {
        shell: Shell { is_dev, is_insecure: is_dev, ..shell(locale) },
        app_name,
        code: "invalid_request".to_owned(),
        rule,
        received: Some("https://notes.example.com/callback/<script>alert(1)</script>".to_owned()),
        at_utc: "2026-11-24T12:00:00Z".to_owned(),
    };
    let error = |kind| -> Box<dyn Page> { Box::new(ErrorPage { shell: shell(locale), kind }) };
    let back = Some((app().name, "https://notes.example.com/".to_owned()));
    vec![
        (
            "request-redirect",
            Box::new(request(
                true,
                Some(app().name),
                RequestRule::RedirectMismatch(Difference::TrailingSlash),
            )),
        ),
        ("request-unknown", Box::new(request(false, None, RequestRule::UnknownClient))),
        ("expired", error(ErrorKind::Expired { back })),
        ("expired-unknown", error(ErrorKind::Expired { back: None })),
        ("cookie-blocked", error(ErrorKind::CookieBlocked { retry: "#again".to_owned() })),
        ("loop", error(ErrorKind::Loop { app_name: app().name })),
        ("not-found", error(ErrorKind::NotFound)),
        ("method", error(ErrorKind::MethodNotAllowed)),
        ("forged", error(ErrorKind::Forbidden)),
        ("too-large", error(ErrorKind::TooLarge)),
        ("bad-request", error(ErrorKind::BadRequest)),
        ("fault", error(ErrorKind::Fault)),
        ("busy", error(ErrorKind::Busy { retry_after: wait })),
        ("too-many", error(ErrorKind::TooMany { retry_after: wait })),
        ("maintenance", error(ErrorKind::Maintenance)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r91_what_apps_and_people_say_is_escaped() {
        for locale in Locale::ALL {
            for (name, html) in gallery(locale) {
                assert!(!html.contains("<Drafts>") && !html.contains("<script>alert"), "{name}");
                assert_eq!(html.matches("<h1").count(), 1, "{name}");
                assert!(html.contains(&format!("<html lang=\"{}\">", locale.tag())), "{name}");
            }
        }
    }

    #[test]
    fn r93_pages_hold_nothing_inline_and_nothing_foreign() {
        for (name, html) in gallery(Locale::En) {
            for inline in [" style=", "<style", " onclick=", " onload=", "javascript:"] {
                assert!(!html.contains(inline), "{name}: {inline}");
            }
            for tag in html.split('<').filter(|tag| {
                tag.starts_with("script") || tag.starts_with("link") || tag.starts_with("img")
            }) {
                assert!(tag.contains("=\"/static/"), "{name}: {tag}");
            }
        }
    }

    #[test]
    fn the_sign_in_page_is_small() {
        let (_, html) = gallery(Locale::En).swap_remove(0);
        let css = assets::find(assets::url("tessera.css").trim_start_matches("/static/"))
            .expect("styles");
        assert!(html.len() + css.bytes.len() < 20 * 1024, "{} bytes", html.len() + css.bytes.len());
    }
}
