use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::seal::{SealError, SealKey};
use crate::base::Entropy;

/// Why the seal key's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SealKeyProblem {
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Others may read it.
    #[error("{0} may be read by others: run chmod 600 on it")]
    TooOpen(PathBuf),
    /// It holds no key.
    #[error("{path}: {source}")]
    Content {
        /// The file.
        path: PathBuf,
        /// Why.
        source: SealError,
    },
    /// The database holds sealed keys, and the file that opens them is gone.
    #[error("{0} is missing, but the database was sealed with it: bring that file back")]
    Lost(PathBuf),
}

/// Reads the seal key, or makes it when the database is new. For a database that is not, a
/// missing key is an error: a second key would open nothing.
///
/// # Errors
/// When the file cannot be used, or is missing where it must not be.
pub fn load_or_create_seal_key(
    path: &Path,
    is_new_database: bool,
    entropy: &dyn Entropy,
) -> Result<SealKey, SealKeyProblem> {
    let file = |source| SealKeyProblem::File { path: path.to_owned(), source };
    match fs::read_to_string(path) {
        Ok(text) => {
            let mode = fs::metadata(path).map_err(file)?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(SealKeyProblem::TooOpen(path.to_owned()));
            }
            SealKey::from_base64(&text)
                .map_err(|source| SealKeyProblem::Content { path: path.to_owned(), source })
        }
        Err(error) if error.kind() == ErrorKind::NotFound && is_new_database => {
            create(path, entropy).map_err(file)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(SealKeyProblem::Lost(path.to_owned()))
        }
        Err(error) => Err(file(error)),
    }
}

/// The key is written to a file of its own and linked into place whole: of two processes that
/// start together one wins, and both read its key.
fn create(path: &Path, entropy: &dyn Entropy) -> std::io::Result<SealKey> {
    let key = SealKey::generate(entropy);
    let draft = path.with_extension(entropy.alphanumeric(12));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(key.to_base64().expose().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let text = fs::read_to_string(path)?;
            SealKey::from_base64(&text).map_err(std::io::Error::other)
        }
        Err(error) => Err(error),
    }
}
