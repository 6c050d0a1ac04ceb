//! A redirect URI that was registered, and one that arrives.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tessera::protocol::redirect_uri::{check_registrable, is_registered};
use url::Url;

fuzz_target!(|uris: (&str, &str)| {
    let (received, registered) = uris;
    let is_registrable = check_registrable(registered, false).is_ok();
    if is_registrable {
        assert!(check_registrable(registered, true).is_ok(), "development allows no less");
        assert!(is_registered(registered, registered), "a URI matches itself");
    }
    if received == registered || !is_registered(received, registered) {
        return;
    }
    // Only the port of a loopback address may differ (RFC 8252 §7.3).
    let (received, registered) = (Url::parse(received).unwrap(), Url::parse(registered).unwrap());
    for url in [&received, &registered] {
        assert_eq!(url.scheme(), "http");
        assert!(matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost")), "{url}");
    }
    assert_eq!(received.host_str(), registered.host_str());
    assert_eq!(received.path(), registered.path());
    assert_eq!(received.query(), registered.query());
    assert_eq!(received.fragment(), registered.fragment());
    assert_eq!(received.username(), registered.username());
    assert_eq!(received.password(), registered.password());
});
