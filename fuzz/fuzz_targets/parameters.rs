//! A query or a form from a stranger, and the authorization request in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tessera::protocol::{AuthorizeParams, Parameters};

fuzz_target!(|bytes: &[u8]| {
    let Ok(parameters) = Parameters::parse(bytes) else { return };
    for name in ["client_id", "redirect_uri", "scope", "state"] {
        let all = parameters.all(name);
        match parameters.one(name) {
            // A parameter without a value counts as absent; standing twice, it is refused as any.
            Ok(None) => assert!(all.is_empty()),
            Ok(Some(value)) => assert_eq!(all, [value]),
            Err(repeated) => assert_eq!(repeated.0, name),
        }
    }
    let once = AuthorizeParams::read(&parameters);
    assert_eq!(format!("{once:?}"), format!("{:?}", AuthorizeParams::read(&parameters)));
});
