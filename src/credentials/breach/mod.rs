//! Passwords that are known from breaches, looked up in a file of ours and nowhere else.
//!
//! The file is written once (`tessera breach build`) and only read after that. A password is the
//! first 8 bytes of its SHA-1, the digest that corpora are published in; nobody gets a password
//! out of it that was not in the corpus. By their first byte the entries are parted into 256
//! binary fuse filters with fingerprints of 16 bits: about 2.3 bytes for each entry, never a
//! breached password that is missed, and one in 65,536 others taken for one.
//!
//! | part | bytes |
//! |---|---|
//! | `tsrbreac`, version (1), number of entries | 8, 4, 8 |
//! | the fingerprints of each filter | 2 for each |
//! | for each filter: seed, segment length, length of all segments, fingerprints | 8, 4, 4, 4 |
//! | SHA-256 of all that stands before | 32 |
//!
//! Numbers have their lowest byte first.

mod build;
mod corpus;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use aws_lc_rs::digest;
use xorf::{BinaryFuse16, Descriptor, Filter as _};

pub use build::{BreachBuilder, Built};
pub use corpus::{Corpus, CorpusProblem};

const MAGIC: [u8; 8] = *b"tsrbreac";
const VERSION: u32 = 1;
const SHARDS: usize = 256;
const HEADER: usize = 8 + 4 + 8;
const ROW: usize = 8 + 4 + 4 + 4;
const CHECKSUM: usize = 32;

/// Why a filter cannot be used or written.
#[derive(Debug, thiserror::Error)]
pub enum BreachError {
    /// The file system says no.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Another kind of file, or one of a later version.
    #[error("it is no breach filter of this version: `tessera breach build` makes one")]
    Foreign,
    /// Not all of it is there, or it was changed.
    #[error("it is damaged or incomplete: `tessera breach build` makes it again")]
    Damaged,
    /// The entries do not fit into a filter.
    #[error("the filter cannot be built: {0}")]
    Unbuildable(&'static str),
}

/// A filter that was checked from its first byte to its last. It stays on the disk; a look-up
/// reads one of the 256 parts.
#[derive(Debug)]
pub struct BreachFilter {
    file: File,
    entries: u64,
    shards: Vec<Shard>,
}

/// Where one part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shard {
    seed: u64,
    segment_length: u32,
    segment_count_length: u32,
    /// How many fingerprints it has; none when it has no entry.
    fingerprints: u32,
    /// Where they begin in the file.
    offset: u64,
}

impl BreachFilter {
    /// Opens the file and checks all of it.
    ///
    /// # Errors
    /// When it cannot be read, or is not whole.
    pub fn open(path: &Path) -> Result<Self, BreachError> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let (ends, table) = (CHECKSUM as u64, (SHARDS * ROW) as u64);
        let mut header = [0; HEADER];
        file.read_exact(&mut header).map_err(|_| BreachError::Foreign)?;
        if header[..8] != MAGIC || header[8..12] != VERSION.to_le_bytes() {
            return Err(BreachError::Foreign);
        }
        let Some(data) = length.checked_sub(HEADER as u64 + table + ends) else {
            return Err(BreachError::Damaged);
        };
        let mut expected = [0; CHECKSUM];
        file.read_exact_at(&mut expected, length - ends)?;
        if checksum(&header, &mut file, length - HEADER as u64 - ends)? != expected {
            return Err(BreachError::Damaged);
        }
        let mut rows = vec![0; SHARDS * ROW];
        file.read_exact_at(&mut rows, HEADER as u64 + data)?;
        let shards = read_table(&rows, data).ok_or(BreachError::Damaged)?;
        let entries = number(&header[12..20]);
        Ok(Self { file, entries, shards })
    }

    /// How many different passwords it was made of.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Whether `password` is known from a breach. One that is, is always found; one in 65,536
    /// others is taken for one.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn contains(&self, password: &[u8]) -> io::Result<bool> {
        let key = key_of(&sha1(password));
        let Some(shard) = self.shards.get(shard_of(key)).filter(|shard| shard.fingerprints > 0)
        else {
            return Ok(false);
        };
        let mut bytes = vec![0; shard.fingerprints as usize * 2];
        self.file.read_exact_at(&mut bytes, shard.offset)?;
        let pairs = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        let descriptor = Descriptor {
            seed: shard.seed,
            segment_length: shard.segment_length,
            segment_length_mask: shard.segment_length - 1,
            segment_count_length: shard.segment_count_length,
        };
        Ok(BinaryFuse16 { descriptor, fingerprints: pairs.collect() }.contains(&key))
    }
}

/// The digest of `header` and the next `length` bytes of `file`.
fn checksum(header: &[u8], file: &mut File, length: u64) -> io::Result<[u8; CHECKSUM]> {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(header);
    let (mut rest, mut buffer) = (file.take(length), vec![0; 1 << 16]);
    loop {
        match rest.read(&mut buffer)? {
            0 => break,
            read => context.update(&buffer[..read]),
        }
    }
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(context.finish().as_ref());
    Ok(sum)
}

/// The table of the parts, which together must fill `data` bytes.
fn read_table(rows: &[u8], data: u64) -> Option<Vec<Shard>> {
    let mut offset = HEADER as u64;
    let mut shards = Vec::with_capacity(SHARDS);
    for row in rows.chunks_exact(ROW) {
        let small = |at: usize| u32::try_from(number(&row[at..at + 4])).ok();
        let shard = Shard {
            seed: number(&row[..8]),
            segment_length: small(8)?,
            segment_count_length: small(12)?,
            fingerprints: small(16)?,
            offset,
        };
        // A look-up goes to three neighbouring segments: none may lie behind the last.
        let length =
            shard.segment_length.checked_mul(2)?.checked_add(shard.segment_count_length)?;
        let is_sound = shard.segment_length.is_power_of_two() && length == shard.fingerprints;
        (shard.fingerprints == 0 || is_sound).then_some(())?;
        offset += u64::from(shard.fingerprints) * 2;
        shards.push(shard);
    }
    (offset == HEADER as u64 + data).then_some(shards)
}

/// A number of up to 8 bytes, the lowest first.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The digest that corpora are published in. It keeps nothing secret here.
fn sha1(password: &[u8]) -> [u8; 20] {
    let mut out = [0; 20];
    let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, password);
    out.copy_from_slice(digest.as_ref());
    out
}

fn key_of(sha1: &[u8; 20]) -> u64 {
    sha1[..8].iter().fold(0, |key, byte| key << 8 | u64::from(*byte))
}

fn shard_of(key: u64) -> usize {
    (key >> 56) as usize
}
