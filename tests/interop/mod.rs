//! What apps rely on beyond the specifications. A test is named after its line in
//! `docs/interop.md`, which also lists the lines that other tests keep.

mod authorization;
mod documents;
mod sign_out;
mod tokens;
