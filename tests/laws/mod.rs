//! Properties of the pure core: the laws that hold for every input, not for the ones we thought of.

mod authorize;
mod redirect;
mod refresh;
mod request_objects;
mod strategies;
