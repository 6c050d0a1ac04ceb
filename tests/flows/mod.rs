//! Stories that cross endpoints.

mod accounts;
mod at_rest;
mod key_rotation;
mod libraries;
mod log_lines;
mod logout_frames;
mod logout_tokens;
mod mails;
mod openidconnect;
mod overload;
mod races;
mod replicas;
mod sessions;
mod sign_out;
