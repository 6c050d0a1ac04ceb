//! Every integration test in one binary.

mod checks_of_pages;
mod cli;
mod conformance;
mod endpoints;
mod faults;
mod flows;
mod interop;
mod laws;
mod notify;
mod pages;
mod store;
mod support;
mod walls;
