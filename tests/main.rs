//! Every integration test in one binary.

mod cli;
mod endpoints;
mod flows;
mod laws;
mod support;
mod walls;
