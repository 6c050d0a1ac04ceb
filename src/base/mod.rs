//! The ground floor: ids, time, randomness, secrets and digests, and the parts of a trace. It knows nothing of OAuth.

mod digest;
mod encoding;
mod entropy;
mod id;
mod reference;
mod secret;
mod timestamp;
pub mod trace;

pub use digest::{Digest, constant_time_eq, hmac_sha256, sha256};
pub use encoding::{InvalidEncoding, from_base64url, to_base64url};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use id::{
    AuditId, ClientRowId, ConsentId, GrantId, InteractionId, InvalidId, OutboxId, PasskeyId,
    PushedRequestId, RegistrationTokenId, SessionId, SigningKeyId, Subject, UserId,
};
pub use reference::{Reference, References};
pub use secret::Secret;
pub use timestamp::{Clock, ManualClock, SystemClock, Timestamp};
