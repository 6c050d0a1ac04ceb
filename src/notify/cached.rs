use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use quick_cache::sync::Cache;

use super::outbound::{FetchKind, Fetched, Outbound};
use super::problem::FetchProblem;
use super::reach::checked_url;
use crate::base::{Clock, Timestamp};

/// Documents that are kept; at most 64 KiB each.
const DOCUMENTS: usize = 512;
/// Hosts whose fetches are counted.
const HOSTS: usize = 4096;
const LONGEST: Duration = Duration::from_secs(60 * 60);
/// How long a failure stands for the next ones.
const FAILED_FOR: Duration = Duration::from_secs(30);
/// Each document is fetched at most once in this time because somebody missed something in it.
const REFETCH_EVERY: Duration = Duration::from_secs(30);
/// Fetches from one host in one [`WINDOW`].
const PER_HOST: u32 = 300;
const WINDOW: Duration = Duration::from_secs(60);

/// How new a document must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// What is kept will do.
    Kept,
    /// What is kept lacks something, as a `kid`: fetch it again, unless that was done of late.
    /// When it fails, what is kept stays.
    Refetched,
}

/// Documents by URL (`security.md` R99): many who want one make one fetch, an answer is kept as
/// long as its `Cache-Control` says within our bounds, a failure for half a minute, and no host is
/// asked without end.
pub struct Documents {
    outbound: Arc<Outbound>,
    clock: Arc<dyn Clock>,
    entries: Cache<(FetchKind, String), Arc<Entry>>,
    hosts: Cache<String, Arc<Mutex<Window>>>,
}

#[derive(Default)]
struct Entry {
    known: Mutex<Known>,
    /// Held by whoever fetches. A caller that goes away lets the next one fetch.
    flight: tokio::sync::Mutex<()>,
}

/// What is known about a document. Both may be there: a refetch failed, and what was kept stays.
#[derive(Default)]
struct Known {
    document: Option<(Arc<Fetched>, Timestamp)>,
    problem: Option<(FetchProblem, Timestamp)>,
    refetched_at: Option<Timestamp>,
}

/// Fetches from a host since an instant.
#[derive(Default)]
struct Window {
    since: Option<Timestamp>,
    fetches: u32,
}

impl Documents {
    /// Nothing is kept yet.
    pub fn new(outbound: Arc<Outbound>, clock: Arc<dyn Clock>) -> Self {
        let (entries, hosts) = (Cache::new(DOCUMENTS), Cache::new(HOSTS));
        Self { outbound, clock, entries, hosts }
    }

    /// A document, kept or fetched. Its fragment is not sent but tells documents apart: a client
    /// changes it when what the URL gives has changed (OpenID Connect Core §6.2).
    ///
    /// # Errors
    /// Why it cannot be had; the outside hears [`FetchProblem::OUTSIDE`].
    pub async fn get(
        &self,
        url: &str,
        kind: FetchKind,
        freshness: Freshness,
    ) -> Result<Arc<Fetched>, FetchProblem> {
        // What is no URL takes no place.
        let parsed = checked_url(url)?;
        let host = parsed.host_str().ok_or(FetchProblem::NotAUrl)?;
        let entry = self.entry(url, kind);
        if let Some(answer) = entry.known().answer(freshness, self.clock.now()) {
            return answer;
        }
        let _flight = entry.flight.lock().await;
        // Somebody else may have fetched it while we waited.
        if let Some(answer) = entry.known().answer(freshness, self.clock.now()) {
            return answer;
        }
        let now = self.clock.now();
        if !self.may_ask(host, now) {
            return entry.known().fresh(now).ok_or(FetchProblem::TooOften);
        }
        if freshness == Freshness::Refetched {
            entry.known().refetched_at = Some(now);
        }
        let fetched = self.outbound.get(url, kind).await;
        entry.known().learn(fetched, kind, self.clock.now())
    }

    fn entry(&self, url: &str, kind: FetchKind) -> Arc<Entry> {
        let key = (kind, url.to_owned());
        let made = self.entries.get_or_insert_with(&key, || Ok::<_, ()>(Arc::default()));
        made.unwrap_or_default()
    }

    fn may_ask(&self, host: &str, now: Timestamp) -> bool {
        let made = self.hosts.get_or_insert_with(host, || Ok::<_, ()>(Arc::default()));
        let window = made.unwrap_or_default();
        let mut window = window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.since.is_none_or(|since| now >= since + WINDOW) {
            *window = Window { since: Some(now), fetches: 0 };
        }
        window.fetches = window.fetches.saturating_add(1);
        if window.fetches == PER_HOST + 1 {
            tracing::warn!(host, "documents were fetched too often of late; refused for a minute");
        }
        window.fetches <= PER_HOST
    }
}

impl Entry {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// The answer that needs no fetch, when there is one.
    fn answer(
        &self,
        freshness: Freshness,
        now: Timestamp,
    ) -> Option<Result<Arc<Fetched>, FetchProblem>> {
        let fresh = self.fresh(now);
        if let Some((problem, until)) = &self.problem
            && now < *until
        {
            return Some(fresh.ok_or_else(|| problem.clone()));
        }
        let may_refetch = self.refetched_at.is_none_or(|at| now >= at + REFETCH_EVERY);
        if freshness == Freshness::Refetched && may_refetch {
            return None;
        }
        fresh.map(Ok)
    }

    fn fresh(&self, now: Timestamp) -> Option<Arc<Fetched>> {
        let (document, until) = self.document.as_ref()?;
        (now < *until).then(|| Arc::clone(document))
    }

    /// Takes a fetch's end over and answers with it.
    fn learn(
        &mut self,
        fetched: Result<Fetched, FetchProblem>,
        kind: FetchKind,
        now: Timestamp,
    ) -> Result<Arc<Fetched>, FetchProblem> {
        match fetched {
            Ok(fetched) => {
                let document = Arc::new(fetched);
                self.problem = None;
                self.document = kept_for(kind, document.max_age)
                    .map(|kept_for| (Arc::clone(&document), now + kept_for));
                Ok(document)
            }
            Err(problem) => {
                self.problem = Some((problem.clone(), now + FAILED_FOR));
                self.fresh(now).ok_or(problem)
            }
        }
    }
}

/// How long a document is kept. A key set or a list is kept some minutes whatever it says. A
/// request object says for itself, because one URL may give each sign-in its own; a few seconds
/// remain, so that many who want the same one make one fetch. A logo is large and is kept by
/// whoever made it small.
fn kept_for(kind: FetchKind, max_age: Option<Duration>) -> Option<Duration> {
    let shortest = match kind {
        FetchKind::RequestObject => Duration::from_secs(5),
        FetchKind::KeySet | FetchKind::SectorList => Duration::from_secs(5 * 60),
        FetchKind::Logo => return None,
    };
    Some(max_age.unwrap_or_default().clamp(shortest, LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_kept_within_bounds() {
        let kept = |kind, seconds: Option<u64>| {
            kept_for(kind, seconds.map(Duration::from_secs)).map(|kept| kept.as_secs())
        };
        for (seconds, key_set, request_object) in [
            (None, 300, 5),
            (Some(0), 300, 5),
            (Some(60), 300, 60),
            (Some(900), 900, 900),
            (Some(u64::MAX), 3600, 3600),
        ] {
            assert_eq!(kept(FetchKind::KeySet, seconds), Some(key_set));
            assert_eq!(kept(FetchKind::SectorList, seconds), Some(key_set));
            assert_eq!(kept(FetchKind::RequestObject, seconds), Some(request_object));
            assert_eq!(kept(FetchKind::Logo, seconds), None);
        }
    }
}
