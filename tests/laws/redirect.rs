use proptest::prelude::*;
use tessera::protocol::redirect_uri::{check_registrable, is_registered};

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// R1: but for loopback ports, nothing matches but the same bytes.
    #[test]
    fn r1_redirect_uris_match_byte_for_byte(received in "https?://[a-z.]{1,8}(:[0-9]{1,5})?/[a-z/.%?=&]{0,8}", registered in "https?://[a-z.]{1,8}(:[0-9]{1,5})?/[a-z/.%?=&]{0,8}") {
        prop_assert_eq!(is_registered(&received, &registered), received == registered);
    }

    /// R2: at loopback the port is free, and nothing else is.
    #[test]
    fn r2_only_the_port_is_free_at_loopback(port in 1_u16.., other in 1_u16.., host in prop::sample::select(vec!["127.0.0.1", "[::1]", "localhost"]), path in "/[a-z]{0,6}") {
        let registered = format!("http://{host}:{other}{path}");
        let received = format!("http://{host}:{port}{path}");
        let registered_without_port = format!("http://{host}{path}");
        let longer = format!("{received}x");
        let credentials = format!("http://{host}:{port}@evil.example{path}");
        let secure = format!("https://{host}:{port}{path}");
        prop_assert!(is_registered(&received, &registered));
        prop_assert!(is_registered(&received, &registered_without_port));
        prop_assert!(!is_registered(&longer, &registered));
        prop_assert!(!is_registered(&credentials, &registered));
        prop_assert!(!is_registered(&secure, &registered));
    }

    /// Checking an address never panics, and never passes one with a fragment or a wildcard.
    #[test]
    fn r3_no_address_with_a_fragment_or_wildcard_is_registrable(uri in "\\PC{0,60}") {
        if check_registrable(&uri, false).is_ok() {
            prop_assert!(!uri.contains(['#', '*', '\\', ' ']) && uri.is_ascii());
        }
    }
}

#[test]
fn r3_what_cannot_be_registered() {
    let refused = [
        "",
        "/relative",
        "https://app.example/#x",
        "https://app.example/*",
        "https://*.example/",
        "https://user@app.example/",
        "https://user:pass@app.example/",
        "https://@app.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://a/b",
        "http://app.example/",
        "myapp:/done",
        "https://app.example/\\x",
        "https://app.example/ x",
        "https://äpp.example/",
        "https:app.example/",
        "https:///app.example",
        "http://127.0.0.1.evil.example/",
    ];
    for uri in refused {
        assert!(check_registrable(uri, false).is_err(), "{uri} could be registered");
    }
    let accepted = [
        "https://app.example",
        "https://app.example/cb?a=b",
        "https://app.example:8443/cb",
        "http://localhost/cb",
        "http://notes.localhost:8081/cb",
        "http://127.0.0.1:1/cb",
        "http://[::1]/cb",
        "com.example.app:/done",
        "com.example.app://done",
        "app.immich:///oauth-callback",
    ];
    for uri in accepted {
        assert_eq!(check_registrable(uri, false), Ok(()), "{uri} could not be registered");
    }
    assert_eq!(check_registrable("http://app.example/", true), Ok(()));
}
