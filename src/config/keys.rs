//! Every key there is: the one list that loading, error messages and the documentation share.

use super::nearest::nearest;

/// A key of the configuration.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name in the file, sections parted by dots.
    pub name: &'static str,
    /// The value when none is given, written as in the environment; none when there is no value.
    pub default: Option<&'static str>,
    /// What it does, for the documentation.
    pub meaning: &'static str,
}

/// Where `/metrics` is when nobody says so.
pub const DEFAULT_METRICS_LISTEN: &str = "127.0.0.1:9464";

/// The keys of this version, in the order of the documentation.
pub static KEYS: [Key; 38] = [
    key(
        "public_url",
        Some("http://localhost:8080"),
        "the issuer, byte for byte: an origin without path or trailing slash; https unless the \
         host is loopback (`localhost` and names under `.localhost` count) or `dev = true`",
    ),
    key("listen", Some("127.0.0.1:8080"), "address and port of the HTTP listener"),
    key(
        "metrics.listen",
        Some(DEFAULT_METRICS_LISTEN),
        "address and port where `/metrics` is served to Prometheus, apart from everything else; an \
         empty value turns it off. Where another process has the default, `/metrics` is left out",
    ),
    key("data_dir", Some("./data"), "folder of the embedded database and the seal key"),
    key(
        "database_url",
        Some("sqlite:"),
        "`sqlite:` is `tessera.db` in `data_dir`, `sqlite:FILE` another file; or `postgres://…`",
    ),
    key(
        "seal_key",
        None,
        "32 bytes in base64; seals keys and secrets at rest. Required with PostgreSQL; with \
         SQLite it is `seal.key` in `data_dir`, made at first start, when none is given",
    ),
    key("redis_url", None, "`redis://…` or `rediss://…`; recommended with more than one replica"),
    key("tls.cert", None, "PEM file with the certificate chain, to serve https directly"),
    key("tls.key", None, "PEM file with the private key of `tls.cert`"),
    key(
        "trusted_proxies",
        Some(""),
        "networks (`10.0.0.0/8`) or addresses whose `X-Forwarded-For` is believed; an empty list \
         trusts nobody",
    ),
    key(
        "dev",
        Some("false"),
        "relaxes https, shows mails at `/dev/mails`, and says so on every page",
    ),
    key(
        "handoff",
        Some("page"),
        "how an interaction returns to the app: `page` (200 with `Refresh: 0` and a visible link) \
         or `redirect` (303)",
    ),
    key(
        "registration.dynamic",
        Some("off"),
        "who may register a client over HTTP: `off`, `token` (with an initial access token) or \
         `open`",
    ),
    key(
        "sign_up.mode",
        Some("off"),
        "who may make an account of their own, proven by a mail to their address: `off`, `open` or \
         `domains`; other than `off` it needs `mail.url`, or `dev = true`",
    ),
    key(
        "sign_up.domains",
        Some(""),
        "domains whose addresses may, with `sign_up.mode = \"domains\"`: each names itself and nothing \
         below it",
    ),
    key(
        "response_types.implicit",
        Some("false"),
        "`id_token` and `id_token token`, for certification and old apps; the client must register \
         them too",
    ),
    key(
        "response_types.hybrid",
        Some("false"),
        "`code id_token`, `code token` and `code id_token token`, likewise",
    ),
    key(
        "keys.rotate_every",
        Some("90d"),
        "how long a signing key signs before the next one takes over; at least 2d",
    ),
    key(
        "mfa.required",
        Some("false"),
        "everybody shows two factors at every sign-in; who has no second one sets one up",
    ),
    key("mfa.groups", Some(""), "only the people of these groups do"),
    key(
        "mfa.trust_device_for",
        Some("30d"),
        "how long a person may have a device not asked for the second factor again; at most 90d, \
         `0s` offers it to nobody. An app that asks for two factors itself asks all the same",
    ),
    key(
        "webfinger.domains",
        Some(""),
        "domains whose `acct:` names point here, beside the host of `public_url`",
    ),
    key(
        "passwords.breach_filter",
        None,
        "file of passwords that are known from breaches (`tessera breach build` makes it); \
         `breach.filter` in `data_dir` counts when it is there and none is named. Read at start",
    ),
    key(
        "outbound.allow_hosts",
        Some(""),
        "private hosts that fetches and logout calls may reach, as names or addresses without a \
         port (any port; http too with `dev`)",
    ),
    key(
        "outbound.extra_ca",
        None,
        "PEM file with certificate authorities to trust in fetches and logout calls, beside the \
         public ones",
    ),
    key(
        "mail.url",
        None,
        "the server that takes mails: `smtps://USER:PASSWORD@HOST:465`, or `smtp://…:587`, which \
         must offer STARTTLS unless its host is loopback or `dev = true`; without it no mail is sent",
    ),
    key(
        "mail.from",
        None,
        "who mails come from, as `Example <id@example.com>`; needed by `mail.url`",
    ),
    key("mail.reply_to", None, "where answers to mails go, when not to `mail.from`"),
    key("lifetimes.code", Some("60s"), "authorization code; at most 10m"),
    key("lifetimes.access_token", Some("1h"), "access token"),
    key("lifetimes.id_token", Some("1h"), "ID token"),
    key("lifetimes.refresh_idle", Some("30d"), "refresh token that nobody uses"),
    key("lifetimes.refresh_absolute", Some("90d"), "refresh token, however much it is used"),
    key("lifetimes.pushed_request", Some("90s"), "pushed authorization request; 5s to 10m"),
    key("lifetimes.session_idle", Some("12h"), "session that nobody uses"),
    key("lifetimes.session_absolute", Some("24h"), "session, however much it is used"),
    key(
        "lifetimes.session_remembered",
        Some("30d"),
        "session of a person who asked to stay signed in",
    ),
    key("lifetimes.interaction", Some("24h"), "request that waits for its person"),
];

const fn key(name: &'static str, default: Option<&'static str>, meaning: &'static str) -> Key {
    Key { name, default, meaning }
}

impl Key {
    /// The variable that sets it: `TESSERA_SECTION__KEY`.
    pub fn variable(&self) -> String {
        variable(self.name)
    }
}

fn variable(name: &str) -> String {
    format!("TESSERA_{}", name.to_ascii_uppercase().replace('.', "__"))
}

/// The key that the file calls `name`.
///
/// # Errors
/// What to tell the operator when there is none.
pub(super) fn find_by_name(name: &str) -> Result<&'static Key, String> {
    find(name, str::to_owned)
}

/// The key that the variable `name` sets.
///
/// # Errors
/// What to tell the operator when there is none.
pub(super) fn find_by_variable(name: &str) -> Result<&'static Key, String> {
    find(name, variable)
}

fn find(name: &str, spell: fn(&str) -> String) -> Result<&'static Key, String> {
    if let Some(key) = KEYS.iter().find(|key| spell(key.name) == name) {
        return Ok(key);
    }
    let near = nearest(name, KEYS.iter().map(|key| spell(key.name))).unwrap_or_default();
    Err(format!("unknown key, the nearest is {near}"))
}

/// The keys as a table in Markdown: the one in `docs/configuration.md`.
pub fn markdown_table() -> String {
    let mut table = String::from("| key | variable | default | meaning |\n|---|---|---|---|\n");
    for key in &KEYS {
        let default = match key.default {
            Some("") => "empty".to_owned(),
            Some(value) => format!("`{value}`"),
            None => "none".to_owned(),
        };
        let (name, variable, meaning) = (key.name, key.variable(), key.meaning);
        table.push_str(&format!("| `{name}` | `{variable}` | {default} | {meaning} |\n"));
    }
    table
}
