use std::time::Duration;

use super::super::{
    Difference, ErrorKind, ErrorPage, Page, RequestProblemPage, RequestRule, Shell,
};
use super::{State, app, in_development};

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let mut states = requests(shell);
    states.extend(kinds(shell));
    states
}

fn requests(shell: &Shell) -> Vec<State> {
    let request = |app_name: Option<String>, rule| RequestProblemPage {
        shell: shell.clone(),
        app_name,
        code: "invalid_request".to_owned(),
        rule,
        received: None,
        at_utc: "2026-11-24T12:00:00Z".to_owned(),
    };
    let known = |rule| Box::new(request(Some(app().name), rule));
    let mismatch = RequestProblemPage {
        shell: in_development(shell),
        received: Some("https://notes.example.com/callback/<script>alert(1)</script>".to_owned()),
        ..request(Some(app().name), RequestRule::RedirectMismatch(Difference::TrailingSlash))
    };
    vec![
        ("request-redirect", Box::new(mismatch)),
        ("request-unknown", Box::new(request(None, RequestRule::UnknownClient))),
        ("request-no-client", Box::new(request(None, RequestRule::MissingClient))),
        ("request-gone", known(RequestRule::PushedRequestGone)),
        ("request-disabled", known(RequestRule::DisabledClient)),
        ("request-repeated", known(RequestRule::RepeatedParameter { name: "<b>".to_owned() })),
        ("request-no-redirect", known(RequestRule::MissingRedirect)),
    ]
}

fn kinds(shell: &Shell) -> Vec<State> {
    let error = |kind| -> Box<dyn Page> { Box::new(ErrorPage { shell: shell.clone(), kind }) };
    let wait = Duration::from_secs(600);
    let back = Some((app().name, "https://notes.example.com/?for=\"all\"".to_owned()));
    vec![
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
    use super::super::super::{Locale, gallery};
    use super::super::shell;
    use super::*;

    #[test]
    fn errors_have_a_reference_and_a_way_forward() {
        let shell = shell(Locale::En);
        for (name, page) in states(&shell) {
            let html = page.render().expect("a page");
            assert!(html.contains("id=\"error-page\""), "{name}");
            assert!(html.contains("<code id=\"error-reference\">x7Kq2Lm9Pz4A</code>"), "{name}");
            assert!(html.contains("<a class=\"button primary\" href="), "{name}");
        }
    }

    #[test]
    fn an_unsafe_address_is_no_way_back() {
        let back = Some(("Old".to_owned(), "http://old.example/".to_owned()));
        let mut page = ErrorPage { shell: shell(Locale::En), kind: ErrorKind::Expired { back } };
        assert!(!page.render().expect("a page").contains("old.example"));
        page.shell.is_dev = true;
        assert!(page.render().expect("a page").contains("href=\"http://old.example/\""));
    }

    #[test]
    fn what_developers_read_is_open_in_development_and_cut() {
        let mut page = RequestProblemPage {
            shell: shell(Locale::En),
            app_name: None,
            code: "invalid_request".to_owned(),
            rule: RequestRule::RedirectMismatch(Difference::Path),
            received: Some("é".repeat(301)),
            at_utc: String::new(),
        };
        let html = page.render().expect("a page");
        assert!(html.contains("<details>") && !html.contains("<time"));
        assert!(
            html.contains(&format!("{}…", "é".repeat(300))) && !html.contains(&"é".repeat(301))
        );
        page.shell.is_dev = true;
        assert!(page.render().expect("a page").contains("<details open>"));
    }

    #[test]
    fn every_difference_has_its_own_sentence() {
        let differences = [
            Difference::TrailingSlash,
            Difference::Scheme,
            Difference::Port,
            Difference::HostCase,
            Difference::Host,
            Difference::Path,
            Difference::Query,
            Difference::LocalhostVsLoopback,
            Difference::Fragment,
            Difference::Other,
        ];
        let mut pages: Vec<String> = differences
            .map(|difference| {
                let page = RequestProblemPage {
                    shell: shell(Locale::De),
                    app_name: None,
                    code: String::new(),
                    rule: RequestRule::RedirectMismatch(difference),
                    received: None,
                    at_utc: String::new(),
                };
                page.render().expect("a page")
            })
            .to_vec();
        assert!(pages.iter().all(|html| !html.contains('⟦')));
        pages.sort();
        pages.dedup();
        assert_eq!(pages.len(), differences.len());
    }

    #[test]
    fn the_state_names_are_unique() {
        let mut names: Vec<_> = gallery(Locale::En).into_iter().map(|(name, _)| name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
