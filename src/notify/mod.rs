//! What leaves this machine: one guarded client for every outbound call. Nothing else in the provider
//! opens a connection to an address that an app, a person or a document named.

mod names;
mod outbound;
mod problem;
mod reach;
mod special_use;

pub use names::{Names, Resolving, SystemNames};
pub use outbound::{FetchKind, Fetched, Outbound, OutboundSettings};
pub use problem::{BadCa, FetchProblem};
pub use reach::AllowedHost;
