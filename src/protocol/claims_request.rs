//! The `claims` parameter (OpenID Connect Core §5.5).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ScopeSet;
use super::claims::scope_of;
use super::json::parse_object;

/// More claims than this in one request are refused.
const MAX_CLAIMS: usize = 100;

/// Single claims that a request asks for, beside those of its scopes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimsRequest {
    /// Those for userinfo.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub userinfo: BTreeMap<String, ClaimWish>,
    /// Those for the ID token.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub id_token: BTreeMap<String, ClaimWish>,
}

/// How a claim is wished for (OpenID Connect Core §5.5.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimWish {
    /// Whether the app cannot do without it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub essential: bool,
    /// Only these values will do; empty: any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
}

/// The text is no claims request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("claims is not a JSON object of the form of OpenID Connect Core §5.5")]
pub struct MalformedClaims;

impl ClaimsRequest {
    /// Reads the parameter. Members that are not understood are ignored, as §5.5 has it.
    ///
    /// # Errors
    /// When it is no JSON object, a member has the wrong form, or there are too many claims.
    pub fn parse(text: &str) -> Result<Self, MalformedClaims> {
        let mut object = parse_object(text.as_bytes()).ok_or(MalformedClaims)?;
        let mut part = |name| object.remove(name).map_or(Ok(BTreeMap::new()), read_part);
        Ok(Self { userinfo: part("userinfo")?, id_token: part("id_token")? })
    }

    /// Whether nothing is wished for.
    pub fn is_empty(&self) -> bool {
        self.userinfo.is_empty() && self.id_token.is_empty()
    }

    /// The names of all claims, wherever they are wished for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.userinfo.keys().chain(self.id_token.keys()).map(String::as_str)
    }

    /// What a person must allow for a request of `scopes`: these, and those of the single claims.
    pub fn consent_scopes(&self, scopes: &ScopeSet) -> ScopeSet {
        self.names().filter_map(scope_of).fold(scopes.clone(), ScopeSet::with)
    }

    /// The only subjects that will do, when the request says so (§5.5.1: `sub` with a value).
    pub fn subjects(&self) -> Vec<&str> {
        let wishes = self.id_token.get("sub").into_iter().chain(self.userinfo.get("sub"));
        wishes.flat_map(|wish| &wish.values).filter_map(Value::as_str).collect()
    }

    /// The `acr` values that the ID token must have one of (§5.5.1.1); `None` when it need not.
    pub fn essential_acr(&self) -> Option<Vec<&str>> {
        let wish = self.id_token.get("acr").filter(|wish| wish.essential)?;
        let values: Vec<&str> = wish.values.iter().filter_map(Value::as_str).collect();
        (!values.is_empty()).then_some(values)
    }
}

fn read_part(part: Value) -> Result<BTreeMap<String, ClaimWish>, MalformedClaims> {
    let members = match part {
        Value::Null => return Ok(BTreeMap::new()),
        Value::Object(members) if members.len() <= MAX_CLAIMS => members,
        _ => return Err(MalformedClaims),
    };
    members.into_iter().map(|(name, wish)| Ok((name, read_wish(wish)?))).collect()
}

fn read_wish(wish: Value) -> Result<ClaimWish, MalformedClaims> {
    let members: Map<String, Value> = match wish {
        Value::Null => return Ok(ClaimWish::default()),
        Value::Object(members) => members,
        _ => return Err(MalformedClaims),
    };
    let essential = match members.get("essential") {
        None => false,
        Some(Value::Bool(essential)) => *essential,
        Some(_) => return Err(MalformedClaims),
    };
    let values = match (members.get("value"), members.get("values")) {
        (Some(value), _) => vec![value.clone()],
        (None, Some(Value::Array(values))) if values.len() <= MAX_CLAIMS => values.clone(),
        (None, Some(_)) => return Err(MalformedClaims),
        (None, None) => Vec::new(),
    };
    Ok(ClaimWish { essential, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read() {
        let text = r#"{"userinfo":{"name":{"essential":true},"email":null,"x":{"new":1}},
            "id_token":{"acr":{"essential":true,"values":["a","b"]},"sub":{"value":"s"}}}"#;
        let read = ClaimsRequest::parse(text).unwrap();
        assert!(read.userinfo["name"].essential);
        assert_eq!(read.userinfo["email"], ClaimWish::default());
        assert_eq!(read.essential_acr(), Some(vec!["a", "b"]));
        assert_eq!(read.subjects(), ["s"]);
        let stored = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<ClaimsRequest>(&stored).unwrap(), read);
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "[]",
            "{",
            r#"{"userinfo":[]}"#,
            r#"{"userinfo":{"a":1}}"#,
            r#"{"id_token":{"a":{"essential":"yes"}}}"#,
            r#"{"id_token":{"a":{"values":"x"}}}"#,
            r#"{"userinfo":{},"userinfo":{}}"#,
        ] {
            assert_eq!(ClaimsRequest::parse(text), Err(MalformedClaims), "{text}");
        }
    }
}
