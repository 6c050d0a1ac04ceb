use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::environment::without_line_end;
use super::values;
use crate::base::{Entropy, Secret, to_base64url};

/// Where the key comes from that seals secrets at rest (`security.md` R124).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealKeySource {
    /// The configuration gave it.
    Given(Secret<[u8; 32]>),
    /// A file, made when it is first asked for.
    File(PathBuf),
}

/// Why there is no seal key. It never holds the key.
#[derive(Debug, thiserror::Error)]
pub enum SealKeyError {
    /// The file or its folder cannot be read or made.
    #[error("cannot read or make the seal key {}: {cause}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The file holds something else.
    #[error("the seal key {} {problem}", path.display())]
    Content {
        /// Which file.
        path: PathBuf,
        /// What it must hold.
        problem: String,
    },
}

impl SealKeySource {
    /// The key. A file that is not there is made of `entropy`, readable by its owner alone; of two
    /// processes that start at once, both get the key of the first.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no key.
    pub fn load(&self, entropy: &dyn Entropy) -> Result<Secret<[u8; 32]>, SealKeyError> {
        let path = match self {
            Self::Given(key) => return Ok(key.clone()),
            Self::File(path) => path,
        };
        let fault = |cause| SealKeyError::File { path: path.clone(), cause };
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make(path, entropy).map_err(fault)?;
                fs::read_to_string(path).map_err(fault)?
            }
            read => read.map_err(fault)?,
        };
        let text = Secret::new(text);
        values::seal_key(without_line_end(text.expose()))
            .map_err(|problem| SealKeyError::Content { path: path.clone(), problem })
    }
}

/// Writes a whole new key beside `path` and links it there, so that nobody ever reads half a key
/// and a file that appeared meanwhile stays as it is.
fn make(path: &Path, entropy: &dyn Entropy) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension(format!("{}.new", to_base64url(&entropy.bytes::<8>())));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = file
        .write_all(format!("{}\n", STANDARD.encode(entropy.bytes::<32>())).as_bytes())
        .and_then(|()| file.sync_all());
    let linked = written.and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    }
}
