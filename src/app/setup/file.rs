use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Keeps the link for whoever missed the line that told it, in a file that its owner alone may
/// read. It is written beside its place and moved there whole.
///
/// # Errors
/// When the file cannot be written.
pub fn keep_link(path: &Path, link: &str) -> std::io::Result<()> {
    let draft = path.with_extension("new");
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    writeln!(file, "{link}")?;
    fs::rename(&draft, path)
}

/// Removes the file, if it is there: its link opens nothing any more.
///
/// # Errors
/// When it is there and stays.
pub fn remove_link(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn r64_the_link_is_kept_for_its_owner_alone_and_goes() {
        let folder = std::env::temp_dir().join(format!("tessera-setup-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("setup-link");
        keep_link(&path, "one").expect("written");
        keep_link(&path, "two").expect("written again");
        assert_eq!(fs::read_to_string(&path).expect("the link"), "two\n");
        assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
        remove_link(&path).expect("removed");
        remove_link(&path).expect("gone already");
        assert!(!path.exists());
        fs::remove_dir(&folder).expect("an empty folder");
    }
}
