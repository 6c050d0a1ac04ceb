//! When a person is asked, and when not: `prompt`, `max_age`, `id_token_hint`.

use std::rc::Rc;

use super::bench::Bench;
use super::flow::{Flow, Signed};
use super::variant::Variant;

/// What a silent request may be answered with when somebody would have to be asked
/// (OpenID Connect Core §3.1.2.6).
pub(super) const NEEDS_A_PAGE: [&str; 4] =
    ["login_required", "interaction_required", "account_selection_required", "consent_required"];

fn auth_time(signed: &Signed) -> i64 {
    signed.claims["auth_time"].as_i64().unwrap_or_else(|| panic!("{}", signed.claims))
}

pub(super) async fn oidcc_prompt_login(bench: Rc<Bench>, variant: Variant) {
    let mut flow = Flow::begin(&bench, variant).await;
    let first = flow.run(&[]).await;
    bench.wait(2);
    let second = flow.run(&[("prompt", "login")]).await;
    assert!(second.visit.was_login_shown);
    assert!(auth_time(&second) > auth_time(&first));
}

/// The state, however long, comes back as it was.
pub(super) async fn oidcc_prompt_none_not_logged_in(bench: Rc<Bench>, variant: Variant) {
    let mut flow = Flow::begin(&bench, variant).await;
    let state = "aA0-._~!".repeat(16);
    assert_eq!(state.len(), 128);
    let request = flow.request(&[("prompt", "none"), ("state", &state)]);
    let visit = flow.visit(&request).await;
    assert!(!visit.was_login_shown && !visit.was_consent_shown);
    flow.assert_refused(&visit.answer, &request, &NEEDS_A_PAGE);
}

/// Who signed in and allowed the app is asked nothing again.
pub(super) async fn oidcc_prompt_none_logged_in(bench: Rc<Bench>, variant: Variant) {
    let mut flow = Flow::begin(&bench, variant).await;
    let first = flow.run(&[]).await;
    bench.wait(2);
    let second = flow.run(&[("prompt", "none")]).await;
    assert_silent_and_same(&first, &second);
}

pub(super) async fn oidcc_id_token_hint(bench: Rc<Bench>, variant: Variant) {
    let mut flow = Flow::begin(&bench, variant).await;
    let first = flow.run(&[]).await;
    bench.wait(2);
    let hint = first.id_token.clone();
    let second = flow.run(&[("prompt", "none"), ("id_token_hint", &hint)]).await;
    assert_silent_and_same(&first, &second);
}

fn assert_silent_and_same(first: &Signed, second: &Signed) {
    assert!(!second.visit.was_login_shown && !second.visit.was_consent_shown);
    assert_eq!(auth_time(second), auth_time(first));
    assert_eq!(second.claims["sub"], first.claims["sub"]);
}

/// A sign-in older than a second is too old; one made in answer is not, however slow the person.
pub(super) async fn oidcc_max_age_1(bench: Rc<Bench>, variant: Variant) {
    let mut flow = Flow::begin(&bench, variant).await;
    let first = flow.run(&[]).await;
    bench.wait(2);
    let request = flow.request(&[("max_age", "1")]);
    let page = flow.browser.get(&request.url(&bench)).await;
    assert!(page.has("login-submit"), "{}", page.body);
    bench.wait(30);
    let visit = flow.walk(page).await;
    let second = flow.complete(visit, &request).await;
    assert!(second.visit.was_login_shown);
    assert!(auth_time(&second) > auth_time(&first));
    assert_eq!(auth_time(&second), bench.app.clock_seconds());
}

pub(super) async fn oidcc_max_age_10000(bench: Rc<Bench>, variant: Variant) {
    let mut flow = Flow::begin(&bench, variant).await;
    let first = flow.run(&[("max_age", "15000")]).await;
    bench.wait(2);
    let second = flow.run(&[("max_age", "10000")]).await;
    assert!(!second.visit.was_login_shown);
    assert_eq!(auth_time(&second), auth_time(&first));
}
