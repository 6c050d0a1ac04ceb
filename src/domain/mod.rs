//! The records: user, client, session, interaction, consent, grant, signing key, what waits
//! to be told, and what happened.

mod audit;
mod client;
mod consent;
mod event_kind;
mod factor;
mod grant;
mod held_by_app;
mod interaction;
mod known_browser;
mod logo;
mod outbox;
mod passkey;
mod proof;
mod pushed;
mod registration_token;
mod session;
mod signing_key;
mod trusted_device;
mod user;

pub use audit::{Actor, AuditRecord, Event, Occasion, Refusal, Seal};
pub use client::{Client, ClientOrigin, ClientSecrets};
pub use consent::Consent;
pub use event_kind::EventKind;
pub use factor::{Factors, TotpCredential, Way};
pub use grant::{CodeState, Grant, GrantFacts, GrantedBy, REFRESH_GRACE, RefreshState};
pub use held_by_app::HeldByApp;
pub use interaction::{
    AccountPage, Authentication, EVIDENCE_FOR, Evidence, Finished, FirstFactor, Interaction,
    Purpose, REPLAY_FOR, StoredRequest,
};
pub use known_browser::KnownBrowser;
pub use logo::DueLogo;
pub use outbox::{Delivery, DeliveryState, Lane, Letter, Message};
pub use passkey::{MAX_PASSKEY_NAME, Passkey};
pub use proof::{Invited, Proof, ProofKind};
pub use pushed::PushedRequest;
pub use registration_token::RegistrationTokenRecord;
pub use session::{SeenFrom, Session, SessionEnd};
pub use signing_key::{SigningKeyRecord, SigningKeyTimes};
pub use trusted_device::TrustedDevice;
pub use user::{DELETION_DELAY, Identifier, InvalidIdentifier, User};
