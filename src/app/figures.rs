//! What an operator watches: figures in the text format of Prometheus (OpenMetrics 1.0).
//!
//! Labels have few values, all of them words of ours: never a client, a person or a path with an id.
//! What is asked of the store is asked when somebody looks.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::app::Issuer;
use crate::credentials::PasswordPool;
use crate::domain::AuditRecord;
use crate::protocol::SigningAlgorithm;
use crate::store::{Db, Store, StoreError, audit, outbox};

/// Seconds of a request: from a document in memory to the limit on any answer.
const BUCKETS: [f64; 9] = [0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0, 15.0];
/// How long the store may take to be asked, so that a scrape is answered whatever it does.
const ASK_WITHIN: Duration = Duration::from_secs(2);

type Labels<const N: usize> = [(&'static str, String); N];

/// The handles of one route, so that counting an answer looks up one name and copies none.
struct Route {
    seconds: Histogram,
    /// By class of status, 1xx first.
    classes: [Counter; CLASSES.len()],
}

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The figures of one provider.
pub(crate) struct Figures {
    registry: Registry,
    requests: Family<Labels<2>, Counter>,
    request_seconds: Family<Labels<1>, Histogram, fn() -> Histogram>,
    routes: RwLock<HashMap<String, Route>>,
    tokens: Family<[(&'static str, &'static str); 2], Counter>,
    events: Family<Labels<3>, Counter>,
    now: Now,
}

/// What is looked up at each scrape.
#[derive(Default)]
struct Now {
    store_up: Gauge,
    keeping: Gauge,
    password_waiting: Gauge,
    outbox_waiting: Gauge,
    outbox_oldest: Gauge,
    audit_unsealed: Gauge,
    audit_oldest: Gauge,
    key_age: Family<[(&'static str, &'static str); 1], Gauge>,
    memory: Gauge,
    open_files: Gauge,
}

/// What waits in the store: how much, and since when in milliseconds.
type Waiting = (i64, Option<i64>);

impl Figures {
    /// The figures of a provider with these parts.
    pub(super) fn new(store: &Store, passwords: &PasswordPool) -> Self {
        let mut figures = Self {
            registry: Registry::with_prefix("tessera"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            routes: RwLock::default(),
            tokens: Family::default(),
            events: Family::default(),
            now: Now::default(),
        };
        figures.register();
        store.register_figures(&mut figures.registry);
        passwords.register_figures(&mut figures.registry);
        figures
    }

    fn register(&mut self) {
        let r = &mut self.registry;
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        r.register("build", "The version that runs", build);
        r.register("http_requests", "Answers, by route and class of status", self.requests.clone());
        let help = "Time until the answer's head, by route";
        r.register_with_unit("http_request", help, Unit::Seconds, self.request_seconds.clone());
        let help = "Token requests, by grant type and outcome";
        r.register("token_requests", help, self.tokens.clone());
        let help = "Rows of the audit trail that this process sealed, by event, outcome and the \
                    factors of a sign-in; of many processes, each row is counted by one";
        r.register("events", help, self.events.clone());
        let now = &self.now;
        r.register("store_up", "Whether the durable store answered just now", now.store_up.clone());
        let help = "Whether reads may be answered from memory; 0 while Redis is out of reach";
        r.register("keeping", help, now.keeping.clone());
        let help = "Passwords that wait to be hashed or judged";
        r.register("password_jobs_waiting", help, now.password_waiting.clone());
        let help = "Mails and logout tokens that wait to be delivered";
        r.register("outbox_waiting", help, now.outbox_waiting.clone());
        let help = "Age of the oldest of them";
        r.register_with_unit("outbox_oldest", help, Unit::Seconds, now.outbox_oldest.clone());
        let help = "Rows of the audit trail that are not sealed yet";
        r.register("audit_unsealed", help, now.audit_unsealed.clone());
        let help = "Age of the oldest of them";
        r.register_with_unit(
            "audit_unsealed_oldest",
            help,
            Unit::Seconds,
            now.audit_oldest.clone(),
        );
        let help = "For how long the key has signed that signs now, by algorithm";
        r.register_with_unit("signing_key_age", help, Unit::Seconds, now.key_age.clone());
        let help = "Memory of this process that is resident";
        r.register_with_unit("process_resident_memory", help, Unit::Bytes, now.memory.clone());
        r.register("process_open_fds", "Files and sockets it holds open", now.open_files.clone());
    }

    /// Counts an answer. `route` is the pattern of the route, or `-` when there is none.
    pub(crate) fn request(&self, route: &str, status: u16, took: Duration) {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = routes.get(route) {
            return known.count(status, took);
        }
        drop(routes);
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        routes.entry(route.to_owned()).or_insert_with(|| self.route(route)).count(status, took);
    }

    fn route(&self, route: &str) -> Route {
        let named = |class: &str| [("route", route.to_owned()), ("status", class.to_owned())];
        Route {
            seconds: self.request_seconds.get_or_create_owned(&[("route", route.to_owned())]),
            classes: CLASSES.map(|class| self.requests.get_or_create_owned(&named(class))),
        }
    }

    /// Counts a token request.
    pub(super) fn token_request(&self, grant_type: Option<&str>, outcome: &'static str) {
        let grant_type = match grant_type {
            Some("authorization_code") => "authorization_code",
            Some("refresh_token") => "refresh_token",
            Some("client_credentials") => "client_credentials",
            _ => "other",
        };
        self.tokens.get_or_create(&[("grant_type", grant_type), ("outcome", outcome)]).inc();
    }

    /// Counts a row of the audit trail.
    pub(super) fn event(&self, row: &AuditRecord) {
        let labels = [
            ("event", row.event.clone()),
            ("outcome", row.outcome.clone()),
            ("factors", factors(&row.details)),
        ];
        self.events.get_or_create(&labels).inc();
    }
}

impl Route {
    fn count(&self, status: u16, took: Duration) {
        self.seconds.observe(took.as_secs_f64());
        let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        self.classes[class].inc();
    }
}

/// The methods of a sign-in that its row tells (RFC 8176), joined by `+`; nothing of other rows.
fn factors(details: &str) -> String {
    const KNOWN: [&str; 5] = ["pwd", "otp", "pop", "user", "mfa"];
    let details: serde_json::Value = serde_json::from_str(details).unwrap_or_default();
    let shown: Vec<&str> = details["amr"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_str)
        .filter(|method| KNOWN.contains(method))
        .collect();
    shown.join("+")
}

impl Issuer {
    /// The figures of now. It is answered whatever the store does.
    pub async fn figures(&self) -> String {
        let asking = self.store.read(|db: &mut Db| -> Result<(Waiting, Waiting), StoreError> {
            Ok((outbox::count_waiting(db)?, audit::oldest_unsealed(db)?))
        });
        let asked = tokio::time::timeout(ASK_WITHIN, asking).await.ok().and_then(Result::ok);
        let (now, at) = (&self.figures.now, self.now());
        let age =
            |since: Option<i64>| since.map_or(0, |since| (at.as_millis() - since).max(0) / 1000);
        now.store_up.set(i64::from(asked.is_some()));
        if let Some((deliveries, rows)) = asked {
            now.outbox_waiting.set(deliveries.0);
            now.outbox_oldest.set(age(deliveries.1));
            now.audit_unsealed.set(rows.0);
            now.audit_oldest.set(age(rows.1));
        }
        now.keeping.set(i64::from(self.store.is_keeping()));
        now.password_waiting.set(i64::try_from(self.passwords.waiting()).unwrap_or(i64::MAX));
        let ring = self.keys.ring();
        for algorithm in SigningAlgorithm::ALL {
            if let Some(key) = ring.signing_key(algorithm, at) {
                let signs_for = age(Some(key.active_from().as_millis()));
                now.key_age.get_or_create(&[("alg", algorithm.as_str())]).set(signs_for);
            }
        }
        if let Some((memory, files)) = process() {
            now.memory.set(memory);
            now.open_files.set(files);
        }
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.figures.registry);
        text
    }
}

/// The bytes of memory and the open files of this process, where the system tells (Linux does).
fn process() -> Option<(i64, i64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: i64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    let files = std::fs::read_dir("/proc/self/fd").ok()?.count();
    Some((kib * 1024, i64::try_from(files).ok()?))
}
