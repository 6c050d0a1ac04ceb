use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::{Bytes, Data, route};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tessera::notify::{AllowedHost, OutboundSettings};
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
    visits: Mutex<Vec<Received>>,
    arrived: Notify,
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
        let certificate = TestCertificate::new();
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared::default());
        let data = Data::from(Arc::clone(&shared));
        let make = move || App::new().app_data(data.clone()).default_service(route().to(answer));
        let server = HttpServer::new(make).workers(1).disable_signals();
        let server = server.listen_rustls_0_23(listener, tls(&certificate)).expect("it listens");
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { url: format!("https://localhost:{port}"), certificate, shared, handle }
    }

    /// What a provider has to be told so that it may come here.
    pub(crate) fn outbound(&self) -> OutboundSettings {
        OutboundSettings {
            allow_hosts: vec![AllowedHost::Name("localhost".to_owned())],
            extra_ca: Some(self.certificate.files().0),
            is_dev: false,
        }
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

    fn take(&self, path: &str) -> Option<Received> {
        let mut visits = self.shared.visits.lock().expect("a lock");
        let position = visits.iter().position(|visit| visit.path == path)?;
        Some(visits.remove(position))
    }

    pub(crate) async fn stop(&self) {
        self.handle.stop(false).await;
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
