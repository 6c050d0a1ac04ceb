use serde_json::json;

use crate::support::TestApp;

/// r56: a flood of passwords meets a short queue; what lies beside it stays quick.
#[actix_web::test]
async fn r56_a_flood_of_passwords_is_turned_away_and_the_rest_goes_on() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    let (action, fields) = page.form();
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let attempt = |number: usize| {
        let name = format!("user{number}");
        let form =
            [("csrf", fields[0].1.as_str()), ("username", name.as_str()), ("password", "a guess")];
        http.post(format!("{}{action}", app.url))
            .form(&form)
            .header("cookie", cookies.join("; "))
            .send()
    };
    app.occupy_password_threads().await;
    let flood = futures_util::future::join_all((0..95).map(attempt));
    let beside = async {
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(
                http.get(format!("{}/jwks", app.url))
                    .send()
                    .await
                    .expect("an answer")
                    .status()
                    .as_u16(),
            );
        }
        statuses
    };
    let (answers, beside) = futures_util::future::join(flood, beside).await;
    assert_eq!(beside, [200; 20]);
    let answers: Vec<_> = answers.into_iter().map(|answer| answer.expect("an answer")).collect();
    let busy: Vec<_> = answers.iter().filter(|answer| answer.status() == 429).collect();
    assert!(
        !busy.is_empty() && busy.iter().all(|answer| answer.headers().contains_key("retry-after"))
    );
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status().as_u16()).collect();
    assert!(statuses.iter().all(|status| [422, 429].contains(status)), "{statuses:?}");
    // Those who were turned away were not counted as failures.
    let page = browser.submit(&page, &[("username", "user94"), ("password", "a guess")]).await;
    assert_eq!(page.status, 422);
}
