//! Jobs: closures that run to their end on a thread of the store, whatever becomes of their
//! caller. A cancelled request never leaves half a transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::figures::outcome;
use super::kept::{Kept, Touched};
use super::{Db, StoreError, failpoint};

/// What a run of a job led to.
pub(super) enum Ran {
    /// It did its work; the answer goes out once the work is durable.
    Done,
    /// It refused or failed; what it did must be undone.
    Failed,
    /// It failed, and diesel does not say for what reason.
    Unexplained,
    /// It met another transaction and may be run again.
    Conflict,
}

/// A unit of work and the way its answer travels.
pub(super) struct Job {
    pub(super) name: &'static str,
    pub(super) is_write: bool,
    /// Whether it is one statement, which is a transaction by itself.
    pub(super) is_single: bool,
    /// What a change touches of what is kept in memory.
    touched: Option<Touched>,
    kept: Arc<Kept>,
    since: Instant,
    work: Box<dyn Work + Send>,
}

trait Work {
    fn run(&mut self, db: &mut Db) -> Ran;
    /// Answers, and says in one word what.
    fn answer(self: Box<Self>, durable: Result<(), StoreError>) -> &'static str;
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
            Err(StoreError::Unexplained(_)) => Ran::Unexplained,
            Err(_) => Ran::Failed,
        };
        self.result = Some(result);
        ran
    }

    fn answer(self: Box<Self>, durable: Result<(), StoreError>) -> &'static str {
        let result = match (self.result, durable) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            // What became of the transaction explains it.
            (Some(Err(StoreError::Unexplained(_))), Err(error)) => Err(error),
            (Some(Err(error)), _) | (_, Err(error)) => Err(error),
            (None, Ok(())) => Err(StoreError::Failed("the job never ran".to_owned())),
        };
        let outcome = outcome(&result);
        // A caller that went away does not wait for the answer.
        drop(self.answer.send(result));
        outcome
    }
}

impl Job {
    /// How long it has been there.
    pub(super) fn waited(&self) -> Duration {
        self.since.elapsed()
    }

    /// Runs it once. A panic counts as a failure.
    pub(super) fn run(&mut self, db: &mut Db) -> Ran {
        self.work.run(db)
    }

    /// To be called when what it did is about to be committed.
    pub(super) fn before_commit(&self) {
        failpoint::reach("before-commit", self.name);
    }

    /// Sends its answer; `durable` says whether the transaction around it was committed. What it
    /// touched is forgotten first, so that whoever has the answer reads what it changed.
    pub(super) fn answer(self, durable: Result<(), StoreError>) {
        if durable.is_ok() {
            failpoint::reach("after-commit", self.name);
        }
        if let Some(touched) = self.touched {
            self.kept.changed(touched);
        }
        let outcome = self.work.answer(durable);
        self.kept.figures.ended(self.name, outcome, self.since.elapsed().as_secs_f64());
    }
}

/// Wraps a closure. One that changes something says what it touches, and where that is kept.
pub(super) fn job<R, F>(
    name: &'static str,
    kept: &Arc<Kept>,
    touched: Option<Touched>,
    work: F,
) -> (Job, oneshot::Receiver<Result<R, StoreError>>)
where
    R: Send + 'static,
    F: FnMut(&mut Db) -> Result<R, StoreError> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let work = Box::new(Typed { work, result: None, answer: sender });
    kept.figures.begun();
    let is_write = touched.is_some();
    let (kept, since) = (Arc::clone(kept), Instant::now());
    let job = Job { name, is_write, is_single: false, touched, kept, since, work };
    (job, receiver)
}
