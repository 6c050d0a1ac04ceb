//! `security.md` R97: what the one outbound client refuses.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use tessera::notify::{FetchKind, FetchProblem, LogoProblem, Logos, Names, Resolving};

use super::origin::{LIMIT, Origin, Told, outbound, trusting};
use crate::support::TestCertificate;

/// Fetches a key set.
macro_rules! get {
    ($outbound:expr, $($url:tt)*) => {
        $outbound.get(&format!($($url)*), FetchKind::KeySet).await
    };
}

#[actix_web::test]
async fn a_document_comes_with_its_type_and_its_age() {
    let certificate = TestCertificate::new();
    let origin = Origin::https(&certificate);
    let outbound = trusting(&["localhost"], &certificate);
    let fetched = get!(outbound, "https://localhost:{}/keys", origin.port).expect("a document");
    assert_eq!(fetched.body, b"{\"keys\":[]}");
    assert_eq!(fetched.content_type.as_deref(), Some("application/jwk-set+json"));
    assert_eq!(fetched.max_age, Some(Duration::from_secs(600)));
}

#[actix_web::test]
async fn r97_addresses_inside_are_refused_and_never_called() {
    let listener = TcpListener::bind(("0.0.0.0", 0)).expect("a free port");
    listener.set_nonblocking(true).expect("it does not wait");
    let port = listener.local_addr().expect("an address").port();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "①②⑦.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "169.254.169.254",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "[fd00::1]",
        "[fe80::1]",
        "localhost",
        "LOCALHOST",
    ] {
        let outbound = outbound(&[], true);
        let refused = get!(outbound, "https://{host}:{port}/keys");
        assert!(matches!(refused, Err(FetchProblem::Forbidden(_))), "{host}: {refused:?}");
        let posted = outbound.post_form(&format!("https://{host}:{port}/"), &[]).await;
        assert!(matches!(posted, Err(FetchProblem::Forbidden(_))), "{host}: {posted:?}");
    }
    for address in ["127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "192.168.0.1", "fd00::1"] {
        let outbound = outbound(&[], true).with_names(Told::new(&[&[address]]));
        let refused = get!(outbound, "https://notes.example:{port}/keys");
        assert!(matches!(refused, Err(FetchProblem::Forbidden(_))), "{address}: {refused:?}");
    }
    let called = listener.accept().expect_err("nobody called");
    assert_eq!(called.kind(), ErrorKind::WouldBlock);
}

#[actix_web::test]
async fn r97_one_private_address_among_public_ones_refuses_the_name() {
    let inside = "10.0.0.1".parse().expect("an address");
    for answer in [&["1.1.1.1", "10.0.0.1"], &["10.0.0.1", "1.1.1.1"]] {
        let outbound = outbound(&[], false).with_names(Told::new(&[answer]));
        let refused = get!(outbound, "https://notes.example/keys");
        assert_eq!(refused, Err(FetchProblem::Forbidden(inside)));
    }
    let nobody = outbound(&[], false).with_names(Told::new(&[&[]]));
    let refused = get!(nobody, "https://notes.example/keys");
    assert!(matches!(refused, Err(FetchProblem::Unresolved(_))), "{refused:?}");
}

#[actix_web::test]
async fn r97_a_name_is_resolved_once_and_called_where_it_was_judged() {
    let certificate = TestCertificate::new();
    let origin = Origin::https(&certificate);
    // The second answer, which nobody should ask for, leads where nobody answers.
    let names = Told::new(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let allowed =
        trusting(&["127.0.0.1"], &certificate).with_names(Arc::clone(&names) as Arc<dyn Names>);
    get!(allowed, "https://localhost:{}/keys", origin.port).expect("a document");
    assert_eq!((names.lookups(), origin.requests()), (1, 1));
    // A second call makes a lookup of its own and does not ride on the first one's connection.
    let moved = get!(allowed, "https://localhost:{}/keys", origin.port);
    let elsewhere = "127.0.0.2".parse().expect("an address");
    assert_eq!(moved, Err(FetchProblem::Forbidden(elsewhere)));
    assert_eq!((names.lookups(), origin.requests()), (2, 1));
}

#[actix_web::test]
async fn r97_private_hosts_are_reached_when_the_operator_lists_them() {
    let certificate = TestCertificate::new();
    let origin = Origin::https(&certificate);
    let port = origin.port;
    for (listed, host) in [
        ("localhost", "localhost"),
        ("LocalHost.", "LOCALHOST"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "2130706433"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "localhost"),
    ] {
        let outbound = trusting(&[listed], &certificate).with_names(Told::new(&[&["127.0.0.1"]]));
        let fetched = get!(outbound, "https://{host}:{port}/keys");
        assert!(fetched.is_ok(), "{listed}, {host}: {fetched:?}");
    }
    for (listed, host) in
        [("localhost", "127.0.0.1"), ("127.0.0.2", "127.0.0.1"), ("host", "a.host")]
    {
        let outbound = trusting(&[listed], &certificate).with_names(Told::new(&[&["127.0.0.1"]]));
        let refused = get!(outbound, "https://{host}:{port}/keys");
        assert!(
            matches!(refused, Err(FetchProblem::Forbidden(_))),
            "{listed}, {host}: {refused:?}"
        );
    }
}

#[actix_web::test]
async fn r97_certificates_are_checked_and_the_operators_own_ones_count() {
    let (certificate, other) = (TestCertificate::new(), TestCertificate::new());
    let origin = Origin::https(&certificate);
    let port = origin.port;
    for outbound in [outbound(&["localhost"], true), trusting(&["localhost"], &other)] {
        let refused = get!(outbound, "https://localhost:{port}/keys");
        assert!(matches!(refused, Err(FetchProblem::Unreachable(_))), "{refused:?}");
    }
    // It is trusted for the names that stand in it.
    let outbound =
        trusting(&["notes.example"], &certificate).with_names(Told::new(&[&["127.0.0.1"]]));
    let refused = get!(outbound, "https://notes.example:{port}/keys");
    assert!(matches!(refused, Err(FetchProblem::Unreachable(_))), "{refused:?}");
    assert_eq!(origin.requests(), 0);
}

#[actix_web::test]
async fn r97_only_https_unless_development_and_the_list_allow_http() {
    let origin = Origin::http();
    let port = origin.port;
    for (hosts, is_dev) in [(&["localhost"][..], false), (&[], true), (&["127.0.0.1"], true)] {
        let refused = get!(outbound(hosts, is_dev), "http://localhost:{port}/keys");
        assert_eq!(refused, Err(FetchProblem::Scheme), "{hosts:?}");
    }
    let outbound = outbound(&["localhost"], true);
    for url in [
        "ftp://localhost/",
        "file:///etc/passwd",
        "data:,x",
        "gopher://localhost/",
        "ws://localhost/",
    ] {
        assert_eq!(get!(outbound, "{url}"), Err(FetchProblem::Scheme), "{url}");
    }
    for url in ["", "/keys", "localhost", "https://", "https://a b/"] {
        assert_eq!(get!(outbound, "{url}"), Err(FetchProblem::NotAUrl), "{url}");
    }
    let long = "x".repeat(2048);
    assert_eq!(get!(outbound, "http://localhost:{port}/{long}"), Err(FetchProblem::NotAUrl));
    assert_eq!(origin.requests(), 0);
    get!(outbound, "http://localhost:{port}/keys").expect("a document");
}

#[actix_web::test]
async fn r97_a_url_with_a_user_is_refused() {
    let origin = Origin::http();
    let outbound = outbound(&["localhost"], true);
    for user in ["ada", "ada:secret", ":secret"] {
        let refused = get!(outbound, "http://{user}@localhost:{}/keys", origin.port);
        assert_eq!(refused, Err(FetchProblem::UserInfo), "{user}");
    }
    assert_eq!(origin.requests(), 0);
}

#[actix_web::test]
async fn r97_only_200_gives_a_document_and_redirects_are_not_followed() {
    let origin = Origin::http();
    let outbound = outbound(&["localhost"], true);
    for (path, status) in [("elsewhere", 302), ("nothing", 404), ("refused", 400)] {
        let before = origin.requests();
        let refused = get!(outbound, "http://localhost:{}/{path}", origin.port);
        assert_eq!(refused, Err(FetchProblem::Status(status)));
        assert_eq!(origin.requests(), before + 1);
    }
}

#[actix_web::test]
async fn r97_a_document_has_a_largest_size() {
    let origin = Origin::http();
    let outbound = outbound(&["localhost"], true);
    let port = origin.port;
    let full = get!(outbound, "http://localhost:{port}/full").expect("a document");
    assert_eq!(full.body.len(), LIMIT);
    for path in ["announced", "endless"] {
        let url = format!("http://localhost:{port}/{path}");
        for kind in [FetchKind::KeySet, FetchKind::RequestObject, FetchKind::SectorList] {
            assert_eq!(outbound.get(&url, kind).await, Err(FetchProblem::TooLarge), "{path}");
        }
    }
    let url = |path: &str| format!("http://localhost:{port}/{path}");
    assert!(outbound.get(&url("announced"), FetchKind::Logo).await.is_ok());
    let endless = outbound.get(&url("endless"), FetchKind::Logo).await;
    assert_eq!(endless, Err(FetchProblem::TooLarge));
}

#[actix_web::test]
async fn r97_slow_names_and_servers_are_given_up() {
    struct Silent;
    impl Names for Silent {
        fn resolve(&self, _: &str) -> Resolving {
            Box::pin(std::future::pending())
        }
    }
    let short = Duration::from_millis(100);
    let origin = Origin::http();
    for path in ["silent", "halting"] {
        let outbound = outbound(&["localhost"], true).with_patience(short);
        let late = get!(outbound, "http://localhost:{}/{path}", origin.port);
        assert_eq!(late, Err(FetchProblem::TimedOut), "{path}");
    }
    // The system accepts the connection, and nobody ever speaks TLS on it.
    let mute = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = mute.local_addr().expect("an address").port();
    let patient = outbound(&["localhost"], true).with_patience(short);
    assert_eq!(get!(patient, "https://localhost:{port}/"), Err(FetchProblem::TimedOut));
    let lost = outbound(&[], false).with_names(Arc::new(Silent)).with_patience(short);
    assert_eq!(get!(lost, "https://notes.example/"), Err(FetchProblem::TimedOut));
}

#[actix_web::test]
async fn r97_a_compressed_document_is_refused_as_it_is() {
    let origin = Origin::http();
    let refused = get!(outbound(&["localhost"], true), "http://localhost:{}/gzip", origin.port);
    assert_eq!(refused, Err(FetchProblem::Encoded));
}

#[actix_web::test]
async fn r97_a_request_carries_nothing_of_ours() {
    let origin = Origin::http();
    let outbound = outbound(&["localhost"], true);
    let port = origin.port;
    get!(outbound, "http://localhost:{port}/cookie").expect("a document");
    let seen = get!(outbound, "http://localhost:{port}/request?a=b#secret").expect("a document");
    let seen = String::from_utf8(seen.body).expect("UTF-8");
    assert_eq!(seen, "/request?a=b accept host user-agent");
}

#[actix_web::test]
async fn r91_a_logo_is_what_its_bytes_say_and_comes_out_as_a_small_png() {
    let origin = Origin::http();
    let logos = Logos::new(Arc::new(outbound(&["localhost"], true)));
    let port = origin.port;
    let logo = logos.fetch(&format!("http://localhost:{port}/logo")).await.expect("a logo");
    let image = image::load_from_memory(&logo).expect("an image");
    assert_eq!((image.width(), image.height()), (256, 256));
    let drawing = logos.fetch(&format!("http://localhost:{port}/drawing")).await;
    assert_eq!(drawing, Err(LogoProblem::Format));
    let missing = logos.fetch(&format!("http://localhost:{port}/nothing")).await;
    assert_eq!(missing, Err(LogoProblem::Fetch(FetchProblem::Status(404))));
}
