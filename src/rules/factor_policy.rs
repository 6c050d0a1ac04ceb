//! Who must show two factors, whatever an app asks for (`security.md` R80).

use std::time::Duration;

use crate::domain::User;

/// What the operator demands of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactorPolicy {
    /// Everybody shows two factors.
    pub is_for_everybody: bool,
    /// The people of these groups do.
    pub groups: Vec<String>,
    /// How long a device stays trusted; zero when that is not offered.
    pub trust_device_for: Duration,
}

impl FactorPolicy {
    /// Whether `user` must show two factors.
    pub fn requires_two_of(&self, user: &User) -> bool {
        self.is_for_everybody || self.groups.iter().any(|group| user.groups.contains(group))
    }
}
