//! How a person signs in: the guard before its pages, passkeys, the authenticator app.

use std::time::Duration;

use tessera::app::passkeys::{self, Removal};
use tessera::base::{PasskeyId, Subject, SystemEntropy, UserId};
use tessera::domain::{Passkey as PasskeyRow, User};
use tessera::store::{passkeys as queries, users};

use super::passkeys::{Authenticator as Passkey, between, question};
use crate::support::{Answer, Authenticator, Browser, PASSWORD, TestApp};

const NEW: &str = "a quite different set of words";
const MINUTES: Duration = Duration::from_secs(60);

async fn signed_in(app: &TestApp, username: &str) -> Browser {
    let mut browser = app.browser();
    let page = browser.get("/account").await;
    let home = browser.submit(&page, &[("username", username), ("password", PASSWORD)]).await;
    assert!(home.url.ends_with("/account"), "{}", home.body);
    browser
}

async fn confirm(browser: &mut Browser, page: &Answer) -> Answer {
    assert!(page.has("login-submit"), "{} {}", page.url, page.body);
    assert!(page.body.contains("Confirm it&#39;s you") || page.body.contains("Confirm it's you"));
    browser.submit(page, &[("username", "ada"), ("password", PASSWORD)]).await
}

#[actix_web::test]
async fn r71_a_page_that_changes_the_ways_in_asks_for_a_sign_in_of_five_minutes() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let mut ada = signed_in(&app, "ada").await;
    app.advance(5 * MINUTES);
    let page = ada.get("/account/password").await;
    assert!(page.has("password-submit"), "five minutes are recent");
    app.advance(Duration::from_secs(1));
    // The form is too old as well: it changes nothing and leads to the same question.
    let asked = ada.submit(&page, &[("current", PASSWORD), ("password", NEW)]).await;
    let back = confirm(&mut ada, &asked).await;
    assert!(back.url.ends_with("/account/password") && back.has("password-submit"));
    let done = ada.submit(&back, &[("current", PASSWORD), ("password", NEW)]).await;
    assert!(done.url.ends_with("done=password"), "the old password counted until now");
}

#[actix_web::test]
async fn r71_r81_who_has_a_second_factor_confirms_with_it() {
    let app = TestApp::start().await;
    let user = app.user("ada").await;
    let mut ada = signed_in(&app, "ada").await;
    let (phone, _) = app.authenticator(&user).await;
    app.advance(Duration::from_secs(30));
    // The session is recent, and was made with less than its person has.
    let asked = ada.get("/account/password").await;
    let code = confirm(&mut ada, &asked).await;
    assert!(code.has("totp-code"), "{}", code.body);
    assert!(
        ada.get("/account/password").await.has("login-submit"),
        "the password alone opens nothing"
    );
    let back = ada.submit(&code, &[("code", &phone.code(&app))]).await;
    assert!(
        back.url.ends_with("/account/password") && back.has("password-submit"),
        "{}",
        back.body
    );
}

/// The ids of the passkeys on the list of a person.
async fn passkey_ids(browser: &mut Browser) -> Vec<String> {
    let page = browser.get("/account/passkeys").await;
    let links = page.body.split("href=\"/account/passkeys/").skip(1);
    let ids = links.filter_map(|rest| rest.split('"').next().map(str::to_owned));
    ids.filter(|id| id != "new").collect()
}

async fn add_passkey(app: &TestApp, browser: &mut Browser, id: &str) -> Answer {
    let asked = question(&browser.get("/account/passkeys/new").await);
    let made = Passkey::new(app, id.as_bytes()).create(&asked.options);
    asked.answer(browser, &made).await
}

#[actix_web::test]
async fn a_passkey_is_added_renamed_and_removed() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let mut ada = signed_in(&app, "ada").await;
    let list = add_passkey(&app, &mut ada, "phone").await;
    assert!(list.url.ends_with("/account/passkeys?done=passkeys"), "{} {}", list.url, list.body);
    let told: serde_json::Value =
        serde_json::from_str(&between(&list.body, "data-accepted=\"")).expect("JSON");
    assert_eq!(told["allAcceptedCredentialIds"].as_array().map(Vec::len), Some(1));
    assert!(between(&list.body, "data-details=\"").contains("\"name\":\"ada\""));
    let [id] = &passkey_ids(&mut ada).await[..] else { panic!("one passkey") };
    let address = format!("/account/passkeys/{id}");
    // Another name needs no fresh sign-in; the end of a passkey does.
    app.advance(6 * MINUTES);
    let page = ada.get(&address).await;
    let list = ada.submit(&page, &[("name", "My <phone>")]).await;
    assert!(list.body.contains("My &#60;phone&#62;"), "{}", list.body);
    let asked = ada.get(&format!("{address}/remove")).await;
    let page = confirm(&mut ada, &asked).await;
    assert!(page.url.ends_with(&format!("{address}/remove")) && page.has("passkey-remove"));
    let list = ada.submit(&page, &[]).await;
    assert!(list.url.ends_with("?done=passkeys"), "{}", list.url);
    assert!(passkey_ids(&mut ada).await.is_empty());
    assert!(between(&list.body, "data-accepted=\"").contains("\"allAcceptedCredentialIds\":[]"));
}

#[actix_web::test]
async fn r78_a_question_for_a_passkey_counts_once_and_in_its_session() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let mut ada = signed_in(&app, "ada").await;
    let mut elsewhere = signed_in(&app, "ada").await;
    let asked = question(&ada.get("/account/passkeys/new").await);
    let made = Passkey::new(&app, b"phone").create(&asked.options);
    let csrf = question(&elsewhere.get("/account/passkeys/new").await).csrf;
    let form = [("csrf", &*csrf), ("ticket", &*asked.ticket), ("answer", &*made)];
    assert_eq!(elsewhere.post("/account/passkeys/new", &form).await.status, 422);
    assert!(asked.answer(&mut ada, &made).await.url.ends_with("?done=passkeys"));
    assert_eq!(asked.answer(&mut ada, &made).await.status, 422, "used up");
    let late = question(&ada.get("/account/passkeys/new").await);
    app.advance(5 * MINUTES);
    let made = Passkey::new(&app, b"late").create(&late.options);
    assert_eq!(late.answer(&mut ada, &made).await.status, 422, "five minutes are over");
}

#[actix_web::test]
async fn r86_passkeys_of_others_are_not_there() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user("bob").await;
    let (mut ada, mut bob) = (signed_in(&app, "ada").await, signed_in(&app, "bob").await);
    add_passkey(&app, &mut ada, "phone").await;
    let [id] = &passkey_ids(&mut ada).await[..] else { panic!("one passkey") };
    let csrf = question(&bob.get("/account/passkeys/new").await).csrf;
    for address in [format!("/account/passkeys/{id}"), format!("/account/passkeys/{id}/remove")] {
        assert_eq!(bob.get(&address).await.status, 404);
        let form = [("csrf", csrf.as_str()), ("name", "Mine now")];
        assert_eq!(bob.post(&address, &form).await.status, 404);
    }
    assert_eq!(bob.get("/account/passkeys/nonsense").await.status, 404);
    let list = ada.get("/account/passkeys").await;
    assert!(list.body.contains(id.as_str()) && !list.body.contains("Mine now"));
}

#[actix_web::test]
async fn the_authenticator_app_is_set_up_and_removed_and_its_codes_are_made_anew() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let mut ada = signed_in(&app, "ada").await;
    let mut other = signed_in(&app, "ada").await;
    let page = ada.get("/account/totp").await;
    let phone = Authenticator::from_page(&page);
    let wrong = ada.submit(&page, &[("code", "12345")]).await;
    assert_eq!(wrong.status, 422);
    let before = ada.cookies["tessera"].clone();
    let codes = ada.submit(&wrong, &[("code", &phone.code(&app))]).await;
    assert!(codes.has("recovery-saved") && codes.body.matches("<li><code>").count() == 10);
    assert_ne!(ada.cookies["tessera"], before, "R82: worth more under a new value");
    assert!(ada.get("/account/totp").await.body.contains("10 recovery codes left"));
    // The other session lives on, and is worth what it did: the guard asks it for the code.
    assert!(other.get("/account").await.url.ends_with("/account"));
    let totp = other.get("/account/totp").await;
    let asked = other.submit(&totp, &[]).await;
    assert!(asked.has("login-submit"), "r81: {}", asked.body);
    // This one has shown it.
    let totp = ada.get("/account/totp").await;
    let anew = ada.submit(&totp, &[]).await;
    assert!(anew.has("recovery-codes") && anew.body != codes.body);
    let page = ada.get("/account/totp/remove").await;
    let gone = ada.submit(&page, &[]).await;
    assert!(gone.url.ends_with("/account/security?done=totp"), "{}", gone.url);
    let mut next = signed_in(&app, "ada").await;
    assert!(
        next.get("/account/security").await.has("advice"),
        "the password alone, and it says so"
    );
}

#[actix_web::test]
async fn browsers_find_the_pages_about_passkeys() {
    let app = TestApp::start().await;
    let found = app.browser().get("/.well-known/passkey-endpoints").await;
    assert_eq!(found.status, 200);
    let found: serde_json::Value = serde_json::from_str(&found.body).expect("JSON");
    assert_eq!(found["enroll"], format!("{}/account/passkeys/new", app.url));
    assert_eq!(found["manage"], format!("{}/account/passkeys", app.url));
}

#[actix_web::test]
async fn the_last_way_to_sign_in_stays() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let now = app.issuer.now();
    let eve = User {
        id: UserId::new(now, &SystemEntropy),
        subject: Subject::new(&SystemEntropy),
        username: "eve".to_owned(),
        email: None,
        password_hash: None,
        groups: Vec::new(),
        ..ada
    };
    let key = |user: UserId, name: &str| PasskeyRow {
        id: PasskeyId::new(now, &SystemEntropy),
        user,
        credential_id: format!("{user} {name}").into_bytes(),
        credential: "{}".to_owned(),
        name: name.to_owned(),
        sign_count: 0,
        is_backup_eligible: false,
        is_backed_up: false,
        created_at: now,
        last_used_at: None,
        count_fell_at: None,
    };
    let (phone, spare, adas) = (key(eve.id, "phone"), key(eve.id, "spare"), key(ada.id, "phone"));
    let (user, ids) = (eve.id, [phone.id, spare.id, adas.id]);
    let stored = app.store.write("prepare", move |db| {
        users::insert_user(db, &eve)?;
        for one in [&phone, &spare, &adas] {
            queries::insert_passkey(db, one)?;
        }
        Ok(())
    });
    stored.await.expect("stored");
    let remove = async |user, id| {
        passkeys::remove(&app.issuer, user, id, app.caller()).await.expect("the store answers")
    };
    assert_eq!(remove(user, ids[2]).await, Removal::Unknown, "another person's");
    assert_eq!(remove(user, ids[0]).await, Removal::Done);
    assert_eq!(remove(user, ids[1]).await, Removal::LastWay);
    assert_eq!(remove(ada.id, ids[2]).await, Removal::Done, "there is a password");
}
