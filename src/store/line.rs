//! The waiting line of the threads of a store: first come, first served, and bounded.
//!
//! A channel of the standard library has one receiver. Threads that share one behind a lock wake each
//! other for every job; here a job wakes one of them, and none while one is on its way for it. It is
//! the one that fell asleep last, whose connection is still in the processor's caches.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::StoreError;

/// Jobs that may wait.
const CAPACITY: usize = 2048;

/// Where jobs are handed in. When all of these are gone, the threads end.
pub(super) struct Queue<J>(Arc<Entrance<J>>);

/// Where a thread takes its jobs. When all of these are gone, no more are taken on.
pub(super) struct Jobs<J>(Arc<Line<J>>);

/// What a thread got that did not want to wait for ever.
pub(super) enum Next<J> {
    Job(J),
    /// Nothing came.
    Pause,
    /// Nothing will come any more.
    End,
}

struct Entrance<J>(Arc<Line<J>>);

struct Line<J> {
    waiting: Mutex<Waiting<J>>,
}

struct Waiting<J> {
    jobs: VecDeque<J>,
    is_closed: bool,
    /// Threads that serve the line.
    threads: usize,
    /// Those of them that sleep until they are called, the one that fell asleep last at the end.
    sleeping: Vec<Thread>,
    /// Those that were called and are not here yet.
    called: usize,
}

/// A line, and the place of its first thread.
pub(super) fn line<J>() -> (Queue<J>, Jobs<J>) {
    let waiting = Waiting {
        jobs: VecDeque::new(),
        is_closed: false,
        threads: 1,
        sleeping: Vec::new(),
        called: 0,
    };
    let line = Arc::new(Line { waiting: Mutex::new(waiting) });
    (Queue(Arc::new(Entrance(Arc::clone(&line)))), Jobs(line))
}

impl<J> Line<J> {
    fn lock(&self) -> MutexGuard<'_, Waiting<J>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps until this thread is called, or until then.
    fn sleep<'a>(
        &'a self,
        mut waiting: MutexGuard<'a, Waiting<J>>,
        pause: Option<Duration>,
    ) -> MutexGuard<'a, Waiting<J>> {
        let own = thread::current();
        waiting.sleeping.push(own.clone());
        drop(waiting);
        pause.map_or_else(thread::park, thread::park_timeout);
        let mut waiting = self.lock();
        match waiting.sleeping.iter().position(|other| other.id() == own.id()) {
            // Nobody called: the pause is over, or an earlier call came late.
            Some(place) => drop(waiting.sleeping.remove(place)),
            None => waiting.called -= 1,
        }
        waiting
    }
}

impl<J> Queue<J> {
    /// Hands a job in.
    ///
    /// # Errors
    /// When too many wait, or the threads have ended.
    pub(super) fn submit(&self, job: J) -> Result<(), StoreError> {
        let Entrance(line) = &*self.0;
        let mut waiting = line.lock();
        if waiting.threads == 0 {
            let why = "the store's threads have ended".to_owned();
            return Err(StoreError::Unavailable(why));
        }
        if waiting.jobs.len() >= CAPACITY {
            return Err(StoreError::Full);
        }
        waiting.jobs.push_back(job);
        let called = waiting.call();
        drop(waiting);
        if let Some(thread) = called {
            thread.unpark();
        }
        Ok(())
    }
}

impl<J> Clone for Queue<J> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<J> Drop for Entrance<J> {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.is_closed = true;
        let sleeping = std::mem::take(&mut waiting.sleeping);
        waiting.called += sleeping.len();
        drop(waiting);
        sleeping.iter().for_each(Thread::unpark);
    }
}

impl<J> Jobs<J> {
    /// The next job, as soon as there is one; `None` when none will come any more.
    pub(super) fn next(&self) -> Option<J> {
        let mut waiting = self.0.lock();
        while waiting.has_nothing() {
            waiting = self.0.sleep(waiting, None);
        }
        waiting.jobs.pop_front()
    }

    /// The next job, if one comes within `pause`.
    pub(super) fn next_within(&self, pause: Duration) -> Next<J> {
        let until = Instant::now() + pause;
        let mut waiting = self.0.lock();
        while waiting.has_nothing() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Next::Pause;
            }
            waiting = self.0.sleep(waiting, Some(left));
        }
        waiting.jobs.pop_front().map_or(Next::End, Next::Job)
    }

    /// Moves what waits to `group`, at most so many.
    pub(super) fn take(&self, at_most: usize, group: &mut Vec<J>) {
        let mut waiting = self.0.lock();
        let count = waiting.jobs.len().min(at_most);
        group.extend(waiting.jobs.drain(..count));
    }
}

impl<J> Waiting<J> {
    fn has_nothing(&self) -> bool {
        self.jobs.is_empty() && !self.is_closed
    }

    /// A thread to be called: none while those on their way are as many as the jobs. One that was busy
    /// often takes a job before the one that was called for it, which then serves for the next.
    fn call(&mut self) -> Option<Thread> {
        if self.jobs.len() <= self.called {
            return None;
        }
        let thread = self.sleeping.pop()?;
        self.called += 1;
        Some(thread)
    }
}

impl<J> Clone for Jobs<J> {
    fn clone(&self) -> Self {
        self.0.lock().threads += 1;
        Self(Arc::clone(&self.0))
    }
}

impl<J> Drop for Jobs<J> {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.threads -= 1;
        if waiting.threads == 0 {
            // Whoever waits for their answers is told that none will come.
            let left = std::mem::take(&mut waiting.jobs);
            drop(waiting);
            drop(left);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    #[test]
    fn first_come_first_served_and_in_groups() {
        let (queue, jobs) = line();
        (0..5).for_each(|job| queue.submit(job).unwrap());
        assert_eq!(jobs.next(), Some(0));
        let mut group = Vec::new();
        jobs.take(2, &mut group);
        assert_eq!(group, [1, 2]);
        jobs.take(10, &mut group);
        assert_eq!(group, [1, 2, 3, 4]);
        assert!(matches!(jobs.next_within(Duration::from_millis(1)), Next::Pause));
    }

    #[test]
    fn no_more_wait_than_may() {
        let (queue, jobs) = line();
        (0..CAPACITY).for_each(|job| queue.submit(job).unwrap());
        assert!(matches!(queue.submit(0), Err(StoreError::Full)));
        assert_eq!(jobs.next(), Some(0));
        queue.submit(0).unwrap();
    }

    #[test]
    fn what_was_handed_in_before_the_end_is_done() {
        let (queue, jobs) = line();
        let other = queue.clone();
        queue.submit(1).unwrap();
        drop(queue);
        other.submit(2).unwrap();
        drop(other);
        assert_eq!((jobs.next(), jobs.next(), jobs.next()), (Some(1), Some(2), None));
        assert!(matches!(jobs.next_within(Duration::from_secs(60)), Next::End));
    }

    #[test]
    fn without_threads_nothing_is_taken_on_and_what_waits_is_let_go() {
        let (queue, jobs) = line();
        let second = jobs.clone();
        let waits = Arc::new(());
        queue.submit(Arc::clone(&waits)).unwrap();
        drop(jobs);
        queue.submit(Arc::clone(&waits)).unwrap();
        drop(second);
        assert_eq!(Arc::strong_count(&waits), 1);
        assert!(matches!(queue.submit(waits), Err(StoreError::Unavailable(_))));
    }

    #[test]
    fn a_thread_on_its_way_serves_for_the_next_job() {
        let (queue, jobs) = line();
        let asleep = || {
            let waiting = queue.0.0.lock();
            (waiting.sleeping.len(), waiting.called)
        };
        let (threads, handles): (Vec<_>, Vec<_>) = (0..3)
            .map(|_| thread::spawn(thread::park))
            .map(|handle| (handle.thread().clone(), handle))
            .unzip();
        let last = threads[2].id();
        queue.0.0.lock().sleeping = threads;
        queue.submit(1).unwrap();
        assert_eq!(asleep(), (2, 1));
        assert!(queue.0.0.lock().sleeping.iter().all(|thread| thread.id() != last));
        // Another one was quicker.
        assert_eq!(jobs.next(), Some(1));
        queue.submit(2).unwrap();
        assert_eq!(asleep(), (2, 1));
        queue.submit(3).unwrap();
        assert_eq!(asleep(), (1, 2));
        drop((queue, jobs));
        handles.into_iter().for_each(|handle| handle.join().unwrap());
    }

    #[test]
    fn who_is_not_called_goes_after_the_pause() {
        let (queue, jobs) = line();
        assert!(matches!(jobs.next_within(Duration::from_millis(1)), Next::Pause));
        assert!(queue.0.0.lock().sleeping.is_empty());
        // A call that came late lets nobody go without a job.
        thread::current().unpark();
        assert!(matches!(jobs.next_within(Duration::from_millis(1)), Next::Pause));
        queue.submit(1).unwrap();
        assert_eq!(jobs.next(), Some(1));
        assert_eq!(queue.0.0.lock().called, 0);
    }

    #[test]
    fn no_job_is_lost_or_done_twice_whoever_sleeps() {
        const THREADS: usize = 4;
        const ROUNDS: usize = 2000;
        let (queue, jobs) = line();
        let together = Arc::new(Barrier::new(THREADS));
        let workers: Vec<_> = (0..THREADS)
            .map(|_| {
                let jobs = jobs.clone();
                thread::spawn(move || std::iter::from_fn(|| jobs.next()).collect::<Vec<usize>>())
            })
            .collect();
        let callers: Vec<_> = (0..THREADS)
            .map(|caller| {
                let (queue, together) = (queue.clone(), Arc::clone(&together));
                thread::spawn(move || {
                    for round in 0..ROUNDS {
                        queue.submit(round * THREADS + caller).unwrap();
                        if round % 100 == 0 {
                            // Here the line runs dry, and the workers fall asleep.
                            together.wait();
                        }
                        while queue.0.0.lock().jobs.len() > CAPACITY / 2 {
                            thread::yield_now();
                        }
                    }
                })
            })
            .collect();
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        drop(queue);
        let mut done: Vec<_> =
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect();
        done.sort_unstable();
        assert!(done.into_iter().eq(0..THREADS * ROUNDS));
    }
}
