use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, App, Browser, Options, PASSWORD, TestApp};

pub(super) async fn try_in(
    browser: &mut Browser,
    page: &Answer,
    username: &str,
    password: &str,
) -> Answer {
    browser.submit(page, &[("username", username), ("password", password)]).await
}

/// The page with what must differ taken out.
pub(super) fn masked(answer: &Answer) -> String {
    let mut body = answer.body.clone();
    for (start, end) in [
        ("name=\"csrf\" value=\"", "\""),
        ("action=\"", "\""),
        ("/recover?from=", "\""),
        ("name=\"username\" type=\"text\" value=\"", "\""),
        ("name=\"ticket\" value=\"", "\""),
        ("data-options=\"", "\""),
    ] {
        let mut parts = body.split(start);
        let first = parts.next().unwrap_or_default().to_owned();
        let after = |part: &str| part.split_once(end).map_or("", |(_, after)| after).to_owned();
        body = parts.fold(first, |whole, part| whole + start + &after(part));
    }
    body
}

#[actix_web::test]
async fn r61_unknown_disabled_and_wrong_get_the_same_answer() {
    let app = TestApp::start().await;
    for name in ["ada", "bob"] {
        app.user(name).await;
    }
    tessera::app::users::disable(app.operator(), "bob").await.expect("disabled");
    let notes = app.app(json!({})).await;
    let mut answers = Vec::new();
    for (username, password) in [
        ("ada", "wrong password"),
        ("nobody", PASSWORD),
        ("bob", PASSWORD),
        ("a@b@c", PASSWORD),
        ("nobody@example.com", PASSWORD),
    ] {
        let mut browser = app.browser();
        let page = browser.authorize(&notes, &[]).await;
        let answer = try_in(&mut browser, &page, username, password).await;
        assert_eq!(answer.status, 422, "{username}");
        assert!(
            answer.body.contains("right. Check both and try again.")
                && answer.body.contains("<title>Error: ")
        );
        assert!(!answer.body.contains(password) && !browser.cookies.contains_key("tessera"));
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        answers.push((masked(&answer), names));
    }
    for answer in &answers {
        assert_eq!(*answer, answers[0]);
    }
}

#[actix_web::test]
async fn r57_failures_of_an_account_slow_down_and_headers_do_not_help() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    for _ in 0..5 {
        assert_eq!(try_in(&mut browser, &page, "ada", "wrong").await.status, 422);
    }
    // The sixth must wait, with the right password and under any spelling of the name.
    for name in ["ada", " ADA ", "Ada"] {
        let blocked = try_in(&mut browser, &page, name, PASSWORD).await;
        assert_eq!(
            (blocked.status.as_u16(), blocked.header("retry-after")),
            (429, Some("1")),
            "{name}"
        );
        assert!(blocked.body.contains("1 second"));
    }
    // Another account is not concerned, and nor is one that does not exist treated otherwise.
    for _ in 0..5 {
        assert_eq!(try_in(&mut browser, &page, "nobody", "wrong").await.status, 422);
    }
    assert_eq!(try_in(&mut browser, &page, "nobody", "wrong").await.status, 429);
    app.advance(Duration::from_secs(1));
    assert_eq!(try_in(&mut browser, &page, "ada", "wrong").await.status, 422);
    assert_eq!(try_in(&mut browser, &page, "ada", PASSWORD).await.header("retry-after"), Some("2"));
    app.advance(Duration::from_secs(2));
    assert!(try_in(&mut browser, &page, "ada", PASSWORD).await.has("handoff"));
    // A right password forgets the failures.
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    for _ in 0..5 {
        assert_eq!(try_in(&mut browser, &page, "ada", "wrong").await.status, 422);
    }
}

#[actix_web::test]
async fn r60_a_network_is_limited_whatever_forwarded_headers_say() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    let (action, fields) = page.form();
    let cookies: Vec<String> = browser.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let mut last = 0;
    for number in 0..101 {
        let name = format!("user{number}");
        let mut form: Vec<(&str, &str)> =
            fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        form.extend([("username", name.as_str()), ("password", "wrong")]);
        let request = http
            .post(format!("{}{action}", app.url))
            .form(&form)
            .header("cookie", cookies.join("; "));
        let answer = request
            .header("x-forwarded-for", format!("203.0.113.{number}"))
            .send()
            .await
            .expect("an answer");
        last = answer.status().as_u16();
        assert!(number == 100 || last == 422, "{number}: {last}");
    }
    assert_eq!(last, 429);
}

#[actix_web::test]
async fn r84_an_interaction_belongs_to_the_browser_that_began_it() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut owner = app.browser();
    let page = owner.authorize(&notes, &[]).await;
    let (_, fields) = page.form();
    let mut stranger = app.browser();
    stranger.authorize(&notes, &[]).await;
    let seen = stranger.get(&page.url).await;
    assert!(seen.status == 410 && !seen.body.contains("Notes"));
    // With the stranger's own token, with the owner's, and without cookies at all.
    let (_, own) = stranger.authorize(&notes, &[]).await.form();
    for csrf in [&own[0].1, &fields[0].1] {
        let form = [("csrf", csrf.as_str()), ("username", "ada"), ("password", PASSWORD)];
        let answer = stranger.post(&format!("{}/sign-in", page.url), &form).await;
        assert!(!answer.has("handoff") && !stranger.cookies.contains_key("tessera"));
    }
    let blocked =
        app.browser().post(&format!("{}/sign-in", page.url), &[("username", "ada")]).await;
    assert!(blocked.status == 400 && blocked.body.contains("blocked a cookie"));
}

#[actix_web::test]
async fn a_browser_that_lost_its_cookie_begins_anew() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    browser.cookies.clear();
    let lost = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    let retry = format!("{}/restart", page.url.strip_prefix(&app.url).expect("an address of ours"));
    assert!(
        lost.status == 400 && lost.body.contains(&format!("href=\"{retry}\"")),
        "{}",
        lost.body
    );
    let again = browser.get(&retry).await;
    assert!(again.has("login-submit") && again.url != page.url);
    let answer = browser.submit(&again, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert_eq!(answer.told("state").as_deref(), Some("the-state"));
    assert_eq!(notes.redeem(&answer.code()).await.status(), 200);
    // A browser that keeps no cookie at all meets the page again, and no loop.
    let mut blocked = app.browser();
    let first = blocked.send(Method::GET, &retry, None).await.location().expect("an address");
    let second = blocked.send(Method::GET, &first, None).await.location().expect("an address");
    blocked.cookies.clear();
    assert!(blocked.get(&second).await.body.contains("blocked a cookie"));
}

#[actix_web::test]
async fn r87_forms_need_their_token_and_our_own_page() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    for csrf in ["", "wrong"] {
        let form = [("csrf", csrf), ("username", "ada"), ("password", PASSWORD)];
        assert_eq!(browser.post(&format!("{}/sign-in", page.url), &form).await.status, 403);
    }
    let (action, fields) = page.form();
    let cookies: Vec<String> = browser.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
    ] {
        let form = [("csrf", fields[0].1.as_str()), ("username", "ada"), ("password", PASSWORD)];
        let request = http
            .post(format!("{}{action}", app.url))
            .form(&form)
            .header("cookie", cookies.join("; "));
        assert_eq!(
            request.header(name, value).send().await.expect("an answer").status(),
            403,
            "{name}: {value}"
        );
    }
    assert!(!browser.cookies.contains_key("tessera"));
}

#[actix_web::test]
async fn steps_posted_empty_or_out_of_order_change_nothing() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({ "first_party": false })).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    let csrf = page.form().1[0].1.clone();
    let empty = browser.post(&format!("{}/sign-in", page.url), &[("csrf", &csrf)]).await;
    assert!(empty.status == 422 && empty.body.contains("Enter your email"));
    for (step, field, value) in [
        ("consent", "decision", "allow"),
        ("account", "account", "0"),
        ("account", "account", "other"),
    ] {
        let form = [("csrf", csrf.as_str()), (field, value)];
        let answer = browser.post(&format!("{}/{step}", page.url), &form).await;
        assert!(answer.has("login-submit"), "{step}: {} {}", answer.status, answer.body);
    }
}

/// A third party's app, and the consent page that its first visitor meets.
async fn at_consent() -> (TestApp, App, Browser, Answer) {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({ "first_party": false })).await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[]).await;
    (app, notes, browser, page)
}

#[actix_web::test]
async fn r89_consent_shows_who_asks_who_is_asked_and_for_what() {
    let (_app, _, _, page) = at_consent().await;
    assert!(page.has("consent-allow") && page.has("consent-deny"));
    for shown in [
        "Notes",
        "notes.example",
        "ada@example.com",
        "See your email address",
        "Know who you are",
        "This access ends when you sign out.",
    ] {
        assert!(page.body.contains(shown), "{shown}");
    }
}

#[actix_web::test]
async fn r90_consent_reads_nothing_about_the_request_from_its_form() {
    let (_app, notes, mut browser, page) = at_consent().await;
    let forged = [
        ("decision", "allow"),
        ("scope", "openid"),
        ("redirect_uri", "https://evil.example/"),
        ("client_id", "x"),
    ];
    let done = browser.submit(&page, &forged).await;
    assert!(done.to_app().starts_with("https://notes.example/callback?code="));
    let tokens = notes.tokens(&done.code()).await;
    assert_eq!(tokens["scope"], "openid profile email groups");
}

#[actix_web::test]
async fn a_final_step_posted_twice_gives_the_same_answer_for_a_minute() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    let first = try_in(&mut browser, &page, "ada", PASSWORD).await;
    let second = try_in(&mut browser, &page, "ada", PASSWORD).await;
    assert_eq!(first.code(), second.code());
    assert_eq!(
        first.header("refresh").map(str::to_owned),
        Some(format!("0;url={}", first.to_app()))
    );
    app.advance(Duration::from_secs(61));
    let third = browser.get(&page.url).await;
    assert_ne!(first.code(), third.code());
}

#[actix_web::test]
async fn a_page_that_was_open_too_long_begins_anew() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({ "client_uri": "https://notes.example/" })).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    app.advance(Duration::from_secs(61 * 60));
    let stale = try_in(&mut browser, &page, "ada", PASSWORD).await;
    assert!(
        stale.status == 200
            && stale.body.contains("open a while")
            && stale.body.contains("value=\"ada\"")
    );
    assert!(try_in(&mut browser, &stale, "ada", PASSWORD).await.has("handoff"));
    app.advance(Duration::from_secs(24 * 60 * 60));
    let over = browser.get(&page.url).await;
    assert!(over.status == 410 && over.body.contains("https://notes.example/"), "{}", over.body);
}

#[actix_web::test]
async fn the_operator_may_choose_redirects() {
    let options = Options { hand_off: tessera::web::HandOff::Redirect, ..Options::default() };
    let app = TestApp::with(options).await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let answer = app.browser().sign_in(&notes, "ada", &[]).await;
    assert_eq!(answer.status, 303);
    assert!(answer.code().starts_with("tsc_"));
}

#[actix_web::test]
async fn languages_are_chosen_by_the_app_the_link_and_the_browser() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let german = browser.authorize(&notes, &[("ui_locales", "sv de")]).await;
    assert!(german.body.contains("<html lang=\"de\">") && german.body.contains("Anmelden"));
    let english = browser.get(&format!("{}?ui_locales=en", german.url)).await;
    assert!(english.body.contains("<html lang=\"en\">"));
    browser.get("/i/x?ui_locales=de").await;
    let unknown = browser.authorize(&notes, &[("ui_locales", "se")]).await;
    assert!(unknown.has("login-submit"));
}

#[actix_web::test]
async fn the_accounts_own_language_comes_after_the_apps_and_before_the_choice_of_before() {
    let app = TestApp::start().await;
    app.user_with("ada", |new| new.claims.locale = Some("ar-EG".to_owned())).await;
    let notes = app.app(json!({ "first_party": false })).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    assert!(page.body.contains("<html lang=\"en\">"), "nobody is signed in");
    browser.get(&format!("{}?ui_locales=de", page.url)).await;
    let consent = try_in(&mut browser, &page, "ada", PASSWORD).await;
    assert!(consent.has("consent-allow"));
    assert!(consent.body.contains("<html lang=\"ar\" dir=\"rtl\">"), "{}", consent.body);
    let clicked = browser.get(&format!("{}?ui_locales=ja", consent.url)).await;
    assert!(clicked.body.contains("<html lang=\"ja\">"));
    let asked = browser.authorize(&notes, &[("ui_locales", "fr")]).await;
    assert!(asked.body.contains("<html lang=\"fr\">"));
    assert!(browser.get("/").await.body.contains("<html lang=\"ar\""));
    assert!(browser.get("/end_session").await.body.contains("<html lang=\"ar\""));
}

#[actix_web::test]
async fn r123_addresses_of_ours_hold_no_secret() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let begun = browser.send(Method::GET, &notes.authorize_url(&[]), None).await;
    let path = begun.location().expect("an address");
    assert!(path.starts_with("/i/"));
    assert!(browser.cookies.values().all(|value| !path.contains(value.as_str())));
}
