//! Every integration test in one binary.

mod cli;
mod endpoints;
mod flows;
mod laws;
mod notify;
mod store;
mod support;
mod walls;
