//! Invitations: what the account will be is the operator's word, and the link counts once.

use std::time::Duration;

use serde_json::{Value, json};
use tessera::app::invitations::{self, MadeInvitation, NewInvitation};
use tessera::app::mail::PostOffice;
use tessera::app::users::{self, UserProblem};
use tessera::base::SystemEntropy;
use tessera::credentials::Sealer;
use tessera::domain::User;
use tessera::rules::factor_policy::FactorPolicy;

use super::passkeys::{Authenticator, question};
use super::sign_up::until;
use crate::support::{Answer, Browser, Options, PASSWORD, TestApp, payload, seal_key};

const EVE: &str = "eve@example.com";

fn new(email: &str) -> NewInvitation {
    NewInvitation {
        email: email.to_owned(),
        username: None,
        name: None,
        groups: Vec::new(),
        is_admin: false,
        is_email_verified: false,
    }
}

async fn invite(app: &TestApp, new: NewInvitation) -> MadeInvitation {
    invitations::invite(app.operator(), new).await.expect("invited")
}

/// Invites somebody by mail; the paths of the mailed link and of the one for the operator.
async fn mail(app: &TestApp, new: NewInvitation) -> (String, String) {
    let sealer = std::sync::Arc::new(Sealer::new(seal_key()).expect("a sealer"));
    let post = PostOffice::new(&app.issuer.settings, sealer, std::sync::Arc::new(SystemEntropy));
    let (on, to) = (app.operator().with_post(Some(&post)), new.email.clone());
    let made = invitations::invite(on, new).await.expect("invited");
    assert!(made.is_mailed);
    let sent = until(async || app.issuer.sent_mails().into_iter().find(|one| one.mail.to == to));
    let sent = sent.await.mail;
    assert_eq!(sent.subject, "You are invited to Tessera");
    let link = sent.text.lines().find(|line| line.contains("/invitation/")).expect("a link");
    let mailed = link.strip_prefix(&app.url).expect("the issuer's").to_owned();
    (mailed, made.path.expose().clone())
}

async fn find(app: &TestApp, name: &str) -> Option<User> {
    users::find(&app.store, name).await.ok()
}

/// Fills the form of the page, its hidden fields as well where they are named.
async fn fill(browser: &mut Browser, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let (action, hidden) = page.form();
    let is_free = |name: &str| fields.iter().all(|(own, _)| *own != name);
    let hidden = hidden.iter().map(|(name, value)| (&**name, &**value));
    let mut all: Vec<(&str, &str)> = hidden.filter(|(name, _)| is_free(name)).collect();
    all.extend_from_slice(fields);
    browser.post(&action, &all).await
}

#[actix_web::test]
async fn r72_the_account_is_what_the_operator_said_whatever_the_form_says() {
    let app = TestApp::start().await;
    let described = NewInvitation {
        username: Some("Eve".to_owned()),
        name: Some("Eve Example".to_owned()),
        groups: vec!["staff".to_owned()],
        ..new(" Eve@Example.com ")
    };
    let made = invite(&app, described).await;
    let path = made.path.expose().clone();
    let mut browser = app.browser();
    // Looking changes nothing (R70).
    for _ in 0..2 {
        let page = browser.get(&path).await;
        assert!(page.status == 200 && page.has("invitation-form"), "{}", page.body);
        assert!(page.body.contains("Tessera invites you") && page.body.contains(EVE));
        assert!(page.body.contains("value=\"Eve Example\""));
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    }
    assert!(find(&app, "eve").await.is_none());
    let page = browser.get(&path).await;
    let fields = [
        ("password", PASSWORD),
        ("username", "mallory"),
        ("email", "mallory@example.com"),
        ("name", "Mallory"),
        ("group", "admins"),
        ("groups", "admins"),
        ("admin", "true"),
        ("is_admin", "1"),
        ("email_verified", "true"),
    ];
    let home = fill(&mut browser, &page, &fields).await;
    assert!(home.url.ends_with("/account") && home.body.contains("Eve Example"), "{}", home.body);
    let eve = find(&app, "eve").await.expect("the account");
    assert_eq!((eve.email.as_deref(), eve.username.as_str()), (Some(EVE), "eve"));
    assert_eq!((eve.groups.clone(), eve.is_admin), (vec!["staff".to_owned()], false));
    assert_eq!(eve.claims.name.as_deref(), Some("Eve Example"));
    assert!(!eve.is_email_verified, "a link that was handed over proves no address");
    assert!(find(&app, "mallory").await.is_none());
    let told = app.rows_of("invitation_made").await;
    let details: Value = serde_json::from_str(&told[0].details).expect("JSON");
    assert_eq!(details, json!({ "groups": ["staff"], "admin": false }));
    for event in ["invitation_accepted", "user_created", "signed_in"] {
        let rows = app.rows_of(event).await;
        let target = rows[0].target.clone().map(|(_, id)| id);
        assert_eq!((rows.len(), target), (1, Some(eve.id.to_string())), "{event}");
    }
    // It counts once, and its page leads on.
    for mut browser in [browser, app.browser()] {
        let gone = browser.get(&path).await;
        assert!(gone.status == 404 && gone.body.contains("Ask whoever invited you"));
        assert!(gone.body.contains("href=\"/sign-in\""), "{}", gone.body);
    }
}

#[actix_web::test]
async fn r71_the_mailed_link_proves_the_address_and_the_other_one_does_not() {
    let app = TestApp::with(Options { is_dev: true, ..Options::default() }).await;
    let (mailed, _) = mail(&app, new(EVE)).await;
    let mut browser = app.browser();
    let page = browser.get(&mailed).await;
    let fields = [("name", "Eve Example"), ("password", PASSWORD)];
    fill(&mut browser, &page, &fields).await;
    let eve = find(&app, EVE).await.expect("the account");
    assert!(eve.is_email_verified && eve.username == EVE, "{eve:?}");
    assert_eq!(eve.claims.name.as_deref(), Some("Eve Example"));
    app.advance(Duration::from_secs(1));
    let (mailed, printed) = mail(&app, new("bob@example.com")).await;
    assert!(mailed.starts_with(&format!("{printed}.")), "{mailed}");
    // A second part that is made up opens nothing.
    let forged = format!("{printed}.{}", "A".repeat(43));
    assert_eq!(app.browser().get(&forged).await.status, 404);
    let mut browser = app.browser();
    let page = browser.get(&printed).await;
    fill(&mut browser, &page, &fields).await;
    assert!(!find(&app, "bob@example.com").await.expect("the account").is_email_verified);
    assert_eq!(app.browser().get(&mailed).await.status, 404, "both are one invitation");
    // The operator may know it.
    let known = NewInvitation { is_email_verified: true, ..new("cyd@example.com") };
    let path = invite(&app, known).await.path.expose().clone();
    let mut browser = app.browser();
    let page = browser.get(&path).await;
    fill(&mut browser, &page, &fields).await;
    assert!(find(&app, "cyd@example.com").await.expect("the account").is_email_verified);
    app.stop().await;
}

#[actix_web::test]
async fn r72_an_invitation_ends_by_time_by_a_newer_one_and_by_its_operator() {
    let app = TestApp::start().await;
    let first = invite(&app, new(EVE)).await.path;
    let second = invite(&app, new(EVE)).await.path;
    let other = invite(&app, new("bob@example.com")).await.path;
    let status = async |path: &str| app.browser().get(path).await.status.as_u16();
    assert_eq!((status(first.expose()).await, status(second.expose()).await), (404, 200));
    let open = invitations::list(app.operator()).await.expect("listed");
    let open: Vec<_> = open.iter().filter_map(|one| one.address.as_deref()).collect();
    assert_eq!(open, ["bob@example.com", EVE]);
    let mut browser = app.browser();
    let page = browser.get(second.expose()).await;
    invitations::withdraw(app.operator(), "EVE@example.com").await.expect("withdrawn");
    assert_eq!(fill(&mut browser, &page, &[("password", PASSWORD)]).await.status, 404);
    let again = invitations::withdraw(app.operator(), EVE).await;
    assert!(matches!(again, Err(UserProblem::NotInvited)));
    assert_eq!(app.rows_of("invitation_withdrawn").await.len(), 1);
    app.advance(Duration::from_secs(7 * 24 * 60 * 60));
    assert_eq!(status(other.expose()).await, 404);
    assert!(invitations::list(app.operator()).await.expect("listed").is_empty());
    assert!(users::list(&app.store).await.expect("users").is_empty());
}

#[actix_web::test]
async fn r72_an_address_or_a_username_that_is_taken_is_said() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let taken = async |new| invitations::invite(app.operator(), new).await.err();
    assert!(matches!(
        taken(new("ADA@example.com")).await,
        Some(UserProblem::Taken("email address"))
    ));
    let named = NewInvitation { username: Some("Ada".to_owned()), ..new(EVE) };
    assert!(matches!(taken(named).await, Some(UserProblem::Taken("username"))));
    let wrong = NewInvitation { groups: vec!["no spaces".to_owned()], ..new("eve") };
    assert!(matches!(taken(wrong).await, Some(UserProblem::Invalid(all)) if all.len() >= 2));
    // Somebody takes it meanwhile.
    let path =
        invite(&app, NewInvitation { username: Some("bob".to_owned()), ..new(EVE) }).await.path;
    app.user("bob").await;
    let mut browser = app.browser();
    let page = browser.get(path.expose()).await;
    let refused = fill(&mut browser, &page, &[("password", PASSWORD)]).await;
    assert!(
        refused.status == 422 && refused.body.contains("Another account has"),
        "{}",
        refused.body
    );
    assert!(!browser.cookies.contains_key("tessera") && find(&app, EVE).await.is_none());
}

#[actix_web::test]
async fn what_cannot_be_is_said_and_the_invitation_still_counts() {
    let app = TestApp::start().await;
    let path = invite(&app, new(EVE)).await.path;
    let mut browser = app.browser();
    let page = browser.get(path.expose()).await;
    let wrong = [
        ("password", "", "Create a passkey or choose a password"),
        ("password", "short", "at least 15"),
        ("password", "eve@example.com-eve", "made of your own names"),
        ("name", "Eve\u{202e}", "The name holds a sign"),
        ("answer", "{}", "passkey could not be created"),
    ];
    for (field, value, said) in wrong {
        let usual = [("name", "Eve"), ("password", PASSWORD)];
        let mut fields: Vec<(&str, &str)> =
            usual.into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, value));
        let refused = fill(&mut browser, &page, &fields).await;
        assert!(refused.status == 422 && refused.body.contains(said), "{value}: {}", refused.body);
        assert!(!refused.body.contains(PASSWORD));
    }
    // r87: a form of another browser makes nothing.
    let mut stranger = app.browser();
    stranger.get(path.expose()).await;
    assert_eq!(fill(&mut stranger, &page, &[("password", PASSWORD)]).await.status, 403);
    assert!(users::list(&app.store).await.expect("users").is_empty());
    assert!(fill(&mut browser, &page, &[("password", PASSWORD)]).await.url.ends_with("/account"));
}

#[actix_web::test]
async fn a_passkey_is_enough_and_signs_in() {
    let app = TestApp::start().await;
    let path = invite(&app, new(EVE)).await.path;
    let mut browser = app.browser();
    let page = browser.get(path.expose()).await;
    let mut device = Authenticator::new(&app, b"first");
    let made = device.create(&question(&page).options);
    // An answer to the question of another page makes nothing.
    let other = browser.get(path.expose()).await;
    assert_eq!(fill(&mut browser, &other, &[("answer", &made)]).await.status, 422);
    let home = fill(&mut browser, &page, &[("answer", &made)]).await;
    assert!(home.url.ends_with("/account"), "{}", home.body);
    assert!(find(&app, EVE).await.expect("the account").password_hash.is_none());
    let notes = app.app(json!({})).await;
    let mut elsewhere = app.browser();
    let asked = question(&elsewhere.authorize(&notes, &[]).await);
    let answer = asked.answer(&mut elsewhere, &device.get(asked.challenge())).await;
    let tokens = notes.tokens(&answer.code()).await;
    assert_eq!(payload(tokens["id_token"].as_str().expect("text"))["acr"], "phr");
}

#[actix_web::test]
async fn r80_who_must_have_two_factors_is_asked_before_their_account_opens() {
    let mfa = FactorPolicy { groups: vec!["staff".to_owned()], ..FactorPolicy::default() };
    let app = TestApp::with(Options { mfa, ..Options::default() }).await;
    let invited = NewInvitation { groups: vec!["staff".to_owned()], ..new(EVE) };
    let path = invite(&app, invited).await.path;
    let mut browser = app.browser();
    let page = browser.get(path.expose()).await;
    let asked = fill(&mut browser, &page, &[("password", PASSWORD)]).await;
    assert!(asked.url.contains("/i/") && !asked.has("account-heading"), "{}", asked.body);
    let notes = app.app(json!({})).await;
    let page = browser.authorize(&notes, &[]).await;
    assert!(page.location().is_none() && !page.has("handoff"), "{}", page.body);
}
