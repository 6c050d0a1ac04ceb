//! Whether the server is to stop, and what is still under way.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Of one server.
#[derive(Default)]
pub(super) struct Drain {
    has_begun: AtomicBool,
    under_way: AtomicUsize,
    ended: Notify,
}

/// A request that is under way until this is dropped.
pub(super) struct UnderWay<'a>(&'a Drain);

impl Drain {
    pub(super) fn start(&self) {
        self.has_begun.store(true, Ordering::SeqCst);
    }

    pub(super) fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::SeqCst)
    }

    /// A request begins.
    pub(super) fn begin(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        UnderWay(self)
    }

    /// Waits until no request is under way.
    pub(super) async fn is_idle(&self) {
        loop {
            let ended = self.ended.notified();
            if self.under_way.load(Ordering::SeqCst) == 0 {
                return;
            }
            ended.await;
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
        self.0.ended.notify_waiters();
    }
}
