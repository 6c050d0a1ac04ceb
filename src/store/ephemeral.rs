//! The short-lived store: counters of rates. Losing it signs nobody out, revives no token and
//! opens no door.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands as _, Script};
use tokio::time::timeout;

use super::circuit::Circuit;
use crate::base::{Clock, Timestamp};

/// More entries than this and the oldest make room.
const CAPACITY: usize = 100_000;
const PREFIX: &str = "tessera:";
/// How long a request waits for Redis.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);
const CONNECT_WITHIN: Duration = Duration::from_secs(1);
/// How long nobody asks a Redis that did not answer.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(5);

/// Counters that end by themselves, in memory or on Redis.
#[derive(Clone)]
pub struct Ephemeral {
    memory: Arc<Memory>,
    redis: Option<Server>,
}

/// A Redis. One that does not answer is left alone for a while.
#[derive(Clone)]
struct Server {
    manager: ConnectionManager,
    circuit: Arc<Circuit>,
}

/// Redis did not answer.
#[derive(Debug, thiserror::Error)]
#[error("redis: {0}")]
pub struct EphemeralError(#[from] redis::RedisError);

struct Memory {
    clock: Arc<dyn Clock>,
    entries: Mutex<HashMap<String, Entry>>,
}

struct Entry {
    count: i64,
    expires_at: Timestamp,
}

/// What the Redis at `url` forgets when its memory is full; none when it does not tell, as hosted
/// ones may.
///
/// # Errors
/// When it does not answer.
pub async fn eviction_policy(url: &str) -> Result<Option<String>, EphemeralError> {
    let mut redis = ConnectionManager::new(redis::Client::open(url)?).await?;
    let () = redis::cmd("PING").exec_async(&mut redis).await?;
    let mut asked = redis::cmd("CONFIG");
    let told: Result<Vec<String>, _> =
        asked.arg("GET").arg("maxmemory-policy").query_async(&mut redis).await;
    Ok(told.ok().and_then(|told| told.into_iter().nth(1)))
}

impl Ephemeral {
    /// In this process.
    pub fn memory(clock: Arc<dyn Clock>) -> Self {
        Self { memory: Arc::new(Memory { clock, entries: Mutex::default() }), redis: None }
    }

    /// On Redis. When it does not answer, counting goes on in this process, which is stricter
    /// for those who meet the same replica again and never opens a door.
    ///
    /// # Errors
    /// When it cannot be reached now.
    pub async fn redis(url: &str, clock: Arc<dyn Clock>) -> Result<Self, EphemeralError> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(CONNECT_WITHIN))
            .set_response_timeout(Some(ANSWER_WITHIN));
        let manager = ConnectionManager::new_with_config(redis::Client::open(url)?, config).await?;
        let circuit = Arc::new(Circuit::new(LEFT_ALONE_FOR));
        Ok(Self { redis: Some(Server { manager, circuit }), ..Self::memory(clock) })
    }

    /// What Redis answers. None when there is none, or it does not answer in time: it is then left
    /// alone for some seconds, so that a request pays at most once for its silence.
    async fn on_redis<R>(
        &self,
        ask: impl AsyncFnOnce(ConnectionManager) -> redis::RedisResult<R>,
    ) -> Option<R> {
        let server = self.redis.as_ref()?;
        if !server.circuit.lets_through(Instant::now()) {
            return None;
        }
        let problem = match timeout(ANSWER_WITHIN, ask(server.manager.clone())).await {
            Ok(Ok(answer)) => {
                server.circuit.succeeded();
                return Some(answer);
            }
            // It answers, and what stands there is none of ours.
            Ok(Err(error)) if !is_silence(&error) => {
                server.circuit.succeeded();
                tracing::warn!(%error, "redis holds something else");
                return None;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        server.circuit.failed(Instant::now());
        tracing::warn!(problem, "redis does not answer: this process counts by itself meanwhile");
        None
    }

    /// Adds `delta` to a counter that lives for `ttl` from its first use, and returns it; it is
    /// never below zero. One atomic step on either store.
    pub async fn bump(&self, key: &str, delta: i64, ttl: Duration) -> u64 {
        let counted = self.on_redis(async |mut redis| {
            let script = Script::new(BUMP);
            let mut call = script.key(format!("{PREFIX}{key}"));
            call.arg(delta).arg(millis(ttl)).invoke_async::<i64>(&mut redis).await
        });
        if let Some(count) = counted.await {
            return u64::try_from(count).unwrap_or(0);
        }
        self.memory.bump(key, delta, ttl)
    }

    /// What a counter has come to, without making one.
    pub async fn count(&self, key: &str) -> u64 {
        let found = self.on_redis(async |mut redis| {
            redis.get::<_, Option<i64>>(format!("{PREFIX}{key}")).await
        });
        match found.await {
            Some(count) => u64::try_from(count.unwrap_or_default()).unwrap_or(0),
            None => self.memory.count(key),
        }
    }
}

/// Whether an error tells that nobody is there, and not what somebody answered.
fn is_silence(error: &redis::RedisError) -> bool {
    error.is_io_error()
        || error.is_timeout()
        || error.is_connection_dropped()
        || error.is_connection_refusal()
}

/// Whole milliseconds, as Redis takes them.
fn millis(ttl: Duration) -> u64 {
    u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX)
}

/// Adds, floors at zero, and gives a new counter its end.
const BUMP: &str = r"
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
if count < 0 then
  redis.call('SET', KEYS[1], 0, 'KEEPTTL')
  count = 0
end
if redis.call('PTTL', KEYS[1]) < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return count
";

impl Memory {
    fn with<R>(&self, work: impl FnOnce(&mut HashMap<String, Entry>, Timestamp) -> R) -> R {
        let now = self.clock.now();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= CAPACITY {
            make_room(&mut entries, now);
        }
        work(&mut entries, now)
    }

    fn bump(&self, key: &str, delta: i64, ttl: Duration) -> u64 {
        self.with(|entries, now| {
            let fresh = Entry { count: 0, expires_at: now + ttl };
            let entry = entries.entry(key.to_owned()).or_insert(fresh);
            if now >= entry.expires_at {
                *entry = Entry { count: 0, expires_at: now + ttl };
            }
            entry.count = entry.count.saturating_add(delta).max(0);
            u64::try_from(entry.count).unwrap_or(0)
        })
    }

    fn count(&self, key: &str) -> u64 {
        self.with(|entries, now| {
            let live = entries.get(key).filter(|entry| now < entry.expires_at);
            live.and_then(|entry| u64::try_from(entry.count).ok()).unwrap_or_default()
        })
    }
}

/// Drops what has expired; if that is not enough, what expires soonest.
fn make_room(entries: &mut HashMap<String, Entry>, now: Timestamp) {
    entries.retain(|_, entry| now < entry.expires_at);
    if entries.len() < CAPACITY {
        return;
    }
    let mut ends: Vec<Timestamp> = entries.values().map(|entry| entry.expires_at).collect();
    ends.sort_unstable();
    let cut = ends[ends.len() / 10];
    entries.retain(|_, entry| entry.expires_at > cut);
}
