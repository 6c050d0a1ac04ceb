use super::{Client, Consent, Grant};
use crate::base::Timestamp;
use crate::protocol::ScopeSet;

/// What one app has of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldByApp {
    /// The app.
    pub client: Client,
    /// What the person allowed it.
    pub consent: Option<Consent>,
    /// What was granted to it, whether it still counts or not.
    pub grants: Vec<Grant>,
}

impl HeldByApp {
    /// Whether there is anything to take back at `now`.
    pub fn is_connected(&self, now: Timestamp) -> bool {
        self.consent.is_some() || self.live(now).next().is_some()
    }

    /// What the app may do: what was allowed, and what still counts of what was granted.
    pub fn scopes(&self, now: Timestamp) -> ScopeSet {
        let allowed = self.consent.iter().map(|consent| &consent.scopes);
        let granted = self.live(now).map(|grant| &grant.scopes);
        let all = allowed.chain(granted).flat_map(ScopeSet::iter);
        all.fold(ScopeSet::default(), |scopes, scope| scopes.with(scope))
    }

    /// Since when the app may.
    pub fn since(&self, now: Timestamp) -> Option<Timestamp> {
        let allowed = self.consent.iter().map(|consent| consent.created_at);
        allowed.chain(self.live(now).map(|grant| grant.created_at)).min()
    }

    /// When the app last got anything, as far as the grants that are kept tell.
    pub fn last_used(&self) -> Option<Timestamp> {
        let renewed = |grant: &Grant| {
            let refresh = grant.refresh.as_ref();
            refresh.and_then(|refresh| refresh.rotated_at.last().copied())
        };
        let instants = |grant: &Grant| [Some(grant.created_at), renewed(grant)];
        self.grants.iter().flat_map(instants).flatten().max()
    }

    /// The grants of which something counts or may come to count: a code that nobody redeemed in
    /// time is none.
    fn live(&self, now: Timestamp) -> impl Iterator<Item = &Grant> {
        let is_missed = move |grant: &Grant| {
            let code = grant.code.as_ref();
            code.is_some_and(|code| code.used_at.is_none() && now >= code.expires_at)
        };
        self.grants.iter().filter(move |grant| grant.is_live(now) && !is_missed(grant))
    }
}
