use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::sync::oneshot;
use unicode_normalization::UnicodeNormalization as _;

use crate::base::{Secret, constant_time_eq};

/// A password longer than this is refused before anything is computed.
const MAX_BYTES: usize = 4 * 1024;
const OUTPUT: usize = 32;
/// A stored hash that asks for more than this is malformed: memory that the system cannot give
/// would end the process.
const MOST: Argon2Cost = Argon2Cost { memory_kib: 1024 * 1024, passes: 64 };
/// Jobs that may wait (`contract.md`).
const QUEUE: usize = 64;

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

/// A stored hash: argon2id in PHC form, with its parameters.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The hash that stands in a row.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The form that is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
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
}

impl Work {
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Hash { answer, .. } => answer.is_closed(),
            Self::Verify { answer, .. } => answer.is_closed(),
        }
    }
}

struct Job {
    password: Secret<String>,
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
    /// KiB of memory times passes over it, of every hash that was computed.
    work: AtomicU64,
}

impl PasswordPool {
    /// A pool of `threads` threads; they end when the last handle is dropped.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn new(cost: Argon2Cost, threads: usize) -> std::io::Result<Self> {
        let threads = threads.max(1);
        let (queue, jobs) = sync_channel(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let counts = Arc::<Counts>::default();
        for number in 0..threads {
            let (jobs, counts) = (Arc::clone(&jobs), Arc::clone(&counts));
            std::thread::Builder::new()
                .name(format!("password-{number}"))
                .spawn(move || work(&jobs, &counts, cost))?;
        }
        Ok(Self { queue, counts, threads })
    }

    /// The work that was done so far, in KiB of memory times passes over it. Two calls that do the
    /// same work take the same time.
    pub fn work_done(&self) -> u64 {
        self.counts.work.load(Ordering::Relaxed)
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
        hash.await.map_err(|_| PasswordError::Failed)?
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
        verified.await.map_err(|_| PasswordError::Failed)?
    }

    fn submit(&self, password: Secret<String>, work: Work) -> Result<(), PasswordError> {
        if password.expose().len() > MAX_BYTES {
            return Err(PasswordError::TooLong);
        }
        self.counts.waiting.fetch_add(1, Ordering::Relaxed);
        self.queue.try_send(Job { password, work }).map_err(|error| {
            let waiting = self.counts.waiting.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => {
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

fn work(jobs: &Mutex<Receiver<Job>>, counts: &Counts, cost: Argon2Cost) {
    let mut arena = Arena { blocks: Vec::new(), cost, work: &counts.work };
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        counts.waiting.fetch_sub(1, Ordering::Relaxed);
        // Nobody waits for it any more: those behind it get its time.
        if job.work.is_abandoned() {
            continue;
        }
        // A panic must not take the thread with it; the caller sees a closed channel.
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| arena.run(job)));
        if result.is_err() {
            tracing::error!("hashing a password panicked");
            arena.blocks = Vec::new();
        }
    }
}

/// The memory of one thread, kept from hash to hash.
struct Arena<'a> {
    blocks: Vec<Block>,
    cost: Argon2Cost,
    work: &'a AtomicU64,
}

impl Arena<'_> {
    fn run(&mut self, job: Job) {
        // The whole password counts, in one normal form (NIST SP 800-63B §3.1.1.2).
        let password = Secret::new(job.password.expose().nfkc().collect::<String>());
        let bytes = password.expose().as_bytes();
        // A caller that went away leaves a closed channel, which is nobody's trouble.
        match job.work {
            Work::Hash { salt, answer } => drop(answer.send(self.hash(bytes, &salt))),
            Work::Verify { stored, answer } => {
                drop(answer.send(self.verify(bytes, stored.as_ref())));
            }
        }
    }

    fn hash(&mut self, password: &[u8], salt: &[u8]) -> Result<PasswordHash, PasswordError> {
        let Argon2Cost { memory_kib, passes } = self.cost;
        let output = self.compute(password, salt, self.cost).ok_or(PasswordError::Failed)?;
        let (salt, output) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(output));
        Ok(PasswordHash(format!("$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${output}")))
    }

    fn verify(
        &mut self,
        password: &[u8],
        stored: Option<&PasswordHash>,
    ) -> Result<Verified, PasswordError> {
        let Some(phc) = stored.and_then(|stored| Phc::parse(&stored.0)) else {
            self.compute(password, &[0; 16], self.cost).ok_or(PasswordError::Failed)?;
            return Ok(Verified::Wrong);
        };
        let output = self.compute(password, &phc.salt, phc.cost).ok_or(PasswordError::Failed)?;
        if constant_time_eq(&output, &phc.output) {
            Ok(Verified::Right { needs_rehash: phc.cost != self.cost })
        } else {
            Ok(Verified::Wrong)
        }
    }

    fn compute(&mut self, password: &[u8], salt: &[u8], cost: Argon2Cost) -> Option<[u8; OUTPUT]> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, Some(OUTPUT)).ok()?;
        let needed = params.block_count();
        if self.blocks.len() < needed {
            self.blocks.resize(needed, Block::default());
        }
        let mut output = [0; OUTPUT];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(password, salt, &mut output, &mut self.blocks[..needed])
            .ok()?;
        let work = u64::from(cost.memory_kib) * u64::from(cost.passes);
        self.work.fetch_add(work, Ordering::Relaxed);
        Some(output)
    }
}

/// A PHC string of ours taken apart.
struct Phc {
    cost: Argon2Cost,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Phc {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("$argon2id$v=19$")?.split('$');
        let (params, salt, output) = (parts.next()?, parts.next()?, parts.next()?);
        let mut values = params.split(',');
        let mut value = |name: &str| values.next()?.strip_prefix(name)?.parse::<u32>().ok();
        let cost = Argon2Cost { memory_kib: value("m=")?, passes: value("t=")? };
        let is_within = cost.memory_kib <= MOST.memory_kib && cost.passes <= MOST.passes;
        (is_within && value("p=")? == 1 && parts.next().is_none()).then_some(())?;
        Some(Self {
            cost,
            salt: STANDARD_NO_PAD.decode(salt).ok()?,
            output: STANDARD_NO_PAD.decode(output).ok()?,
        })
    }
}
