//! Stories at the outside, one file for each endpoint.

mod authorize;
mod claims_parameter;
mod client_auth;
mod client_credentials;
mod discovery;
mod encrypted;
mod enumeration;
mod hints;
mod http;
mod interaction;
mod introspection;
mod limits;
mod logos;
mod pairwise;
mod par;
mod prompt_create;
mod refresh;
mod registration;
mod request_objects;
mod response_types;
mod revocation;
mod steps;
mod token;
mod userinfo;
mod webfinger;
