//! What leaves this machine: one guarded client for every outbound call, the documents that it
//! fetched, logos made harmless, and mails. Nothing else in the provider opens a connection to an
//! address that an app, a person or a document named.

mod cached;
mod logo;
mod mail;
mod names;
mod outbound;
mod problem;
mod reach;
mod special_use;

pub use cached::{Documents, Freshness};
pub use logo::{LogoProblem, Logos};
pub use mail::{MailProblem, MailServer, MailSettings, Mailer, Sender, is_mail_address};
pub use names::{Names, Resolving, SystemNames};
pub use outbound::{FetchKind, Fetched, Outbound, OutboundSettings};
pub use problem::{BadCa, FetchProblem};
pub use reach::AllowedHost;
