use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Stands between a client and a server of TCP. While it stalls it takes connections and bytes and
/// passes nothing on, as a server does that was stopped.
pub(crate) struct StallingProxy {
    pub(crate) address: SocketAddr,
    is_stalling: Arc<AtomicBool>,
}

impl StallingProxy {
    /// Before `server`, which is a host and a port. It runs on a thread of its own, for those who
    /// block while they connect.
    pub(crate) fn before(server: &str) -> Self {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let is_stalling = Arc::new(AtomicBool::new(false));
        let (stalls, server) = (Arc::clone(&is_stalling), server.to_owned());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(serve(listener, &server, &stalls));
        });
        Self { address, is_stalling }
    }

    pub(crate) fn stall(&self, is_stalling: bool) {
        self.is_stalling.store(is_stalling, Ordering::SeqCst);
    }
}

async fn serve(listener: std::net::TcpListener, server: &str, stalls: &Arc<AtomicBool>) {
    let listener = TcpListener::from_std(listener).expect("a listener");
    while let Ok((client, _)) = listener.accept().await {
        let Ok(server) = TcpStream::connect(server).await else { continue };
        let ((from, to), (back, forth)) = (client.into_split(), server.into_split());
        tokio::spawn(pass(from, forth, Arc::clone(stalls)));
        tokio::spawn(pass(back, to, Arc::clone(stalls)));
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, stalls: Arc<AtomicBool>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        while stalls.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
