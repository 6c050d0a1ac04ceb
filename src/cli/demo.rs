//! `tessera demo`: the provider on a throw-away data folder, two sample apps on two host names,
//! and a sample API on a third.

use std::ffi::OsString;
use std::fs::DirBuilder;
use std::net::TcpListener;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use actix_web::dev::Server;
use anyhow::Context as _;
use serde_json::json;

use super::installation::Installation;
use super::provider;
use crate::app::clients::{self, Registered};
use crate::app::users::{self, NewUser};
use crate::base::{Entropy, Secret, SystemEntropy};
use crate::config::Settings;
use crate::demo::{AppSettings, RelyingParty, http_client, serve_api, serve_app};
use crate::protocol::{ClientMetadata, StandardClaims};

const USERNAME: &str = "demo";

/// Where everything is found.
struct Addresses {
    provider: String,
    app1: String,
    app2: String,
    api: String,
}

/// Starts everything, prints what to open, and runs until it is asked to end.
pub(super) async fn run() -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let [provider_port, port1, port2, api_port] =
        [listen(8080)?, listen(8081)?, listen(8082)?, listen(8083)?];
    let at = Addresses {
        provider: format!("http://localhost:{}", port(&provider_port)?),
        app1: format!("http://notes.localhost:{}", port(&port1)?),
        app2: format!("http://127.0.0.1:{}", port(&port2)?),
        api: format!("http://api.localhost:{}", port(&api_port)?),
    };
    let settings = settings(&folder, &at)?;
    let issuer = provider::build(&settings).await?;
    let installation = Installation::open(&settings)?;
    let password = create_user(&installation).await?;
    let notes = create_client(&installation, "Notes", &at.app1, Some(&at.api)).await?;
    let photos = create_client(&installation, "Photos", &at.app2, None).await?;
    let running = provider::serve(&settings, issuer, provider_port, None)?;
    let apps = [
        serve_sample(&at, sample_notes(&at), &notes, port1).await?,
        serve_sample(&at, sample_photos(&at), &photos, port2).await?,
        serve_api(&at.provider, &at.api, &http_client(&["localhost"])?, api_port).await?,
    ];
    let handles = apps.each_ref().map(Server::handle);
    let served: Vec<_> = apps.into_iter().map(tokio::spawn).collect();
    let mut signals = provider::StopSignals::listen()?;
    announce(&at, &password);
    signals.wait().await;
    for handle in handles {
        handle.stop(false).await;
    }
    for app in served {
        app.await??;
    }
    running.stop().await;
    Ok(())
}

fn announce(at: &Addresses, password: &Secret<String>) {
    println!("provider: {}", at.provider);
    println!("app1: {}", at.app1);
    println!("app2: {}", at.app2);
    println!("api: {}", at.api);
    println!("username: {USERNAME}");
    println!("password: {}", password.expose());
    println!();
    println!("Open app1 in a browser and sign in, then open app2: it knows you already.");
    println!("Ctrl-C ends the demo and removes its data.");
}

/// The throw-away data folder; it goes when the demo ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let entropy: &dyn Entropy = &SystemEntropy;
        let path = std::env::temp_dir().join(format!("tessera-demo-{}", entropy.alphanumeric(12)));
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing is lost when it stays: the next demo has a folder of its own.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The port of the demo's choice, or a free one when it is taken.
fn listen(preferred: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", preferred))
        .or_else(|_| TcpListener::bind(("127.0.0.1", 0)))
        .context("cannot listen on 127.0.0.1")
}

fn port(listener: &TcpListener) -> anyhow::Result<u16> {
    Ok(listener.local_addr()?.port())
}

/// The defaults, but for the addresses and the folder. The environment is left out: a demo shows
/// the same wherever it runs.
fn settings(folder: &Folder, at: &Addresses) -> anyhow::Result<Settings> {
    let variables: [(&str, OsString); 4] = [
        ("TESSERA_DATA_DIR", folder.0.clone().into()),
        ("TESSERA_PUBLIC_URL", at.provider.clone().into()),
        ("TESSERA_DEV", "true".into()),
        ("TESSERA_METRICS__LISTEN", "".into()),
    ];
    let variables = variables.map(|(name, value)| (OsString::from(name), value));
    Ok(Settings::read(None, variables)?)
}

async fn create_user(installation: &Installation) -> anyhow::Result<Secret<String>> {
    let entropy: &dyn Entropy = &installation.entropy;
    let password = Secret::new(entropy.alphanumeric(20));
    let claims = StandardClaims { name: Some("Dana Demo".to_owned()), ..StandardClaims::default() };
    let new = NewUser {
        username: USERNAME.to_owned(),
        email: "demo@example.com".to_owned(),
        is_email_verified: true,
        password: password.clone(),
        is_admin: false,
        groups: vec!["demo".to_owned()],
        claims,
    };
    let pool = installation.password_pool()?;
    users::create(installation.operator(), &pool, new).await?;
    Ok(password)
}

async fn create_client(
    installation: &Installation,
    name: &str,
    url: &str,
    api: Option<&str>,
) -> anyhow::Result<Registered> {
    let metadata: ClientMetadata = serde_json::from_value(json!({
        "client_name": name,
        "redirect_uris": [format!("{url}/callback")],
        "post_logout_redirect_uris": [format!("{url}/")],
        "client_uri": format!("{url}/"),
        "initiate_login_uri": format!("{url}/sign-in"),
        "resources": api.into_iter().collect::<Vec<_>>(),
        "require_pkce": true,
        "first_party": true,
    }))?;
    let sealer = installation.sealer().await?;
    Ok(clients::create(installation.registrar(&sealer), metadata).await?)
}

fn sample_notes(at: &Addresses) -> AppSettings {
    AppSettings {
        title: "Notes",
        accent: "#1a6b43",
        url: at.app1.clone(),
        api: Some(at.api.clone()),
        other_app: at.app2.clone(),
        cookie: "notes",
    }
}

fn sample_photos(at: &Addresses) -> AppSettings {
    AppSettings {
        title: "Photos",
        accent: "#7a4b00",
        url: at.app2.clone(),
        api: None,
        other_app: at.app1.clone(),
        cookie: "photos",
    }
}

/// Starts a sample app. It discovers the provider over HTTP, as any app does.
async fn serve_sample(
    at: &Addresses,
    app: AppSettings,
    client: &Registered,
    listener: TcpListener,
) -> anyhow::Result<Server> {
    let http = http_client(&["localhost", "notes.localhost", "api.localhost"])?;
    let secret = client.secret.as_ref().map(Secret::expose);
    let redirect_uri = format!("{}/callback", app.url);
    let relying_party = RelyingParty::discover(
        &at.provider,
        &client.client.client_id,
        secret.map(String::as_str),
        &redirect_uri,
        http.clone(),
    )
    .await?;
    Ok(serve_app(app, relying_party, http, listener)?)
}
