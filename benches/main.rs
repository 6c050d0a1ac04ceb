//! How long the small things take that every request is made of: reading parameters, matching a
//! redirect URI, signing, and a read and a durable change of the embedded store.
//!
//!     cargo bench

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on stops there")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use serde_json::{Value, json};
use tessera::base::{Digest, Timestamp};
use tessera::jose::{KeyPair, SigningKey, TokenType, sign};
use tessera::protocol::redirect_uri::is_registered;
use tessera::protocol::{AuthorizeParams, Parameters, SigningAlgorithm};
use tessera::rules::client_auth::parse_basic;
use tessera::store::{Location, Migrate, Store, used_once};

fn main() {
    divan::main();
}

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);
const QUERY: &[u8] = b"client_id=notes&response_type=code&scope=openid%20profile%20email\
    &redirect_uri=https%3A%2F%2Fnotes.example.com%2Fcallback&state=af0ifjsldkj&nonce=n-0S6_WzA2Mj\
    &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

#[divan::bench]
fn an_authorization_request_is_read(bencher: Bencher) {
    bencher.bench(|| AuthorizeParams::read(&Parameters::parse(black_box(QUERY)).unwrap()));
}

#[divan::bench]
fn a_basic_header_is_read(bencher: Bencher) {
    let header = "Basic bm90ZXM6YS1zZWNyZXQtb2YtZm9ydHktdGhyZWUtY2hhcmFjdGVycy0tLS0tLS0=";
    bencher.bench(|| parse_basic(black_box(header)));
}

#[divan::bench]
fn a_redirect_uri_is_matched(bencher: Bencher) {
    let (received, registered) = ("http://127.0.0.1:49152/callback", "http://127.0.0.1/callback");
    bencher.bench(|| is_registered(black_box(received), black_box(registered)));
}

fn claims() -> Value {
    json!({
        "iss": "https://id.example.com", "sub": "0e7b1a52-9e1c-4d8a-b7a5-0f7c35a6c1d2",
        "aud": "notes", "exp": 1_700_003_600, "iat": 1_700_000_000, "auth_time": 1_700_000_000,
        "nonce": "n-0S6_WzA2Mj", "acr": "1", "amr": ["pwd"], "at_hash": "77QmUPtjPfzWtF2AnpK9RQ",
    })
}

#[divan::bench(args = ["ES256", "EdDSA", "RS256"])]
fn an_id_token_is_signed(bencher: Bencher, algorithm: &str) {
    let algorithm = match algorithm {
        "ES256" => SigningAlgorithm::ES256,
        "EdDSA" => SigningAlgorithm::EdDSA,
        _ => SigningAlgorithm::RS256,
    };
    let key = SigningKey::new(KeyPair::generate(algorithm).unwrap(), NOW, None);
    let claims = claims();
    bencher.bench(|| sign(&key, TokenType::IdToken, black_box(&claims)).unwrap());
}

/// A store in a file that is removed with it.
struct Kept {
    store: Store,
    folder: PathBuf,
}

impl Kept {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("tessera-benches-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let location = Location::SqliteFile(folder.join("bench.db"));
        Self { store: Store::open(&location, Migrate::Now).unwrap(), folder }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn next_digest() -> Digest {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    Digest::of(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes())
}

async fn use_one(store: Store) -> bool {
    let digest = next_digest();
    let change = move |db: &mut _| used_once::use_assertion(db, &digest, NOW);
    store.write("bench", change).await.unwrap()
}

#[divan::bench]
fn a_row_is_looked_for(bencher: Bencher) {
    let (kept, runtime) = (Kept::new(), tokio::runtime::Runtime::new().unwrap());
    let digest = next_digest();
    bencher.bench_local(|| {
        let read = kept.store.read(move |db| used_once::is_token_revoked(db, &digest));
        runtime.block_on(read).unwrap()
    });
}

/// One change is one commit and one fsync; sixty-four at once share a few.
#[divan::bench(args = [1, 64])]
fn changes_are_committed(bencher: Bencher, at_once: usize) {
    let (kept, runtime) = (Kept::new(), tokio::runtime::Runtime::new().unwrap());
    bencher.counter(ItemsCount::new(at_once)).bench_local(|| {
        let changes = (0..at_once).map(|_| use_one(kept.store.clone()));
        assert!(
            runtime.block_on(futures_util::future::join_all(changes)).into_iter().all(|new| new)
        );
    });
}
