//! WebFinger (RFC 7033 §4): by which issuer the people of a domain sign in.

use serde_json::{Value, json};

use crate::app::Issuer;
use crate::protocol::Parameters;
pub use crate::rules::webfinger::WebFingerRefusal;
use crate::rules::webfinger::{ISSUER_REL, describe};

/// The JSON Resource Descriptor (RFC 7033 §4.4) of the resource in `parameters`. Nobody is looked
/// up for it: it is the same for whoever has an account and whoever has none.
///
/// # Errors
/// When there is nothing to say about the resource.
pub fn descriptor(issuer: &Issuer, parameters: &Parameters) -> Result<Value, WebFingerRefusal> {
    let found = describe(parameters, issuer.url(), &issuer.settings.webfinger_domains)?;
    let link = json!({ "rel": ISSUER_REL, "href": issuer.url() });
    let links: Vec<Value> = found.names_issuer.then_some(link).into_iter().collect();
    Ok(json!({ "subject": found.subject, "links": links }))
}
