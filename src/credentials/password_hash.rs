//! Stored password hashes: ours, and those that other systems made.

use std::num::NonZeroU32;

use argon2::{Algorithm, Version};
use aws_lc_rs::pbkdf2;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::Argon2Cost;

/// The most KiB of memory that one hash may take: memory that the system cannot give would end
/// the process.
const MAX_KIB: u64 = 256 * 1024;
/// The most KiB of memory times passes over it, of argon2 and of scrypt: about a second.
const MAX_KIB_PASSES: u64 = 1024 * 1024;
/// Likewise, each step twice as long as the one before.
const MAX_BCRYPT_COST: u32 = 14;
/// Likewise.
const MAX_PBKDF2_ROUNDS: u32 = 2_000_000;
const MAX_LANES: u32 = 16;
/// A shorter output would open to guesses at the output itself.
const OUTPUT: std::ops::RangeInclusive<usize> = 16..=64;
/// No system's hash is longer.
const MAX_TEXT: usize = 512;

/// A stored hash with its parameters: argon2id in PHC form, or what another system made and a
/// right password will replace.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The hash that stands in a row.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// A hash of another system: bcrypt, PBKDF2, scrypt, argon2i or argon2id.
    ///
    /// # Errors
    /// When no password could be compared with it, or each try would cost too much.
    pub fn import(text: &str) -> Result<Self, InvalidHash> {
        Form::parse(text).map(|_| Self(text.to_owned()))
    }

    /// The form that is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Why a hash is not taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHash {
    /// None of the kinds that are understood.
    #[error(
        "the password hash is not of a known kind: bcrypt, PBKDF2, scrypt, argon2i or argon2id"
    )]
    Unknown,
    /// Something of it is missing or has a wrong form.
    #[error("the password hash is malformed")]
    Malformed,
    /// Every sign-in would take too much memory or time.
    #[error(
        "the password hash costs too much: at most 256 MiB and 1 GiB of passes (argon2, scrypt), \
         cost 14 (bcrypt), 2,000,000 rounds (PBKDF2)"
    )]
    TooCostly,
}

/// A stored hash taken apart.
pub(super) enum Form {
    Argon2(Argon2Form),
    /// Its parts are in the text, which is whole.
    Bcrypt(String),
    Pbkdf2 {
        algorithm: pbkdf2::Algorithm,
        rounds: NonZeroU32,
        salt: Vec<u8>,
        output: Vec<u8>,
    },
    Scrypt {
        params: scrypt::Params,
        salt: Vec<u8>,
        output: Vec<u8>,
    },
}

pub(super) struct Argon2Form {
    pub(super) algorithm: Algorithm,
    pub(super) version: Version,
    pub(super) cost: Argon2Cost,
    pub(super) lanes: u32,
    pub(super) salt: Vec<u8>,
    pub(super) output: Vec<u8>,
}

impl Argon2Form {
    /// What new hashes are.
    pub(super) fn present(cost: Argon2Cost, salt: Vec<u8>, output: Vec<u8>) -> Self {
        let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
        Self { algorithm, version, cost, lanes: 1, salt, output }
    }
}

impl Form {
    /// Takes a stored hash apart. Whatever asks for too much is refused here, before anything is
    /// computed.
    pub(super) fn parse(text: &str) -> Result<Self, InvalidHash> {
        if text.len() > MAX_TEXT || !text.is_ascii() {
            return Err(InvalidHash::Malformed);
        }
        if let Some(rest) = text.strip_prefix("pbkdf2_") {
            return django(rest);
        }
        let (kind, rest) = text
            .strip_prefix('$')
            .and_then(|text| text.split_once('$'))
            .ok_or(InvalidHash::Unknown)?;
        match kind {
            "argon2id" => argon2(Algorithm::Argon2id, rest),
            "argon2i" => argon2(Algorithm::Argon2i, rest),
            "2a" | "2b" | "2y" => bcrypt(text),
            "scrypt" => scrypt(rest),
            _ => match kind.strip_prefix("pbkdf2") {
                Some(digest) => pbkdf2(digest.trim_start_matches('-'), rest),
                None => Err(InvalidHash::Unknown),
            },
        }
    }

    /// Whether it is what new hashes are.
    pub(super) fn is_present(&self, cost: Argon2Cost) -> bool {
        match self {
            Self::Argon2(form) => {
                form.algorithm == Algorithm::Argon2id
                    && form.version == Version::V0x13
                    && (form.cost, form.lanes) == (cost, 1)
            }
            Self::Bcrypt(_) | Self::Pbkdf2 { .. } | Self::Scrypt { .. } => false,
        }
    }
}

/// `[v=19$]m=…,t=…,p=…$salt$output`. A hash without a version is of version 16.
fn argon2(algorithm: Algorithm, text: &str) -> Result<Form, InvalidHash> {
    let (version, text) = match text.strip_prefix("v=").and_then(|text| text.split_once('$')) {
        Some(("19", text)) => (Version::V0x13, text),
        Some(("16", text)) => (Version::V0x10, text),
        Some(_) => return Err(InvalidHash::Malformed),
        None => (Version::V0x10, text),
    };
    let (params, salt, output) = parts(text)?;
    let [memory_kib, passes, lanes] = numbers(params, ["m", "t", "p"])?;
    let work = u64::from(memory_kib).saturating_mul(u64::from(passes));
    if u64::from(memory_kib) > MAX_KIB || work > MAX_KIB_PASSES || lanes > MAX_LANES {
        return Err(InvalidHash::TooCostly);
    }
    let (salt, output) = (decoded(salt)?, output_of(output)?);
    let cost = Argon2Cost { memory_kib, passes };
    let is_sound = argon2::Params::new(memory_kib, passes, lanes, Some(output.len())).is_ok();
    (is_sound && salt.len() >= 8).then_some(()).ok_or(InvalidHash::Malformed)?;
    Ok(Form::Argon2(Argon2Form { algorithm, version, cost, lanes, salt, output }))
}

fn bcrypt(text: &str) -> Result<Form, InvalidHash> {
    let parts: bcrypt::HashParts = text.parse().map_err(|_| InvalidHash::Malformed)?;
    match parts.get_cost() {
        0..4 => Err(InvalidHash::Malformed),
        4..=MAX_BCRYPT_COST => Ok(Form::Bcrypt(text.to_owned())),
        _ => Err(InvalidHash::TooCostly),
    }
}

/// `ln=…,r=…,p=…$salt$output`.
fn scrypt(text: &str) -> Result<Form, InvalidHash> {
    let (params, salt, output) = parts(text)?;
    let [log_n, r, p] = numbers(params, ["ln", "r", "p"])?;
    let kib = 1_u64.checked_shl(log_n).unwrap_or(u64::MAX).saturating_mul(u64::from(r)) / 8;
    if kib > MAX_KIB || kib.saturating_mul(u64::from(p)) > MAX_KIB_PASSES || p > MAX_LANES {
        return Err(InvalidHash::TooCostly);
    }
    let log_n = u8::try_from(log_n).map_err(|_| InvalidHash::Malformed)?;
    let params = scrypt::Params::new(log_n, r, p).map_err(|_| InvalidHash::Malformed)?;
    // RFC 7914 §2: the cost is larger than 1.
    (log_n > 0).then_some(()).ok_or(InvalidHash::Malformed)?;
    Ok(Form::Scrypt { params, salt: decoded(salt)?, output: output_of(output)? })
}

/// `i=…[,l=…]$salt$output` as in PHC strings, or `…$salt$output` as passlib writes it.
fn pbkdf2(digest: &str, text: &str) -> Result<Form, InvalidHash> {
    let (params, salt, output) = parts(text)?;
    let rounds = match params.split(',').find_map(|param| param.strip_prefix("i=")) {
        Some(rounds) => rounds,
        None => params,
    };
    pbkdf2_form(digest, rounds, decoded(salt)?, output)
}

/// `sha256$rounds$salt$output`, whose salt is a text for itself.
fn django(text: &str) -> Result<Form, InvalidHash> {
    let (digest, text) = text.split_once('$').ok_or(InvalidHash::Malformed)?;
    let (rounds, salt, output) = parts(text)?;
    pbkdf2_form(digest, rounds, salt.as_bytes().to_vec(), output)
}

fn pbkdf2_form(
    digest: &str,
    rounds: &str,
    salt: Vec<u8>,
    output: &str,
) -> Result<Form, InvalidHash> {
    let algorithm = match digest {
        "" | "sha1" => pbkdf2::PBKDF2_HMAC_SHA1,
        "sha256" => pbkdf2::PBKDF2_HMAC_SHA256,
        "sha512" => pbkdf2::PBKDF2_HMAC_SHA512,
        _ => return Err(InvalidHash::Unknown),
    };
    let rounds: NonZeroU32 = rounds.parse().map_err(|_| InvalidHash::Malformed)?;
    if rounds.get() > MAX_PBKDF2_ROUNDS {
        return Err(InvalidHash::TooCostly);
    }
    (!salt.is_empty()).then_some(()).ok_or(InvalidHash::Malformed)?;
    Ok(Form::Pbkdf2 { algorithm, rounds, salt, output: output_of(output)? })
}

/// Parameters, salt and output, and nothing behind them.
fn parts(text: &str) -> Result<(&str, &str, &str), InvalidHash> {
    let mut parts = text.split('$');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(params), Some(salt), Some(output), None) => Ok((params, salt, output)),
        _ => Err(InvalidHash::Malformed),
    }
}

/// Three numbers by their names, in any order, and no other.
fn numbers(params: &str, names: [&str; 3]) -> Result<[u32; 3], InvalidHash> {
    let mut found = [None; 3];
    for param in params.split(',') {
        let (name, value) = param.split_once('=').ok_or(InvalidHash::Malformed)?;
        let index = names.iter().position(|one| *one == name).ok_or(InvalidHash::Malformed)?;
        let value = value.parse::<u32>().map_err(|_| InvalidHash::Malformed)?;
        if found[index].replace(value).is_some() {
            return Err(InvalidHash::Malformed);
        }
    }
    match found {
        [Some(a), Some(b), Some(c)] => Ok([a, b, c]),
        _ => Err(InvalidHash::Malformed),
    }
}

fn output_of(text: &str) -> Result<Vec<u8>, InvalidHash> {
    decoded(text).ok().filter(|output| OUTPUT.contains(&output.len())).ok_or(InvalidHash::Malformed)
}

/// Base64, with or without its padding, and with the dot that passlib writes for a plus.
fn decoded(text: &str) -> Result<Vec<u8>, InvalidHash> {
    let text = text.trim_end_matches('=').replace('.', "+");
    STANDARD_NO_PAD.decode(text).map_err(|_| InvalidHash::Malformed)
}
