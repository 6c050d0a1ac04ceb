use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use url::Host;

use super::*;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A folder of its own for each test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tessera-config-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn from_environment(pairs: &[(&str, &str)]) -> Result<Settings, Mistakes> {
    Settings::read(None, variables(pairs))
}

fn from_file(text: &str) -> Result<Settings, Mistakes> {
    let folder = Folder::new();
    Settings::read(Some(&folder.file("tessera.toml", text)), [])
}

fn texts(read: Result<Settings, Mistakes>) -> Vec<String> {
    read.unwrap_err().0.into_iter().map(|mistake| mistake.text).collect()
}

#[test]
fn nothing_at_all_gives_the_defaults_of_the_contract() {
    let settings = from_environment(&[]).unwrap();
    assert_eq!(settings.public_url.as_str(), "http://localhost:8080");
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.data_dir, PathBuf::from("./data"));
    assert_eq!(settings.database, DatabaseUrl::Sqlite("./data/tessera.db".into()));
    let is_file = matches!(&settings.seal_key, SealKeySource::File(path) if path == Path::new("./data/seal.key"));
    assert!(is_file, "{:?}", settings.seal_key);
    assert!(settings.redis_url.is_none() && settings.tls.is_none());
    assert!(settings.trusted_proxies.is_empty() && !settings.is_dev);
    assert_eq!(settings.handoff, Handoff::Page);
    assert_eq!(settings.dynamic_registration, DynamicRegistration::Off);
    assert!(!settings.response_types.implicit && !settings.response_types.hybrid);
    assert!(settings.webfinger_domains.is_empty());
    assert_eq!(settings.sign_up, SignUpPolicy::Off);
    assert!(!settings.mfa.is_required && settings.mfa.groups.is_empty());
    assert_eq!(settings.mfa.trust_device_for, Duration::from_secs(30 * 24 * 60 * 60));
    assert_eq!(settings.outbound, OutboundSettings::default());
    let hours = |count: u64| Duration::from_secs(count * 60 * 60);
    assert_eq!(settings.rotate_keys_every, hours(90 * 24));
    let expected = Lifetimes {
        code: Duration::from_secs(60),
        access_token: hours(1),
        id_token: hours(1),
        refresh_idle: hours(30 * 24),
        refresh_absolute: hours(90 * 24),
        pushed_request: Duration::from_secs(90),
        session_idle: hours(12),
        session_absolute: hours(24),
        session_remembered: hours(30 * 24),
        interaction: hours(24),
    };
    assert_eq!(settings.lifetimes, expected);
}

#[test]
fn a_file_sets_every_key() {
    let settings = from_file(&format!(
        r#"
        public_url = "https://id.example.com"
        listen = "[::]:443"
        data_dir = "/var/lib/tessera"
        database_url = "postgres://tessera:pw@db/tessera"
        seal_key = "{KEY}"
        redis_url = "rediss://:pw@cache:6379"
        trusted_proxies = ["10.0.0.0/8", "::1"]
        dev = true
        handoff = "redirect"
        [tls]
        cert = "cert.pem"
        key = "key.pem"
        [registration]
        dynamic = "token"
        [response_types]
        implicit = true
        hybrid = true
        [keys]
        rotate_every = "30d"
        [webfinger]
        domains = ["example.com"]
        [outbound]
        allow_hosts = ["wiki.internal"]
        extra_ca = "ca.pem"
        [lifetimes]
        code = "90s"
        pushed_request = "5m"
        session_idle = "30m"
        "#
    ))
    .unwrap();
    assert!(settings.public_url.is_https() && settings.is_dev);
    assert_eq!(settings.public_url.host(), "id.example.com");
    assert!(matches!(settings.database, DatabaseUrl::Postgres(_)));
    assert!(matches!(settings.seal_key, SealKeySource::Given(_)));
    assert!(settings.redis_url.is_some());
    assert_eq!(settings.tls, Some(TlsFiles { cert: "cert.pem".into(), key: "key.pem".into() }));
    assert_eq!(settings.trusted_proxies.len(), 2);
    assert!(settings.trusted_proxies[1].contains(&"::1".parse::<std::net::IpAddr>().unwrap()));
    assert_eq!(settings.handoff, Handoff::Redirect);
    assert_eq!(settings.dynamic_registration, DynamicRegistration::Token);
    let both = ResponseTypeSwitches { implicit: true, hybrid: true };
    assert_eq!(settings.response_types, both);
    assert_eq!(settings.rotate_keys_every, Duration::from_secs(30 * 24 * 60 * 60));
    assert_eq!(settings.webfinger_domains, ["example.com"]);
    assert_eq!(settings.outbound.allow_hosts, [Host::Domain("wiki.internal".to_owned())]);
    assert_eq!(settings.outbound.extra_ca, Some("ca.pem".into()));
    assert_eq!(settings.lifetimes.code, Duration::from_secs(90));
    assert_eq!(settings.lifetimes.pushed_request, Duration::from_secs(300));
    assert_eq!(settings.lifetimes.session_idle, Duration::from_secs(30 * 60));
}

#[test]
fn the_environment_wins_over_the_file() {
    let folder = Folder::new();
    let path = folder.file("tessera.toml", "listen = \"127.0.0.1:1\"\nlifetimes.code = \"10s\"");
    let set = variables(&[
        ("TESSERA_LIFETIMES__CODE", "20s"),
        ("TESSERA_DEV", "true"),
        ("TESSERA_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1"),
    ]);
    let settings = Settings::read(Some(&path), set).unwrap();
    assert_eq!(settings.listen.port(), 1);
    assert_eq!(settings.lifetimes.code, Duration::from_secs(20));
    assert!(settings.is_dev);
    assert_eq!(settings.trusted_proxies.len(), 2);
}

#[test]
fn every_mistake_is_reported_at_once_with_its_place() {
    let folder = Folder::new();
    let path = folder.file(
        "tessera.toml",
        "lisen = \"x\"\npublic_url = \"https://id.example.com/\"\n[tls]\ncert = \"c.pem\"\n\
         [lifetimes]\ncode = 60\n",
    );
    let set = variables(&[("TESSERA_LISTEN", "here"), ("TESSERA_HANDOF", "page")]);
    let mistakes = Settings::read(Some(&path), set).unwrap_err();
    let shown = mistakes.to_string();
    let place = path.display();
    for line in [
        format!("{place}:1: lisen: unknown key, the nearest is listen"),
        format!("{place}:2: public_url: must be an origin"),
        format!("{place}:4: tls.cert: needs tls.key beside it"),
        format!("{place}:6: lifetimes.code: must be a text in quotes, not a number"),
        "TESSERA_LISTEN: listen: must be an address and a port".to_owned(),
        "TESSERA_HANDOF: unknown key, the nearest is TESSERA_HANDOFF".to_owned(),
    ] {
        assert!(shown.lines().any(|shown| shown.starts_with(&line)), "{line} not in\n{shown}");
    }
    assert_eq!(shown.lines().count(), 6, "{shown}");
}

#[test]
fn broken_toml_names_its_lines_and_repeats_nothing() {
    let mistakes = from_file("dev = true\nseal_key = \"hush\nlisten = hush\n").unwrap_err();
    assert!(mistakes.0.iter().any(|one| matches!(one.source, Source::Line(_, 2))), "{mistakes}");
    assert!(!mistakes.to_string().contains("hush"), "{mistakes}");
}

#[test]
fn a_named_file_must_be_there() {
    let mistakes = Settings::read(Some(Path::new("/nowhere/tessera.toml")), []).unwrap_err();
    assert_eq!(mistakes.0.len(), 1);
    assert!(mistakes.to_string().starts_with("/nowhere/tessera.toml: cannot read"), "{mistakes}");
}

#[test]
fn a_variable_may_name_a_file_that_holds_the_value() {
    let folder = Folder::new();
    for end in ["", "\n", "\r\n"] {
        let path = folder.file("seal", &format!("{KEY}{end}"));
        let settings =
            from_environment(&[("TESSERA_SEAL_KEY_FILE", path.to_str().unwrap())]).unwrap();
        let SealKeySource::Given(key) = settings.seal_key else { panic!("a key was given") };
        assert_eq!(key.to_base64().expose(), KEY);
    }
    let missing = texts(from_environment(&[("TESSERA_SEAL_KEY_FILE", "/nowhere")]));
    assert!(missing[0].starts_with("cannot read the file it names"), "{missing:?}");
}

#[test]
fn a_value_and_its_file_together_are_a_mistake() {
    let set = [("TESSERA_SEAL_KEY", KEY), ("TESSERA_SEAL_KEY_FILE", "/nowhere")];
    let mistakes = from_environment(&set).unwrap_err().to_string();
    assert_eq!(mistakes, "TESSERA_SEAL_KEY_FILE: TESSERA_SEAL_KEY is set too: set one of the two");
}

#[test]
fn metrics_are_served_where_one_says_or_nowhere() {
    let default = from_environment(&[]).unwrap().metrics_listen;
    assert_eq!(default, Some("127.0.0.1:9464".parse().unwrap()));
    let off = from_environment(&[("TESSERA_METRICS__LISTEN", "")]).unwrap();
    assert_eq!(off.metrics_listen, None);
    assert_eq!(from_file("[metrics]\nlisten = \"\"").unwrap().metrics_listen, None);
    assert!(from_environment(&[("TESSERA_METRICS__LISTEN", "x")]).is_err());
}

#[test]
fn other_variables_are_left_alone() {
    let set = [
        ("TESSERA_CONFIG", "x.toml"),
        ("TESSERA_LOG", "debug"),
        ("TESSERA_BIN", "/bin/tessera"),
        ("TESSERA_TEST_POSTGRES", "x"),
        ("TESSERA_SERVICE_HOST", "10.0.0.1"),
        ("TESSERA_SERVICE_PORT_HTTP", "80"),
        ("TESSERA_PORT", "tcp://10.0.0.1:80"),
        ("TESSERA_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ("TESSERA_DB_PORT_5432_TCP", "tcp://10.0.0.2:5432"),
        ("PATH", "/bin"),
    ];
    from_environment(&set).unwrap();
    assert_eq!(texts(from_environment(&[("TESSERA_PORT", "8080")])).len(), 1);
}

#[test]
fn secrets_never_show() {
    let set = [
        ("TESSERA_DATABASE_URL", "postgres://tessera:hush@db/tessera"),
        ("TESSERA_REDIS_URL", "redis://:hush@cache"),
        ("TESSERA_SEAL_KEY", KEY),
    ];
    let settings = from_environment(&set).unwrap();
    let shown = format!("{settings:?} {settings:#?}");
    assert!(!shown.contains("hush") && !shown.contains(KEY), "{shown}");
    for wrong in [
        ("TESSERA_DATABASE_URL", "mysql://tessera:hush@db/tessera"),
        ("TESSERA_DATABASE_URL", "postgres://tessera:hush@db:port/tessera"),
        ("TESSERA_REDIS_URL", "http://:hush@cache"),
        ("TESSERA_SEAL_KEY", "hush"),
        ("TESSERA_PUBLIC_URL", "https://me:hush@id.example.com"),
        ("TESSERA_TLS__KEY", "-----BEGIN PRIVATE KEY-----\nhush"),
    ] {
        let said = from_environment(&[wrong]).unwrap_err();
        assert!(!said.to_string().contains("hush"), "{said}");
    }
    let said = from_file("seal_key = [\"hush\"]\nredis_url = \"hush\"").unwrap_err();
    assert!(!said.to_string().contains("hush") && !format!("{said:?}").contains("hush"), "{said}");
}

#[test]
fn postgresql_needs_a_seal_key() {
    let said = texts(from_environment(&[("TESSERA_DATABASE_URL", "postgres://db/tessera")]));
    assert!(said[0].starts_with("seal_key: required with PostgreSQL"), "{said:?}");
}

#[test]
fn r66_the_public_url_is_an_origin_byte_for_byte() {
    for good in [
        "https://id.example.com",
        "https://id.example.com:8443",
        "http://localhost:8080",
        "http://login.localhost",
        "http://127.0.0.1:3000",
        "http://[::1]:8080",
    ] {
        let settings = from_environment(&[("TESSERA_PUBLIC_URL", good)]).unwrap();
        assert_eq!(settings.public_url.as_str(), good);
    }
    for bad in [
        "",
        "id.example.com",
        "https://",
        "https://id.example.com/",
        "https://id.example.com/auth",
        "https://id.example.com?x",
        "https://id.example.com#x",
        "https://me@id.example.com",
        "https://ID.example.com",
        "https://id.example.com:443",
        "https://id.exämple.com",
        " https://id.example.com",
        "ftp://id.example.com",
        "http://id.example.com",
        "http://localhost.example.com",
    ] {
        let said = texts(from_environment(&[("TESSERA_PUBLIC_URL", bad)]));
        assert!(said[0].starts_with("public_url: must be"), "{bad}: {said:?}");
    }
    let dev = [("TESSERA_PUBLIC_URL", "http://id.example.com"), ("TESSERA_DEV", "true")];
    from_environment(&dev).unwrap();
}

#[test]
fn r60_a_proxy_list_is_made_of_exact_networks() {
    for bad in ["everyone", "10.0.0.0/33", "10.1.0.0/8", "10.0.0.0/8,*"] {
        assert_eq!(texts(from_environment(&[("TESSERA_TRUSTED_PROXIES", bad)])).len(), 1, "{bad}");
    }
    assert_eq!(texts(from_file("trusted_proxies = [\"a\", \"10.0.0.0/8\", \"b\"]")).len(), 2);
    assert_eq!(texts(from_file("trusted_proxies = \"10.0.0.0/8\"")).len(), 1);
}

#[test]
fn durations_carry_their_unit() {
    let code = |text| from_environment(&[("TESSERA_LIFETIMES__CODE", text)]);
    assert_eq!(code("10m").unwrap().lifetimes.code, Duration::from_secs(600));
    for bad in [
        "",
        "s",
        "60",
        "1.5h",
        "-1s",
        "+1s",
        "0s",
        "11m",
        "1 h",
        "1w",
        "99999999999999999999d",
        "5ß",
    ] {
        assert_eq!(texts(code(bad)).len(), 1, "{bad}");
    }
}

#[test]
fn durations_have_their_bounds() {
    for (key, good, bad) in [
        ("TESSERA_KEYS__ROTATE_EVERY", ["2d", "730d"], ["47h", "731d"]),
        ("TESSERA_LIFETIMES__PUSHED_REQUEST", ["5s", "10m"], ["4s", "601s"]),
        ("TESSERA_LIFETIMES__REFRESH_IDLE", ["1s", "730d"], ["0d", "731d"]),
        ("TESSERA_LIFETIMES__REFRESH_ABSOLUTE", ["1s", "730d"], ["0d", "731d"]),
    ] {
        for good in good {
            from_environment(&[(key, good)]).unwrap();
        }
        let [short, long] = bad.map(|bad| texts(from_environment(&[(key, bad)])));
        assert!(short.len() == 1 && short[0].contains("must be at least"), "{key}: {short:?}");
        assert!(long.len() == 1 && long[0].contains("must be at most"), "{key}: {long:?}");
    }
}

#[test]
fn registration_is_off_by_token_or_open() {
    let read = |text| from_environment(&[("TESSERA_REGISTRATION__DYNAMIC", text)]);
    for (text, expected) in [
        ("off", DynamicRegistration::Off),
        ("token", DynamicRegistration::Token),
        ("open", DynamicRegistration::Open),
    ] {
        assert_eq!(read(text).unwrap().dynamic_registration, expected);
    }
    for bad in ["", "on", "true", "Open"] {
        let said = texts(read(bad));
        assert_eq!(said, ["registration.dynamic: must be off, token or open"], "{bad}");
    }
}

#[test]
fn hosts_and_domains_are_exact_names_without_a_port() {
    let domains = |text| from_environment(&[("TESSERA_WEBFINGER__DOMAINS", text)]);
    let settings = domains("Example.com, bücher.example").unwrap();
    assert_eq!(settings.webfinger_domains, ["example.com", "xn--bcher-kva.example"]);
    let hosts = |text| from_environment(&[("TESSERA_OUTBOUND__ALLOW_HOSTS", text)]);
    let allowed = hosts("localhost,10.0.0.1,fd00::1,Wiki.internal").unwrap().outbound.allow_hosts;
    let shown: Vec<String> = allowed.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["localhost", "10.0.0.1", "[fd00::1]", "wiki.internal"]);
    for bad in ["a:80", "*.example.com", "https://a", "a/b", "a.", "me@a", "10.0.0.0/8", "127.1"] {
        assert_eq!(texts(domains(bad)).len(), 1, "{bad}");
        assert_eq!(texts(hosts(bad)).len(), 1, "{bad}");
    }
    assert_eq!(texts(domains("10.0.0.1,::1")).len(), 2);
}

#[test]
fn sqlite_may_lie_anywhere_but_in_memory() {
    let database = |url| from_environment(&[("TESSERA_DATABASE_URL", url)]);
    for url in ["sqlite:/srv/id.db", "sqlite:///srv/id.db"] {
        let settings = database(url).unwrap();
        assert_eq!(settings.database, DatabaseUrl::Sqlite("/srv/id.db".into()));
    }
    assert_eq!(texts(database("sqlite::memory:")).len(), 1);
}

#[test]
fn every_key_without_a_default_may_be_left_out() {
    let names: Vec<&str> =
        KEYS.iter().filter(|key| key.default.is_none()).map(|key| key.name).collect();
    assert_eq!(
        names,
        [
            "seal_key",
            "redis_url",
            "tls.cert",
            "tls.key",
            "passwords.breach_filter",
            "outbound.extra_ca",
            "mail.url",
            "mail.from",
            "mail.reply_to"
        ]
    );
}

#[test]
fn r65_sign_up_needs_mail_and_domains_where_it_says_so() {
    let policy = |text: &str| from_file(text).unwrap().sign_up;
    assert_eq!(policy("dev = true\nsign_up.mode = \"open\""), SignUpPolicy::Open);
    let with_mail = "[mail]\nurl = \"smtp://localhost\"\nfrom = \"id@example.com\"\n[sign_up]\n";
    let domains = "mode = \"domains\"\ndomains = [\"Example.com\", \"bücher.example\"]";
    let expected = ["example.com", "xn--bcher-kva.example"].map(str::to_owned).to_vec();
    assert_eq!(policy(&format!("{with_mail}{domains}")), SignUpPolicy::Domains(expected));
    for (text, said) in [
        ("[sign_up]\nmode = \"open\"", "sign_up.mode: people prove their address by a mail"),
        ("dev = true\n[sign_up]\nmode = \"all\"", "sign_up.mode: must be off, open or domains"),
        ("dev = true\n[sign_up]\nmode = \"domains\"", "sign_up.mode: needs sign_up.domains"),
        ("dev = true\n[sign_up]\ndomains = [\"example.com\"]", "sign_up.domains: counts with"),
        (
            "dev = true\n[sign_up]\nmode = \"open\"\ndomains = [\"example.com\"]",
            "sign_up.domains: counts with",
        ),
        (
            "dev = true\n[sign_up]\nmode = \"domains\"\ndomains = [\"*.example.com\"]",
            "sign_up.domains: \"*.example.com\" is no domain",
        ),
    ] {
        let texts = texts(from_file(text));
        assert!(texts.iter().any(|one| one.starts_with(said)), "{text}: {texts:?}");
    }
}
