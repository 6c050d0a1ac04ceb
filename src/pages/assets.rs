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
        Some("mjs" | "js") => "text/javascript; charset=utf-8",
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

    fn text(name: &str) -> String {
        let file = Static::get(name).expect("a file");
        String::from_utf8(file.data.into_owned()).expect("UTF-8")
    }

    #[test]
    fn styles_use_logical_directions_only() {
        let css = text("tessera.css");
        let declarations = css.split([';', '{', '}']).filter_map(|part| part.split_once(':'));
        let mut count = 0;
        for (property, value) in declarations {
            let property = property.trim();
            let is_side = ["left", "right", "top", "bottom"].into_iter().any(|side| {
                property
                    .strip_suffix(side)
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('-'))
            });
            let is_extent = ["width", "height"].into_iter().any(|extent| {
                property
                    .strip_suffix(extent)
                    .is_some_and(|rest| ["", "min-", "max-"].contains(&rest))
            });
            assert!(!is_side && !is_extent, "{property}");
            assert!(!["left", "right"].contains(&value.trim()), "{property}: {value}");
            count += 1;
        }
        assert!(count > 100, "the search found only {count}");
    }

    #[test]
    fn r93_modules_build_no_html_and_load_nothing() {
        let mut count = 0;
        for name in Static::iter().filter(|name| name.ends_with("js")) {
            let code = text(&name);
            for sink in ["innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "import "] {
                assert!(!code.contains(sink), "{name}: {sink}");
            }
            // A request goes to an address of ours that stands in the module.
            for to in code.split("fetch(").skip(1) {
                assert!(to.starts_with("\"/") && !to.starts_with("\"//"), "{name}: {to}");
            }
            assert!(code.lines().count() <= 150, "{name} is long");
            count += 1;
        }
        assert!(count > 0, "no modules");
    }

    #[test]
    fn files_have_the_types_that_nosniff_asks_for() {
        for name in Static::iter() {
            assert_ne!(content_type(&name), "application/octet-stream", "{name}");
        }
    }
}
