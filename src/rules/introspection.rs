//! Who may learn what a token opens (RFC 7662 §4).

use crate::base::ClientRowId;
use crate::domain::Client;

/// A client may look at its own tokens, and at those for it or for one of its APIs.
pub fn may_see(caller: &Client, holder: ClientRowId, audience: &[String]) -> bool {
    let is_for_caller =
        |aud: &String| *aud == caller.client_id || caller.metadata.resources.contains(aud);
    caller.id == holder || audience.iter().any(is_for_caller)
}
