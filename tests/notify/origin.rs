use std::io::Cursor;
use std::net::{IpAddr, TcpListener};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::web::{Bytes, Data, Payload, to};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use futures_util::{StreamExt as _, stream};
use image::{DynamicImage, ImageFormat};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tessera::notify::{Names, Outbound, OutboundSettings, Resolving};

use crate::support::TestCertificate;

/// What a document of ours may have at most.
pub(super) const LIMIT: usize = 64 * 1024;

/// Somebody's server on this machine. The path says how it behaves.
pub(super) struct Origin {
    pub(super) port: u16,
    state: Data<State>,
    handle: ServerHandle,
}

#[derive(Default)]
struct State {
    requests: AtomicUsize,
    is_down: AtomicBool,
    /// The last form that arrived.
    form: Mutex<String>,
}

impl Origin {
    pub(super) fn http() -> Self {
        Self::start(None)
    }

    pub(super) fn https(certificate: &TestCertificate) -> Self {
        Self::start(Some(certificate))
    }

    fn start(certificate: Option<&TestCertificate>) -> Self {
        let state = Data::new(State::default());
        let shared = state.clone();
        let app = move || App::new().app_data(shared.clone()).default_service(to(answer));
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let server = HttpServer::new(app).workers(1).disable_signals();
        let server = match certificate {
            None => server.listen(listener),
            Some(certificate) => server.listen_rustls_0_23(listener, tls_config(certificate)),
        };
        let server = server.expect("it listens").run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { port, state, handle }
    }

    /// How many requests arrived.
    pub(super) fn requests(&self) -> usize {
        self.state.requests.load(Ordering::SeqCst)
    }

    /// From now on every answer is 503, or no longer.
    pub(super) fn set_down(&self, is_down: bool) {
        self.state.is_down.store(is_down, Ordering::SeqCst);
    }

    /// The last form that arrived.
    pub(super) fn form(&self) -> String {
        self.state.form.lock().expect("no panic").clone()
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn answer(request: HttpRequest, mut body: Payload, state: Data<State>) -> HttpResponse {
    state.requests.fetch_add(1, Ordering::SeqCst);
    if request.method() == "POST" {
        let mut form = Vec::new();
        while let Some(Ok(part)) = body.next().await {
            form.extend_from_slice(&part);
        }
        *state.form.lock().expect("no panic") = String::from_utf8(form).expect("UTF-8");
    }
    if state.is_down.load(Ordering::SeqCst) {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let mut ok = HttpResponse::Ok();
    match request.path() {
        "/keys" => ok
            .content_type("application/jwk-set+json")
            .insert_header(("cache-control", "public, max-age=600"))
            .body("{\"keys\":[]}"),
        "/uncached" => ok.insert_header(("cache-control", "no-store")).body("x"),
        "/full" => ok.body("x".repeat(LIMIT)),
        "/announced" => ok.body("x".repeat(LIMIT + 1)),
        "/endless" => ok.streaming(stream::repeat_with(|| {
            Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 4096]))
        })),
        "/silent" => std::future::pending().await,
        "/halting" => ok.streaming(
            stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"{"))])
                .chain(stream::pending()),
        ),
        "/gzip" => ok.insert_header(("content-encoding", "gzip")).body("\x1f\u{8b}"),
        "/cookie" => ok.insert_header(("set-cookie", "a=b")).body("x"),
        "/request" => {
            let mut names: Vec<&str> = request.headers().keys().map(|name| name.as_str()).collect();
            names.sort_unstable();
            ok.body(format!("{} {}", request.uri(), names.join(" ")))
        }
        "/logo" => ok.content_type("image/svg+xml").body(png()),
        "/drawing" => ok.content_type("image/png").body("<svg/>"),
        "/elsewhere" => {
            HttpResponse::Found().insert_header(("location", "/keys")).body("{\"keys\":[]}")
        }
        "/refused" => HttpResponse::BadRequest().body("{\"error\":\"invalid_request\"}"),
        path if path.starts_with("/many/") => ok.body("x"),
        _ => HttpResponse::NotFound().finish(),
    }
}

fn png() -> Vec<u8> {
    let mut file = Vec::new();
    let image = DynamicImage::new_rgb8(300, 300);
    image.write_to(&mut Cursor::new(&mut file), ImageFormat::Png).expect("a PNG");
    file
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

/// A resolver that tells what the test says: one answer after the other, the last one for ever.
pub(super) struct Told {
    answers: Vec<Vec<IpAddr>>,
    lookups: AtomicUsize,
}

impl Told {
    pub(super) fn new(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |text: &&str| text.parse().expect("an address");
        let answers = answers.iter().map(|one| one.iter().map(parse).collect()).collect();
        Arc::new(Self { answers, lookups: AtomicUsize::new(0) })
    }

    pub(super) fn lookups(&self) -> usize {
        self.lookups.load(Ordering::SeqCst)
    }
}

impl Names for Told {
    fn resolve(&self, _: &str) -> Resolving {
        let number = self.lookups.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
        Box::pin(std::future::ready(Ok(self.answers[number].clone())))
    }
}

/// A client that may reach `hosts`, over http too when it is for development.
pub(super) fn outbound(hosts: &[&str], is_dev: bool) -> Outbound {
    let allow_hosts = hosts.iter().map(|host| host.parse().expect("a host")).collect();
    Outbound::new(OutboundSettings { allow_hosts, extra_ca: None, is_dev }).expect("a client")
}

/// The same over https, trusting `certificate`.
pub(super) fn trusting(hosts: &[&str], certificate: &TestCertificate) -> Outbound {
    let allow_hosts = hosts.iter().map(|host| host.parse().expect("a host")).collect();
    let extra_ca = Some(certificate.files().0);
    Outbound::new(OutboundSettings { allow_hosts, extra_ca, is_dev: false }).expect("a client")
}
