//! Stories that cross endpoints.

mod accounts;
mod at_rest;
mod key_rotation;
mod libraries;
mod log_lines;
mod openidconnect;
mod overload;
mod replicas;
mod sessions;
mod sign_out;
