//! Apps that send a browser round in circles: they ask for one code after the other and redeem none.

use std::time::Duration;

use quick_cache::sync::Cache;

use crate::app::Fault;
use crate::base::{ClientRowId, GrantId, SessionId, Timestamp};
use crate::domain::Grant;
use crate::store::Store;

/// This many codes of one client and session within [`WINDOW`], none of them redeemed, are a loop.
const MAX_UNREDEEMED: usize = 5;
const WINDOW: Duration = Duration::from_secs(30);
/// Pairs of client and session that are watched at once.
const CAPACITY: usize = 8192;

/// The codes that this process gave last. Whether one was redeemed, here or by another process, is
/// known to the store: it is asked only after [`MAX_UNREDEEMED`] within [`WINDOW`], and from then on.
pub(crate) struct Loops(Cache<(ClientRowId, SessionId), Given>);

/// The last codes, the oldest first.
type Given = [Option<(GrantId, Timestamp)>; MAX_UNREDEEMED];

impl Loops {
    pub(super) fn new() -> Self {
        Self(Cache::new(CAPACITY))
    }

    /// Whether the next code would go on with a loop.
    pub(super) async fn goes_round(
        &self,
        store: &Store,
        (client, session): (ClientRowId, SessionId),
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let Some(given) = self.0.get(&(client, session)) else { return Ok(false) };
        if given[0].is_none_or(|(_, at)| now >= at + WINDOW) {
            return Ok(false);
        }
        // What is kept in memory may not know yet of what another process redeemed.
        Ok(!is_any_redeemed(store, &given).await?
            && !is_any_redeemed(&store.fresh(), &given).await?)
    }

    /// Notes that a code was given.
    pub(super) fn note(&self, of: (ClientRowId, SessionId), grant: GrantId, now: Timestamp) {
        let mut given = self.0.get(&of).unwrap_or_default();
        given.rotate_left(1);
        given[MAX_UNREDEEMED - 1] = Some((grant, now));
        self.0.insert(of, given);
    }
}

/// The last one first: of an app that behaves it is the one.
async fn is_any_redeemed(store: &Store, given: &Given) -> Result<bool, Fault> {
    let is_used = |grant: &Grant| grant.code.as_ref().is_some_and(|code| code.used_at.is_some());
    for (id, _) in given.iter().rev().flatten() {
        if store.grant(*id).await?.is_some_and(|grant| is_used(&grant)) {
            return Ok(true);
        }
    }
    Ok(false)
}
