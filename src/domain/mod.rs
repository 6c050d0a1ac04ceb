//! The records: user, client, session, interaction, consent, grant, signing key, and what waits
//! to be told.

mod client;
mod consent;
mod grant;
mod interaction;
mod logo;
mod outbox;
mod pushed;
mod registration_token;
mod session;
mod signing_key;
mod user;

pub use client::{Client, ClientOrigin, ClientSecrets};
pub use consent::Consent;
pub use grant::{CodeState, Grant, GrantFacts, GrantedBy, REFRESH_GRACE, RefreshState};
pub use interaction::{
    Authentication, EVIDENCE_FOR, Evidence, Finished, Interaction, Purpose, REPLAY_FOR,
    StoredRequest,
};
pub use logo::DueLogo;
pub use outbox::{Delivery, DeliveryState, Lane, Letter, Message};
pub use pushed::PushedRequest;
pub use registration_token::RegistrationTokenRecord;
pub use session::{Session, SessionEnd};
pub use signing_key::{SigningKeyRecord, SigningKeyTimes};
pub use user::{Identifier, InvalidIdentifier, User};
