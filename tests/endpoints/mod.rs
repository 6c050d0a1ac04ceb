//! Stories at the outside, one file for each endpoint.

mod authorize;
mod client_credentials;
mod discovery;
mod encrypted;
mod http;
mod interaction;
mod limits;
mod refresh;
mod token;
mod userinfo;
mod webfinger;
