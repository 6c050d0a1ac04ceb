//! What the durable store counts of itself.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::StoreError;

/// Seconds: from a read on this machine to the deadline of a server that stalls.
const BUCKETS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0, 15.0];

type ByJob = [(&'static str, &'static str); 2];

/// The figures of one store. Copies count together.
#[derive(Clone)]
pub(super) struct Figures {
    jobs: Family<ByJob, Histogram, fn() -> Histogram>,
    open_jobs: Gauge,
    kept: Family<[(&'static str, &'static str); 1], Counter>,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            jobs: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            open_jobs: Gauge::default(),
            kept: Family::default(),
        }
    }
}

impl Figures {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register(
            "store_job_seconds",
            "Reads and named changes of the durable store, from asking to answering, by outcome",
            self.jobs.clone(),
        );
        registry.register(
            "store_jobs_open",
            "Jobs of the durable store that wait or run",
            self.open_jobs.clone(),
        );
        registry.register(
            "kept_reads",
            "Reads of what may be kept in memory, by whether it was",
            self.kept.clone(),
        );
    }

    pub(super) fn begun(&self) {
        self.open_jobs.inc();
    }

    pub(super) fn ended(&self, job: &'static str, outcome: &'static str, seconds: f64) {
        self.open_jobs.dec();
        self.jobs.get_or_create(&[("job", job), ("outcome", outcome)]).observe(seconds);
    }

    pub(super) fn looked(&self, is_found: bool) {
        self.kept.get_or_create(&[("result", if is_found { "hit" } else { "miss" })]).inc();
    }
}

/// One word for how a job ended.
pub(super) const fn outcome<R>(result: &Result<R, StoreError>) -> &'static str {
    match result {
        Ok(_) => "done",
        Err(StoreError::Unique(_) | StoreError::ForeignKey) => "refused",
        Err(StoreError::Busy | StoreError::Full) => "busy",
        Err(StoreError::Conflict) => "conflict",
        Err(StoreError::Unavailable(_)) => "unavailable",
        Err(
            StoreError::Corrupt { .. }
            | StoreError::Damaged(_)
            | StoreError::Unexplained(_)
            | StoreError::Failed(_),
        ) => "failed",
    }
}
