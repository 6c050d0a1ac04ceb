//! A relay between the program and a server, which cuts, holds and drops what passes.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::servers::wait_until;

/// What the relay does with what passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Manner {
    Pass,
    /// Nothing passes, and nobody is told.
    Hold,
    /// The next commit reaches the server; its answer is dropped and the connection cut.
    CutAfterCommit,
}

struct Shared {
    manner: AtomicU8,
    /// The port that it leads to.
    target: AtomicU16,
    cuts: AtomicUsize,
    open: Mutex<Vec<TcpStream>>,
}

impl Shared {
    fn is(&self, manner: Manner) -> bool {
        self.manner.load(Ordering::SeqCst) == manner as u8
    }
}

pub(super) struct Relay {
    pub(super) port: u16,
    shared: Arc<Shared>,
}

impl Relay {
    /// Begins to pass everything to `port` of this machine.
    pub(super) fn before(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let own = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            manner: AtomicU8::new(Manner::Pass as u8),
            target: AtomicU16::new(port),
            cuts: AtomicUsize::new(0),
            open: Mutex::default(),
        });
        let ours = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let target = ours.target.load(Ordering::SeqCst);
                let Ok(server) = TcpStream::connect(("127.0.0.1", target)) else { continue };
                join(&client, &server, &ours);
            }
        });
        Self { port: own, shared }
    }

    pub(super) fn set(&self, manner: Manner) {
        self.shared.manner.store(manner as u8, Ordering::SeqCst);
    }

    /// Leads to `port` from now on, as the address of a service does after a fail-over.
    pub(super) fn lead_to(&self, port: u16) {
        self.shared.target.store(port, Ordering::SeqCst);
        self.cut();
    }

    /// Cuts every connection that is open now.
    pub(super) fn cut(&self) {
        let open = std::mem::take(&mut *self.shared.open.lock().unwrap());
        open.iter().for_each(|one| drop(one.shutdown(Shutdown::Both)));
    }

    /// How many connections were cut after a commit.
    pub(super) fn cuts(&self) -> usize {
        self.shared.cuts.load(Ordering::SeqCst)
    }
}

fn join(client: &TcpStream, server: &TcpStream, shared: &Arc<Shared>) {
    let copy = |one: &TcpStream| one.try_clone().unwrap();
    shared.open.lock().unwrap().extend([copy(client), copy(server)]);
    let (from, to, ours) = (copy(client), copy(server), Arc::clone(shared));
    std::thread::spawn(move || pass(from, to, &ours, true));
    let (from, to, ours) = (copy(server), copy(client), Arc::clone(shared));
    std::thread::spawn(move || pass(from, to, &ours, false));
}

fn pass(mut from: TcpStream, mut to: TcpStream, shared: &Shared, is_to_server: bool) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        while shared.is(Manner::Hold) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let part = &buffer[..count];
        let is_commit = is_to_server && part.windows(6).any(|six| six == b"COMMIT");
        let is_cut = is_commit && take_cut(shared);
        if is_cut {
            // Nothing of the answer may pass. The commit itself does, and the server must have it.
            drop(from.shutdown(Shutdown::Both));
        }
        if to.write_all(part).is_err() {
            break;
        }
        if is_cut {
            std::thread::sleep(Duration::from_millis(30));
            break;
        }
    }
    drop(from.shutdown(Shutdown::Both));
    drop(to.shutdown(Shutdown::Both));
}

fn take_cut(shared: &Shared) -> bool {
    let (armed, pass) = (Manner::CutAfterCommit as u8, Manner::Pass as u8);
    let swap = shared.manner.compare_exchange(armed, pass, Ordering::SeqCst, Ordering::SeqCst);
    shared.cuts.fetch_add(usize::from(swap.is_ok()), Ordering::SeqCst);
    swap.is_ok()
}

#[test]
fn a_relay_passes_and_cuts() {
    let server = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let relay = Relay::before(server.local_addr().unwrap().port());
    let mut client = TcpStream::connect(("127.0.0.1", relay.port)).unwrap();
    let (mut taken, _) = server.accept().unwrap();
    client.write_all(b"hello").unwrap();
    let mut five = [0; 5];
    taken.read_exact(&mut five).unwrap();
    assert_eq!(&five, b"hello");
    relay.set(Manner::CutAfterCommit);
    client.write_all(b"SELECT 1; COMMIT").unwrap();
    let mut all = Vec::new();
    taken.read_to_end(&mut all).unwrap();
    assert_eq!(all, b"SELECT 1; COMMIT");
    assert_eq!(client.read(&mut five).unwrap_or(0), 0);
    wait_until("counted", Duration::from_secs(1), || relay.cuts() == 1);
}
