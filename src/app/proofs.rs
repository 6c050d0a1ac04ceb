//! Links and codes that count once: made here, stored by the transaction that sends or shows them,
//! and used up by the transaction of what they are good for.

use std::time::Duration;

use crate::app::Issuer;
use crate::base::{Digest, Entropy, Secret, Timestamp, UserId, constant_time_eq};
use crate::credentials::{ProofCode, Purpose};
use crate::domain::{Proof, ProofKind};

/// How long a way back in counts (`contract.md`).
pub(super) const RECOVERY_FOR: Duration = Duration::from_secs(30 * 60);

/// How long a code and a link for a new account count.
pub(super) const SIGN_UP_FOR: Duration = Duration::from_secs(30 * 60);
/// How long a code for an address counts.
pub(super) const ADDRESS_FOR: Duration = Duration::from_secs(30 * 60);

/// What a proof is to be good for.
pub(super) struct About {
    pub(super) kind: ProofKind,
    pub(super) user: Option<UserId>,
    pub(super) address: Option<String>,
    pub(super) valid_for: Duration,
}

/// A new proof, and the random part of its link: 256 bits, of which the digest is stored
/// (`security.md` R67).
pub(super) fn make(about: About, now: Timestamp, entropy: &dyn Entropy) -> (Proof, Secret<String>) {
    let link = entropy.token();
    let proof = Proof {
        kind: about.kind,
        user: about.user,
        address: about.address,
        link_digest: digest_of(&link),
        code_digest: None,
        tries: 0,
        created_at: now,
        expires_at: now + about.valid_for,
        used_at: None,
        invited: None,
    };
    (proof, Secret::new(link))
}

/// Gives a proof a code beside its link.
pub(super) fn add_code(issuer: &Issuer, proof: &mut Proof) -> ProofCode {
    let code = ProofCode::generate(issuer.entropy.as_ref());
    let key = issuer.purpose_key(Purpose::ProofCode);
    proof.code_digest = Some(code.digest(&key, &proof.link_digest));
    code
}

/// Whether `typed` is the code of this proof. Whoever asks has counted the try before.
pub(super) fn is_code_of(issuer: &Issuer, proof: &Proof, typed: &str) -> bool {
    let (Some(code), Some(stored)) = (ProofCode::parse(typed), proof.code_digest) else {
        return false;
    };
    let key = issuer.purpose_key(Purpose::ProofCode);
    let shown = code.digest(&key, &proof.link_digest).to_text();
    constant_time_eq(shown.as_bytes(), stored.to_text().as_bytes())
}

/// What is stored of a link's random part.
pub(super) fn digest_of(link: &str) -> Digest {
    Digest::of(link.as_bytes())
}
