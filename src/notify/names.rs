use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;

/// Lookups at a time. One that nobody waits for any more still holds a thread until the system
/// gives it up, so the permit stays with the lookup and not with its caller.
const LOOKUPS: usize = 64;

/// The addresses of a name, once they are known.
pub type Resolving = BoxFuture<'static, io::Result<Vec<IpAddr>>>;

/// Who tells the addresses of a name. A test brings its own.
pub trait Names: Send + Sync {
    /// The addresses of `host`, a name in ASCII.
    fn resolve(&self, host: &str) -> Resolving;
}

/// The resolver of the operating system.
#[derive(Debug)]
pub struct SystemNames(Arc<Semaphore>);

impl Default for SystemNames {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LOOKUPS)))
    }
}

impl Names for SystemNames {
    fn resolve(&self, host: &str) -> Resolving {
        let (turns, host) = (Arc::clone(&self.0), host.to_owned());
        Box::pin(async move {
            let turn = turns.acquire_owned().await.map_err(io::Error::other)?;
            let lookup = tokio::task::spawn_blocking(move || {
                let found = (host.as_str(), 0).to_socket_addrs();
                drop(turn);
                found.map(|found| found.map(|address| address.ip()).collect())
            });
            lookup.await.map_err(io::Error::other)?
        })
    }
}
