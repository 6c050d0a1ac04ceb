//! Names, words and numbers.

use url::Url;

use super::{MAX_LIST, MAX_URI, Problems};
use crate::protocol::ClientMetadata;
use crate::rules::session::ACR_VALUES;

const MAX_NAME: usize = 100;
const MAX_TEXT: usize = 255;

pub(super) fn check(metadata: &ClientMetadata, problems: &mut Problems) {
    check_scope_and_audience(metadata, problems);
    if let Some(name) = &metadata.client_name {
        let is_fit = !name.trim().is_empty() && is_plain_text(name, MAX_NAME);
        let shape = "must be 1 to 100 characters, none of them invisible";
        problems.add_if(!is_fit, "client_name", shape);
    }
    let is_known =
        metadata.application_type.as_deref().is_none_or(|t| ["web", "native"].contains(&t));
    problems.add_if(!is_known, "application_type", "must be web or native");
    let is_known = metadata.minimum_acr.as_deref().is_none_or(|acr| ACR_VALUES.contains(&acr));
    let problem = format!("must be {}", ACR_VALUES.join(" or "));
    problems.add_if(!is_known, "minimum_acr", &problem);
    let lists =
        [("contacts", &metadata.contacts), ("default_acr_values", &metadata.default_acr_values)];
    for (member, list) in lists {
        let is_fit =
            list.len() <= MAX_LIST && list.iter().all(|text| is_plain_text(text, MAX_TEXT));
        problems.add_if(!is_fit, member, "must be at most 100 texts of at most 255 characters");
    }
    let texts =
        [("software_id", &metadata.software_id), ("software_version", &metadata.software_version)];
    for (member, text) in texts {
        let is_fit = text.as_ref().is_none_or(|text| is_plain_text(text, MAX_TEXT));
        problems.add_if(!is_fit, member, "must be a text of at most 255 characters");
    }
}

fn check_scope_and_audience(metadata: &ClientMetadata, problems: &mut Problems) {
    if let Err(problem) = metadata.scopes() {
        problems.add("scope", problem.to_string());
    }
    problems.add_if(metadata.resources.len() > MAX_LIST, "resources", "more than 100 values");
    for resource in metadata.resources.iter().take(MAX_LIST) {
        // RFC 8707 §2: an absolute URI without a fragment.
        let is_fit = is_word(resource) && Url::parse(resource).is_ok() && !resource.contains('#');
        if !is_fit {
            problems.add_about("resources", resource, "is no absolute URI without fragment");
        }
    }
    if let Some(audience) = &metadata.audience {
        // RFC 7519 §2: a text with a colon in it must be a URI.
        let is_fit = is_word(audience) && (!audience.contains(':') || Url::parse(audience).is_ok());
        problems.add_if(!is_fit, "audience", "must be a word without spaces, or a URI");
    }
}

fn is_word(text: &str) -> bool {
    (1..=MAX_URI).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether `text` has at most `longest` characters, none of which is a control character or
/// turns the direction of writing, which could make one name look like another.
pub(in crate::rules) fn is_plain_text(text: &str, longest: usize) -> bool {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    text.chars().count() <= longest && !text.chars().any(is_hidden)
}

/// Whether `text` is an http(s) address that a page may link to.
pub(in crate::rules) fn is_web_address(text: &str) -> bool {
    let is_ours = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    };
    is_word(text) && Url::parse(text).is_ok_and(|url| is_ours(&url))
}
