use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use crate::base::{Entropy, Secret};

/// The 32 bytes outside the database that open what stands in it.
#[derive(Clone)]
pub struct SealKey(Secret<[u8; 32]>);

/// Lists the purposes and the label of each, once.
macro_rules! purposes {
    ($($(#[$meaning:meta])* $name:ident = $label:literal),* $(,)?) => {
        /// What a derived key is for. Keys of one purpose never serve another (`security.md` R53).
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Purpose {
            $($(#[$meaning])* $name),*
        }

        impl Purpose {
            /// Every one, in the order of their keys.
            const ALL: &[Self] = &[$(Self::$name),*];

            const fn label(self) -> &'static [u8] {
                match self {
                    $(Self::$name => $label),*
                }
            }
        }
    };
}

purposes! {
    /// Sealing values at rest.
    Seal = b"tessera/1/seal",
    /// Tags of opaque access tokens.
    OpaqueToken = b"tessera/1/opaque-token",
    /// Tokens of forms.
    Csrf = b"tessera/1/csrf",
    /// Tags of refresh tokens.
    RefreshToken = b"tessera/1/refresh-token",
    /// `sid` of a session for a client.
    SessionSid = b"tessera/1/session-sid",
    /// Pairwise `sub` of a person. This key never changes.
    PairwiseSubject = b"tessera/1/pairwise-subject",
    /// What a browser shows of its session to the frame of session management.
    BrowserState = b"tessera/1/browser-state",
    /// Tags of the audit trail's chain.
    AuditChain = b"tessera/1/audit-chain",
    /// Digests of codes that are typed.
    ProofCode = b"tessera/1/proof-code",
    /// Digests of browsers that an account signed in with.
    KnownBrowser = b"tessera/1/known-browser",
    /// Tags of places in a list that is shown in pages.
    Cursor = b"tessera/1/cursor",
    /// Tags of backups.
    Backup = b"tessera/1/backup",
}

/// Why a sealed value did not open, or a key is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key is not 32 bytes in base64.
    #[error("the seal key must be 32 bytes in base64")]
    NotAKey,
    /// It was sealed with another key.
    #[error(
        "it was sealed with another seal key: start with the key that belongs to this database"
    )]
    OtherKey,
    /// It was altered, or belongs elsewhere.
    #[error("it is damaged, or stands in the wrong place")]
    Damaged,
}

impl SealKey {
    /// A new key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(Secret::new(entropy.bytes()))
    }

    /// Reads 32 bytes in base64, with either alphabet, with or without padding.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn from_base64(text: &str) -> Result<Self, SealError> {
        let text = text.trim();
        let bytes = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
            .iter()
            .find_map(|alphabet| alphabet.decode(text).ok())
            .ok_or(SealError::NotAKey)?;
        let bytes: [u8; 32] =
            Secret::new(bytes).expose().as_slice().try_into().map_err(|_| SealError::NotAKey)?;
        Ok(Self(Secret::new(bytes)))
    }

    /// The key as it is kept in its file.
    pub fn to_base64(&self) -> Secret<String> {
        Secret::new(STANDARD.encode(self.0.expose()))
    }
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

/// Seals and opens values with AES-256-GCM, and derives the purpose keys (RFC 5869).
pub struct Sealer {
    key: LessSafeKey,
    key_id: [u8; 8],
    /// The purpose keys, derived once: every request asks for several.
    purposes: Secret<[[u8; 32]; Purpose::ALL.len()]>,
}

const VERSION: u8 = 1;
const HEAD: usize = 1 + 8 + 12;

impl Sealer {
    /// A sealer with `master`.
    ///
    /// # Errors
    /// When the crypto library refuses the key, which does not happen for 32 bytes.
    pub fn new(master: SealKey) -> Result<Self, SealError> {
        let mut purposes = [[0; 32]; Purpose::ALL.len()];
        for purpose in Purpose::ALL {
            purposes[*purpose as usize] = derive(&master, purpose.label());
        }
        let derived = purposes[Purpose::Seal as usize];
        let unbound = UnboundKey::new(&AES_256_GCM, &derived).map_err(|_| SealError::NotAKey)?;
        let mut key_id = [0; 8];
        key_id.copy_from_slice(&derive(&master, b"tessera/1/key-id")[..8]);
        Ok(Self { key: LessSafeKey::new(unbound), key_id, purposes: Secret::new(purposes) })
    }

    /// Seals `plain`. `context` says where it stands (table, column, id), so that a sealed value
    /// does not open anywhere else.
    pub fn seal(&self, context: &str, plain: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
        let nonce: [u8; 12] = entropy.bytes();
        let mut sealed = vec![VERSION];
        sealed.extend(self.key_id);
        sealed.extend(nonce);
        let mut body = plain.to_vec();
        // GCM refuses only more than 64 GiB.
        #[expect(clippy::expect_used, reason = "no value here is anywhere near 64 GiB")]
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context.as_bytes()),
                &mut body,
            )
            .expect("the value is shorter than 64 GiB");
        sealed.extend(body);
        sealed
    }

    /// Opens what [`Sealer::seal`] made.
    ///
    /// # Errors
    /// [`SealError::OtherKey`] when another key sealed it, otherwise [`SealError::Damaged`].
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Secret<Vec<u8>>, SealError> {
        if sealed.len() < HEAD || sealed[0] != VERSION {
            return Err(SealError::Damaged);
        }
        let (head, body) = sealed.split_at(HEAD);
        if head[1..9] != self.key_id {
            return Err(SealError::OtherKey);
        }
        let nonce = Nonce::try_assume_unique_for_key(&head[9..]).map_err(|_| SealError::Damaged)?;
        let mut body = body.to_vec();
        let length = self
            .key
            .open_in_place(nonce, Aad::from(context.as_bytes()), &mut body)
            .map_err(|_| SealError::Damaged)?
            .len();
        body.truncate(length);
        Ok(Secret::new(body))
    }

    /// The key for one purpose.
    pub fn purpose_key(&self, purpose: Purpose) -> [u8; 32] {
        self.purposes.expose()[purpose as usize]
    }
}

struct Length32;

impl KeyType for Length32 {
    fn len(&self) -> usize {
        32
    }
}

fn derive(master: &SealKey, label: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    let pseudo_random = Salt::new(HKDF_SHA256, b"tessera").extract(master.0.expose());
    #[expect(clippy::expect_used, reason = "HKDF-SHA-256 gives up to 8160 bytes")]
    pseudo_random
        .expand(&[label], Length32)
        .and_then(|material| material.fill(&mut out))
        .expect("32 bytes are within what HKDF gives");
    out
}
