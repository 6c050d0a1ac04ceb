use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use time::OffsetDateTime;

/// A certificate for `localhost` that nobody but this test trusts, in a folder that goes with it.
pub(crate) struct TestCertificate {
    folder: PathBuf,
    der: CertificateDer<'static>,
}

impl TestCertificate {
    pub(crate) fn new() -> Self {
        Self::of(CertificateParams::default())
    }

    /// One that began to count some days ago and counts for some more.
    pub(crate) fn between(days_ago: i64, days_left: i64) -> Self {
        let (now, mut params) = (OffsetDateTime::now_utc(), CertificateParams::default());
        params.not_before = now - time::Duration::days(days_ago);
        // A little longer: the days that are left are rounded down.
        params.not_after = now + time::Duration::days(days_left) + time::Duration::hours(1);
        Self::of(params)
    }

    fn of(mut params: CertificateParams) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tessera-tls-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        let names = ["localhost", "127.0.0.1"].map(str::to_owned);
        params.subject_alt_names = CertificateParams::new(names).expect("names").subject_alt_names;
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        std::fs::write(folder.join("cert.pem"), certificate.pem()).expect("written");
        std::fs::write(folder.join("key.pem"), key.serialize_pem()).expect("written");
        Self { folder, der: certificate.der().clone() }
    }

    /// The certificate and its key, as the server takes them.
    pub(crate) fn files(&self) -> (PathBuf, PathBuf) {
        (self.folder.join("cert.pem"), self.folder.join("key.pem"))
    }

    /// A client that trusts this certificate alone and speaks `protocol`.
    pub(crate) fn client(&self, protocol: &[u8]) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).expect("a root");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("protocol versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.to_vec()];
        Arc::new(config)
    }
}

impl Drop for TestCertificate {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
