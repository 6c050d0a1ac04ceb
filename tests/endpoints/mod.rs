//! Stories at the outside, one file for each endpoint.

mod authorize;
mod claims_parameter;
mod client_auth;
mod client_credentials;
mod discovery;
mod encrypted;
mod hints;
mod http;
mod interaction;
mod introspection;
mod limits;
mod refresh;
mod response_types;
mod revocation;
mod token;
mod userinfo;
mod webfinger;
