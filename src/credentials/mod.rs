//! Passwords, hashed on a pool of their own, passkeys, and the sealing of secrets at rest.

mod common_passwords;
mod passkey;
mod password;
mod password_rule;
mod seal;
mod seal_key;
#[cfg(test)]
mod tests;

pub use passkey::{Assertion, Ceremony, NewCredential, PasskeyError, PasskeyJudge};
pub use password::{Argon2Cost, PasswordError, PasswordHash, PasswordPool, Verified};
pub use password_rule::{PasswordProblem, PasswordRule};
pub use seal::{Purpose, SealError, SealKey, Sealer};
pub use seal_key::{SealKeyProblem, load_or_create_seal_key};
