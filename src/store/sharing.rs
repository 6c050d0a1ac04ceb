//! What a change touched, told to the other processes over a channel of Redis.
//!
//! Each process says it after the commit and without waiting, and hears it from the others. Who
//! cannot hear keeps nothing: its reads go to the durable store until the channel is back. A message
//! holds ids and opens nothing; whoever can write to the channel can make us forget, and no more.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use futures_util::StreamExt as _;
use redis::AsyncCommands as _;
use redis::aio::{MultiplexedConnection, PubSub};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::EphemeralError;
use super::kept::{Kept, Touched};
use crate::base::{GrantId, SessionId};

const CHANNEL: &str = "tessera:touched";
/// Changes that may wait to be told. What does not fit is told as [`Touched::Everything`].
const WAITING: usize = 4096;
/// Changes in one message.
const BATCH: usize = 128;
/// A longer message is none of ours.
const MAX_MESSAGE: usize = 16 * 1024;
const CONNECT_WITHIN: Duration = Duration::from_secs(1);
/// Every process says something this often, so that silence means that the channel is lost.
const BEAT: Duration = Duration::from_millis(250);
const SILENCE: Duration = Duration::from_secs(1);
/// The first wait before connecting again; it doubles up to the last.
const WAITS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(3));

/// Where a process puts what it has to tell.
pub(super) struct Teller {
    queue: mpsc::Sender<Touched>,
    /// Whether something did not fit into the queue, or was lost with a connection.
    has_missed: Arc<AtomicBool>,
}

impl Teller {
    /// Never waits.
    pub(super) fn tell(&self, touched: Touched) {
        if self.queue.try_send(touched).is_err() {
            self.has_missed.store(true, Ordering::Release);
        }
    }
}

/// Begins to share what `make` makes of the teller. It must be called in a runtime, and ends with
/// the last handle of what was made.
///
/// # Errors
/// When `url` is no address of a Redis. One that cannot be reached is tried for ever.
pub(super) fn begin(
    url: &str,
    sender: String,
    make: impl FnOnce(Teller) -> Kept,
) -> Result<Arc<Kept>, EphemeralError> {
    let client = redis::Client::open(url)?;
    let (queue, changes) = mpsc::channel(WAITING);
    let has_missed = Arc::new(AtomicBool::new(false));
    let kept = Arc::new(make(Teller { queue, has_missed: Arc::clone(&has_missed) }));
    let line = Line { client, sender, has_missed, kept: Arc::downgrade(&kept) };
    tokio::spawn(line.keep_open(changes));
    Ok(kept)
}

/// The two connections to the channel.
struct Line {
    client: redis::Client,
    /// A name that no other process has: nobody need hear oneself.
    sender: String,
    has_missed: Arc<AtomicBool>,
    kept: Weak<Kept>,
}

/// Why a line ended.
enum Ended {
    /// Nobody keeps anything any more.
    Unneeded,
    Lost(String),
}

impl Line {
    async fn keep_open(self, mut changes: mpsc::Receiver<Touched>) {
        let mut wait = WAITS.0;
        while self.kept.strong_count() > 0 {
            let ended = match self.connect().await {
                Ok((telling, hearing)) => {
                    wait = WAITS.0;
                    if let Some(kept) = self.kept.upgrade() {
                        kept.begin_keeping();
                    }
                    tracing::info!("redis tells what other processes change");
                    tokio::select! {
                        ended = self.tell(telling, &mut changes) => ended,
                        ended = self.hear(hearing) => ended,
                    }
                }
                Err(problem) => Ended::Lost(problem),
            };
            let Ended::Lost(problem) = ended else { return };
            self.has_missed.store(true, Ordering::Release);
            let Some(kept) = self.kept.upgrade() else { return };
            if kept.end_keeping() {
                tracing::warn!(problem, "redis is lost: nothing is kept until it is back");
            }
            drop(kept);
            sleep(wait).await;
            wait = (wait * 2).min(WAITS.1);
        }
    }

    async fn connect(&self) -> Result<(MultiplexedConnection, PubSub), String> {
        let connecting = async {
            let mut hearing = self.client.get_async_pubsub().await?;
            // Answered once it counts: from here on nothing is missed.
            hearing.subscribe(CHANNEL).await?;
            Ok((self.client.get_multiplexed_async_connection().await?, hearing))
        };
        match timeout(CONNECT_WITHIN, connecting).await {
            Ok(connected) => connected.map_err(|error: redis::RedisError| error.to_string()),
            Err(_) => Err("connecting took too long".to_owned()),
        }
    }

    /// Says what was changed, and now and then that nothing was.
    async fn tell(
        &self,
        mut telling: MultiplexedConnection,
        changes: &mut mpsc::Receiver<Touched>,
    ) -> Ended {
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            batch.clear();
            tokio::select! {
                count = changes.recv_many(&mut batch, BATCH) => if count == 0 {
                    return Ended::Unneeded;
                },
                _ = beat.tick() => {}
            }
            if self.has_missed.swap(false, Ordering::AcqRel) {
                batch.push(Touched::Everything);
            }
            let told: Result<(), _> = telling.publish(CHANNEL, write(&self.sender, &batch)).await;
            if let Err(error) = told {
                return Ended::Lost(error.to_string());
            }
        }
    }

    /// Forgets what others have changed.
    async fn hear(&self, mut hearing: PubSub) -> Ended {
        let mut messages = hearing.on_message();
        loop {
            let message = match timeout(SILENCE, messages.next()).await {
                Ok(Some(message)) => message,
                Ok(None) => return Ended::Lost("the connection was closed".to_owned()),
                Err(_) => return Ended::Lost("it is silent".to_owned()),
            };
            let Some(kept) = self.kept.upgrade() else { return Ended::Unneeded };
            match read(message.get_payload_bytes()) {
                Some((sender, touched)) if sender != self.sender => {
                    touched.into_iter().for_each(|touched| kept.forget(touched));
                }
                _ => {}
            }
        }
    }
}

/// `1 SENDER` and what was touched: `*`, or `g` or `s` and an id.
fn write(sender: &str, batch: &[Touched]) -> String {
    let mut text = format!("1 {sender}");
    if batch.contains(&Touched::Everything) {
        text.push_str(" *");
        return text;
    }
    for touched in batch {
        match touched {
            Touched::Nothing | Touched::Everything => {}
            Touched::Grant(id) => text.push_str(&format!(" g{}", HEX.encode(id.as_bytes()))),
            Touched::Session(id) => text.push_str(&format!(" s{}", HEX.encode(id.as_bytes()))),
        }
    }
    text
}

/// Who says it, and what was touched. None for what we would not have written.
fn read(payload: &[u8]) -> Option<(&str, Vec<Touched>)> {
    if payload.len() > MAX_MESSAGE {
        return None;
    }
    let mut words = std::str::from_utf8(payload).ok()?.split(' ');
    if words.next() != Some("1") {
        return None;
    }
    let sender = words.next().filter(|sender| !sender.is_empty())?;
    let touched = words.map(|word| {
        let id = HEX.decode(word.get(1..)?.as_bytes()).ok()?;
        match word.as_bytes().first()? {
            b'*' if id.is_empty() => Some(Touched::Everything),
            b'g' => GrantId::from_bytes(&id).ok().map(Touched::Grant),
            b's' => SessionId::from_bytes(&id).ok().map(Touched::Session),
            _ => None,
        }
    });
    Some((sender, touched.collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{SystemEntropy, Timestamp};

    #[test]
    fn what_is_written_is_read() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let grant = Touched::Grant(GrantId::new(now, &SystemEntropy));
        let session = Touched::Session(SessionId::new(now, &SystemEntropy));
        let full = vec![session; BATCH];
        for batch in [vec![], vec![grant], vec![grant, session], full] {
            let text = write("me", &batch);
            assert_eq!(read(text.as_bytes()), Some(("me", batch)));
        }
        let everything = write("me", &[grant, Touched::Everything]);
        assert_eq!(read(everything.as_bytes()), Some(("me", vec![Touched::Everything])));
        assert_eq!(write("me", &[Touched::Nothing]), "1 me");
    }

    #[test]
    fn what_nobody_of_us_wrote_is_no_message() {
        let long = format!("1 me{}", " *".repeat(MAX_MESSAGE));
        let odd = [
            "", "1", "1 ", "2 me *", "1 me x", "1 me *00", "1 me g", "1 me g00", "1 me  *",
            "1 me ★", "FLUSH", &long,
        ];
        for text in odd {
            assert_eq!(read(text.as_bytes()), None, "{text:.20}");
        }
        assert_eq!(read(b"1 me \xff"), None);
    }
}
