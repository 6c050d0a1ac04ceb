//! Stories that cross endpoints.

mod account;
mod account_apps;
mod account_deletion;
mod account_export;
mod account_profile;
mod accounts;
mod at_rest;
mod audit;
mod key_rotation;
mod libraries;
mod log_lines;
mod logout_frames;
mod logout_tokens;
mod mails;
mod openidconnect;
mod overload;
mod passkeys;
mod races;
mod races_of_proofs;
mod recovery;
mod replicas;
mod second_factor;
mod sessions;
mod sign_out;
