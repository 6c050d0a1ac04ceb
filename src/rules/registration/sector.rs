//! Pairwise subjects: which apps share one (OpenID Connect Core §8.1).

use url::Url;

use super::{MetadataProblem, Problems};
use crate::protocol::{ClientMetadata, SubjectType};

/// Apps at several hosts must say in a list of their own that they belong together.
pub(super) fn check(metadata: &ClientMetadata, problems: &mut Problems) {
    let is_pairwise = metadata.subject_type == Some(SubjectType::Pairwise);
    if !is_pairwise || metadata.sector_identifier_uri.is_some() {
        return;
    }
    let host = |uri: &String| Url::parse(uri).ok()?.host_str().map(str::to_owned);
    let mut hosts: Vec<Option<String>> = metadata.redirect_uris.iter().map(host).collect();
    hosts.sort();
    hosts.dedup();
    let several = "pairwise with redirect_uris at several hosts needs sector_identifier_uri";
    problems.add_if(hosts.len() > 1, "subject_type", several);
}

/// Whether the document at `sector_identifier_uri` is an array that holds every redirect URI.
///
/// # Errors
/// What is wrong with it.
pub fn lists_all(document: &[u8], metadata: &ClientMetadata) -> Result<(), MetadataProblem> {
    let wrong = |problem| MetadataProblem::new("sector_identifier_uri", problem);
    let list: Vec<String> = serde_json::from_slice(document)
        .map_err(|_| wrong("the document there must be a JSON array of addresses"))?;
    if metadata.redirect_uris.iter().all(|uri| list.contains(uri)) {
        Ok(())
    } else {
        Err(wrong("the document there must hold every one of redirect_uris"))
    }
}
