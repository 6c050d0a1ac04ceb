//! `tessera demo`: the provider on a throw-away data folder, two sample apps on two host names,
//! and a sample API on a third.

use std::ffi::OsString;
use std::fs::DirBuilder;
use std::net::{IpAddr, TcpListener};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use actix_web::dev::{Server, ServerHandle};
use anyhow::{Context as _, bail};
use serde_json::json;
use tokio::task::JoinHandle;

use super::installation::Installation;
use super::provider;
use crate::app::clients::{self, ClientProblem, Registered};
use crate::app::users::{self, NewUser, UserProblem};
use crate::base::{Entropy, Secret, SystemEntropy};
use crate::config::Settings;
use crate::demo::{AppSettings, RelyingParty, http_client, serve_api, serve_app};
use crate::protocol::{ClientMetadata, StandardClaims};

const USERNAME: &str = "demo";
const EMAIL: &str = "demo@example.com";

/// Where everything is found.
struct Addresses {
    provider: String,
    app1: String,
    app2: String,
    api: String,
}

impl Addresses {
    /// The apps and the API, at these ports of this machine.
    fn new(provider: String, [app1, app2, api]: [u16; 3]) -> Self {
        Self {
            provider,
            app1: format!("http://notes.localhost:{app1}"),
            app2: format!("http://127.0.0.1:{app2}"),
            api: format!("http://api.localhost:{api}"),
        }
    }
}

/// What an app is called by the protocol. The same each time, so that what was left behind is found.
fn client_id(name: &str) -> String {
    format!("demo-{}", name.to_lowercase())
}

/// Where an app takes its answers.
fn redirect_uri(url: &str) -> String {
    format!("{url}/callback")
}

/// How to show it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Serves the sample apps beside the provider that the configuration names, which runs already. A
    /// person and two apps are made there, and removed at the end. For trials: who can read the output
    /// can sign in
    #[arg(long)]
    beside: bool,
    /// The address that the sample apps listen on, at the ports 8081 to 8083
    #[arg(long, requires = "beside", default_value = "127.0.0.1")]
    bind: IpAddr,
}

/// Starts everything, prints what to open, and runs until it is asked to end.
pub(super) async fn run(config: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    if args.beside {
        return run_beside(&Settings::load(config)?, args.bind).await;
    }
    let folder = Folder::new()?;
    let [provider_port, port1, port2, api_port] =
        [listen(8080)?, listen(8081)?, listen(8082)?, listen(8083)?];
    let at = Addresses::new(
        format!("http://localhost:{}", port(&provider_port)?),
        [port(&port1)?, port(&port2)?, port(&api_port)?],
    );
    let settings = settings(&folder, &at)?;
    let issuer = provider::build(&settings).await?;
    let installation = Installation::open(&settings)?;
    let made = Made::new(&installation, &at).await?;
    let running = provider::serve(&settings, issuer, provider_port, None)?;
    let apps = Apps::serve(&at, &made, [port1, port2, api_port]).await?;
    let mut signals = provider::StopSignals::listen()?;
    announce(&at, &made.password);
    println!("Ctrl-C ends the demo and removes its data.");
    signals.wait().await;
    apps.stop().await?;
    running.stop().await;
    Ok(())
}

/// The sample apps alone, for a provider that runs elsewhere.
async fn run_beside(settings: &Settings, bind: IpAddr) -> anyhow::Result<()> {
    let listen = |port| {
        TcpListener::bind((bind, port)).with_context(|| format!("cannot listen on {bind}:{port}"))
    };
    let ports = [listen(8081)?, listen(8082)?, listen(8083)?];
    let at = Addresses::new(settings.public_url.as_str().to_owned(), [8081, 8082, 8083]);
    let installation = Installation::open(settings)?;
    let mut signals = provider::StopSignals::listen()?;
    Made::remove(&installation, &at).await?;
    let made = Made::new(&installation, &at).await?;
    let apps = Apps::serve(&at, &made, ports).await;
    if apps.is_ok() {
        announce(&at, &made.password);
        println!("Ctrl-C ends the sample apps, and removes them and the person.");
        signals.wait().await;
    }
    Made::remove(&installation, &at).await?;
    apps?.stop().await
}

/// A person and two apps, at a provider.
struct Made {
    password: Secret<String>,
    notes: Registered,
    photos: Registered,
}

impl Made {
    async fn new(installation: &Installation, at: &Addresses) -> anyhow::Result<Self> {
        Ok(Self {
            password: create_user(installation).await?,
            notes: create_client(installation, "Notes", &at.app1, Some(&at.api)).await?,
            photos: create_client(installation, "Photos", &at.app2, None).await?,
        })
    }

    /// Removes what this or an earlier demo made, and nothing else: who only has the same name stays, and the
    /// demo is refused.
    async fn remove(installation: &Installation, at: &Addresses) -> anyhow::Result<()> {
        let on = installation.operator();
        match users::find(on.store, USERNAME).await {
            Ok(user) if user.email.as_deref() == Some(EMAIL) => {
                users::delete(on, USERNAME).await?;
            }
            Ok(_) => bail!("there is a user {USERNAME} already, who is of no demo"),
            Err(UserProblem::Unknown) => {}
            Err(problem) => return Err(problem.into()),
        }
        for (name, url) in [("Notes", &at.app1), ("Photos", &at.app2)] {
            let client_id = client_id(name);
            match clients::find(on.store, &client_id).await {
                Ok(client) if client.metadata.redirect_uris == [redirect_uri(url)] => {
                    clients::delete(on, &client_id).await?;
                }
                Ok(_) => bail!("there is a client {client_id} already, which is of no demo"),
                Err(ClientProblem::Unknown) => {}
                Err(problem) => return Err(problem.into()),
            }
        }
        Ok(())
    }
}

/// The sample apps and the API, which run.
struct Apps {
    handles: [ServerHandle; 3],
    served: Vec<JoinHandle<std::io::Result<()>>>,
}

impl Apps {
    async fn serve(at: &Addresses, made: &Made, ports: [TcpListener; 3]) -> anyhow::Result<Self> {
        let [port1, port2, api_port] = ports;
        let apps = [
            serve_sample(at, sample_notes(at), &made.notes, port1).await?,
            serve_sample(at, sample_photos(at), &made.photos, port2).await?,
            serve_api(&at.provider, &at.api, &http_client(&["localhost"])?, api_port).await?,
        ];
        let handles = apps.each_ref().map(Server::handle);
        Ok(Self { handles, served: apps.into_iter().map(tokio::spawn).collect() })
    }

    async fn stop(self) -> anyhow::Result<()> {
        for handle in self.handles {
            handle.stop(false).await;
        }
        for app in self.served {
            app.await??;
        }
        Ok(())
    }
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
        email: EMAIL.to_owned(),
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
        "client_id": client_id(name),
        "client_name": name,
        "redirect_uris": [redirect_uri(url)],
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
    let redirect_uri = redirect_uri(&app.url);
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
