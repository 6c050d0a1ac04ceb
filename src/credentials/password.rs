use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tokio::sync::oneshot;

use super::hashing::{Computed, Hasher};
use super::{BreachFilter, Judgement, PasswordHash, PasswordProblem, PasswordRule};
use crate::base::{Secret, trace};

/// A password longer than this is refused before anything is computed.
const MAX_BYTES: usize = 4 * 1024;
/// Jobs that may wait (`contract.md`).
const QUEUE: usize = 64;
/// How far the threads stand back behind the others (`man 2 setpriority`).
const NICENESS: i32 = 10;

/// What a hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Argon2Cost {
    /// 19 MiB and two passes (`contract.md`).
    pub const DEFAULT: Self = Self { memory_kib: 19 * 1024, passes: 2 };
}

/// What a verification found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// It is the right password.
    Right {
        /// The stored hash has other parameters than new ones get.
        needs_rehash: bool,
    },
    /// It is not, or there is no such account.
    Wrong,
}

/// Why nothing was computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too many are waiting.
    #[error("too many passwords are waiting to be checked")]
    Busy {
        /// When it is worth to try again.
        retry_after: Duration,
    },
    /// More than 4 KiB.
    #[error("the password is longer than 4 KiB")]
    TooLong,
    /// The hashing failed, or its thread did.
    #[error("hashing failed")]
    Failed,
    /// The breach filter cannot be read any more. No new password is taken meanwhile.
    #[error("the breach filter cannot be read")]
    NoBreachFilter,
}

enum Work {
    Hash {
        salt: [u8; 16],
        answer: oneshot::Sender<Result<PasswordHash, PasswordError>>,
    },
    Verify {
        stored: Option<PasswordHash>,
        answer: oneshot::Sender<Result<Verified, PasswordError>>,
    },
    Judge {
        rule: PasswordRule,
        context: Vec<String>,
        answer: oneshot::Sender<Result<Judgement, PasswordError>>,
    },
}

impl Work {
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Hash { answer, .. } => answer.is_closed(),
            Self::Verify { answer, .. } => answer.is_closed(),
            Self::Judge { answer, .. } => answer.is_closed(),
        }
    }
}

struct Job {
    password: Secret<String>,
    since: Instant,
    work: Work,
}

/// Hashes passwords on a few threads with a short queue, so that a flood of sign-ins cannot take
/// the processor from everything else (`security.md` R56).
#[derive(Clone)]
pub struct PasswordPool {
    queue: SyncSender<Job>,
    counts: Arc<Counts>,
    threads: usize,
}

/// What the pool counts.
#[derive(Default)]
struct Counts {
    /// Jobs in the line.
    waiting: AtomicUsize,
    computed: Computed,
    /// Jobs that found the line full.
    rejected: Counter,
    waits: Waits,
}

/// How long jobs wait for their turn, in seconds.
struct Waits(Histogram);

impl Default for Waits {
    fn default() -> Self {
        Self(Histogram::new([0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 5.0]))
    }
}

impl PasswordPool {
    /// A pool of `threads` threads; they end when the last handle is dropped. No password counts
    /// as breached.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn new(cost: Argon2Cost, threads: usize) -> std::io::Result<Self> {
        Self::with_breach_filter(cost, threads, None)
    }

    /// A pool that judges new passwords by `breached` as well.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn with_breach_filter(
        cost: Argon2Cost,
        threads: usize,
        breached: Option<BreachFilter>,
    ) -> std::io::Result<Self> {
        let breached = breached.map(Arc::new);
        let threads = threads.max(1);
        let (queue, jobs) = sync_channel(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let counts = Arc::<Counts>::default();
        for number in 0..threads {
            let (jobs, counts, breached) =
                (Arc::clone(&jobs), Arc::clone(&counts), breached.clone());
            std::thread::Builder::new()
                .name(format!("password-{number}"))
                .spawn(move || work(&jobs, &counts, cost, breached.as_deref()))?;
        }
        Ok(Self { queue, counts, threads })
    }

    /// Has `registry` show what this pool counts.
    pub fn register_figures(&self, registry: &mut Registry) {
        registry.register(
            "password_job_wait_seconds",
            "How long a password waits to be hashed or judged",
            self.counts.waits.0.clone(),
        );
        registry.register(
            "password_jobs_rejected",
            "Passwords that found the line full",
            self.counts.rejected.clone(),
        );
    }

    /// How many jobs wait.
    pub fn waiting(&self) -> usize {
        self.counts.waiting.load(Ordering::Relaxed)
    }

    /// The work that was done so far with argon2, in KiB of memory times passes over it. Two calls
    /// that do the same work take the same time.
    pub fn work_done(&self) -> u64 {
        self.counts.computed.work.load(Ordering::Relaxed)
    }

    /// How many hashes of any kind were computed so far.
    pub fn hashes_computed(&self) -> u64 {
        self.counts.computed.runs.load(Ordering::Relaxed)
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// When it is too long, too many are waiting, or hashing fails.
    pub async fn hash(
        &self,
        password: Secret<String>,
        salt: [u8; 16],
    ) -> Result<PasswordHash, PasswordError> {
        let (answer, hash) = oneshot::channel();
        self.submit(password, Work::Hash { salt, answer })?;
        let hash = trace::part(|| "password: hash".to_owned(), hash).await;
        hash.map_err(|_| PasswordError::Failed)?
    }

    /// Compares a password with a stored hash. Without one the same work is done for nothing, so
    /// that an account that does not exist takes as long as one that does.
    ///
    /// # Errors
    /// When it is too long, too many are waiting, or hashing fails.
    pub async fn verify(
        &self,
        password: Secret<String>,
        stored: Option<&PasswordHash>,
    ) -> Result<Verified, PasswordError> {
        let (answer, verified) = oneshot::channel();
        self.submit(password, Work::Verify { stored: stored.cloned(), answer })?;
        let verified = trace::part(|| "password: verify".to_owned(), verified).await;
        verified.map_err(|_| PasswordError::Failed)?
    }

    /// Judges a new password by `rule` and by the breach filter; `context` holds the account's own
    /// words. It costs a few milliseconds, so it waits in the same line.
    ///
    /// # Errors
    /// When it is longer than 4 KiB, too many are waiting, or the breach filter cannot be read.
    pub async fn judge(
        &self,
        password: Secret<String>,
        rule: PasswordRule,
        context: Vec<String>,
    ) -> Result<Judgement, PasswordError> {
        let (answer, judged) = oneshot::channel();
        self.submit(password, Work::Judge { rule, context, answer })?;
        let judged = trace::part(|| "password: judge".to_owned(), judged).await;
        judged.map_err(|_| PasswordError::Failed)?
    }

    fn submit(&self, password: Secret<String>, work: Work) -> Result<(), PasswordError> {
        if password.expose().len() > MAX_BYTES {
            return Err(PasswordError::TooLong);
        }
        self.counts.waiting.fetch_add(1, Ordering::Relaxed);
        self.queue.try_send(Job { password, since: Instant::now(), work }).map_err(|error| {
            let waiting = self.counts.waiting.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => {
                    self.counts.rejected.inc();
                    PasswordError::Busy { retry_after: self.estimate(waiting) }
                }
                TrySendError::Disconnected(_) => PasswordError::Failed,
            }
        })
    }

    /// About 20 ms for each that waits before us.
    fn estimate(&self, waiting: usize) -> Duration {
        let rounds = u32::try_from(waiting / self.threads).unwrap_or(u32::MAX);
        Duration::from_millis(20).saturating_mul(rounds).max(Duration::from_secs(1))
    }
}

fn work(
    jobs: &Mutex<Receiver<Job>>,
    counts: &Counts,
    cost: Argon2Cost,
    breached: Option<&BreachFilter>,
) {
    // A token that takes a millisecond does not wait behind a hash that takes twenty. Where this is refused, it does.
    let _ = rustix::process::setpriority_process(None, NICENESS);
    let mut hasher = Hasher::new(cost, &counts.computed);
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        counts.waiting.fetch_sub(1, Ordering::Relaxed);
        counts.waits.0.observe(job.since.elapsed().as_secs_f64());
        // Nobody waits for it any more: those behind it get its time.
        if job.work.is_abandoned() {
            continue;
        }
        // A panic must not take the thread with it; the caller sees a closed channel.
        let run = std::panic::AssertUnwindSafe(|| run(job, &mut hasher, breached));
        if std::panic::catch_unwind(run).is_err() {
            tracing::error!("work on a password panicked");
            hasher = Hasher::new(cost, &counts.computed);
        }
    }
}

/// Does the work. A caller that went away leaves a closed channel, which is nobody's trouble.
fn run(job: Job, hasher: &mut Hasher<'_>, breached: Option<&BreachFilter>) {
    let password = &job.password;
    match job.work {
        Work::Hash { salt, answer } => drop(answer.send(hasher.hash(password, &salt))),
        Work::Verify { stored, answer } => {
            drop(answer.send(hasher.verify(password, stored.as_ref())));
        }
        Work::Judge { rule, context, answer } => {
            drop(answer.send(judge(password.expose(), rule, &context, breached)));
        }
    }
}

fn judge(
    password: &str,
    rule: PasswordRule,
    context: &[String],
    breached: Option<&BreachFilter>,
) -> Result<Judgement, PasswordError> {
    let mut judgement = rule.judge(password, context);
    let (None, Some(breached)) = (judgement.problem, breached) else { return Ok(judgement) };
    let is_breached = breached.contains(password.as_bytes()).map_err(|error| {
        tracing::error!(%error, "the breach filter cannot be read");
        PasswordError::NoBreachFilter
    })?;
    if is_breached {
        judgement.problem = Some(PasswordProblem::Breached);
    }
    Ok(judgement)
}
