//! One use case for each endpoint: load, decide, apply. It speaks in outcomes that `web` turns
//! into answers, and re-exports what `web` needs of them.

pub mod account;
pub mod audit;
pub mod authorize;
mod bearer;
pub mod browser;
pub mod client_auth;
mod client_keys;
pub mod clients;
mod encryption;
pub mod factors;
mod fault;
mod finish;
pub mod interaction;
pub mod introspect;
mod issuer;
pub mod key_rotation;
pub mod keys;
pub mod landing;
pub mod logos;
pub mod metadata;
pub mod network;
pub mod outbox;
pub mod outcome;
pub mod par;
pub mod passkey_sign_in;
pub mod passkeys;
pub mod purge;
pub mod registration;
mod request_object;
pub mod revoke;
pub mod second_factor;
pub mod session_state;
pub mod sign_in;
pub mod sign_out;
pub mod throttle;
pub mod token;
pub mod userinfo;
pub mod users;
pub mod webfinger;

pub use crate::rules::authorize::RequestProblem;
pub use audit::{Caller, Operator};
pub use fault::Fault;
pub use issuer::{Issuer, IssuerParts, IssuerSettings};
pub use key_rotation::KeyKeeper;
pub use network::ClientNetwork;
