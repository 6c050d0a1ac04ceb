use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::web::{Data, to};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tessera::notify::OutboundSettings;

use super::TestCertificate;

#[derive(Default)]
struct State {
    documents: BTreeMap<String, String>,
    requests: BTreeMap<String, usize>,
}

/// The web server of an app on this machine, over TLS: it publishes documents and counts who asks.
pub(crate) struct Publisher {
    port: u16,
    certificate: TestCertificate,
    state: Data<Mutex<State>>,
    handle: ServerHandle,
}

impl Publisher {
    pub(crate) fn start() -> Self {
        let certificate = TestCertificate::new();
        let state = Data::new(Mutex::new(State::default()));
        let shared = state.clone();
        let app = move || App::new().app_data(shared.clone()).default_service(to(answer));
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let server = HttpServer::new(app).workers(1).disable_signals();
        let server = server.listen_rustls_0_23(listener, tls_config(&certificate));
        let server = server.expect("it listens").run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { port, certificate, state, handle }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    pub(crate) fn publish(&self, path: &str, document: &str) {
        let mut state = self.state.lock().expect("no panic");
        state.documents.insert(path.to_owned(), document.to_owned());
    }

    /// How often `path` was asked for.
    pub(crate) fn requests(&self, path: &str) -> usize {
        self.state.lock().expect("no panic").requests.get(path).copied().unwrap_or_default()
    }

    /// What a provider needs to be told to come here.
    pub(crate) fn outbound(&self) -> OutboundSettings {
        OutboundSettings {
            allow_hosts: vec!["localhost".parse().expect("a host")],
            extra_ca: Some(self.certificate.files().0),
            is_dev: false,
        }
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn answer(request: HttpRequest, state: Data<Mutex<State>>) -> HttpResponse {
    let mut state = state.lock().expect("no panic");
    *state.requests.entry(request.path().to_owned()).or_default() += 1;
    match state.documents.get(request.path()) {
        Some(document) => HttpResponse::Ok().body(document.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}

fn tls_config(certificate: &TestCertificate) -> rustls::ServerConfig {
    let (chain, key) = certificate.files();
    let chain = CertificateDer::pem_file_iter(chain).and_then(Iterator::collect).expect("a chain");
    let key = PrivateKeyDer::from_pem_file(key).expect("a key");
    rustls::ServerConfig::builder_with_provider(Arc::new(
        rustls::crypto::aws_lc_rs::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .expect("protocol versions")
    .with_no_client_auth()
    .with_single_cert(chain, key)
    .expect("a certificate")
}
