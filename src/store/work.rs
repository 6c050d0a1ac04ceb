//! Jobs: closures that run to their end on a thread of the store, whatever becomes of their
//! caller. A cancelled request never leaves half a transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use tokio::sync::oneshot;

use std::sync::Arc;

use super::kept::{Kept, Touched};
use super::{Db, StoreError, failpoint};

/// Jobs that may wait.
const CAPACITY: usize = 2048;

/// What a run of a job led to.
pub(super) enum Ran {
    /// It did its work; the answer goes out once the work is durable.
    Done,
    /// It refused or failed; what it did must be undone.
    Failed,
    /// It met another transaction and may be run again.
    Conflict,
}

/// A unit of work and the way its answer travels.
pub(super) struct Job {
    pub(super) name: &'static str,
    pub(super) is_write: bool,
    /// What a change touches of what is kept in memory.
    touched: Option<(Arc<Kept>, Touched)>,
    work: Box<dyn Work + Send>,
}

trait Work {
    fn run(&mut self, db: &mut Db) -> Ran;
    fn answer(self: Box<Self>, durable: Result<(), StoreError>);
}

struct Typed<R, F> {
    work: F,
    result: Option<Result<R, StoreError>>,
    answer: oneshot::Sender<Result<R, StoreError>>,
}

impl<R, F: FnMut(&mut Db) -> Result<R, StoreError>> Work for Typed<R, F> {
    fn run(&mut self, db: &mut Db) -> Ran {
        let result = catch_unwind(AssertUnwindSafe(|| (self.work)(db)))
            .unwrap_or_else(|_| Err(StoreError::Failed("the job panicked".to_owned())));
        let ran = match &result {
            Ok(_) => Ran::Done,
            Err(StoreError::Conflict) => Ran::Conflict,
            Err(_) => Ran::Failed,
        };
        self.result = Some(result);
        ran
    }

    fn answer(self: Box<Self>, durable: Result<(), StoreError>) {
        let result = match (self.result, durable) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Err(error)), _) | (_, Err(error)) => Err(error),
            (None, Ok(())) => Err(StoreError::Failed("the job never ran".to_owned())),
        };
        // A caller that went away does not wait for the answer.
        drop(self.answer.send(result));
    }
}

impl Job {
    /// Runs it once. A panic counts as a failure.
    pub(super) fn run(&mut self, db: &mut Db) -> Ran {
        let ran = self.work.run(db);
        failpoint::reach("before-commit", self.name);
        ran
    }

    /// Sends its answer; `durable` says whether the transaction around it was committed. What it
    /// touched is forgotten first, so that whoever has the answer reads what it changed.
    pub(super) fn answer(self, durable: Result<(), StoreError>) {
        if durable.is_ok() {
            failpoint::reach("after-commit", self.name);
        }
        if let Some((kept, touched)) = &self.touched {
            kept.forget(*touched);
        }
        self.work.answer(durable);
    }
}

/// Wraps a closure. One that changes something says what it touches, and where that is kept.
pub(super) fn job<R, F>(
    name: &'static str,
    touched: Option<(Arc<Kept>, Touched)>,
    work: F,
) -> (Job, oneshot::Receiver<Result<R, StoreError>>)
where
    R: Send + 'static,
    F: FnMut(&mut Db) -> Result<R, StoreError> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let work = Box::new(Typed { work, result: None, answer: sender });
    (Job { name, is_write: touched.is_some(), touched, work }, receiver)
}

/// The waiting line of one or more threads: first come, first served, and bounded.
#[derive(Clone)]
pub(super) struct Queue(SyncSender<Job>);

impl Queue {
    pub(super) fn new() -> (Self, Receiver<Job>) {
        let (sender, receiver) = sync_channel(CAPACITY);
        (Self(sender), receiver)
    }

    pub(super) fn submit(&self, job: Job) -> Result<(), StoreError> {
        self.0.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => {
                StoreError::Unavailable("the store's threads have ended".to_owned())
            }
        })
    }
}
