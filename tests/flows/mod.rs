//! Stories that cross endpoints.

mod accounts;
mod log_lines;
mod replicas;
mod sessions;
mod sign_out;
