//! Calls to servers that others name, some of which mean no good.

mod documents;
mod fetches;
mod origin;
mod posts;
