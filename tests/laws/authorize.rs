use proptest::prelude::*;
use tessera::domain::{Evidence, StoredRequest};
use tessera::protocol::AuthorizeParams;
use tessera::rules::authorize::{
    Accounts, AuthorizePolicy, CheckedRequest, Hint, Provenance, Refusal, Selection, Settlement,
    SignedIn, Submission, check, select, settle,
};

use super::strategies::{
    NOW, REGISTERED, browsers, clients, evidence, parameters, requests, signed_in,
};

fn is_one_of_the_registered(uri: &str) -> bool {
    let is_loopback = |host: &str, rest: &str| {
        let Some(after) = uri.strip_prefix(host) else { return false };
        let port = after.strip_suffix(rest).unwrap_or("?");
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
    };
    REGISTERED.contains(&uri)
        || is_loopback("http://127.0.0.1", "/done")
        || is_loopback("http://localhost", "/done")
}

fn checked(
    pairs: &[(String, String)],
    client: &tessera::domain::Client,
) -> Result<CheckedRequest, Refusal> {
    let submission = Submission {
        params: &AuthorizeParams::read(&parameters(pairs)),
        provenance: &Provenance::default(),
        hint: &Hint::None,
        policy: AuthorizePolicy::default(),
        received_at: NOW,
    };
    check(&submission, Some(client))
}

/// Chooses among accounts whose `sub` is the one that every app sees.
fn choose(request: &StoredRequest, signed_in: &[SignedIn], evidence: &Evidence) -> Selection {
    let subs: Vec<String> =
        signed_in.iter().map(|one| one.user.subject.as_str().to_owned()).collect();
    let demanded = vec![0; subs.len()];
    select(request, Accounts { signed_in, subs: &subs, demanded: &demanded }, evidence, NOW)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is asked, an answer goes to a registered address or nowhere.
    #[test]
    fn answers_go_to_registered_addresses_only(pairs in requests(), client in clients()) {
        let to = match checked(&pairs, &client) {
            Ok(request) => Some(request.to().clone()),
            Err(Refusal::Return(to, _)) => Some(to),
            Err(Refusal::Page(_)) => None,
        };
        if let Some(to) = to {
            prop_assert!(is_one_of_the_registered(to.redirect_uri()), "{}", to.redirect_uri());
            prop_assert!(client.is_enabled());
            let url = to.url_with(&to.fields(Vec::new(), "https://id.example"));
            prop_assert!(url.starts_with(to.redirect_uri()));
            prop_assert!(!url.contains(['\r', '\n', '#', ' ']), "{url}");
        }
    }

    /// `state` comes back as it was sent, and `iss` stands in every answer.
    #[test]
    fn state_is_echoed_and_iss_is_told(pairs in requests(), client in clients()) {
        let to = match checked(&pairs, &client) {
            Ok(request) => request.to().clone(),
            Err(Refusal::Return(to, _)) => to,
            Err(Refusal::Page(_)) => return Ok(()),
        };
        let sent: Vec<&String> =
            pairs.iter().filter(|(name, _)| name == "state").map(|(_, value)| value).collect();
        let fields = to.fields(vec![("code", "c".to_owned())], "https://id.example");
        let told = |name| fields.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
        match sent.as_slice() {
            [one] if !one.is_empty() => prop_assert_eq!(told("state"), Some((*one).clone())),
            _ => prop_assert_eq!(told("state"), None),
        }
        prop_assert_eq!(told("iss"), Some("https://id.example".to_owned()));
        let url = url::Url::parse(&to.url_with(&fields)).expect("the answer is an address");
        let echoed = url.query_pairs().find(|(name, _)| name == "state").map(|(_, value)| value.into_owned());
        prop_assert_eq!(echoed, told("state"));
    }

    /// A parameter that stands twice is never served.
    #[test]
    fn r5_repeated_parameters_are_refused(pairs in requests(), client in clients()) {
        let is_repeated = |name: &str| pairs.iter().filter(|(key, _)| key == name).count() > 1;
        let once = ["client_id", "redirect_uri", "response_type", "scope", "state", "prompt",
            "max_age", "code_challenge", "code_challenge_method", "response_mode"];
        if once.into_iter().any(is_repeated) {
            prop_assert!(checked(&pairs, &client).is_err());
        }
    }

    /// `prompt=none` leads to a code or to an error, never to a page.
    #[test]
    fn prompt_none_never_shows_a_page(
        pairs in requests(),
        client in clients(),
        (sessions, evidence) in browsers().prop_flat_map(|sessions| {
            let evidence = evidence(&sessions);
            (Just(sessions), evidence)
        }),
    ) {
        let Ok(request) = checked(&pairs, &client) else { return Ok(()) };
        if !request.request().prompts.none {
            return Ok(());
        }
        match choose(request.request(), &sessions, &evidence) {
            Selection::Account(index) => {
                let settled = settle(request.request(), &client, &sessions[index], None, &evidence, NOW);
                prop_assert_ne!(settled, Settlement::AskConsent);
            }
            Selection::Refuse(_) => {}
            page => prop_assert!(false, "a page would be shown: {page:?}"),
        }
    }

    /// Without a live session nothing is ever issued, whatever the evidence claims.
    #[test]
    fn a_request_without_a_session_never_issues(
        pairs in requests(),
        client in clients(),
        evidence in evidence(&[signed_in(1, std::time::Duration::ZERO)]),
    ) {
        let Ok(request) = checked(&pairs, &client) else { return Ok(()) };
        let selection = choose(request.request(), &[], &evidence);
        prop_assert!(!matches!(selection, Selection::Account(_)), "{selection:?}");
    }

    /// r14: fresh proof is demanded, unless it was given within the interaction.
    #[test]
    fn r14_prompt_login_demands_fresh_proof(pairs in requests(), client in clients(), sessions in browsers()) {
        let Ok(request) = checked(&pairs, &client) else { return Ok(()) };
        if request.request().prompts.login {
            let selection = choose(request.request(), &sessions, &Evidence::default());
            prop_assert!(!matches!(selection, Selection::Account(_)), "{selection:?}");
        }
    }

    /// A public client gets nowhere without a challenge.
    #[test]
    fn r7_public_clients_use_pkce(pairs in requests(), client in clients()) {
        if let Ok(request) = checked(&pairs, &client) {
            prop_assert!(!client.is_public() || request.request().challenge.is_some());
        }
    }

    /// A client that is not first-party gets a code only with consent.
    #[test]
    fn nothing_is_issued_without_consent(pairs in requests(), client in clients()) {
        let Ok(request) = checked(&pairs, &client) else { return Ok(()) };
        let account = signed_in(1, std::time::Duration::ZERO);
        let settled = settle(request.request(), &client, &account, None, &Evidence::default(), NOW);
        prop_assert_eq!(settled == Settlement::Issue, client.is_first_party());
    }
}
