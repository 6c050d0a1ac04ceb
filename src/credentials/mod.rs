//! Passwords, hashed on a pool of their own, passkeys, and the sealing of secrets at rest.

mod breach;
mod common_passwords;
mod hashing;
mod passkey;
mod password;
mod password_hash;
mod password_rule;
mod proof_code;
mod recovery_code;
mod seal;
mod seal_key;
#[cfg(test)]
mod tests;
mod totp;

pub use breach::{BreachBuilder, BreachError, BreachFilter, Built, Corpus, CorpusProblem};
pub use passkey::{Assertion, Ceremony, NewCredential, PasskeyError, PasskeyJudge};
pub use password::{Argon2Cost, PasswordError, PasswordPool, Verified};
pub use password_hash::{InvalidHash, PasswordHash};
pub use password_rule::{Judgement, PasswordProblem, PasswordRule, Strength};
pub use proof_code::ProofCode;
pub use recovery_code::RecoveryCode;
pub use seal::{Purpose, SealError, SealKey, Sealer};
pub use seal_key::{SealKeyProblem, load_or_create_seal_key};
pub use totp::{TotpSeed, TypedCode, is_code_of, newest_step};
