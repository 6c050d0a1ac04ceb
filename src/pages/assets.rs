//! The files that pages load, embedded. Their addresses hold their digests, so that browsers may
//! keep them for ever.

use std::borrow::Cow;
use std::fmt::Write as _;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// A file.
pub struct Asset {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type.
    pub content_type: &'static str,
}

/// The file behind `/static/{tail}`, where the tail is the digest and the name.
pub fn find(tail: &str) -> Option<Asset> {
    let (digest, name) = tail.split_once('/')?;
    let file = Static::get(name)?;
    (digest == short_digest(&file.metadata.sha256_hash()))
        .then(|| Asset { bytes: file.data, content_type: content_type(name) })
}

/// The address of a file by its name, for instance `tessera.css`.
pub fn url(name: &str) -> String {
    match Static::get(name) {
        Some(file) => format!("/static/{}/{name}", short_digest(&file.metadata.sha256_hash())),
        None => format!("/static/-/{name}"),
    }
}

fn short_digest(digest: &[u8; 32]) -> String {
    digest[..8].iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("mjs") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_digest_and_name_alone() {
        let url = url("tessera.css");
        let tail = url.strip_prefix("/static/").expect("the prefix");
        assert!(find(tail).is_some());
        assert!(find("0000000000000000/tessera.css").is_none());
        assert!(find("tessera.css").is_none());
    }

    #[test]
    fn styles_use_logical_directions_only() {
        let css = Static::get("tessera.css").expect("the styles");
        let css = String::from_utf8(css.data.into_owned()).expect("UTF-8");
        for physical in [
            "margin-left",
            "margin-right",
            "padding-left",
            "padding-right",
            " left:",
            " right:",
            "text-align: left",
            "text-align: right",
        ] {
            assert!(!css.contains(physical), "{physical}");
        }
    }
}
