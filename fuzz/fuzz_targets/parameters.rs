//! A query or a form from a stranger, and the authorization request in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tessera::protocol::{AuthorizeParams, Parameters};

fuzz_target!(|bytes: &[u8]| {
    let Ok(parameters) = Parameters::parse(bytes) else { return };
    for name in ["client_id", "redirect_uri", "scope", "state"] {
        let all = parameters.all(name);
        match parameters.one(name) {
            // A parameter without a value counts as absent.
            Ok(None) => assert!(all.iter().all(|value| value.is_empty())),
            Ok(Some(value)) => assert!(!value.is_empty() && all.contains(&value)),
            Err(_) => assert!(all.len() > 1),
        }
    }
    let once = AuthorizeParams::read(&parameters);
    assert_eq!(format!("{once:?}"), format!("{:?}", AuthorizeParams::read(&parameters)));
});
