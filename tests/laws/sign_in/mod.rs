//! The sign-in as a state machine: random sequences of steps over two browsers of two tabs and three
//! accounts, against a model of what each browser has proven (`security.md` R77, R79, R81, R84).
//!
//! `scripts/model` plays ten thousand sequences and writes the figures to `docs/reliability.md`.

mod facts;
mod ledger;
mod model;
mod pages;
mod play;
mod steps;

use std::cell::{Cell, RefCell};

use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use serde_json::json;

use crate::support::{App, TestApp};
use play::{Play, REDEEMED, Tally};
use steps::{Step, sequences};

/// After so many sequences the server is a new one, with an empty database and a young clock.
const OF_ONE_SERVER: u32 = 500;

/// By chance a few sequences may miss a page: up to so many more are played until one comes to it.
const MORE: u32 = 1000;

/// The kinds of pages, and redeemed codes.
const EVERY_PAGE: usize = 14;

/// How many sequences: few in the usual run, more when asked for.
fn wanted() -> u32 {
    let asked = std::env::var("TESSERA_SEQUENCES").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(200)
}

#[test]
fn r77_no_page_and_no_code_is_reached_without_its_evidence() {
    let (tally, steps) = (RefCell::new(Tally::new()), Cell::new(0));
    let (wanted, mut played) = (wanted(), 0);
    let misses_a_page = || tally.borrow().len() < EVERY_PAGE;
    while played < wanted || (misses_a_page() && played < wanted + MORE) {
        let cases = if played < wanted { (wanted - played).min(OF_ONE_SERVER) } else { 100 };
        let system = actix_web::rt::System::new();
        let stage = system.block_on(Stage::set());
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(&sequences(), |sequence| {
            steps.set(steps.get() + sequence.len());
            let outcome = system.block_on(stage.play(&sequence, &mut tally.borrow_mut()));
            outcome.map_err(TestCaseError::fail)
        });
        system.block_on(stage.app.stop());
        if let Err(TestError::Fail(reason, sequence)) = outcome {
            panic!("after {} steps: {reason}\nas a sequence: {sequence:#?}", sequence.len());
        }
        played += cases;
    }
    let tally = tally.into_inner();
    println!("model | {played} | {} | {} | 0 |", steps.get(), tally[REDEEMED]);
    // A test that never comes to a page proves nothing about it.
    assert_eq!(tally.len(), EVERY_PAGE, "{tally:?}");
}

/// A server, its two apps, and how many sequences were played there.
struct Stage {
    app: TestApp,
    apps: [App; 2],
    http: reqwest::Client,
    played: Cell<usize>,
}

impl Stage {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let first_party = app.app(json!({ "client_name": "Notes" })).await;
        let third_party = app.app(json!({ "client_name": "Maps", "first_party": false })).await;
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { app, apps: [first_party, third_party], http, played: Cell::new(0) }
    }

    async fn play(&self, sequence: &[Step], tally: &mut Tally) -> Result<(), String> {
        self.played.set(self.played.get() + 1);
        let mut play = Play::new(&self.app, &self.http, &self.apps, self.played.get()).await;
        play.run(sequence, tally).await
    }
}
