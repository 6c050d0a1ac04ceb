//! The records: user, client, session, interaction, consent, grant, signing key.

mod client;
mod consent;
mod grant;
mod interaction;
mod session;
mod signing_key;
mod user;

pub use client::{Client, ClientSecrets};
pub use consent::Consent;
pub use grant::{CodeState, Grant};
pub use interaction::{
    Authentication, EVIDENCE_FOR, Evidence, Finished, Interaction, Purpose, REPLAY_FOR,
    StoredRequest,
};
pub use session::{Session, SessionEnd};
pub use signing_key::{SigningKeyRecord, SigningKeyTimes};
pub use user::{Identifier, InvalidIdentifier, User};
