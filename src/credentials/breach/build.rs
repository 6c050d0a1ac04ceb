use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use xorf::BinaryFuse16;

use super::{BreachError, MAGIC, SHARDS, VERSION, key_of, shard_of};

/// A row of the table for a part without entries: any length of segments will do.
const EMPTY_ROW: (u64, u32, u32, u32) = (0, 1, 0, 0);

/// Builds a filter. The entries wait in 256 files beside it, so that memory holds a 256th of them
/// at a time: about 40 bytes for each of these, 160 MB for a thousand million in all.
pub struct BreachBuilder {
    out: PathBuf,
    folder: PathBuf,
    shards: Vec<BufWriter<File>>,
}

/// What was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Built {
    /// Different passwords in it.
    pub entries: u64,
    /// Size of the file.
    pub bytes: u64,
}

impl BreachBuilder {
    /// Begins a filter that will stand at `out`.
    ///
    /// # Errors
    /// When there is no place for it beside `out`, or somebody builds there already.
    pub fn begin(out: &Path) -> Result<Self, BreachError> {
        let mut name = out.as_os_str().to_owned();
        name.push(".building");
        let folder = PathBuf::from(name);
        fs::create_dir(&folder).map_err(|error| {
            let place = folder.display();
            std::io::Error::new(error.kind(), format!("cannot make {place}: {error}"))
        })?;
        let mut builder = Self { out: out.to_owned(), folder, shards: Vec::new() };
        for shard in 0..SHARDS {
            let file = File::create_new(builder.part(shard))?;
            builder.shards.push(BufWriter::new(file));
        }
        Ok(builder)
    }

    /// Adds the SHA-1 of a password. It may come more than once.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn add(&mut self, sha1: &[u8; 20]) -> Result<(), BreachError> {
        let key = key_of(sha1);
        Ok(self.shards[shard_of(key)].write_all(&key.to_le_bytes())?)
    }

    /// Writes the filter to its place, whole or not at all: a running server keeps what it has
    /// open until it is started again.
    ///
    /// # Errors
    /// When the disk is full, or a part cannot be built.
    pub fn finish(mut self) -> Result<Built, BreachError> {
        let parts = std::mem::take(&mut self.shards);
        let mut entries = 0;
        for part in parts {
            part.into_inner().map_err(|error| error.into_error())?;
        }
        // Its number of entries stands at its beginning, so they are counted before it is written.
        for shard in 0..SHARDS {
            let keys = distinct(fs::read(self.part(shard))?);
            entries += keys.len() as u64;
            let bytes: Vec<u8> = keys.iter().flat_map(|key| key.to_le_bytes()).collect();
            fs::write(self.part(shard), bytes)?;
        }
        let whole = self.folder.join("filter");
        let bytes = self.write(&whole, entries)?;
        fs::rename(&whole, &self.out)?;
        Ok(Built { entries, bytes })
    }

    fn write(&self, path: &Path, entries: u64) -> Result<u64, BreachError> {
        let mut file = Summed::new(File::create_new(path)?);
        file.write(&MAGIC)?;
        file.write(&VERSION.to_le_bytes())?;
        file.write(&entries.to_le_bytes())?;
        let mut table = Vec::new();
        for shard in 0..SHARDS {
            let keys = distinct(fs::read(self.part(shard))?);
            let (seed, segment_length, segment_count_length, count) =
                if keys.is_empty() { EMPTY_ROW } else { write_shard(&mut file, &keys)? };
            table.extend(seed.to_le_bytes());
            for number in [segment_length, segment_count_length, count] {
                table.extend(number.to_le_bytes());
            }
        }
        file.write(&table)?;
        file.finish()
    }

    fn part(&self, shard: usize) -> PathBuf {
        self.folder.join(format!("{shard:02x}"))
    }
}

impl Drop for BreachBuilder {
    fn drop(&mut self) {
        // What cannot be removed is named by the next one who builds here.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn write_shard(file: &mut Summed, keys: &[u64]) -> Result<(u64, u32, u32, u32), BreachError> {
    let filter = BinaryFuse16::try_from(keys).map_err(BreachError::Unbuildable)?;
    for fingerprint in &filter.fingerprints {
        file.write(&fingerprint.to_le_bytes())?;
    }
    let count = u32::try_from(filter.fingerprints.len())
        .map_err(|_| BreachError::Unbuildable("there are too many entries"))?;
    let descriptor = filter.descriptor;
    Ok((descriptor.seed, descriptor.segment_length, descriptor.segment_count_length, count))
}

/// The keys, sorted, each once.
fn distinct(bytes: Vec<u8>) -> Vec<u64> {
    let mut keys: Vec<u64> = bytes.chunks_exact(8).map(super::number).collect();
    drop(bytes);
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A file that ends with the digest of what was written.
struct Summed {
    file: BufWriter<File>,
    context: digest::Context,
    bytes: u64,
}

impl Summed {
    fn new(file: File) -> Self {
        let context = digest::Context::new(&digest::SHA256);
        Self { file: BufWriter::new(file), context, bytes: 0 }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), BreachError> {
        self.context.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(self.file.write_all(bytes)?)
    }

    /// Writes the digest, and waits until the disk has it all.
    fn finish(mut self) -> Result<u64, BreachError> {
        let sum = self.context.finish();
        self.file.write_all(sum.as_ref())?;
        let file = self.file.into_inner().map_err(|error| error.into_error())?;
        file.sync_all()?;
        Ok(self.bytes + sum.as_ref().len() as u64)
    }
}
