//! What an authorization request asks for (RFC 6749 §3.1.1, OAuth 2.0 Multiple Response Types).

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ResponseMode;

/// A `response_type`: any of the three, but not nothing and not an access token alone, which
/// nothing would bind to the sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResponseType {
    /// `code`: an authorization code.
    pub code: bool,
    /// `id_token`: an ID token in the front channel.
    pub id_token: bool,
    /// `token`: an access token in the front channel.
    pub token: bool,
}

/// The family a response type belongs to; an operator turns the last two on or leaves them off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// `code` alone.
    Code,
    /// Everything comes through the browser (OpenID Connect Core §3.2).
    Implicit,
    /// A code, and tokens beside it (OpenID Connect Core §3.3).
    Hybrid,
}

impl ResponseType {
    /// `code`.
    pub const CODE: Self = Self { code: true, id_token: false, token: false };

    /// Every type that is known, in the words of the specification.
    pub const ALL: [Self; 6] = [
        Self::CODE,
        Self { code: false, id_token: true, token: false },
        Self { code: false, id_token: true, token: true },
        Self { code: true, id_token: true, token: false },
        Self { code: true, id_token: false, token: true },
        Self { code: true, id_token: true, token: true },
    ];

    /// Reads the words in any order (Multiple Response Types §3). A repeated word is no type.
    pub fn parse(text: &str) -> Option<Self> {
        let mut found = Self { code: false, id_token: false, token: false };
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let part = match word {
                "code" => &mut found.code,
                "id_token" => &mut found.id_token,
                "token" => &mut found.token,
                _ => return None,
            };
            if std::mem::replace(part, true) {
                return None;
            }
        }
        Self::ALL.into_iter().find(|known| *known == found)
    }

    /// The words in the order of the specification.
    pub const fn as_str(self) -> &'static str {
        match (self.code, self.id_token, self.token) {
            (true, false, false) => "code",
            (false, true, false) => "id_token",
            (false, true, true) => "id_token token",
            (true, true, false) => "code id_token",
            (true, false, true) => "code token",
            (true, true, true) => "code id_token token",
            (false, false, _) => "",
        }
    }

    /// Its family.
    pub const fn flow(self) -> Flow {
        match (self.code, self.id_token || self.token) {
            (true, false) => Flow::Code,
            (true, true) => Flow::Hybrid,
            (false, _) => Flow::Implicit,
        }
    }

    /// How an answer travels when the request does not say: tokens never stand in a query
    /// (Multiple Response Types §2.1).
    pub const fn default_mode(self) -> ResponseMode {
        match self.flow() {
            Flow::Code => ResponseMode::Query,
            Flow::Implicit | Flow::Hybrid => ResponseMode::Fragment,
        }
    }

    /// Whether an answer of this type may travel so.
    pub fn may_travel_by(self, mode: ResponseMode) -> bool {
        mode != ResponseMode::Query || self.flow() == Flow::Code
    }
}

impl Default for ResponseType {
    fn default() -> Self {
        Self::CODE
    }
}

impl Serialize for ResponseType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ResponseType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("no response type"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_words_does_not_count() {
        for known in ResponseType::ALL {
            let mut words: Vec<&str> = known.as_str().split(' ').collect();
            words.reverse();
            assert_eq!(ResponseType::parse(&words.join(" ")), Some(known));
        }
    }

    #[test]
    fn other_words_are_no_type() {
        for text in ["", "token", "none", "code code", "code none", "Code"] {
            assert_eq!(ResponseType::parse(text), None, "{text}");
        }
    }
}
