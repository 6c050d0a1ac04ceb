//! Scope values.

/// More scope values than this in one request are refused.
pub const MAX_SCOPES: usize = 100;

/// A list of scope values in the order they were asked for, each once (RFC 6749 §3.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ScopeSet(Vec<String>);

/// The text is no list of scope values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("scope holds a character that is not allowed, or more than {MAX_SCOPES} values")]
pub struct MalformedScope;

impl ScopeSet {
    /// The scopes that every client may ask for when its registration names none.
    pub const STANDARD: [&'static str; 6] =
        ["openid", "profile", "email", "phone", "address", "groups"];

    /// Access while the person is away (OpenID Connect Core §11).
    pub const OFFLINE_ACCESS: &'static str = "offline_access";

    /// Parses a space-separated list. Repeated values count once.
    ///
    /// # Errors
    /// When a value holds a character outside RFC 6749 §3.3, or there are too many values.
    pub fn parse(text: &str) -> Result<Self, MalformedScope> {
        let mut scopes: Vec<String> = Vec::new();
        for value in text.split(' ').filter(|value| !value.is_empty()) {
            if !value.bytes().all(is_scope_byte) || scopes.len() == MAX_SCOPES {
                return Err(MalformedScope);
            }
            if !scopes.iter().any(|known| known == value) {
                scopes.push(value.to_owned());
            }
        }
        Ok(Self(scopes))
    }

    /// The scopes of [`Self::STANDARD`].
    pub fn standard() -> Self {
        Self(Self::STANDARD.map(str::to_owned).to_vec())
    }

    /// Whether `scope` is among them.
    pub fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|known| known == scope)
    }

    /// Whether all of these stand in `other`.
    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.0.iter().all(|scope| other.contains(scope))
    }

    /// Those that `other` allows, in this order.
    pub fn clipped_to(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|scope| other.contains(scope)).cloned().collect())
    }

    /// These, then those of `other` that are not among them.
    pub fn joined_with(&self, other: &Self) -> Self {
        let new = other.0.iter().filter(|scope| !self.contains(scope));
        Self(self.0.iter().chain(new).cloned().collect())
    }

    /// These and `scope`.
    #[must_use]
    pub fn with(mut self, scope: &str) -> Self {
        if !self.contains(scope) {
            self.0.push(scope.to_owned());
        }
        self
    }

    /// These but `scope`.
    #[must_use]
    pub fn without(mut self, scope: &str) -> Self {
        self.0.retain(|known| known != scope);
        self
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl std::fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
fn is_scope_byte(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E)
}
