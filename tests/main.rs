//! Every integration test in one binary.

mod cli;
mod conformance;
mod endpoints;
mod flows;
mod interop;
mod laws;
mod notify;
mod pages;
mod store;
mod support;
mod walls;
