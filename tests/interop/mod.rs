//! What apps rely on beyond the specifications. A test is named after its line in
//! `docs/interop.md`, which also names the tests elsewhere that keep a line.

mod authorization;
mod documents;
mod sign_out;
mod tokens;
