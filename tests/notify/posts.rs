//! Forms that the provider posts, as logout tokens.

use std::time::Duration;

use tessera::notify::FetchProblem;

use super::origin::{Origin, outbound};

#[actix_web::test]
async fn a_form_arrives_and_the_status_comes_back() {
    let origin = Origin::http();
    let outbound = outbound(&["localhost"], true);
    for (path, status) in
        [("keys", 200), ("refused", 400), ("nothing", 404), ("elsewhere", 302), ("endless", 200)]
    {
        let url = format!("http://localhost:{}/{path}", origin.port);
        let answered = outbound.post_form(&url, &[("logout_token", "a.b.c"), ("x", "&=")]).await;
        assert_eq!(answered, Ok(status), "{path}");
        assert_eq!(origin.form(), "logout_token=a.b.c&x=%26%3D");
    }
    // A redirect was not followed, and nothing was sent twice.
    assert_eq!(origin.requests(), 5);
}

/// The relying party has answered: what it goes on to say, or not, is not waited for in vain.
#[actix_web::test]
async fn an_answer_that_halts_counts() {
    let origin = Origin::http();
    let url = |path: &str| format!("http://localhost:{}/{path}", origin.port);
    let patient = outbound(&["localhost"], true).with_patience(Duration::from_secs(2));
    assert_eq!(patient.post_form(&url("halting"), &[]).await, Ok(200));
    let hasty = outbound(&["localhost"], true).with_patience(Duration::from_millis(100));
    assert_eq!(hasty.post_form(&url("silent"), &[]).await, Err(FetchProblem::TimedOut));
}

#[actix_web::test]
async fn nobody_at_home_is_a_problem() {
    let port = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.local_addr().expect("an address").port()
    };
    let url = format!("http://localhost:{port}/");
    let problem = outbound(&["localhost"], true).post_form(&url, &[]).await;
    assert!(matches!(problem, Err(FetchProblem::Unreachable(_))), "{problem:?}");
}
