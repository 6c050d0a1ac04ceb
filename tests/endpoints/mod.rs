//! Stories at the outside, one file for each endpoint.

mod authorize;
mod discovery;
mod encrypted;
mod http;
mod interaction;
mod limits;
mod token;
mod userinfo;
mod webfinger;
