//! The pure core: parse, check, decide. Nothing here reads a clock, a database, a header or a
//! random number; everything is an argument, and every refusal is a value.

pub mod audit;
pub mod authorize;
pub mod claims;
pub mod claims_input;
pub mod client_auth;
pub mod device;
pub mod factor_policy;
pub mod introspection;
pub mod key_rotation;
pub mod logout;
pub mod outbox;
pub mod profile_input;
pub mod registration;
pub mod request_object;
pub mod session;
pub mod sign_up;
pub mod token;
pub mod webfinger;

#[cfg(test)]
pub(crate) mod testing;
