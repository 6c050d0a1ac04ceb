use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::{Bytes, Data, route};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tessera::notify::{AllowedHost, OutboundSettings};
use tokio::net::TcpSocket;
use tokio::sync::Notify;

use super::TestCertificate;

/// The web server of an app: https under a certificate of its own. It serves what a client keeps
/// for the provider, and writes down who comes.
pub(crate) struct Server {
    pub(crate) url: String,
    certificate: TestCertificate,
    shared: Arc<Shared>,
    handle: ServerHandle,
}

#[derive(Default)]
struct Shared {
    documents: Mutex<BTreeMap<String, (String, Vec<u8>)>>,
    manners: Mutex<BTreeMap<String, Manner>>,
    visits: Mutex<Vec<Received>>,
    arrived: Notify,
}

/// How it treats those who come to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// It answers with this status and no more.
    Status(u16),
    /// It never answers.
    Silent,
}

/// A port that nobody else can take and that refuses every connection, until it is opened.
pub(crate) struct Closed {
    pub(crate) url: String,
    socket: TcpSocket,
    certificate: TestCertificate,
}

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        Closed::new().open()
    }

    /// What a provider has to be told so that it may come here.
    pub(crate) fn outbound(&self) -> OutboundSettings {
        may_reach(&self.certificate)
    }

    /// Serves `body` at `path` from now on; what it answers is the address.
    pub(crate) fn serve(&self, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> String {
        let document = (content_type.to_owned(), body.into());
        self.shared.documents.lock().expect("a lock").insert(path.to_owned(), document);
        format!("{}{path}", self.url)
    }

    /// The next request to `path`, which is taken out of the list. It fails when nobody comes.
    pub(crate) async fn next(&self, path: &str) -> Received {
        let arrival = async {
            loop {
                let arrived = self.shared.arrived.notified();
                if let Some(found) = self.take(path) {
                    return found;
                }
                arrived.await;
            }
        };
        let limit = Duration::from_secs(60);
        tokio::time::timeout(limit, arrival).await.unwrap_or_else(|_| panic!("nobody asks {path}"))
    }

    /// Treats those who come to `path` like this from now on.
    pub(crate) fn behave(&self, path: &str, manner: Manner) {
        self.shared.manners.lock().expect("a lock").insert(path.to_owned(), manner);
    }

    /// How many came to `path` and were not taken out of the list.
    pub(crate) fn count(&self, path: &str) -> usize {
        let visits = self.shared.visits.lock().expect("a lock");
        visits.iter().filter(|visit| visit.path == path).count()
    }

    fn take(&self, path: &str) -> Option<Received> {
        let mut visits = self.shared.visits.lock().expect("a lock");
        let position = visits.iter().position(|visit| visit.path == path)?;
        Some(visits.remove(position))
    }

    pub(crate) async fn stop(&self) {
        self.handle.stop(false).await;
    }
}

impl Closed {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        let port = socket.local_addr().expect("an address").port();
        let url = format!("https://localhost:{port}");
        Self { url, socket, certificate: TestCertificate::new() }
    }

    pub(crate) fn outbound(&self) -> OutboundSettings {
        may_reach(&self.certificate)
    }

    pub(crate) fn open(self) -> Server {
        let Self { url, socket, certificate } = self;
        let listener = socket.listen(64).and_then(tokio::net::TcpListener::into_std);
        let shared = Arc::new(Shared::default());
        let data = Data::from(Arc::clone(&shared));
        let make = move || App::new().app_data(data.clone()).default_service(route().to(answer));
        let server = HttpServer::new(make).workers(1).disable_signals();
        let listener = listener.expect("it listens");
        let server = server.listen_rustls_0_23(listener, tls(&certificate)).expect("it listens");
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Server { url, certificate, shared, handle }
    }
}

fn may_reach(certificate: &TestCertificate) -> OutboundSettings {
    OutboundSettings {
        allow_hosts: vec![AllowedHost::Name("localhost".to_owned())],
        extra_ca: Some(certificate.files().0),
        is_dev: false,
    }
}

async fn answer(http: HttpRequest, shared: Data<Shared>, body: Bytes) -> HttpResponse {
    let header = |name: &str| http.headers().get(name).and_then(|value| value.to_str().ok());
    let received = Received {
        method: http.method().to_string(),
        path: http.path().to_owned(),
        content_type: header("content-type").unwrap_or_default().to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    shared.visits.lock().expect("a lock").push(received);
    shared.arrived.notify_waiters();
    let manner = shared.manners.lock().expect("a lock").get(http.path()).copied();
    match manner {
        Some(Manner::Silent) => return std::future::pending().await,
        Some(Manner::Status(status)) => {
            let status = actix_web::http::StatusCode::from_u16(status).expect("a status");
            return HttpResponse::build(status).finish();
        }
        None => {}
    }
    match shared.documents.lock().expect("a lock").get(http.path()) {
        Some((content_type, body)) => {
            HttpResponse::Ok().content_type(content_type.as_str()).body(body.clone())
        }
        None => HttpResponse::Ok().finish(),
    }
}

fn tls(certificate: &TestCertificate) -> ServerConfig {
    let (chain, key) = certificate.files();
    let chain = vec![CertificateDer::from_pem_file(chain).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_file(key).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a server")
}
