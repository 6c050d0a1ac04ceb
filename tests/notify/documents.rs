//! `security.md` R99: how often others are asked.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::future::join_all;
use tessera::base::{Clock, ManualClock, Timestamp};
use tessera::notify::FetchKind::{KeySet, RequestObject};
use tessera::notify::Freshness::{Kept, Refetched};
use tessera::notify::{Documents, FetchProblem};

use super::origin::{Origin, outbound};

/// Documents of a server on this machine, and the clock they go by.
struct Fixture {
    origin: Origin,
    documents: Arc<Documents>,
    clock: Arc<ManualClock>,
}

impl Fixture {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_seconds(1_800_000_000)));
        let outbound = Arc::new(outbound(&["localhost", "127.0.0.1"], true));
        let documents = Documents::new(outbound, Arc::clone(&clock) as Arc<dyn Clock>);
        Self { origin: Origin::http(), documents: Arc::new(documents), clock }
    }

    fn url(&self, path: &str) -> String {
        format!("http://localhost:{}/{path}", self.origin.port)
    }

    fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

#[actix_web::test]
async fn r99_fifty_who_want_one_document_make_one_request() {
    let fixture = Fixture::new();
    let url = fixture.url("keys");
    for freshness in [Kept, Refetched] {
        let before = fixture.origin.requests();
        let got = join_all((0..50).map(|_| fixture.documents.get(&url, KeySet, freshness))).await;
        assert!(got.iter().all(|one| one.as_ref().is_ok_and(|one| one.body == b"{\"keys\":[]}")));
        assert_eq!(fixture.origin.requests(), before + 1, "{freshness:?}");
    }
    fixture.origin.set_down(true);
    let url = fixture.url("other");
    let got = join_all((0..50).map(|_| fixture.documents.get(&url, KeySet, Kept))).await;
    assert!(got.iter().all(|one| *one == Err(FetchProblem::Status(503))));
    assert_eq!(fixture.origin.requests(), 3);
}

/// Each worker of the server has a runtime of its own.
#[actix_web::test]
async fn r99_workers_share_their_documents() {
    let fixture = Fixture::new();
    let workers = (0..4).map(|_| {
        let (documents, url) = (Arc::clone(&fixture.documents), fixture.url("keys"));
        tokio::task::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let calls = (0..25).map(|_| {
                let (documents, url) = (Arc::clone(&documents), url.clone());
                async move { documents.get(&url, KeySet, Kept).await }
            });
            let calls = async { join_all(calls.map(tokio::spawn)).await };
            let got = runtime.expect("a runtime").block_on(calls);
            got.into_iter().filter(|one| matches!(one, Ok(Ok(_)))).count()
        })
    });
    let got = join_all(workers).await;
    assert!(got.iter().all(|one| one.as_ref().is_ok_and(|count| *count == 25)), "{got:?}");
    assert_eq!(fixture.origin.requests(), 1);
}

#[actix_web::test]
async fn r99_a_document_is_kept_as_long_as_it_says_within_our_bounds() {
    let fixture = Fixture::new();
    for (path, kind, seconds) in
        [("keys", KeySet, 600), ("uncached", KeySet, 300), ("uncached", RequestObject, 5)]
    {
        let url = fixture.url(path);
        let before = fixture.origin.requests();
        fixture.documents.get(&url, kind, Kept).await.expect("a document");
        fixture.advance(seconds - 1);
        fixture.documents.get(&url, kind, Kept).await.expect("a document");
        assert_eq!(fixture.origin.requests(), before + 1, "{path}");
        fixture.advance(1);
        fixture.documents.get(&url, kind, Kept).await.expect("a document");
        assert_eq!(fixture.origin.requests(), before + 2, "{path}");
    }
}

#[actix_web::test]
async fn r99_a_failure_is_kept_for_half_a_minute() {
    let fixture = Fixture::new();
    fixture.origin.set_down(true);
    let url = fixture.url("keys");
    for freshness in [Kept, Refetched] {
        let failed = fixture.documents.get(&url, KeySet, freshness).await;
        assert_eq!(failed, Err(FetchProblem::Status(503)));
    }
    fixture.origin.set_down(false);
    fixture.advance(29);
    let failed = fixture.documents.get(&url, KeySet, Refetched).await;
    assert_eq!(failed, Err(FetchProblem::Status(503)));
    assert_eq!(fixture.origin.requests(), 1);
    fixture.advance(1);
    fixture.documents.get(&url, KeySet, Kept).await.expect("a document");
    assert_eq!(fixture.origin.requests(), 2);
}

#[actix_web::test]
async fn r99_an_unknown_kid_fetches_again_at_most_every_half_minute() {
    let fixture = Fixture::new();
    let url = fixture.url("keys");
    fixture.documents.get(&url, KeySet, Kept).await.expect("a document");
    // A key that its owner has just made is found at once; a flood of made-up ones costs nothing.
    for (seconds, requests) in [(0, 2), (0, 2), (29, 2), (1, 3), (0, 3)] {
        fixture.advance(seconds);
        fixture.documents.get(&url, KeySet, Refetched).await.expect("a document");
        assert_eq!(fixture.origin.requests(), requests);
    }
}

#[actix_web::test]
async fn r99_a_refetch_that_fails_leaves_what_was_kept() {
    let fixture = Fixture::new();
    let url = fixture.url("keys");
    fixture.documents.get(&url, KeySet, Kept).await.expect("a document");
    fixture.origin.set_down(true);
    for freshness in [Refetched, Kept, Refetched] {
        fixture.documents.get(&url, KeySet, freshness).await.expect("what was kept");
    }
    assert_eq!(fixture.origin.requests(), 2);
    // Its time is over like that of any other.
    fixture.advance(600);
    let failed = fixture.documents.get(&url, KeySet, Kept).await;
    assert_eq!(failed, Err(FetchProblem::Status(503)));
}

#[actix_web::test]
async fn r99_what_is_kept_does_not_wait_for_a_refetch() {
    let fixture = Fixture::new();
    let url = fixture.url("keys");
    fixture.documents.get(&url, KeySet, Kept).await.expect("a document");
    let mut refetch = Box::pin(fixture.documents.get(&url, KeySet, Refetched));
    let begun = poll_fn(|context| Poll::Ready(refetch.as_mut().poll(context))).await;
    assert!(begun.is_pending());
    let mut kept = Box::pin(fixture.documents.get(&url, KeySet, Kept));
    let kept = poll_fn(|context| Poll::Ready(kept.as_mut().poll(context))).await;
    assert!(matches!(kept, Poll::Ready(Ok(_))));
    refetch.await.expect("a document");
}

#[actix_web::test]
async fn r99_a_caller_that_goes_away_leaves_the_fetch_to_the_next() {
    let fixture = Fixture::new();
    let url = fixture.url("keys");
    let mut first = Box::pin(fixture.documents.get(&url, KeySet, Kept));
    let mut second = Box::pin(fixture.documents.get(&url, KeySet, Kept));
    for caller in [&mut first, &mut second] {
        let begun = poll_fn(|context| Poll::Ready(caller.as_mut().poll(context))).await;
        assert!(begun.is_pending());
    }
    drop(first);
    second.await.expect("a document");
}

#[actix_web::test]
async fn r99_a_host_is_not_asked_without_end() {
    let fixture = Fixture::new();
    for number in 0..300 {
        let url = fixture.url(&format!("many/{number}"));
        fixture.documents.get(&url, KeySet, Kept).await.expect("a document");
    }
    let one_more = fixture.url("many/300");
    let refused = fixture.documents.get(&one_more, KeySet, Kept).await;
    assert_eq!(refused, Err(FetchProblem::TooOften));
    assert_eq!(fixture.origin.requests(), 300);
    // What is kept stays, and other hosts are asked.
    let kept = fixture.url("many/299");
    fixture.documents.get(&kept, KeySet, Refetched).await.expect("what was kept");
    let other = format!("http://127.0.0.1:{}/keys", fixture.origin.port);
    fixture.documents.get(&other, KeySet, Kept).await.expect("a document");
    fixture.advance(60);
    fixture.documents.get(&one_more, KeySet, Kept).await.expect("a document");
}

#[actix_web::test]
async fn a_new_fragment_is_a_new_document() {
    let fixture = Fixture::new();
    for (fragment, requests) in [("#a", 1), ("#a", 1), ("#b", 2), ("#a", 2)] {
        let url = format!("{}{fragment}", fixture.url("keys"));
        fixture.documents.get(&url, RequestObject, Kept).await.expect("a document");
        assert_eq!(fixture.origin.requests(), requests, "{fragment}");
    }
}
