use std::time::Duration;

use super::super::{
    AppView, ChooserPage, ConsentPage, FormPostPage, HandOffPage, Page, PasskeyOfferPage,
    PasskeyView, RenderError, ScopeView, Shell, SignInError, SignInPage, SignInReason,
};
use super::{State, app, in_development, long_person, nameless_person, person};

pub(super) fn states(shell: &Shell) -> Vec<State> {
    let mut states = sign_ins(shell);
    states.extend(passkey_offers(shell));
    states.extend(choices(shell));
    states.extend(consents(shell));
    states.extend(ends(shell));
    states
}

fn sign_in(shell: &Shell) -> SignInPage {
    SignInPage {
        shell: shell.clone(),
        app: Some(app()),
        action: "/i/sample/sign-in".to_owned(),
        csrf: "sample".to_owned(),
        identifier: String::new(),
        is_identifier_fixed: false,
        remember: false,
        reason: None,
        error: None,
        passkey: Some(passkey()),
        back_to_accounts: None,
        recover_href: "/recover?from=sample".to_owned(),
        sign_up_href: None,
    }
}

fn passkey() -> PasskeyView {
    PasskeyView {
        action: "/i/sample/passkey/sign-in".to_owned(),
        options: r#"{"challenge":"c2FtcGxl"}"#.to_owned(),
        ticket: "sample".to_owned(),
        rp_id: "id.example.com".to_owned(),
        unknown_credential: None,
    }
}

fn passkey_offers(shell: &Shell) -> Vec<State> {
    let offer = |is_refused| PasskeyOfferPage {
        shell: shell.clone(),
        account: person(),
        action: "/i/sample/passkey/enrol".to_owned(),
        decline_action: "/i/sample/passkey/decline".to_owned(),
        csrf: "sample".to_owned(),
        options: r#"{"challenge":"c2FtcGxl"}"#.to_owned(),
        ticket: "sample".to_owned(),
        is_refused,
    };
    vec![
        ("passkey-offer", Box::new(offer(false))),
        ("passkey-offer-refused", Box::new(offer(true))),
    ]
}

fn sign_ins(shell: &Shell) -> Vec<State> {
    let refused = |error| {
        let identifier = "ada\"<b>".to_owned();
        Box::new(SignInPage { identifier, error: Some(error), ..sign_in(shell) })
    };
    let asked = |reason, error| {
        Box::new(SignInPage {
            identifier: "ada".to_owned(),
            is_identifier_fixed: reason == SignInReason::StepUp,
            reason: Some(reason),
            error,
            back_to_accounts: Some("/i/sample/account".to_owned()),
            ..sign_in(shell)
        })
    };
    let own = |reason| SignInPage { app: None, reason, remember: true, ..sign_in(shell) };
    let wrong = SignInError::WrongCredentials;
    let too_many = SignInError::TooManyTries { retry_after: Duration::from_secs(130) };
    let busy = SignInError::Busy { retry_after: Duration::from_secs(1) };
    let other = SignInPage {
        reason: Some(SignInReason::OtherAccount),
        back_to_accounts: Some("/i/sample/account".to_owned()),
        ..sign_in(shell)
    };
    let open = SignInPage { sign_up_href: Some("/i/sample/sign-up".to_owned()), ..sign_in(shell) };
    vec![
        ("sign-in", Box::new(sign_in(shell))),
        ("sign-in-open", Box::new(open)),
        ("sign-in-wrong", refused(wrong)),
        ("sign-in-passkey-refused", refused(SignInError::PasskeyRefused)),
        ("sign-in-incomplete", refused(SignInError::SignInIncomplete)),
        ("sign-in-too-many", refused(too_many)),
        ("sign-in-busy", refused(busy)),
        ("sign-in-confirm", asked(SignInReason::StepUp, None)),
        ("sign-in-confirm-wrong", asked(SignInReason::StepUp, Some(wrong))),
        ("sign-in-stale", asked(SignInReason::StaleForm, None)),
        ("sign-in-other", Box::new(other)),
        ("sign-in-own", Box::new(own(None))),
        ("sign-in-own-confirm", Box::new(own(Some(SignInReason::StepUp)))),
        (
            "sign-in-development",
            Box::new(SignInPage { shell: in_development(shell), ..sign_in(shell) }),
        ),
    ]
}

fn choices(shell: &Shell) -> Vec<State> {
    let several = ChooserPage {
        shell: shell.clone(),
        app: Some(app()),
        action: "/i/sample/account".to_owned(),
        csrf: "sample".to_owned(),
        accounts: vec![person(), long_person(), nameless_person()],
        is_already_signed_in: false,
    };
    let one = ChooserPage {
        shell: shell.clone(),
        app: None,
        action: several.action.clone(),
        csrf: several.csrf.clone(),
        accounts: vec![person()],
        is_already_signed_in: true,
    };
    vec![("accounts", Box::new(several)), ("accounts-one", Box::new(one))]
}

fn consents(shell: &Shell) -> Vec<State> {
    let consent = |app: AppView, scopes: &[(&str, bool)]| ConsentPage {
        shell: shell.clone(),
        app,
        account: long_person(),
        scopes: scopes
            .iter()
            .map(|(scope, is_new)| ScopeView { scope: (*scope).to_owned(), is_new: *is_new })
            .collect(),
        action: "/i/sample/consent".to_owned(),
        csrf: "sample".to_owned(),
        switch_action: "/i/sample/account".to_owned(),
        keeps_access_for_days: scopes
            .iter()
            .any(|(scope, _)| *scope == "offline_access")
            .then_some(90),
    };
    let everything = [
        ("openid", false),
        ("profile", false),
        ("email", false),
        ("phone", false),
        ("address", false),
        ("groups", true),
        ("offline_access", false),
        ("files:<b>", true),
    ];
    let unlinked = AppView {
        logo: Some(super::super::assets::url("favicon.svg")),
        is_unverified: true,
        policy_uri: Some("http://notes.example.com/privacy".to_owned()),
        tos_uri: Some("data:text/html,terms".to_owned()),
        ..app()
    };
    vec![
        ("consent", Box::new(consent(app(), &everything))),
        ("consent-short", Box::new(consent(unlinked, &[("openid", false)]))),
    ]
}

fn ends(shell: &Shell) -> Vec<State> {
    let hand_off = |app_name, host: Option<&str>| {
        Box::new(HandOffPage {
            shell: shell.clone(),
            app_name,
            href: "#app?a=\"all\"".to_owned(),
            host: host.map(str::to_owned),
        })
    };
    let form_post = |app_name| {
        Box::new(FormPostSample(FormPostPage {
            shell: shell.clone(),
            app_name,
            action: "#app".to_owned(),
            fields: vec![("code".to_owned(), "sample\"<b>".to_owned())],
            host: None,
        }))
    };
    vec![
        ("hand-off", hand_off(Some(app().name), None)),
        ("hand-off-unknown", hand_off(None, None)),
        ("hand-off-ask", hand_off(Some(app().name), Some("notes.example.com"))),
        ("form-post", form_post(Some(app().name))),
        ("form-post-unknown", form_post(None)),
    ]
}

/// The form_post page without the mark that would send it away at once.
struct FormPostSample(FormPostPage);

impl Page for FormPostSample {
    fn render(&self) -> Result<String, RenderError> {
        Ok(self.0.render()?.replace(" data-submit", ""))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Locale, gallery};

    fn state(name: &str) -> String {
        let states = gallery(Locale::En);
        states.into_iter().find(|(known, _)| *known == name).expect("a state").1
    }

    #[test]
    fn the_form_has_the_fields_that_password_managers_know() {
        let html = state("sign-in");
        assert!(html.contains("<title>Sign in to Notes &#38; &#60;Drafts&#62; · Tessera</title>"));
        for part in [
            "id=\"username\" name=\"username\"",
            "autocomplete=\"username webauthn\"",
            "id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\"",
            "name=\"remember\"",
            "id=\"login-submit\" type=\"submit\"",
            "type=\"hidden\" name=\"csrf\" value=\"sample\"",
        ] {
            assert!(html.contains(part), "{part}");
        }
        assert!(!html.contains("maxlength") && !html.contains("aria-invalid"));
    }

    #[test]
    fn a_refusal_keeps_the_name_and_points_at_both_fields() {
        let html = state("sign-in-wrong");
        let sentence = "The email or password isn&#39;t right. Check both and try again.";
        assert!(html.contains(sentence));
        assert!(html.contains("value=\"ada&#34;&#60;b&#62;\""));
        assert_eq!(html.matches("aria-invalid=\"true\"").count(), 2);
        assert_eq!(html.matches("aria-describedby=\"error-summary\"").count(), 2);
        assert!(html.contains("role=\"alert\" tabindex=\"-1\" id=\"error-summary\""));
        let busy = state("sign-in-busy");
        assert!(busy.contains("1 second.") && !busy.contains("aria-invalid"));
        assert!(state("sign-in-too-many").contains("Try again in 3 minutes."));
    }

    #[test]
    fn consent_offers_both_answers_and_no_unsafe_link() {
        let html = state("consent");
        let buttons =
            ["value=\"deny\" id=\"consent-deny\"", "value=\"allow\" id=\"consent-allow\""];
        for part in buttons {
            assert!(html.contains(part), "{part}");
        }
        assert!(html.contains("Other access: files:&#60;b&#62;"));
        assert!(html.contains("rel=\"noopener noreferrer\""));
        assert!(html.contains("goes on after you sign out") && html.contains("90 days at most"));
        let short = state("consent-short");
        assert!(short.contains("This access ends when you sign out."));
        assert!(!short.contains("http://") && !short.contains("data:text"));
    }

    #[test]
    fn accounts_are_numbered_buttons() {
        let html = state("accounts");
        for part in [
            "name=\"account\" value=\"0\" id=\"account-0\"",
            "name=\"account\" value=\"2\" id=\"account-2\"",
            "name=\"account\" value=\"other\" id=\"account-other\"",
        ] {
            assert!(html.contains(part), "{part}");
        }
        assert!(state("accounts-one").contains("Continue as Ada Lovelace"));
    }
}
