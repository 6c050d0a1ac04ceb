//! The laws that hold for every input, not for the ones we thought of: properties of the pure core, and of
//! the sign-in as a whole.

mod authorize;
mod redirect;
mod refresh;
mod request_objects;
mod sign_in;
mod strategies;
