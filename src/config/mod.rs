//! Settings: a TOML file, overridden by the environment, checked as a whole.
//!
//! `TESSERA_SECTION__KEY` sets `section.key`, and `TESSERA_SECTION__KEY_FILE` names a file that
//! holds the value. The file of `--config` or `TESSERA_CONFIG` is read when one is named; there is
//! no file that is read by itself. Every mistake is reported at once, each with its place.

mod environment;
mod file;
mod keys;
mod lifetimes;
mod mistake;
mod nearest;
mod reader;
mod values;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;

pub(crate) use environment::without_line_end;
pub use keys::{DEFAULT_METRICS_LISTEN, KEYS, Key, markdown_table};
pub use lifetimes::Lifetimes;
pub use mistake::{Mistake, Mistakes, Source};
pub use nearest::{nearest, similar};
pub(crate) use values::duration;
pub use values::{
    DatabaseUrl, Handoff, MfaSettings, OutboundSettings, PublicUrl, SealKeySource, SignUpMode,
    TlsFiles,
};

use crate::base::Secret;
use crate::notify::{MailServer, MailSettings, Sender};
use crate::protocol::{DynamicRegistration, ResponseTypeSwitches};
use crate::rules::sign_up::SignUpPolicy;
use reader::{Reader, Values};

/// The variable that names the file when `--config` does not.
pub const CONFIG_VARIABLE: &str = "TESSERA_CONFIG";

/// A key is published for 25 hours before it signs, and two days leave that its room.
const ROTATE_EVERY: RangeInclusive<Duration> =
    Duration::from_secs(2 * 24 * 60 * 60)..=Duration::from_secs(2 * 365 * 24 * 60 * 60);

/// A device that is trusted for longer than a quarter of a year is a factor that nobody looks after.
const TRUST_DEVICE_FOR: RangeInclusive<Duration> =
    Duration::ZERO..=Duration::from_secs(90 * 24 * 60 * 60);

/// The whole configuration, checked. It prints without its secrets.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The issuer.
    pub public_url: PublicUrl,
    /// Where HTTP is served.
    pub listen: SocketAddr,
    /// Where `/metrics` is served; nowhere when there is none.
    pub metrics_listen: Option<SocketAddr>,
    /// Folder of the embedded database and the seal key.
    pub data_dir: PathBuf,
    /// Where the durable data is.
    pub database: DatabaseUrl,
    /// Where the seal key comes from.
    pub seal_key: SealKeySource,
    /// The short-lived store that replicas share; its address may hold a password.
    pub redis_url: Option<Secret<String>>,
    /// Certificate for serving https directly.
    pub tls: Option<TlsFiles>,
    /// Networks whose `X-Forwarded-For` is believed; empty trusts nobody (`security.md` R60).
    pub trusted_proxies: Vec<IpNet>,
    /// Whether https is relaxed, and every page says so.
    pub is_dev: bool,
    /// How an interaction returns to the app.
    pub handoff: Handoff,
    /// Who may register a client over HTTP.
    pub dynamic_registration: DynamicRegistration,
    /// Who may make an account of their own.
    pub sign_up: SignUpPolicy,
    /// Which response types are offered beyond `code`.
    pub response_types: ResponseTypeSwitches,
    /// How long a signing key signs.
    pub rotate_keys_every: Duration,
    /// Who must show two factors.
    pub mfa: MfaSettings,
    /// Domains whose `acct:` names point here.
    pub webfinger_domains: Vec<String>,
    /// The file of passwords that are known from breaches; `breach.filter` in the data folder, if
    /// it is there, when none is named.
    pub breach_filter: Option<PathBuf>,
    /// Where fetches and logout calls may go.
    pub outbound: OutboundSettings,
    /// How mails leave; none leave without it.
    pub mail: Option<MailSettings>,
    /// How long things count.
    pub lifetimes: Lifetimes,
}

impl Settings {
    /// Reads the file `config`, or that of `TESSERA_CONFIG`, and the environment of this process.
    ///
    /// # Errors
    /// Every mistake that was found.
    pub fn load(config: Option<&Path>) -> Result<Self, Mistakes> {
        let from_variable = || std::env::var_os(CONFIG_VARIABLE).map(PathBuf::from);
        let path = config.map(Path::to_owned).or_else(from_variable);
        Self::read(path.as_deref(), std::env::vars_os())
    }

    /// Reads the file at `path`, when there is one, and then `variables`, which win.
    ///
    /// # Errors
    /// Every mistake that was found.
    pub fn read(
        path: Option<&Path>,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, Mistakes> {
        let (mut values, mut mistakes) = (Values::new(), Vec::new());
        if let Some(path) = path {
            match std::fs::read_to_string(path) {
                Ok(text) => file::read(path, &text, &mut values, &mut mistakes),
                Err(error) => mistakes.push(Mistake {
                    source: Source::File(path.to_owned()),
                    text: format!("cannot read the configuration file: {error}"),
                }),
            }
        }
        environment::read(variables, &mut values, &mut mistakes);
        let mut reader = Reader::new(values, mistakes);
        match Self::from_reader(&mut reader) {
            Some(settings) if reader.mistakes.is_empty() => Ok(settings),
            _ => {
                reader.mistakes.sort_by(|a, b| a.source.cmp(&b.source));
                Err(Mistakes(reader.mistakes))
            }
        }
    }

    /// Reads everything before it gives up, so that no mistake hides behind another.
    fn from_reader(reader: &mut Reader) -> Option<Self> {
        let is_dev = reader.flag("dev");
        let public_url = read_public_url(reader, is_dev);
        let listen = reader.text("listen", values::listen);
        let metrics_listen = reader.text("metrics.listen", values::listen_or_off);
        let data_dir = reader.text("data_dir", values::path);
        let folder = data_dir.clone().unwrap_or_default();
        let database = reader.text("database_url", |text| DatabaseUrl::parse(text, &folder));
        let seal_key = read_seal_key(reader, database.as_ref(), &folder);
        let redis_url = reader.text("redis_url", values::redis_url);
        let tls = read_tls(reader);
        let trusted_proxies = reader.list("trusted_proxies", values::network);
        let handoff = reader.text("handoff", values::handoff);
        let dynamic = reader.text("registration.dynamic", values::dynamic_registration);
        let sign_up = read_sign_up(reader, is_dev == Some(true));
        let response_types = read_response_types(reader);
        let rotate_keys_every =
            reader.text("keys.rotate_every", |text| values::duration(text, &ROTATE_EVERY));
        let mfa = read_mfa(reader);
        let webfinger_domains = reader.list("webfinger.domains", values::domain);
        let breach_filter = reader.text("passwords.breach_filter", values::path);
        let outbound = read_outbound(reader);
        let mail = read_mail(reader, is_dev == Some(true), public_url.as_ref());
        let lifetimes = Lifetimes::read(reader);
        Some(Self {
            public_url: public_url?,
            listen: listen?,
            metrics_listen: metrics_listen?,
            data_dir: data_dir?,
            database: database?,
            seal_key: seal_key?,
            redis_url,
            tls,
            trusted_proxies: trusted_proxies?,
            is_dev: is_dev?,
            handoff: handoff?,
            dynamic_registration: dynamic?,
            sign_up: sign_up?,
            response_types: response_types?,
            rotate_keys_every: rotate_keys_every?,
            mfa: mfa?,
            webfinger_domains: webfinger_domains?,
            breach_filter,
            outbound: outbound?,
            mail,
            lifetimes: lifetimes?,
        })
    }
}

fn read_public_url(reader: &mut Reader, is_dev: Option<bool>) -> Option<PublicUrl> {
    let url = reader.text("public_url", PublicUrl::parse)?;
    // With a `dev` that cannot be read, nobody knows whether http is allowed.
    if !url.is_https() && !url.is_loopback() && is_dev == Some(false) {
        reader.refuse("public_url", "must be https, unless its host is loopback or dev = true");
    }
    Some(url)
}

fn read_seal_key(
    reader: &mut Reader,
    database: Option<&DatabaseUrl>,
    folder: &Path,
) -> Option<SealKeySource> {
    if reader.is_set("seal_key") {
        return reader.text("seal_key", values::seal_key).map(SealKeySource::Given);
    }
    if matches!(database, Some(DatabaseUrl::Postgres(_))) {
        reader.refuse("seal_key", "required with PostgreSQL: `openssl rand -base64 32` makes one");
    }
    Some(SealKeySource::File(folder.join("seal.key")))
}

/// Who may sign up must be able to prove an address, which takes mail.
fn read_sign_up(reader: &mut Reader, is_dev: bool) -> Option<SignUpPolicy> {
    let mode = reader.text("sign_up.mode", values::sign_up_mode);
    let domains = reader.list("sign_up.domains", values::domain);
    let (mode, domains) = (mode?, domains?);
    if mode != SignUpMode::Off && !is_dev && !reader.is_set("mail.url") {
        reader.refuse(
            "sign_up.mode",
            "people prove their address by a mail: set mail.url and mail.from, or dev = true to \
             read mails at /dev/mails",
        );
    }
    match mode {
        SignUpMode::Domains if domains.is_empty() => {
            reader.refuse("sign_up.mode", "needs sign_up.domains beside it, as [\"example.com\"]");
        }
        SignUpMode::Off | SignUpMode::Open if !domains.is_empty() => {
            reader.refuse("sign_up.domains", "counts with sign_up.mode = \"domains\" alone");
        }
        _ => {}
    }
    Some(match mode {
        SignUpMode::Off => SignUpPolicy::Off,
        SignUpMode::Open => SignUpPolicy::Open,
        SignUpMode::Domains => SignUpPolicy::Domains(domains),
    })
}

fn read_response_types(reader: &mut Reader) -> Option<ResponseTypeSwitches> {
    let implicit = reader.flag("response_types.implicit");
    let hybrid = reader.flag("response_types.hybrid");
    Some(ResponseTypeSwitches { implicit: implicit?, hybrid: hybrid? })
}

fn read_mfa(reader: &mut Reader) -> Option<MfaSettings> {
    let required = reader.flag("mfa.required");
    let groups = reader.list("mfa.groups", values::group);
    let trust_device_for =
        reader.text("mfa.trust_device_for", |text| values::duration(text, &TRUST_DEVICE_FOR));
    Some(MfaSettings {
        is_required: required?,
        groups: groups?,
        trust_device_for: trust_device_for?,
    })
}

fn read_outbound(reader: &mut Reader) -> Option<OutboundSettings> {
    let allow_hosts = reader.list("outbound.allow_hosts", values::host);
    let extra_ca = reader.text("outbound.extra_ca", values::path);
    Some(OutboundSettings { allow_hosts: allow_hosts?, extra_ca })
}

fn read_mail(
    reader: &mut Reader,
    is_dev: bool,
    public_url: Option<&PublicUrl>,
) -> Option<MailSettings> {
    let server: Option<MailServer> = reader.text("mail.url", str::parse);
    let from: Option<Sender> = reader.text("mail.from", str::parse);
    let reply_to = reader.text("mail.reply_to", str::parse);
    if reader.is_set("mail.url") && !reader.is_set("mail.from") {
        reader.refuse("mail.url", "needs mail.from beside it");
    }
    let server = server.map(|server| if is_dev { server.for_development() } else { server });
    let host = public_url?.host().to_owned();
    Some(MailSettings { server: server?, from: from?, reply_to, host })
}

fn read_tls(reader: &mut Reader) -> Option<TlsFiles> {
    let (cert, key) = (reader.text("tls.cert", values::path), reader.text("tls.key", values::path));
    match (reader.is_set("tls.cert"), reader.is_set("tls.key")) {
        (true, false) => reader.refuse("tls.cert", "needs tls.key beside it"),
        (false, true) => reader.refuse("tls.key", "needs tls.cert beside it"),
        _ => {}
    }
    Some(TlsFiles { cert: cert?, key: key? })
}
