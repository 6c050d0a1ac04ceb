//! The `Authorization` header of a client.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tessera::rules::client_auth::parse_basic;

fuzz_target!(|header: &str| {
    drop(parse_basic(header));
    // With the scheme in front, the fuzzer reaches the parts behind it sooner.
    drop(parse_basic(&format!("Basic {header}")));
});
